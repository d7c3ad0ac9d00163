"""The four lists of a delivery on paper: boxes, personal files, maps and drawings, photographs.

A list is kept as it was typed, column by column, so that nothing is lost; `errors_of` says what is
wrong, cell by cell. Pasted text and files are read by `rows_from`. Begin at `KINDS`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from archive import spreadsheet
from archive.errors import Invalid
from ihp import dates

MOST = 3000
LONGEST = 1000
Row = Mapping[str, str]
# "19121212-1212", "121212+1212": century or not; + says that the person has turned a hundred.
_NUMBER = re.compile(r"(\d{2})?(\d{2})(\d{2})(\d{2})[-+ ]?(\d{4})")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key, its heading, whether it must be filled, and how it is read."""

    key: str
    label: Any
    is_needed: bool = False
    reads: str = "text"  # text | date | count | number (a personal identity number)
    also: tuple[str, ...] = ()  # other headings that it goes by in a file


@dataclass(frozen=True, slots=True)
class ListKind:
    """One of the four lists."""

    key: str
    label: Any
    hint: Any
    columns: tuple[Column, ...]


_VOLUME = Column("volume", _("Volym"), True, also=("nr", "volym nr", "kartong", "kartong nr"))
_REMARK = Column("remark", _("Anmärkning"), also=("anm", "anm.", "övrigt"))
KINDS: dict[str, ListKind] = {
    kind.key: kind
    for kind in (
        ListKind(
            "boxes",
            _("Arkivkartonger"),
            _("En rad för varje kartong."),
            (
                _VOLUME,
                Column("title", _("Innehåll"), True, also=("titel", "rubrik")),
                Column("dates", _("År"), True, "date", ("tid", "datum", "årtal")),
                _REMARK,
            ),
        ),
        ListKind(
            "persons",
            _("Akter i personnummerordning"),
            _("En rad för varje akt. Personnumret prövas, och visas aldrig för allmänheten."),
            (
                _VOLUME,
                Column("number", _("Personnummer"), True, "number", ("pnr", "person-nr")),
                Column("name", _("Namn")),
                Column("dates", _("År"), True, "date", ("tid", "datum", "årtal")),
                _REMARK,
            ),
        ),
        ListKind(
            "maps",
            _("Kartor och ritningar"),
            _("En rad för varje karta eller ritning."),
            (
                Column("sheet", _("Nummer"), True, also=("nr", "ritningsnummer", "ritningsnr")),
                Column("title", _("Titel"), True, also=("benämning", "innehåll")),
                Column("dates", _("År"), True, "date", ("tid", "datum", "årtal")),
                Column("scale", _("Skala")),
                Column("size", _("Format"), also=("mått",)),
                Column("count", _("Blad"), False, "count", ("antal", "antal blad")),
                Column("maker", _("Upphov"), also=("arkitekt", "ritad av", "upphovsman")),
                _REMARK,
            ),
        ),
        ListKind(
            "photos",
            _("Fotografier"),
            _("En rad för varje bild eller omslag med bilder."),
            (
                Column("sheet", _("Nummer"), True, also=("nr", "bildnummer", "bildnr")),
                Column("title", _("Motiv"), True, also=("titel", "innehåll")),
                Column("dates", _("År"), True, "date", ("tid", "datum", "årtal")),
                Column("place", _("Plats"), also=("ort",)),
                Column("maker", _("Fotograf")),
                Column("technique", _("Teknik"), also=("material",)),
                Column("count", _("Antal"), False, "count", ("antal bilder",)),
                _REMARK,
            ),
        ),
    )
}


def kind_of(key: str | None) -> ListKind:
    """Return a list by its key.

    :raises Invalid: if there is no such list.
    """
    if key not in KINDS:
        raise Invalid(f"there is no list {key!r}")
    return KINDS[key]


def errors_of(key: str | None, rows: Sequence[Row]) -> dict[tuple[int, str], str]:
    """Return what is wrong, by the row's place from 0 and the column's key."""
    kind = kind_of(key)
    found: dict[tuple[int, str], str] = {}
    seen: dict[str, int] = {}
    for place, row in enumerate(rows):
        for column in kind.columns:
            said = _wrong(column, row.get(column.key, ""))
            if said:
                found[place, column.key] = said
        own = _identity(row)
        if own and own in seen:
            first = kind.columns[1 if "number" in row else 0].key
            found.setdefault((place, first), gettext("Samma som rad %(row)d.", row=seen[own] + 1))
        seen.setdefault(own, place)
    return found


def _identity(row: Row) -> str:
    """Return what may stand only once in a list; an empty text where nothing does."""
    if row.get("number"):
        return f"{row.get('volume', '')}|{digits_of(row['number'])}|{row.get('dates', '')}"
    return row.get("volume") or row.get("sheet") or ""


def _wrong(column: Column, value: str) -> str:
    if len(value) > LONGEST:
        return str(gettext("Högst %(n)d tecken.", n=LONGEST))
    if not value:
        said = gettext("Fyll i %(column)s.", column=str(column.label))
        return str(said) if column.is_needed else ""
    if column.reads == "date" and not _has_years(value):
        return str(gettext("Kan inte läsas som år. Skriv till exempel 1974 eller 1974-1978."))
    if column.reads == "count" and not (value.isdecimal() and int(value) > 0):
        return str(gettext("Skriv ett heltal."))
    if column.reads == "number":
        return _wrong_number(value)
    return ""


def _has_years(value: str) -> bool:
    try:
        return dates.parse(value).date_max is not None
    except ValueError:
        return False


def _wrong_number(value: str) -> str:
    digits = digits_of(value)
    if not digits:
        return str(gettext("Skriv personnumret som ÅÅÅÅMMDD-NNNN."))
    if not _is_a_day(digits):
        return str(gettext("Personnumrets datum finns inte."))
    return "" if _check(digits) else str(gettext("Personnumrets kontrollsiffra stämmer inte."))


def digits_of(value: str) -> str:
    """Return the ten digits of a personal number, or an empty text if it is not written as one."""
    found = _NUMBER.fullmatch(value.strip())
    return "".join(part or "" for part in found.groups()[1:]) if found else ""


def _is_a_day(digits: str) -> bool:
    """Return whether month and day may stand in a number; a coordination number's day is 60 more.

    Without the century the 29th of February is let through.
    """
    month, day = int(digits[2:4]), int(digits[4:6])
    longest = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}.get(month, 31)
    return 1 <= month <= 12 and 1 <= (day - 60 if day > 60 else day) <= longest


def _check(digits: str) -> bool:
    """Return whether the last of ten digits is right (Luhn, ISO/IEC 7812-1)."""
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(n - 9 if n > 9 else n for n in doubled) % 10 == 0


def rows_from_text(kind: ListKind, text: str) -> list[dict[str, str]]:
    """Return the rows of pasted text: cells by tab as a spreadsheet gives them, else by ; or ,."""
    first = text.strip("\r\n").split("\n", 1)[0]
    delimiter = "\t" if "\t" in first else ";" if ";" in first else ","
    try:
        table = list(csv.reader(io.StringIO(text.strip("\r\n")), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(f"the list cannot be read: {error}") from error
    return rows_from(kind, table)


def rows_from(kind: ListKind, table: Sequence[Sequence[Any]]) -> list[dict[str, str]]:
    """Return the rows of a table, with or without headings. Cells without a column are kept.

    What stands under a heading that the list does not have, or beyond its last column, goes into
    the remark, so that nothing is lost.
    """
    texts = [[spreadsheet.text_of(c) if c is not None else "" for c in line] for line in table]
    texts = [line for line in texts if any(line)]
    if not texts:
        return []
    headings, keys = texts[0], [_key(kind, cell) for cell in texts[0]]
    has_headings = sum(key is not None for key in keys) >= 2
    if not has_headings:
        headings, keys = [], [column.key for column in kind.columns]
    lines = texts[1:] if has_headings else texts
    return [_row(kind, keys, headings, line) for line in lines]


def _key(kind: ListKind, heading: str) -> str | None:
    said = heading.strip().rstrip(":").lower()
    for column in kind.columns:
        if said in (column.key, str(column.label).lower(), *column.also):
            return column.key
    return None


def _row(
    kind: ListKind, keys: Sequence[str | None], headings: Sequence[str], line: Sequence[str]
) -> dict[str, str]:
    row = {column.key: "" for column in kind.columns}
    left: list[str] = []
    for place, cell in enumerate(line):
        key = keys[place] if place < len(keys) else None
        if key is not None and not row[key]:
            row[key] = cell.strip()
        elif cell.strip():
            heading = headings[place] if place < len(headings) else ""
            left.append(f"{heading}: {cell.strip()}" if heading else cell.strip())
    if left:
        row["remark"] = "; ".join([*filter(None, [row["remark"]]), *left])
    return row
