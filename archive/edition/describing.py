"""The record for machines: JSON-LD in the words of schema.org, and EAD3.

Nothing is shown here that the page does not show. Begin at `json_ld` and `ead3`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from flask import url_for

from archive import ead
from archive.ead import Control, Name, Unit
from archive.edition import queries
from archive.edition.models import FileRole, PublicRecord
from archive.pages import absolute

AGENCY = "Linköpings stadsarkiv"
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
        "holdingArchive": {"@type": "ArchiveOrganization", "name": AGENCY},
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
    control = Control(
        record_id=row.pid,
        title=row.title,
        agency=AGENCY,
        at=row.updated_at,
        address=address,
    )
    stream = BytesIO()
    with ead.document(stream, control) as aid:
        for depth, each in enumerate([*above, row]):
            aid.add(_unit(each), depth)
        for each in below:
            aid.add(_unit(each), len(above) + 1)
    return stream.getvalue()


def _unit(row: PublicRecord) -> Unit:
    return Unit(
        key=row.pid,
        level=row.level,
        title=row.title,
        reference=row.reference,
        date_text=row.date_words or row.date_text or _years(row),
        extent=row.extent,
        names=tuple(Name(name) for name in row.creators),
        scope=row.scope,
        places=tuple(row.places),
        subjects=tuple(row.subjects),
    )


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
