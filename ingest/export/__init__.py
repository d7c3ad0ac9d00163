"""What leaves the house on a staff member's order: finding aids, AIPs and DIPs.

What may stand in them is asked of the law for every record (`branch`); how they are built is the
business of `archive.ead` and `ingest.build`. Begin at `commands`.
"""
