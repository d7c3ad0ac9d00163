"""What machines that follow the site ask for: sitemap, robots and the feed of what is new.

Counts and lists come from the edition alone. Records marked `noindex` are left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from lxml import etree

from archive import clock, db
from archive.edition import queries
from archive.edition.models import PublicRecord
from archive.pages import absolute
from archive.site import presenting
from archive.site.blueprint import page, site

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP_MOST = 50_000
_STEP = 1000
_ROOMS = ("home", "collections", "timeline", "map", "archives", "plans", "services", "about")


@site.get("/robots.txt")
def robots() -> ResponseReturnValue:
    """Tell robots where not to go: endless lists, forms, and the desk."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: {p}" for p in ("/search", "/en/search", "/requests", "/en/requests")]
    lines += ["Disallow: /desk", "Disallow: /api/", f"Sitemap: {absolute('/sitemap.xml')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@site.get("/sitemap.xml")
def sitemap() -> ResponseReturnValue:
    """List the pages that want to be found, at most as many as a sitemap may hold."""
    root = etree.Element(f"{{{SITEMAP}}}urlset", nsmap={None: SITEMAP})
    for room in _ROOMS:
        _location(root, url_for(f"site.{room}", lang="sv"), None)
    for row in _indexable():
        _location(root, url_for("site.record", pid=row.pid, lang="sv"), row)
    return Response(_xml(root), mimetype="application/xml")


@page("/feed.atom")
def feed() -> ResponseReturnValue:
    """Give the newest records as an Atom feed."""
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    own = absolute(url_for("site.feed"))
    _say(root, "title", _("Nytt i Linköpings stadsarkiv"))
    _say(root, "id", own)
    changed = _say(root, "updated")
    _say(_say(root, "author"), "name", _("Linköpings stadsarkiv"))
    etree.SubElement(root, f"{{{ATOM}}}link", {"rel": "self", "href": own})
    with db.edition.reading() as session:
        rows = queries.newest(session, clock.today(), limit=50)
        newest = max((row.updated_at for row in rows), default=clock.now())
        changed.text = newest.isoformat(timespec="seconds")
        for row in rows:
            _entry(root, row)
    return Response(_xml(root), mimetype="application/atom+xml")


def _indexable() -> Iterator[PublicRecord]:
    after, left = "", _SITEMAP_MOST - len(_ROOMS)
    with db.edition.reading() as session:
        while left > 0:
            rows = queries.page_of_pids(session, clock.today(), after=after, limit=_STEP)
            if not rows:
                return
            after = rows[-1].pid
            chosen = [row for row in rows if not row.noindex][:left]
            left -= len(chosen)
            yield from chosen


def _entry(root: etree._Element, row: PublicRecord) -> None:
    address = absolute(url_for("site.record", pid=row.pid))
    entry = _say(root, "entry")
    _say(entry, "title", row.title)
    _say(entry, "id", absolute(url_for("site.record", pid=row.pid, lang="sv")))
    etree.SubElement(entry, f"{{{ATOM}}}link", {"href": address})
    _say(entry, "updated", row.updated_at.isoformat(timespec="seconds"))
    _say(entry, "summary", presenting.sentence(row))


def _location(root: etree._Element, path: str, row: PublicRecord | None) -> None:
    url = etree.SubElement(root, f"{{{SITEMAP}}}url")
    etree.SubElement(url, f"{{{SITEMAP}}}loc").text = absolute(path)
    if row is not None:
        changed = row.updated_at.date().isoformat()
        etree.SubElement(url, f"{{{SITEMAP}}}lastmod").text = changed


def _say(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = text
    return element


def _xml(root: etree._Element) -> bytes:
    body: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return body
