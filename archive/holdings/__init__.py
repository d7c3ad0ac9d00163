"""The records: one tree of descriptions, their files, agents, events and holds.

Keeps the truth of the work; the law is asked through `archive.enforce` and what it answered is
kept beside each record. Begin at `models.Description` and `actions`.
"""
