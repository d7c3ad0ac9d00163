"""All pages of the pen, gathered for `app`: edit and history, new, many at once, the tree."""

from __future__ import annotations

from archive.describing import edit_views, new_views
from archive.describing.blueprint import describing

__all__ = ["describing", "edit_views", "new_views"]
