"""The units' information management plans (IHP) as stored: drafted, consulted on, decided.

What a plan *means* for a record is the law's business (`ihp`); what a new plan does to the
holdings is `archive.oversight`. Begin at `queries.in_force` and `actions.decide`.
"""
