"""The record for machines: JSON-LD in the words of schema.org, and EAD3 built element by element.

Nothing is shown here that the page does not show. Begin at `json_ld` and `ead3`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import url_for
from lxml import etree

from archive.edition import queries
from archive.edition.models import FileRole, PublicRecord
from archive.pages import absolute

EAD3 = "http://ead3.archivists.org/schema/"
_LEVELS = {"fonds": "fonds", "series": "series", "file": "file", "item": "item"}
_TYPES = {"photograph": "Photograph", "class_photograph": "Photograph", "map": "Map"}


def json_ld(row: PublicRecord, today: date, address: str) -> dict[str, Any]:
    """Return the record as a schema.org ArchiveComponent; files only when contents are open."""
    is_open = queries.contents_open(row, today)
    body: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": ["ArchiveComponent", _TYPES.get(row.kind or "", "CreativeWork")],
        "@id": address,
        "url": address,
        "identifier": row.reference,
        "name": row.title,
        "description": row.scope,
        "temporalCoverage": _years(row),
        "inLanguage": row.language,
        "creator": [{"@type": "Thing", "name": name} for name in row.creators],
        "contentLocation": [{"@type": "Place", "name": name} for name in row.places],
        "about": list(row.subjects),
        "isPartOf": _above(row),
        "holdingArchive": {"@type": "ArchiveOrganization", "name": "Linköpings stadsarkiv"},
        "isAccessibleForFree": is_open,
        "thumbnailUrl": _file_url(row.thumb_id) if is_open and row.thumb_id else None,
        "associatedMedia": _media(row) if is_open else [],
        "datePublished": row.published_on.isoformat(),
    }
    return {key: value for key, value in body.items() if value not in (None, [], "")}


def ead3(
    row: PublicRecord,
    above: Sequence[PublicRecord],
    below: Sequence[PublicRecord],
    address: str,
) -> bytes:
    """Return an EAD3 document: the record inside those above it, with those directly below."""
    root = etree.Element(_q("ead"), nsmap={None: EAD3}, audience="external")
    control = _add(root, "control")
    _add(control, "recordid", row.pid, instanceurl=address)
    file_desc = _add(control, "filedesc")
    _add(_add(file_desc, "titlestmt"), "titleproper", row.title)
    _add(control, "maintenancestatus", value="derived")
    agency = _add(control, "maintenanceagency")
    _add(agency, "agencyname", "Linköpings stadsarkiv")
    event = _add(_add(control, "maintenancehistory"), "maintenanceevent")
    _add(event, "eventtype", value="derived")
    _add(event, "eventdatetime", standarddatetime=row.updated_at.isoformat(timespec="seconds"))
    _add(event, "agenttype", value="machine")
    _add(event, "agent", "stadsarkiv")
    _components(root, [*above, row], below)
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return text


def _components(
    root: etree._Element, line: Sequence[PublicRecord], below: Sequence[PublicRecord]
) -> None:
    top, *rest = line
    parent = _add(root, "archdesc", level=_LEVELS.get(top.level, "otherlevel"))
    _describe(parent, top)
    holder = _add(parent, "dsc") if rest or below else None
    for each in rest:
        assert holder is not None
        holder = _component(holder, each)
    for each in below:
        assert holder is not None
        _component(holder, each)


def _component(holder: etree._Element, row: PublicRecord) -> etree._Element:
    component = _add(holder, "c", level=_LEVELS.get(row.level, "otherlevel"), id=f"r{row.pid}")
    if row.level not in _LEVELS:
        component.set("otherlevel", row.level)
    _describe(component, row)
    return component


def _describe(parent: etree._Element, row: PublicRecord) -> None:
    did = _add(parent, "did")
    _add(did, "unittitle", row.title)
    _add(did, "unitid", row.reference)
    if row.date_words or row.date_text or row.year_min is not None:
        _add(did, "unitdate", row.date_words or row.date_text or _years(row))
    if row.extent:
        _add(did, "physdesc", row.extent)
    for name in row.creators:
        _add(_add(_add(did, "origination"), "name"), "part", name)
    if row.scope:
        _add(_add(parent, "scopecontent"), "p", row.scope)
    if row.places or row.subjects:
        access = _add(parent, "controlaccess")
        for name in row.places:
            _add(_add(access, "geogname"), "part", name)
        for name in row.subjects:
            _add(_add(access, "subject"), "part", name)


def _q(name: str) -> str:
    return f"{{{EAD3}}}{name}"


def _add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str
) -> etree._Element:
    element = etree.SubElement(parent, _q(name), attributes)
    element.text = _printable(text) if text is not None else None
    return element


def _printable(text: str) -> str:
    """Leave out the control characters that XML 1.0 has no place for."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))


def _years(row: PublicRecord) -> str | None:
    if row.year_min is None:
        return None
    last = row.year_max if row.year_max is not None else row.year_min
    return str(row.year_min) if last == row.year_min else f"{row.year_min}/{last}"


def _above(row: PublicRecord) -> dict[str, Any] | None:
    if not row.ancestors:
        return None
    nearest = row.ancestors[-1]
    return {
        "@type": "ArchiveComponent",
        "@id": absolute(url_for("site.record", pid=nearest["pid"], lang="sv")),
        "name": nearest["title"],
    }


def _file_url(file_id: str) -> str:
    return absolute(url_for("site.file", file_id=file_id))


def _media(row: PublicRecord) -> list[dict[str, Any]]:
    return [
        {
            "@type": "MediaObject",
            "contentUrl": _file_url(each.id),
            "encodingFormat": each.media_type,
            "contentSize": str(each.size_bytes),
            "sha256": each.sha256,
        }
        for each in row.files
        if each.role in {FileRole.ACCESS, FileRole.ORIGINAL}
    ]
