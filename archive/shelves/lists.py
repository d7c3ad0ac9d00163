"""The list of places as CSV or XLSX: in with every fault told by its row, and out the same way.

One row a section or box: room, section, box, barcode, metres, and the references of what stands
there. Nothing is taken in of a list that has a fault. Begin at `read_list` and `written`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.accounts.permissions import Permission, Viewer
from archive.errors import Invalid
from archive.holdings.models import Description
from archive.shelves import actions, queries
from archive.shelves.actions import Facts
from archive.shelves.models import PlaceKind, ShelfPlace, Standing
from archive.spreadsheet import rows_of, text_of

COLUMNS = ("rum", "sektion", "box", "streckkod", "meter", "handlingar")
_ENGLISH = dict(
    zip(("room", "section", "box", "barcode", "metres", "records"), COLUMNS, strict=True)
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list; `number` is that of the sheet."""

    number: int
    room: str
    section: str
    box: str
    barcode: str
    metres: float | None
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row, in the language of the page."""

    number: int
    words: str


def read_list(path: Path) -> tuple[list[Row], list[Fault]]:
    """Return the rows of a list and every fault that the list itself shows.

    :raises Invalid: if it is no list, or has not the columns.
    """
    try:
        sheet = rows_of(path)
    except ValueError as error:
        raise Invalid(f"the list cannot be read: {error}") from error
    heads = [text_of(cell or "").casefold() for cell in sheet[0]] if sheet else []
    heads = [_ENGLISH.get(head, head) for head in heads]
    missing = [name for name in ("rum", "sektion") if name not in heads]
    if missing:
        raise Invalid(f"the list has no column {', '.join(missing)}")
    rows, faults = list[Row](), list[Fault]()
    for number, cells in enumerate(sheet[1:], 2):
        said = {
            head: text_of(cell) if cell is not None else ""
            for head, cell in zip(heads, cells, strict=False)
        }
        if any(said.values()):
            rows.append(_row(number, said, faults))
    return rows, [*faults, *_doubled(rows)]


def faults_against(
    session: Session, rows: Sequence[Row], viewer: Viewer
) -> tuple[list[Fault], dict[str, Description]]:
    """Return every fault of the rows against what is here, and the records that they name."""
    named = sorted({reference for row in rows for reference in row.records})
    found: dict[str, Description] = {}
    for start in range(0, len(named), 500):
        some = select(Description).where(Description.reference.in_(named[start : start + 500]))
        for record in session.scalars(some):
            if viewer.may(Permission.HOLDINGS_DESCRIBE, record.unit_id):
                found[record.reference] = record
    codes = {row.barcode for row in rows if row.barcode}
    owners = {
        place.barcode: place
        for place in session.scalars(select(ShelfPlace).where(ShelfPlace.barcode.is_not(None)))
        if place.barcode in codes
    }
    names = queries.names_of(session, list(owners.values()))
    faults = []
    for row in rows:
        for reference in row.records:
            if reference not in found:
                faults.append(Fault(row.number, _("handlingen %(ref)s finns inte", ref=reference)))
        owner = owners.get(row.barcode)
        if owner is not None and names[owner.id] != _name(row):
            words = _("streckkoden %(code)s sitter på %(place)s", code=row.barcode,
                      place=names[owner.id])  # fmt: skip
            faults.append(Fault(row.number, words))
    return faults, found


def take_in(
    session: Session, rows: Sequence[Row], records: Mapping[str, Description], *, viewer: Viewer
) -> tuple[int, int]:
    """Build what is new, change what is there, and place the records; return places, records."""
    there = {name: place for place, name in _named_places(session)}
    placed = 0
    for row in rows:
        room = there.get(row.room) or actions.build(
            session, PlaceKind.ROOM, Facts(row.room), parent=None, viewer=viewer
        )
        there[row.room] = room
        section_name = f"{row.room} / {row.section}"
        facts = Facts(row.section) if row.box else Facts(row.section, row.barcode, row.metres)
        section = there.get(section_name)
        if section is None:
            section = actions.build(session, PlaceKind.SECTION, facts, parent=room, viewer=viewer)
        elif not row.box:
            actions.change(session, section, facts, viewer=viewer)
        there[section_name] = section
        target = _box(session, row, section, there, viewer) if row.box else section
        if row.records:
            some = [records[reference] for reference in row.records]
            placed += actions.place(session, some, target, viewer=viewer)
    return len(rows), placed


def written(session: Session, viewer: Viewer) -> str:
    """Return the whole list as CSV, with the records that the person may read."""
    units = viewer.units(Permission.HOLDINGS_READ)
    stands: dict[int, list[str]] = {}
    query = (
        select(Standing.place_id, Description.reference, Description.unit_id)
        .join(Description, Description.id == Standing.description_id)
        .where(Standing.place_id.is_not(None))
        .order_by(Description.reference)
    )
    for place_id, reference, unit_id in session.execute(query):
        if units is None or unit_id in units:
            stands.setdefault(place_id or 0, []).append(reference)
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";", lineterminator="\r\n")
    sheet.writerow(COLUMNS)
    for place, name in sorted(_named_places(session), key=lambda pair: pair[1]):
        if place.kind == PlaceKind.ROOM:
            continue
        room, section, *box = name.split(" / ")
        metres = "" if place.metres is None else f"{place.metres:g}".replace(".", ",")
        cells = (room, section, *(box or [""]), place.barcode or "", metres)
        sheet.writerow([*map(_harmless, cells), " ".join(stands.get(place.id, []))])
    return out.getvalue()


def _row(number: int, said: Mapping[str, str], faults: list[Fault]) -> Row:
    texts = {name: " ".join(said.get(name, "").split()) for name in COLUMNS}
    for name, words in (("rum", _("rum saknas")), ("sektion", _("sektion saknas"))):
        if not texts[name]:
            faults.append(Fault(number, words))
    if any("/" in texts[name] for name in ("rum", "sektion", "box")):
        faults.append(Fault(number, _("rum, sektion och box kan inte ha snedstreck")))
    metres = None
    if texts["meter"]:
        try:
            metres = float(texts["meter"].replace(",", "."))
        except ValueError:
            metres = -1.0
        if not 0 <= metres <= 10_000:
            faults.append(Fault(number, _("meter är inget mått: %(said)s", said=texts["meter"])))
    records = tuple(dict.fromkeys(texts["handlingar"].replace(",", " ").split()))
    return Row(
        number, texts["rum"], texts["sektion"], texts["box"], texts["streckkod"], metres, records
    )


def _doubled(rows: Sequence[Row]) -> list[Fault]:
    """Return the faults of rows that name the same place, barcode or record as an earlier row."""
    faults: list[Fault] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        keys = [("place", _name(row)), *(("record", ref) for ref in row.records)]
        keys += [("barcode", row.barcode)] if row.barcode else []
        for key in keys:
            first = seen.setdefault(key, row.number)
            if first != row.number:
                words = _("%(what)s står redan på rad %(row)d", what=key[1], row=first)
                faults.append(Fault(row.number, words))
    return faults


def _name(row: Row) -> str:
    return " / ".join(part for part in (row.room, row.section, row.box) if part)


def _box(
    session: Session,
    row: Row,
    section: ShelfPlace,
    there: dict[str, ShelfPlace],
    viewer: Viewer,
) -> ShelfPlace:
    facts, name = Facts(row.box, row.barcode, row.metres), _name(row)
    box = there.get(name)
    if box is None:
        box = actions.build(session, PlaceKind.BOX, facts, parent=section, viewer=viewer)
        there[name] = box
    else:
        actions.change(session, box, facts, viewer=viewer)
    return box


def _named_places(session: Session) -> list[tuple[ShelfPlace, str]]:
    places = session.scalars(select(ShelfPlace).where(ShelfPlace.closed_at.is_(None))).all()
    names = queries.names_of(session, places)
    return [(place, names[place.id]) for place in places]


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell
