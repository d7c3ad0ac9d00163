"""The dock: deliveries come in, records go into the house.

Sees `archive` and `ihp`; nothing but `wsgi.py` sees it. Begin at `pipeline`.
"""
