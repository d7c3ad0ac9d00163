"""A record in the two formats that harvesters get: unqualified Dublin Core, and EAD3.

Begin at `FORMATS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from archive import clock, xml
from archive.edition import describing, queries
from archive.edition.models import PublicRecord
from archive.pages import absolute

DC = "http://purl.org/dc/elements/1.1/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_IMAGES = frozenset({"photograph", "class_photograph", "map", "drawing", "poster", "blueprint"})
Write = Callable[[PublicRecord], Any]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its schema, its namespace, and what writes a page of records in it."""

    schema: str
    namespace: str
    writer: Callable[[Session, Sequence[PublicRecord]], Write]


def describe_identifiers(parent: Any, host: str) -> None:
    """Say how the identifiers are made, in the protocol's own form."""
    body = xml.child(parent, f"{{{_IDENTIFIER}}}oai-identifier")
    schema = "http://www.openarchives.org/OAI/2.0/oai-identifier.xsd"
    body.set(f"{{{_XSI}}}schemaLocation", f"{_IDENTIFIER} {schema}")
    xml.child(body, "scheme", "oai")
    xml.child(body, "repositoryIdentifier", host)
    xml.child(body, "delimiter", ":")
    xml.child(body, "sampleIdentifier", f"oai:{host}:0123456789bcdfghjkmnpqrstvw")


def _dublin_core(session: Session, rows: Sequence[PublicRecord]) -> Write:
    """Return the writer of Dublin Core: nothing but what the record's page shows today."""
    today = clock.today()

    def write(row: PublicRecord) -> Any:
        root = xml.element(f"{{{OAI_DC}}}dc", {"oai_dc": OAI_DC, "dc": DC, "xsi": _XSI})
        schema = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
        root.set(f"{{{_XSI}}}schemaLocation", f"{OAI_DC} {schema}")
        for name, value in _elements(row, is_open=queries.contents_open(row, today)):
            if value:
                xml.child(root, f"{{{DC}}}{name}", value)
        return root

    return write


def _elements(row: PublicRecord, *, is_open: bool) -> list[tuple[str, str | None]]:
    always: list[tuple[str, str | None]] = [
        ("title", row.title),
        ("publisher", "Linköpings stadsarkiv"),
        ("date", _date(row)),
        ("type", _type(row)),
        ("type", row.kind),
        ("identifier", _address(row.pid)),
        ("identifier", row.reference),
        ("language", row.language),
        ("format", row.extent),
    ]
    if row.ancestors:
        always.append(("relation", _address(row.ancestors[-1]["pid"])))
    if not is_open:
        return always
    contents: list[tuple[str, str | None]] = [
        ("description", row.scope),
        ("rights", row.rights),
        ("source", row.citation),
        *(("creator", name) for name in row.creators),
        *(("coverage", name) for name in row.places),
        *(("subject", name) for name in row.subjects),
    ]
    return [*always, *contents]


def _ead3(session: Session, rows: Sequence[PublicRecord]) -> Write:
    """Return the writer of EAD3: a record inside those above it; those below come by themselves."""
    today = clock.today()
    wanted = {step["pid"] for row in rows for step in row.ancestors}
    above = queries.of_pids(session, sorted(wanted), today)

    def write(row: PublicRecord) -> Any:
        line = [above[step["pid"]] for step in row.ancestors if step["pid"] in above]
        return xml.parse(describing.ead3(row, line, (), _address(row.pid))).getroot()

    return write


def _date(row: PublicRecord) -> str | None:
    if row.year_min is None:
        return row.date_text
    last = row.year_max if row.year_max is not None else row.year_min
    return str(row.year_min) if last == row.year_min else f"{row.year_min}/{last}"


def _type(row: PublicRecord) -> str:
    if row.level in queries.STRUCTURE:
        return "Collection"
    return "Image" if row.kind in _IMAGES else "Text"


def _address(pid: str) -> str:
    return absolute(url_for("site.record", pid=pid, lang="sv"))


FORMATS = {
    "oai_dc": Format("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC, _dublin_core),
    "ead3": Format("https://www.loc.gov/ead/ead3.xsd", "http://ead3.archivists.org/schema/", _ead3),
}
