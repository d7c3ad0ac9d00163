"""Build up the shelves, put records on them, and move boxes with all that is in them.

Rooms and shelves belong to the house: whoever describes records may arrange them. A record is
placed, and a box moved, by somebody who may describe the records of every unit concerned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.errors import Conflict, Invalid
from archive.holdings.actions import subject_of as record_subject
from archive.holdings.models import Description
from archive.shelves import queries
from archive.shelves.models import PlaceKind, ShelfPlace, Standing

_ABOVE = {
    PlaceKind.ROOM: None,
    PlaceKind.SECTION: PlaceKind.ROOM,
    PlaceKind.BOX: PlaceKind.SECTION,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a person says of a place."""

    code: str
    barcode: str | None = None
    metres: float | None = None
    note: str | None = None


def build(
    session: Session, kind: PlaceKind, facts: Facts, *, parent: ShelfPlace | None, viewer: Viewer
) -> ShelfPlace:
    """Add a room, a section of a room or a box on a section, and return it.

    :raises Invalid: if it would not stand on the level above it, or has no number.
    :raises Conflict: if its number is taken there, or its barcode anywhere.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE)
    _require_level(kind, parent)
    place = ShelfPlace(kind=kind, parent_id=parent.id if parent else None, code="")
    _require_free(session, place, facts)
    _write(place, facts)
    session.add(place)
    session.flush()
    audit.record(session, "shelf.build", subject_of(place), actor=viewer, kind=kind.value)
    return place


def change(session: Session, place: ShelfPlace, facts: Facts, *, viewer: Viewer) -> None:
    """Change what is said of a place.

    :raises Invalid: or Conflict, as `build`.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE)
    _require_free(session, place, facts)
    _write(place, facts)
    audit.record(session, "shelf.change", subject_of(place), actor=viewer)
    session.flush()


def move(session: Session, place: ShelfPlace, target: ShelfPlace, *, viewer: Viewer) -> None:
    """Move a box to another section, or a section to another room; all in it follows.

    :raises Invalid: if it cannot stand there.
    :raises Conflict: if its number is taken there.
    """
    for unit_id in queries.unit_ids(session, queries.below(session, place)):
        viewer.demand(Permission.HOLDINGS_DESCRIBE, unit_id)
    viewer.demand(Permission.HOLDINGS_DESCRIBE)
    _require_level(PlaceKind(place.kind), target)
    before, place.parent_id = place.parent_id, target.id
    with session.no_autoflush:
        _require_free(session, place, Facts(place.code, place.barcode, place.metres))
    session.flush()
    audit.record(
        session, "shelf.move", subject_of(place), actor=viewer, before=before, after=target.id
    )


def close(session: Session, place: ShelfPlace, *, viewer: Viewer) -> None:
    """Take an empty place out of use; its number and barcode are free again.

    :raises Conflict: if something stands in it.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE)
    inside = [each for each in queries.below(session, place) if each.closed_at is None]
    ids = [each.id for each in inside]
    stands = session.scalars(select(Standing).where(Standing.place_id.in_(ids)).limit(1)).first()
    if stands is not None or len(inside) > 1:
        raise Conflict("something stands there; move it first")
    place.closed_at, place.barcode = clock.now(), None
    audit.record(session, "shelf.close", subject_of(place), actor=viewer)
    session.flush()


def place(
    session: Session,
    records: Sequence[Description],
    target: ShelfPlace | None,
    *,
    viewer: Viewer,
    metres: float | None = None,
) -> int:
    """Put records in a place, or take them from the shelves (None); return how many it changed.

    `metres` is how much of the shelf each takes; None leaves what is known of it.

    :raises Invalid: if the place is a room, where nothing stands on the floor.
    """
    for record in records:
        viewer.demand(Permission.HOLDINGS_DESCRIBE, record.unit_id)
    if target is not None and (target.kind == PlaceKind.ROOM or target.closed_at is not None):
        raise Invalid("choose a section or a box")
    rows, changed = _standings(session, records), []
    for record in records:
        row, wanted = rows[record.id], target.id if target else None
        if row.place_id != wanted or (metres is not None and row.metres != metres):
            row.place_id = wanted
            row.metres = row.metres if metres is None else metres
            changed.append(record)
    session.flush()
    where = {"place": target.pid if target else None}
    audit.record_many(
        session,
        "record.place",
        [(record_subject(record), where) for record in changed],
        actor=viewer,
    )
    return len(changed)


def _standings(session: Session, records: Sequence[Description]) -> dict[int, Standing]:
    """Return the row of each record; one that never stood anywhere gets its row now."""
    ids = [record.id for record in records]
    stood = select(Standing).where(Standing.description_id.in_(ids))
    rows = {row.description_id: row for row in session.scalars(stood)}
    for record in records:
        if record.id not in rows:
            rows[record.id] = Standing(description_id=record.id)
            session.add(rows[record.id])
    return rows


def subject_of(place: ShelfPlace) -> str:
    """Return how the audit names a place."""
    return f"shelf:{place.pid}"


def _write(place: ShelfPlace, facts: Facts) -> None:
    place.code = " ".join(facts.code.split())
    place.barcode = (facts.barcode or "").strip() or None
    place.metres, place.note = facts.metres, facts.note or None


def _require_level(kind: PlaceKind, parent: ShelfPlace | None) -> None:
    above = _ABOVE[kind]
    if (parent.kind if parent else None) != above or (parent and parent.closed_at):
        raise Invalid("a section stands in a room, a box in a section")


def _require_free(session: Session, place: ShelfPlace, facts: Facts) -> None:
    code, barcode = " ".join(facts.code.split()), (facts.barcode or "").strip()
    if not code or "/" in code:
        raise Invalid("a place needs a number or name, without a slash")
    same = session.scalars(
        select(ShelfPlace).where(
            ShelfPlace.parent_id.is_not_distinct_from(place.parent_id),
            ShelfPlace.code == code,
            ShelfPlace.closed_at.is_(None),
        )
    ).first()
    if same is not None and same is not place:
        raise Conflict(f"there is already {code} there")
    taken = (
        barcode and session.scalars(select(ShelfPlace).where(ShelfPlace.barcode == barcode)).first()
    )
    if taken and taken is not place:
        raise Conflict(f"the barcode {barcode} is on another place")
