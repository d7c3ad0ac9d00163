"""The order of records beside each other: one step up or down, or to either end.

Only those beside it that the viewer may describe are stepped past. Begin at `shift`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.errors import Invalid
from archive.history import actions as history
from archive.history.actions import Fields, Occasion
from archive.holdings.models import Description


class Step(StrEnum):
    """Where a record goes among those beside it."""

    FIRST = "first"
    UP = "up"
    DOWN = "down"
    LAST = "last"


def children(
    session: Session, parent: Description, viewer: Viewer, *, start: int = 0, limit: int = 200
) -> tuple[Sequence[Description], int]:
    """Return some of the records below one in their order, and how many there are in all."""
    query = select(Description).where(Description.parent_id == parent.id)
    units = viewer.units(Permission.HOLDINGS_DESCRIBE)
    if units is not None:
        query = query.where(Description.unit_id.in_(units))
    count = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(Description.position, Description.id)
    return session.scalars(ordered.offset(start).limit(limit)).all(), count


def shift(
    session: Session, parent: Description, record: Description, step: Step, *, viewer: Viewer
) -> int:
    """Move the record one step, or to an end, and return its number in the new order, from 0.

    :raises Invalid: if it does not lie below the parent.
    :raises Refused: if the viewer may not describe for the units of both.
    """
    for unit_id in (parent.unit_id, record.unit_id):
        viewer.demand(Permission.HOLDINGS_DESCRIBE, unit_id)
    if record.parent_id != parent.id:
        raise Invalid("the record does not lie there any more; look again")
    beside = list(children(session, parent, viewer, limit=-1)[0])
    old = beside.index(record)
    new = {
        Step.FIRST: 0,
        Step.UP: max(old - 1, 0),
        Step.DOWN: min(old + 1, len(beside) - 1),
        Step.LAST: len(beside) - 1,
    }[step]
    if new == old:
        return old
    beside.insert(new, beside.pop(old))
    _number(session, beside, record, old, new, viewer)
    return new


def _number(
    session: Session,
    beside: Sequence[Description],
    record: Description,
    old: int,
    new: int,
    viewer: Viewer,
) -> None:
    """Give new positions to as few records as can be, and note them as one change."""
    noted: dict[str, Fields] = {}
    for each, position in _positions(beside, record, old, new):
        if each.position != position:
            noted[each.pid] = {"position": (each.position, position)}
            each.position, each.updated_at = position, clock.now()
    history.note_many(session, noted.items(), actor=viewer, occasion=Occasion("order"))
    events = [(f"record:{pid}", {"fields": ["position"]}) for pid in noted]
    audit.record_many(session, "record.order", events, actor=viewer)
    session.flush()


def _positions(
    beside: Sequence[Description], record: Description, old: int, new: int
) -> list[tuple[Description, int]]:
    taken = [each.position for each in beside if each is not record]
    if len({*taken, record.position}) <= len(taken):  # two have one number: all get a new one
        return [(each, number) for number, each in enumerate(beside, 1)]
    if new == 0:
        return [(record, taken[0] - 1)]
    if new == len(beside) - 1:
        return [(record, taken[-1] + 1)]
    other = beside[old]  # of a single step it is the one that changed places with it
    return [(record, other.position), (other, record.position)]
