"""People and units: who works where, in which role, and what a role may do.

Answers "may this person?"; "may this record?" is the law's question (`ihp.policy`). Begin at
`permissions.may` and `sessions.log_in`.
"""
