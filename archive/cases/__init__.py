"""Cases: what people ask, and our lawful handling of it.

The law is asked for every item through the gate; a person decides. Begin at `actions.receive`
and `actions.decide_item`.
"""
