"""THE DOOR: what leaves the house for the edition, compiled by allow-list.

Reads the holdings, asks the law for every record at the moment of compiling, and writes only
what both an archivist and the law let out. Begin at `drain.drain`.
"""
