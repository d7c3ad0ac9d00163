"""Digitization to order: what shall be scanned and how, what came of it, and whether it is good.

The order knows its record; the scans come in as any delivery does. Begin at `actions.order` and
`judge.judge`.
"""
