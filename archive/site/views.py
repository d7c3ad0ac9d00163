"""The public pages, gathered: importing this module registers every view on `site`."""

from __future__ import annotations

from archive.site.blueprint import site

__all__ = ["site"]
