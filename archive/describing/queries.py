"""Read what the pen's pages show: a record beside its pictures, its history, free references.

Begin at `desk_of` and `history_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from archive.accounts.permissions import Permission, Viewer
from archive.describing import recoding, undo, words
from archive.errors import NotFound, Refused
from archive.history import queries as history
from archive.history.models import Change
from archive.holdings import queries
from archive.holdings.models import Derivative, Description, File

_MOST_PICTURES = 40


@dataclass(frozen=True, slots=True)
class Desk:
    """A record with what lies beside it while it is written about."""

    record: Description
    pictures: Sequence[tuple[File, dict[str, Derivative]]]
    previous: str | None
    next: str | None
    may_recode: bool


def need(session: Session, pid: str, permission: Permission, viewer: Viewer) -> Description:
    """Return the record if it exists and the person may do this with it: else one answer."""
    try:
        record = queries.by_ref(session, pid)
        viewer.demand(permission, record.unit_id)
    except Refused as error:
        raise NotFound(f"there is no record {pid!r}") from error
    return record


def desk_of(session: Session, record: Description, viewer: Viewer) -> Desk:
    """Return the record with its pictures and its neighbours, in a few queries."""
    files = session.scalars(queries.files_of(record).limit(_MOST_PICTURES)).all()
    copies = queries.derivatives_of(session, [file.id for file in files])
    pictures = [(file, copies[file.id]) for file in files if "access" in copies.get(file.id, {})]
    beside = _beside(record, viewer)
    here, number = Description.position, Description.id
    before = beside.where(
        or_(here < record.position, and_(here == record.position, number < record.id))
    ).order_by(here.desc(), number.desc())
    after = beside.where(
        or_(here > record.position, and_(here == record.position, number > record.id))
    ).order_by(here, number)
    return Desk(
        record,
        pictures,
        session.scalars(before.limit(1)).first(),
        session.scalars(after.limit(1)).first(),
        recoding.is_empty(session, record),
    )


def _beside(record: Description, viewer: Viewer) -> Select[str]:
    query = select(Description.pid).where(Description.parent_id == record.parent_id)
    units = viewer.units(Permission.HOLDINGS_DESCRIBE)
    return query if units is None else query.where(Description.unit_id.in_(units))


@dataclass(frozen=True, slots=True)
class Entry:
    """A change as the history page shows it; `lines` are (field, before, after)."""

    change: Change
    what: str
    lines: Sequence[tuple[str, str, str]]
    together: int
    is_undone: bool
    may_undo: bool


def history_of(session: Session, record: Description, viewer: Viewer) -> list[Entry]:
    """Return the record's changes, newest first, as far as the viewer may be told."""
    changes = session.scalars(history.of_record(record.pid).limit(200)).all()
    bundles = [change.bundle for change in changes]
    sizes, undone = history.sizes(session, bundles), history.undone(session, bundles)
    places = _places(session, changes, viewer)
    may = viewer.may(Permission.HOLDINGS_DESCRIBE, record.unit_id)
    return [
        Entry(
            change=change,
            what=words.deed(change.deed),
            lines=[
                (words.field(n), _said(n, old, places), _said(n, new, places))
                for n, (old, new) in change.fields.items()
            ],
            together=sizes.get(change.bundle, 1),
            is_undone=change.bundle in undone,
            may_undo=may and change.deed in undo.UNDOABLE and change.bundle not in undone,
        )
        for change in changes
    ]


def _said(name: str, value: Any, places: dict[str, str]) -> str:
    if name == "parent" and value:
        return places.get(value, "…")
    return words.value(name, value)


def _places(session: Session, changes: Sequence[Change], viewer: Viewer) -> dict[str, str]:
    """Return the references of the records under which one lay; of units one may read only."""
    pids = {pid for c in changes for pid in c.fields.get("parent", ()) if pid}
    query = select(Description.pid, Description.reference).where(Description.pid.in_(pids))
    units = viewer.units(Permission.HOLDINGS_READ)
    if units is not None:
        query = query.where(Description.unit_id.in_(units))
    return dict(session.execute(query).all())
