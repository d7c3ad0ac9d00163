"""Pictures for use: access copies made from originals, in a child process that may die alone.

Decoders meet bytes from outside, so they never run in the web or worker process itself. Begin at
`derive.make_copies`.
"""
