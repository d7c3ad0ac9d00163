"""Where paper stands: rooms, shelves (sections) and boxes, and what stands in them.

For staff only: nothing in here is read by the edition, and no public page knows it. Begin at
`queries.rooms` and `actions.place`.
"""
