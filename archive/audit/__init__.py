"""Who did what, in the same transaction as the deed, in a chain that cannot be mended unseen.

Records; never decides and never forgets. Begin at `actions.record` and `queries.verify`.
"""
