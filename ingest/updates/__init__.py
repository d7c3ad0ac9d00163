"""Deliveries that say they change what is here: METS RECORDSTATUS.

`target` finds what is meant, `merging` makes the new version of a package, `following` lets the
rows follow. Nothing is ever removed here. Begin at `target.find`.
"""
