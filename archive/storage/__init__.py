"""The store: OCFL 1.1 objects on two roots, written once, whole or not at all.

Knows object ids, versions, logical paths, digests and bytes; nothing of records. Only `disk`
may write, rename or remove below a root. Begin at `store.Store.put`.
"""
