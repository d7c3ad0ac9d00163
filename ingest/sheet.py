"""Read a list of records, CSV or XLSX: the way most digitization ends up.

The first row names the columns, in Swedish or English; what is wrong is told by row and column.
Begin at `records_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archive import spreadsheet
from ingest.dublincore import LEVELS, DcRecord
from ingest.findings import Finding
from ingest.package import AgentDraft, DescriptionDraft

_LISTS = frozenset({"lista.csv", "lista.xlsx", "list.csv", "list.xlsx", "metadata.csv",
                    "metadata.xlsx", "index.csv", "records.csv", "poster.csv"})  # fmt: skip
_COLUMNS = {
    "reference": ("signum", "referenskod", "reference", "ref", "identifier"),
    "parent": ("tillhör", "överordnad", "parent"),
    "level": ("nivå", "level"),
    "title": ("titel", "rubrik", "title"),
    "public_title": ("offentlig titel", "public title", "public_title"),
    "date_text": ("datum", "tid", "år", "date"),
    "extent": ("omfång", "extent"),
    "scope": ("beskrivning", "innehåll", "description", "scope"),
    "record_type": ("handlingstyp", "rad", "record type", "record_type"),
    "unit": ("enhet", "unit"),
    "creator": ("arkivbildare", "upphov", "fotograf", "creator"),
    "place": ("plats", "ort", "place"),
    "subject": ("ämne", "ämnesord", "subject"),
    "genre": ("slag", "typ", "genre", "type"),
    "rights": ("rättigheter", "rights"),
    "language": ("språk", "language"),
    "living_persons": ("levande personer", "living persons", "living_persons"),
    "text": ("avskrift", "text", "transcription"),
    "file": ("fil", "filer", "filnamn", "file", "files", "filename"),
}
_BY_HEADING = {heading: name for name, headings in _COLUMNS.items() for heading in headings}
# The words of a column, and the codes that are taken too.
_VALUES = {
    "rights": {"fri": "free", "skyddad": "in_copyright", "okänd": "unknown"},
    "living_persons": {"ja": "yes", "nej": "no", "vet inte": "unknown"},
}
_LEVELS_SV = {"arkiv": "fonds", "serie": "series", "volym": "volume", "akt": "file",
              "handling": "item"}  # fmt: skip


def is_list(name: str) -> bool:
    """Return whether the file is the list of its folder, by its name at the root."""
    return name.lower() in _LISTS


def records_of(path: Path, name: str, findings: list[Finding]) -> list[DcRecord]:
    """Return a record for each row that can be read; errors are findings with row and column."""
    try:
        rows = spreadsheet.rows_of(path)
    except ValueError as error:
        findings.append(Finding("LIST-UNREADABLE", name, {"problem": str(error)[:200]}))
        return []
    if not rows:
        findings.append(Finding("LIST-EMPTY", name))
        return []
    headings = [_BY_HEADING.get(str(cell or "").strip().lower()) for cell in rows[0]]
    if "title" not in headings:
        shown = ", ".join(str(cell) for cell in rows[0] if cell)[:200]
        findings.append(Finding("LIST-NO-TITLE", f"{name}:1", {"found": shown}))
        return []
    for cell, heading in zip(rows[0], headings, strict=True):
        if heading is None and str(cell or "").strip():
            findings.append(Finding("LIST-COLUMN", f"{name}:1", {"column": str(cell)[:100]}))
    return [
        record
        for number, row in enumerate(rows[1:], 2)
        if any(cell not in (None, "") for cell in row)
        and (record := _record(name, number, _cells(headings, row), findings)) is not None
    ]


def _cells(headings: list[str | None], row: list[Any]) -> Mapping[str, str]:
    return {
        heading: spreadsheet.text_of(cell)
        for heading, cell in zip(headings, row, strict=False)
        if heading is not None and cell not in (None, "")
    }


def _record(
    name: str, number: int, cells: Mapping[str, str], findings: list[Finding]
) -> DcRecord | None:
    place = f"{name}:{number}"
    if "title" not in cells:
        findings.append(Finding("LIST-TITLE", place, {"row": number}))
        return None
    raw = cells.get("level", "akt").lower()
    level = _LEVELS_SV.get(raw, raw)
    if level not in LEVELS:
        findings.append(Finding("LIST-LEVEL", place, {"row": number, "value": raw}))
        return None
    draft = DescriptionDraft(
        key=cells.get("reference") or place,
        level=level,
        title=cells["title"],
        parent=cells.get("parent"),
        reference=cells.get("reference"),
        public_title=cells.get("public_title"),
        date_text=cells.get("date_text"),
        extent=cells.get("extent"),
        scope=cells.get("scope"),
        language=cells.get("language"),
        record_type=cells.get("record_type"),
        unit=cells.get("unit"),
        creators=tuple(AgentDraft(n, "creator") for n in _many(cells.get("creator"))),
        subjects=tuple(_many(cells.get("subject"))),
        places=tuple(_many(cells.get("place"))),
        genre=cells.get("genre"),
        rights=_one_of(cells, "rights", place, findings),
        living_persons=_one_of(cells, "living_persons", place, findings),
        text=cells.get("text"),
        where=place,
    )
    return DcRecord(draft, tuple(_many(cells.get("file"))))


def _one_of(
    cells: Mapping[str, str], column: str, place: str, findings: list[Finding]
) -> str | None:
    """Return the code of a cell's word; what is no word of its column is a finding."""
    value, words = cells.get(column), _VALUES[column]
    if value is None:
        return None
    code = words.get(value.lower(), value.lower())
    if code in words.values():
        return code
    params = {"column": _COLUMNS[column][0], "value": value, "allowed": ", ".join(words)}
    findings.append(Finding("LIST-VALUE", place, params))
    return None


def _many(cell: str | None) -> list[str]:
    return [part.strip() for part in (cell or "").split("|") if part.strip()]
