"""Take changes back: the earlier values return where nothing newer stands in between.

A taken-back change is a change of its own, so that nothing leaves the history; the law is asked
anew, and what closes leaves the edition at once. Begin at `take_back`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.describing import references, tree, words
from archive.describing.actions import ask_to_take_in
from archive.errors import Conflict, Invalid
from archive.history import actions as history
from archive.history.actions import Occasion
from archive.history.models import Change
from archive.holdings import access
from archive.holdings.models import Description

UNDOABLE = frozenset({"describe", "row", "bulk", "move", "order", "undo"})
_DAYS = frozenset({"date_min", "date_max", "contract_open_from"})
_LINKS = {"parent": "parent_id", "unit": "unit_id", "plan_unit": "plan_unit_id"}


def take_back(
    session: Session, changes: Sequence[Change], *, reason: str, viewer: Viewer
) -> list[Description]:
    """Give every record of these changes back what it said before, all or none; return them.

    :raises Conflict: if a newer change stands in between, or a record is there no more.
    :raises Refused: if the viewer may not describe for a unit concerned, or the law says no.
    """
    if any(change.deed not in UNDOABLE for change in changes):
        raise Conflict("this kind of change cannot be undone")
    names = _Names.of(session)
    records = _records(session, changes)
    for change in changes:
        record = records[change.record_pid]
        _require_unchanged(record, change, names)
        units = {record.unit_id, *_units_in(change, names)}
        for unit_id in units:
            viewer.demand(Permission.HOLDINGS_DESCRIBE, unit_id)
    for change in changes:
        _give_back(session, records[change.record_pid], change, names)
    _place_all(session, changes, records, viewer)
    session.flush()
    _note(session, changes, reason=reason, viewer=viewer)
    _ask_for_rows(session, changes, records, reason=reason, viewer=viewer)
    touched = list(records.values())
    access.refresh_ids(session, tree.branch_ids(session, touched))
    return touched


@dataclass(frozen=True, slots=True)
class _Names:
    """Units by code and by id: the history names them, the columns number them."""

    ids: Mapping[str, int]
    codes: Mapping[int, str]

    @classmethod
    def of(cls, session: Session) -> _Names:
        rows = session.execute(select(OrgUnit.id, OrgUnit.code)).all()
        return cls({code: number for number, code in rows}, dict(rows))


def _records(session: Session, changes: Sequence[Change]) -> dict[str, Description]:
    pids = sorted({change.record_pid for change in changes})
    found: dict[str, Description] = {}
    for start in range(0, len(pids), 500):
        rows = session.scalars(
            select(Description).where(Description.pid.in_(pids[start : start + 500]))
        )
        found.update((row.pid, row) for row in rows)
    if len(found) < len(pids):
        raise Conflict("a record of this change is there no more: it was merged into another")
    return found


def _require_unchanged(record: Description, change: Change, names: _Names) -> None:
    """Pass if every field still says what the change made it say."""
    newer = [
        name
        for name, (_old, new) in change.fields.items()
        if name not in {"parent", "position"} and _said(record, name, names) != new
    ]
    if newer:
        said = ", ".join(words.field(name) for name in newer)
        raise Conflict(
            f"{record.reference} was changed again afterwards: {', '.join(newer)};"
            " undo the newer change first",
            sv=f"{record.reference} har ändrats igen sedan dess ({said}). "
            "Ångra den nyare ändringen först.",
        )


def _said(record: Description, name: str, names: _Names) -> Any:
    if name in {"unit", "plan_unit"}:
        return names.codes[getattr(record, _LINKS[name])]
    return history.plain(getattr(record, name))


def _units_in(change: Change, names: _Names) -> list[int]:
    said = change.fields.get("unit", ())
    return [names.ids[code] for code in said if code in names.ids]


def _give_back(session: Session, record: Description, change: Change, names: _Names) -> None:
    for name, (old, _new) in change.fields.items():
        if name in {"unit", "plan_unit"}:
            if old not in names.ids:
                raise Conflict(f"the unit {old} is there no more")
            setattr(record, _LINKS[name], names.ids[old])
        elif name == "reference":
            references.require_free(session, [old], own=[record.pid])
            references.leave(session, record, record.reference)
            record.reference = old
        elif name != "parent":
            setattr(record, name, date.fromisoformat(old) if name in _DAYS and old else old)
    record.updated_at = clock.now()


def _place_all(
    session: Session,
    changes: Sequence[Change],
    records: Mapping[str, Description],
    viewer: Viewer,
) -> None:
    """Put moved records back, if each still lies where the change put it."""
    for change in changes:
        if "parent" not in change.fields:
            continue
        record, (old, new) = records[change.record_pid], change.fields["parent"]
        now = session.get(Description, record.parent_id) if record.parent_id else None
        if (now.pid if now else None) != new:
            raise Conflict(f"{record.reference} was moved again afterwards")
        parent = _by_pid(session, old)
        if parent is not None:
            viewer.demand(Permission.HOLDINGS_DESCRIBE, parent.unit_id)
        position = record.position
        tree.place(session, record, parent)
        record.position = position


def _by_pid(session: Session, pid: str | None) -> Description | None:
    if pid is None:
        return None
    found = session.scalars(select(Description).where(Description.pid == pid)).first()
    if found is None:
        raise Conflict("the place where the record lay before is there no more")
    return found


def _note(session: Session, changes: Sequence[Change], *, reason: str, viewer: Viewer) -> None:
    occasion = Occasion("undo", reason, undoes=changes[0].bundle)
    back = [(c.record_pid, {n: (new, old) for n, (old, new) in c.fields.items()}) for c in changes]
    history.note_many(session, back, actor=viewer, occasion=occasion)
    events = [(f"record:{pid}", {"fields": sorted(fields)}) for pid, fields in back]
    audit.record_many(session, "record.undo", events, actor=viewer)


def _ask_for_rows(
    session: Session,
    changes: Sequence[Change],
    records: Mapping[str, Description],
    *,
    reason: str,
    viewer: Viewer,
) -> None:
    """Ask the gate again for every record that goes back under another row of a plan."""
    moved = [c for c in changes if {"plan_unit", "rule_code"} & c.fields.keys()]
    under = [records[change.record_pid] for change in moved]
    if any(record.rule_code is None for record in under):
        raise Invalid("a record without a row of a plan cannot be kept; choose another row")
    if under:
        why = reason or "ångrad ändring"
        ask_to_take_in(session, under, reason=why, viewer=viewer)
