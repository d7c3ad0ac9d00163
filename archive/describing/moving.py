"""Move a record with its branch below another: first the look at what would come of it.

The unit follows the place: what belonged to the moved record's unit becomes the new parent's; the
row of the plan stays, and the law is asked anew for the whole branch. Begin at `preview` and
`move`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from archive import clock
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.describing import references, tree
from archive.describing.effects import Effects, answers_kept, effects_of
from archive.errors import Conflict, Invalid
from archive.history import actions as history
from archive.history.actions import Occasion
from archive.holdings import access
from archive.holdings import queries as holdings_queries
from archive.holdings.models import Description

Changes = dict[str, tuple[Any, Any]]
MOST = 20_000
MOST_PLACES = 50
_MOST_WORDS = 6


@dataclass(frozen=True, slots=True)
class Preview:
    """What a move would do. `digest` is how record and place lay when it was asked."""

    way: Sequence[Description]
    count: int
    units: tuple[OrgUnit, OrgUnit]
    reference: str
    effects: Effects
    digest: str

    @property
    def changes_unit(self) -> bool:
        """Return whether the record gets another unit by the move."""
        return self.units[0].id != self.units[1].id


def places_for(
    session: Session, record: Description, wanted: str, viewer: Viewer
) -> list[Description]:
    """Return where the record may lie of what the words or the reference code find.

    Only what the viewer may describe, and what is no part of the record itself.
    """
    words = wanted.split()[:_MOST_WORDS]
    if not words:
        return []
    coded = Description.reference.istartswith(wanted.strip(), autoescape=True)
    titled = and_(*(or_(*_spelt(word)) for word in words))
    query = (
        select(Description)
        .where(or_(coded, titled))
        .where(Description.level.in_([level.value for level in tree.levels_above(record)]))
        .where(~Description.path.startswith(record.path))
        .where(Description.id != record.parent_id)
        .options(joinedload(Description.unit))
        .order_by(Description.reference)
        .limit(MOST_PLACES)
    )
    units = viewer.units(Permission.HOLDINGS_DESCRIBE)
    if units is not None:
        query = query.where(Description.unit_id.in_(units))
    return list(session.scalars(query))


def preview(
    session: Session, record: Description, parent: Description, reference: str, viewer: Viewer
) -> Preview:
    """Return what the move would do, in a session of reading that is thrown away afterwards.

    :raises Conflict: if it would lie below itself or lies there already, or the code is taken.
    :raises Invalid: if its level may not lie there, or the branch is too large.
    :raises Refused: if the viewer may not describe for a unit concerned.
    """
    branch = _branch(session, record)
    _require_may(session, record, parent, branch, viewer)
    code = _code(session, record, reference)
    digest = digest_of(session, record, parent)
    units = (session.get_one(OrgUnit, record.unit_id), session.get_one(OrgUnit, parent.unit_id))
    way = [*holdings_queries.ancestors(session, parent), parent]
    before, old = answers_kept(branch), record.path
    new = f"{parent.path}{record.id}/"
    for each in branch:
        each.path = new + each.path[len(old) :]
    return Preview(way, len(branch), units, code, effects_of(session, branch, before), digest)


def move(
    session: Session,
    record: Description,
    parent: Description,
    *,
    reference: str = "",
    reason: str,
    digest: str,
    viewer: Viewer,
) -> None:
    """Put the record with its branch last below the parent; with a new code if one is given.

    What closes by it has left the edition when this returns, before the caller commits.

    :raises Conflict: also if record or place have been moved since the look.
    :raises Invalid: if no reason is given, or it may not lie there.
    :raises Refused: if the viewer may not describe for a unit concerned.
    """
    if not reason.strip():
        raise Invalid("say why the record is moved; the reason is kept")
    branch = _branch(session, record)
    _require_may(session, record, parent, branch, viewer)
    if digest != digest_of(session, record, parent):
        raise Conflict("somebody has moved the records since you looked; look again")
    code = _code(session, record, reference)
    noted = _other_unit(session, branch, record.unit_id, parent.unit_id)
    noted[record.pid] = noted.get(record.pid, {}) | _place(session, record, parent)
    if code != record.reference:
        noted[record.pid] |= {"reference": (record.reference, code)}
        references.leave(session, record, record.reference)
        record.reference = code
    record.updated_at = clock.now()
    session.flush()
    history.note_many(session, noted.items(), actor=viewer, occasion=Occasion("move", reason))
    events = [(f"record:{pid}", {"fields": sorted(fields)}) for pid, fields in noted.items()]
    audit.record_many(session, "record.move", events, actor=viewer)
    session.flush()
    access.refresh_ids(session, tree.branch_ids(session, [record]))


def digest_of(session: Session, record: Description, parent: Description) -> str:
    """Return a digest of where record and place lie, and of how much the branch holds."""
    size = len(tree.branch_ids(session, [record]))
    said = [record.path, record.reference, record.unit_id, parent.path, parent.unit_id, size]
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _spelt(word: str) -> list[ColumnElement[bool]]:
    """Return conditions for a word in a title; databases fold a to z only, so å is spelt out."""
    forms = dict.fromkeys([word, word.lower(), word.capitalize(), word.upper()])
    return [Description.title.icontains(form, autoescape=True) for form in forms]


def _branch(session: Session, record: Description) -> list[Description]:
    query = holdings_queries.branch(record).limit(MOST + 1)
    branch = list(session.scalars(query))
    if len(branch) > MOST:
        raise Invalid(f"more than {MOST} records at once; choose a smaller branch")
    return branch


def _require_may(
    session: Session,
    record: Description,
    parent: Description,
    branch: Sequence[Description],
    viewer: Viewer,
) -> None:
    """Pass if the viewer may describe for every unit whose records move, and for the place's."""
    for unit_id in {parent.unit_id, *(each.unit_id for each in branch)}:
        viewer.demand(Permission.HOLDINGS_DESCRIBE, unit_id)
    tree.require_place(record, parent)
    if record.parent_id == parent.id:
        raise Conflict(f"{record.reference} lies there already")


def _code(session: Session, record: Description, wanted: str) -> str:
    code = wanted.strip() or record.reference
    if code != record.reference:
        references.require_free(session, [code], own=[record.pid])
    return code


def _other_unit(
    session: Session, branch: Sequence[Description], old: int, new: int
) -> dict[str, Changes]:
    """Give what belonged to one unit to another; return by pid what the history says of it."""
    if old == new:
        return {}
    codes = tuple(session.get_one(OrgUnit, unit_id).code for unit_id in (old, new))
    moved = [each for each in branch if each.unit_id == old]
    for each in moved:
        each.unit_id = new
    session.flush()
    return {each.pid: {"unit": (codes[0], codes[1])} for each in moved}


def _place(session: Session, record: Description, parent: Description) -> Changes:
    before = session.get(Description, record.parent_id) if record.parent_id else None
    was, last = record.position, tree.last_position(session, parent.id) + 1
    tree.place(session, record, parent)
    record.position = last
    return {"parent": (before.pid if before else None, parent.pid), "position": (was, last)}
