"""All pages of the pen, gathered for `app`: edit and history, new, many at once, the tree."""

from __future__ import annotations

from archive.describing import bulk_views, edit_views, move_views, new_views
from archive.describing.blueprint import describing

__all__ = ["bulk_views", "describing", "edit_views", "move_views", "new_views"]
