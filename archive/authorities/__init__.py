"""Authority records: agents (ISAAR(CPF)), places and subjects, their merging and their links.

An authority record is for staff. What is public of it is what the door passes with an open
record: its name, and its variants as words to find by (`holdings.naming`). Begin at `actions`.
"""
