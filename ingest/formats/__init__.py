"""Which format a file really has (PRONOM), and whether the house takes it.

A program of others reads the bytes, in a child process that may die alone (`identify`, `child`);
the house's own list (`policy`) says what follows (`judge`). Begin at `identify.identify`.
"""
