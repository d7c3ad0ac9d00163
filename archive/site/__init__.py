"""The reading room's web pages: the published edition, for everyone, in two languages.

Sees the edition, the counter, the public index and pictures; has no way to the archive. Begin
at `blueprint.page`, which registers a view, and `views`, which gathers them.
"""
