"""The dock: deliveries come in, records go into the house.

Sees `archive` and `ihp`; nothing but `wsgi.py` sees it. Begin at `registering.register`, and at
`pipeline` for the way of a delivery.
"""
