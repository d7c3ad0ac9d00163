"""A record as a book of pictures for any viewer: IIIF Presentation API 3.0.

Says of the record what its page says, in both languages, by the page's own words. Begin at
`manifest`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import clock, db
from archive.api import iiif_image
from archive.api.blueprint import api
from archive.edition import queries
from archive.edition.models import FileRole, PublicFile, PublicRecord
from archive.errors import NotFound
from archive.images import region
from archive.pages import LANGUAGES, absolute
from archive.site import presenting

CONTEXT = "http://iiif.io/api/presentation/3/context.json"
SEARCH_CONTEXT = "http://iiif.io/api/search/2/context.json"
# What IIIF takes for rights is an address from Creative Commons or RightsStatements.org.
_RIGHTS = {
    "free": "http://creativecommons.org/publicdomain/mark/1.0/",
    "in_copyright": "http://rightsstatements.org/vocab/InC/1.0/",
    "unknown": "http://rightsstatements.org/vocab/CNE/1.0/",
}
Words = dict[str, list[str]]
Line = tuple[str, list[tuple[str, str | None]]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the record: its number, its name, and the published files of it."""

    number: int
    label: str
    access: PublicFile
    pyramid: PublicFile | None
    thumb: PublicFile | None
    alto: PublicFile | None

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of the page in pixels: those of the best picture there is."""
        best = self.pyramid or self.access
        return best.width or 1, best.height or 1


@api.get("/iiif/presentation/3/<pid>/manifest")
def manifest(pid: str) -> ResponseReturnValue:
    """Give the manifest of a record with open pictures; all else is as what never was."""
    with db.edition.reading() as session:
        row, sheets = with_pictures(session, pid)
        return iiif_image.as_json_ld(_manifest(row, sheets), CONTEXT)


def with_pictures(session: Session, pid: str) -> tuple[PublicRecord, list[Sheet]]:
    """Return a record and its pages.

    :raises NotFound: if it is not in the edition, or nothing of it can be looked at today.
    """
    today = clock.today()
    row = queries.record(session, pid, today)
    sheets = _sheets(row) if row is not None and queries.contents_open(row, today) else []
    if row is None or not sheets:
        raise NotFound("no such record")
    return row, sheets


def canvas_id(pid: str, number: int) -> str:
    """Return the name of a page, which search results point at."""
    return absolute(f"/iiif/presentation/3/{pid}/canvas/{number}")


def _sheets(row: PublicRecord) -> list[Sheet]:
    found: dict[int, dict[str, PublicFile]] = {}
    for file in row.files:
        if file.role == FileRole.TEXT or file.media_type.startswith("image/"):
            found.setdefault(file.sequence, {})[file.role] = file
    return [
        Sheet(
            number,
            roles[FileRole.ACCESS].label or "",
            roles[FileRole.ACCESS],
            roles.get(FileRole.PYRAMID),
            roles.get(FileRole.THUMB),
            roles.get(FileRole.TEXT),
        )
        for number, roles in sorted(found.items())
        if FileRole.ACCESS in roles
    ]


def _manifest(row: PublicRecord, sheets: Sequence[Sheet]) -> dict[str, Any]:
    has_text = any(sheet.alto for sheet in sheets)
    body: dict[str, Any] = {
        "@context": [SEARCH_CONTEXT, CONTEXT] if has_text else CONTEXT,
        "id": absolute(url_for("api.manifest", pid=row.pid)),
        "type": "Manifest",
        "label": {"sv": [row.title]},
        "metadata": _metadata(row),
        "rights": _RIGHTS.get(row.rights or "unknown"),
        "requiredStatement": {
            "label": in_both(lambda: _("Källa")),
            "value": {"none": [row.citation or row.reference]},
        },
        "provider": [_provider()],
        "homepage": [_homepage(row, code) for code in LANGUAGES],
        "seeAlso": _descriptions(row),
        "rendering": [_document(file) for file in row.files if file.role == FileRole.ORIGINAL],
        "thumbnail": _thumbnail(sheets[0]),
        "service": [_search_service(row)] if has_text else [],
        "items": [_canvas(row, sheet) for sheet in sheets],
    }
    if row.scope:
        body["summary"] = {"sv": [row.scope]}
    return {name: value for name, value in body.items() if value not in (None, [])}


def in_both(say: Callable[[], str]) -> Words:
    """Return what `say` says in each of the two languages."""
    words: Words = {}
    for code in LANGUAGES:
        with force_locale(code):
            words[code] = [str(say())]
    return words


def _metadata(row: PublicRecord) -> list[dict[str, Words]]:
    """Return the facts of the record's page: the same lines, each in both languages."""
    swedish, english = _lines(row, "sv"), _lines(row, "en")
    return [
        {
            "label": {"sv": [label], "en": [label_en]},
            "value": _values([v for v, _url in values], [v for v, _url in values_en]),
        }
        for (label, values), (label_en, values_en) in zip(swedish, english, strict=True)
    ]


def _lines(row: PublicRecord, code: str) -> list[Line]:
    with force_locale(code):
        return [*presenting.facts(row), (_("Referenskod"), [(row.reference, None)])]


def _values(swedish: list[str], english: list[str]) -> Words:
    return {"none": swedish} if swedish == english else {"sv": swedish, "en": english}


def _provider() -> dict[str, Any]:
    home = absolute("/")
    name = in_both(lambda: _("Linköpings stadsarkiv"))
    page = {"id": home, "type": "Text", "format": "text/html", "label": name}
    return {"id": home, "type": "Agent", "label": name, "homepage": [page]}


def _homepage(row: PublicRecord, code: str) -> dict[str, Any]:
    return {
        "id": absolute(url_for("site.record", pid=row.pid, lang=code)),
        "type": "Text",
        "label": {"sv": [row.title]},
        "format": "text/html",
        "language": [code],
    }


def _descriptions(row: PublicRecord) -> list[dict[str, Any]]:
    forms = (
        ("site.record_xml", "application/xml", "http://ead3.archivists.org/schema/"),
        ("site.record_json", "application/ld+json", "https://schema.org/"),
    )
    return [
        {
            "id": absolute(url_for(endpoint, pid=row.pid)),
            "type": "Dataset",
            "format": media_type,
            "profile": profile,
        }
        for endpoint, media_type, profile in forms
    ]


def _document(file: PublicFile) -> dict[str, Any]:
    return {
        "id": absolute(url_for("site.file", file_id=file.id)),
        "type": "Text" if file.media_type in {"application/pdf", "text/plain"} else "Dataset",
        "label": {"none": [file.label or file.media_type]},
        "format": file.media_type,
    }


def _thumbnail(sheet: Sheet) -> list[dict[str, Any]]:
    file = sheet.thumb or sheet.access
    picture = _picture(absolute(url_for("site.file", file_id=file.id)), file.width, file.height)
    return [picture]


def _search_service(row: PublicRecord) -> dict[str, Any]:
    return {"id": absolute(url_for("api.content_search", pid=row.pid)), "type": "SearchService2"}


def _canvas(row: PublicRecord, sheet: Sheet) -> dict[str, Any]:
    canvas, (width, height) = canvas_id(row.pid, sheet.number), sheet.size
    if sheet.pyramid is not None:
        source = f"{iiif_image.address(sheet.pyramid.id)}/full/max/0/default.jpg"
        most = region.largest(width, height)
        body = {**_picture(source, *most), "service": [iiif_image.service(sheet.pyramid)]}
    else:
        source = absolute(url_for("site.file", file_id=sheet.access.id))
        body = _picture(source, width, height)
    painting = {
        "id": f"{canvas}/painting",
        "type": "Annotation",
        "motivation": "painting",
        "body": body,
        "target": canvas,
    }
    made: dict[str, Any] = {
        "id": canvas,
        "type": "Canvas",
        "label": _label(sheet),
        "width": width,
        "height": height,
        "thumbnail": _thumbnail(sheet),
        "items": [{"id": f"{canvas}/page", "type": "AnnotationPage", "items": [painting]}],
    }
    return {**made, "seeAlso": [_alto(sheet.alto)]} if sheet.alto else made


def _label(sheet: Sheet) -> Words:
    if sheet.label:
        return {"none": [sheet.label]}
    return in_both(lambda: _("Sida %(n)s", n=sheet.number))


def _picture(address: str, width: int | None, height: int | None) -> dict[str, Any]:
    size = {"width": width, "height": height} if width and height else {}
    return {"id": address, "type": "Image", "format": "image/jpeg", **size}


def _alto(file: PublicFile) -> dict[str, Any]:
    return {
        "id": absolute(url_for("site.file", file_id=file.id)),
        "type": "Dataset",
        "format": file.media_type,
        "profile": "http://www.loc.gov/standards/alto/ns-v4#",
        "label": in_both(lambda: _("Maskinläst text")),
    }
