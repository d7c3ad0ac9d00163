"""What descriptions said before: every change with its old and its new values.

Beside the audit, which holds names of fields only and is never taken back. Begin at
`models.Change` and `actions.note`.
"""
