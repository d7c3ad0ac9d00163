"""The public pages, gathered: importing this module registers every view on `site`."""

from __future__ import annotations

from archive.site import browse, catalogue, feeds, files, home, records, requests, search
from archive.site.blueprint import site

__all__ = ["browse", "catalogue", "feeds", "files", "home", "records", "requests", "search", "site"]
