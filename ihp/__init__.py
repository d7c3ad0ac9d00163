"""The law: what a unit's plan and the statutes say of a record on a day.

Pure: standard library only, no I/O but its own tables, no clock (`today` is an argument). Begin
at `policy.decide`.
"""
