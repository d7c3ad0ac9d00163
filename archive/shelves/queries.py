"""Read the shelves: rooms and how full they are, what stands where, what stands nowhere.

A person sees the records of their own units; how full a shelf is counts everything. Begin at
`rooms` and `page_of`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from archive.errors import NotFound
from archive.holdings.models import Description, Level
from archive.shelves.models import PlaceKind, ShelfPlace, Standing

Units = frozenset[int] | None
# What a volume or box is taken to need of a shelf while nobody has measured it.
ASSUMED_METRES = 0.08
PER_PAGE = 100
_WIDTH = 380  # of a full bar, in the units of the drawing


@dataclass(slots=True)
class Fill:
    """A place and how full it is, in shelf metres; `capacity` is None where it is not known."""

    place: ShelfPlace
    capacity: float | None = None
    used: float = 0.0
    below: list[Fill] = field(default_factory=list)

    @property
    def percent(self) -> int | None:
        """Return how full it is, in whole per cent; above 100 it is overfull."""
        return round(100 * self.used / self.capacity) if self.capacity else None

    @property
    def free(self) -> float | None:
        """Return how many metres are free; none where it is overfull."""
        return None if self.capacity is None else max(0.0, self.capacity - self.used)

    @property
    def bar(self) -> int:
        """Return the length of its bar in the drawing; an overfull one is as long as a full one."""
        return max(2, min(self.percent or 0, 100) * _WIDTH // 100)


@dataclass(frozen=True, slots=True)
class PlacePage:
    """A place with the way to it, what is in it, and the records that stand there."""

    fill: Fill
    above: Sequence[ShelfPlace]
    records: Sequence[tuple[Description, Standing]]
    hidden: int


def rooms(session: Session) -> list[Fill]:
    """Return the rooms and how full each is, their sections and boxes below. Two queries."""
    return [fill for fill in _fills(session).values() if fill.place.parent_id is None]


def page_of(session: Session, place: ShelfPlace, units: Units) -> PlacePage:
    """Return a place with what stands there; records of other units are counted only."""
    fills = _fills(session)
    rows = [
        (record, standing)
        for record, standing in session.execute(
            select(Description, Standing)
            .join(Standing, Standing.description_id == Description.id)
            .where(Standing.place_id == place.id)
        )
    ]
    rows.sort(key=lambda row: _natural(row[0].reference))
    shown = [row for row in rows if units is None or row[0].unit_id in units]
    return PlacePage(
        fills.get(place.id, Fill(place)), way_to(session, place), shown, len(rows) - len(shown)
    )


def by_pid(session: Session, pid: str) -> ShelfPlace:
    """Return the place with this id.

    :raises NotFound: if there is none.
    """
    place = session.scalars(select(ShelfPlace).where(ShelfPlace.pid == pid)).first()
    if place is None:
        raise NotFound("there is no such place on the shelves")
    return place


def looked_up(session: Session, text: str) -> list[ShelfPlace]:
    """Return the open places with this barcode, number or whole name ("Magasin 1 / A / 4")."""
    wanted = " ".join(text.split())
    if not wanted:
        return []
    parts = [part.strip() for part in wanted.split("/")]
    found = session.scalars(
        select(ShelfPlace)
        .where(
            or_(ShelfPlace.barcode == wanted, ShelfPlace.code == parts[-1]),
            ShelfPlace.closed_at.is_(None),
        )
        .order_by(ShelfPlace.id)
        .limit(200)
    ).all()
    exact = [place for place in found if place.barcode == wanted]
    names = names_of(session, found)
    return exact or [
        p for p in found if names[p.id].casefold().endswith(" / ".join(parts).casefold())
    ]


def one_place(session: Session, text: str) -> ShelfPlace:
    """Return the one place that a person named by barcode, number or whole name.

    :raises NotFound: if there is none, or if several answer to it.
    """
    found = looked_up(session, text)
    if not found:
        raise NotFound(f"there is no place {text!r} on the shelves")
    if len(found) > 1:
        raise NotFound(f"several places are called {text!r}; write room / section / box")
    return found[0]


def names_of(session: Session, places: Sequence[ShelfPlace]) -> dict[int, str]:
    """Return the whole name of each place: "Magasin 1 / A / 4". Two queries at most."""
    known = {place.id: place for place in places}
    while True:
        missing = {p.parent_id for p in known.values() if p.parent_id} - known.keys()
        if not missing:
            break
        rows = session.scalars(select(ShelfPlace).where(ShelfPlace.id.in_(missing)))
        known.update({row.id: row for row in rows})

    def name(place: ShelfPlace) -> str:
        if place.parent_id is None:
            return place.code
        return f"{name(known[place.parent_id])} / {place.code}"

    return {place.id: name(place) for place in places}


def way_to(session: Session, place: ShelfPlace) -> list[ShelfPlace]:
    """Return the places around a place, the room first."""
    above: list[ShelfPlace] = []
    here = place
    while here.parent_id is not None:
        here = session.get_one(ShelfPlace, here.parent_id)
        above.insert(0, here)
    return above


def below(session: Session, place: ShelfPlace) -> list[ShelfPlace]:
    """Return a place and everything in it; three levels at most."""
    found, ids = [place], [place.id]
    while ids:
        rows = session.scalars(select(ShelfPlace).where(ShelfPlace.parent_id.in_(ids))).all()
        found.extend(rows)
        ids = [row.id for row in rows]
    return found


def standing(session: Session, record: Description) -> tuple[Standing, ShelfPlace] | None:
    """Return where a record stands, by itself or with the volume above it; None is nowhere."""
    line = [int(step) for step in record.path.strip("/").split("/") if step]
    rows = session.execute(
        select(Standing, ShelfPlace)
        .join(ShelfPlace, ShelfPlace.id == Standing.place_id)
        .where(Standing.description_id.in_(line))
    ).all()
    found = {row.description_id: (row, place) for row, place in rows}
    return next((found[number] for number in reversed(line) if number in found), None)


def places_of(session: Session, records: Sequence[Description]) -> dict[int, str]:
    """Return the whole name of the place of each record that stands somewhere, by its id."""
    lines = {r.id: [int(step) for step in r.path.split("/") if step] for r in records}
    wanted = {number for line in lines.values() for number in line}
    rows = session.execute(
        select(Standing.description_id, ShelfPlace)
        .join(ShelfPlace, ShelfPlace.id == Standing.place_id)
        .where(Standing.description_id.in_(wanted))
    ).all()
    names = names_of(session, [place for _, place in rows])
    stands = {number: names[place.id] for number, place in rows}
    found = ((own, next((stands[n] for n in line[::-1] if n in stands), None))
             for own, line in lines.items())  # fmt: skip
    return {own: name for own, name in found if name is not None}


def without_place(units: Units) -> Select[Description]:
    """Select the volumes that stand nowhere, of these units; `in_order` puts them in order."""
    placed = select(Standing.description_id).where(Standing.place_id.is_not(None))
    query = select(Description).where(
        Description.level == Level.VOLUME,
        Description.destroyed_on.is_(None),
        Description.id.not_in(placed),
    )
    if units is not None:
        query = query.where(Description.unit_id.in_(units))
    return query


def in_order(session: Session, query: Select[Description], page: int) -> list[Description]:
    """Return a page of the selected records, J1:2 before J1:10. Two queries.

    No database orders so by itself: the codes are ordered here, and one page of records is read.
    """
    codes = session.execute(query.with_only_columns(Description.id, Description.reference))
    ordered = sorted(codes, key=lambda row: _natural(row[1]))
    ids = [row[0] for row in ordered[(page - 1) * PER_PAGE : page * PER_PAGE]]
    found = session.scalars(select(Description).where(Description.id.in_(ids)))
    return sorted(found, key=lambda record: ids.index(record.id))


def unit_ids(session: Session, places: Sequence[ShelfPlace]) -> set[int]:
    """Return the units whose records stand in any of the places."""
    ids = [place.id for place in places]
    return set(
        session.scalars(
            select(Description.unit_id)
            .join(Standing, Standing.description_id == Description.id)
            .where(Standing.place_id.in_(ids))
            .distinct()
        )
    )


def _fills(session: Session) -> dict[int, Fill]:
    places = session.scalars(
        select(ShelfPlace).where(ShelfPlace.closed_at.is_(None)).order_by(ShelfPlace.code)
    ).all()
    taken: dict[int, float] = defaultdict(float)
    sums = select(
        Standing.place_id, func.sum(func.coalesce(Standing.metres, ASSUMED_METRES))
    ).where(Standing.place_id.is_not(None))
    for place_id, metres in session.execute(sums.group_by(Standing.place_id)):
        taken[place_id or 0] = float(metres)
    fills = {place.id: Fill(place) for place in places}
    order = list(PlaceKind)
    for fill in sorted(fills.values(), key=lambda f: -order.index(PlaceKind(f.place.kind))):
        _count(fill, taken[fill.place.id])
        if fill.place.parent_id in fills:
            fills[fill.place.parent_id].below.append(fill)
    for fill in fills.values():
        fill.below.sort(key=lambda each: _natural(each.place.code))
    return dict(sorted(fills.items(), key=lambda item: _natural(item[1].place.code)))


def _count(fill: Fill, own: float) -> None:
    """Count what a place holds and needs, once everything in it has been counted."""
    if fill.place.kind == PlaceKind.BOX:
        fill.capacity, fill.used = fill.place.metres, own
        return
    boxes = (each for each in fill.below if each.place.kind == PlaceKind.BOX)
    fill.used = own + sum(box.place.metres or ASSUMED_METRES for box in boxes)
    sections = [each for each in fill.below if each.place.kind == PlaceKind.SECTION]
    fill.used += sum(each.used for each in sections)
    if fill.place.kind == PlaceKind.SECTION:
        fill.capacity = fill.place.metres
    elif sections:
        known = [each.capacity for each in sections if each.capacity is not None]
        fill.capacity = sum(known) if known else None


def _natural(code: str) -> list[tuple[int, int, str]]:
    """Return a key by which 2 comes before 10."""
    key, digits = [], ""
    for letter in f"{code.casefold()}\0":
        if letter.isdecimal():
            digits += letter
            continue
        if digits:
            key.append((0, int(digits), ""))
            digits = ""
        key.append((1, 0, letter))
    return key
