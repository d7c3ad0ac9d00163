"""The published edition: what everyone may see, in a database and an index of its own.

Holds no rule and no way back to the archive: `archive.publish` compiles records by allow-list
and puts them here, the public site reads. Begin at `queries` (reads) and `actions` (writes).
"""
