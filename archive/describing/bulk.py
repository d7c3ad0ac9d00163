"""Change many records at once: first the look at what would come of it, then all or none.

The look writes nothing: the law is asked about the records as they would be, in a session that
is thrown away. Begin at `preview` and `apply`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock, enforce
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.describing import tree, words
from archive.describing.actions import ask_to_take_in, rows_known
from archive.describing.effects import answers_kept, effects_of
from archive.errors import Conflict, Invalid
from archive.history import actions as history
from archive.history.actions import Occasion, plain
from archive.holdings import access
from archive.holdings import actions as holdings
from archive.holdings.facts import facts_of_many
from archive.holdings.models import Description, Level
from archive.plans import queries as plans
from archive.telling import in_swedish
from ihp.terms import Action

FIELDS = (
    "date_text", "extent", "language", "genre", "rights", "living_persons", "personal_data",
    "is_register", "contract_open_from", "rule_code",
)  # fmt: skip
MOST = 20_000
_PORTION = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A record that would change: what of it, and what becomes of it on the web."""

    record: Description
    changes: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change of many would do. `digest` is what the records said when it was asked."""

    lines: Sequence[Line]
    unchanged: int
    closes: Sequence[str]
    withdraws: Sequence[str]
    refused: Sequence[tuple[str, str]]
    digest: str


def chosen(
    session: Session, pids: Sequence[str], branch: str, level: str, viewer: Viewer
) -> list[Description]:
    """Return the records that were picked out, or those of a branch, of one level if it is named.

    :raises Invalid: if there are none, or too many for one transaction.
    :raises Refused: if the viewer may not describe for the unit of one of them.
    """
    query = select(Description).order_by(Description.reference)
    if branch:
        path = select(Description.path).where(Description.pid == branch).scalar_subquery()
        query = query.where(Description.path.startswith(path))
    else:
        query = query.where(Description.pid.in_(pids[:_PORTION]))
    if level:
        query = query.where(Description.level == level)
    readable = viewer.units(Permission.HOLDINGS_READ)
    if readable is not None:  # another unit's record is as one that does not exist
        query = query.where(Description.unit_id.in_(readable))
    records = list(session.scalars(query.limit(MOST + 1)))
    for unit_id in {record.unit_id for record in records}:
        viewer.demand(Permission.HOLDINGS_DESCRIBE, unit_id)
    if not records:
        raise Invalid("no records are chosen")
    if len(records) > MOST:
        raise Invalid(f"more than {MOST} records at once; choose a smaller branch")
    return records


def preview(
    session: Session, records: Sequence[Description], changes: Mapping[str, Any], reason: str
) -> Preview:
    """Return what the change would do, in a session of reading that is thrown away afterwards.

    :raises Invalid: if nothing is to be changed.
    """
    _require_sense(changes)
    digest = digest_of(records)
    touched = _touched(session, records)
    before = answers_kept(touched)
    lines = [Line(record, _told(_set(record, changes), changes)) for record in records]
    effects = effects_of(session, touched, before)
    changed = [line for line in lines if line.changes]
    refused = _refused(session, [line.record for line in changed], changes, reason)
    return Preview(
        changed, len(lines) - len(changed), effects.closes, effects.withdraws, refused, digest
    )


def apply(
    session: Session,
    records: Sequence[Description],
    changes: Mapping[str, Any],
    *,
    digest: str,
    reason: str,
    viewer: Viewer,
) -> list[Description]:
    """Change all the records or none, as one in the history; return those that really changed.

    :raises Conflict: if one of them has been changed since the look.
    :raises Invalid: if no reason is given.
    :raises Refused: if the plan does not take one of them under its new row.
    """
    _require_sense(changes)
    if not reason.strip():
        raise Invalid("say why the records are changed; the reason is kept")
    if digest != digest_of(records):
        raise Conflict("somebody has changed the records since you looked; look again")
    told = [(record, _set(record, changes)) for record in records]
    changed = [(record, fields) for record, fields in told if fields]
    for record, _fields in changed:
        record.updated_at = clock.now()
    session.flush()
    really = [record for record, _fields in changed]
    if "rule_code" in changes and really:
        ask_to_take_in(session, really, reason=reason, viewer=viewer)
    noted = [(record.pid, fields) for record, fields in changed]
    occasion = Occasion("bulk", reason)
    history.note_many(session, noted, actor=viewer, occasion=occasion)
    events = [(f"record:{pid}", {"fields": sorted(fields)}) for pid, fields in noted]
    audit.record_many(session, "record.bulk", events, actor=viewer)
    session.flush()
    access.refresh_ids(session, tree.branch_ids(session, really))
    return really


def digest_of(records: Sequence[Description]) -> str:
    """Return a digest of what the records say in the fields that can be changed here."""
    said = [[r.pid, [plain(getattr(r, name)) for name in FIELDS]] for r in records]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _require_sense(changes: Mapping[str, Any]) -> None:
    if not changes or not set(changes) <= set(FIELDS):
        raise Invalid("choose at least one field to change")
    if "rule_code" in changes and not changes["rule_code"]:
        raise Invalid("a record needs a row of a plan: its record type")


def _set(record: Description, changes: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give the record its new values and return what each field said before and says now."""
    by_hand = {name: value for name, value in changes.items() if name != "rule_code"}
    fields = holdings.set_fields(record, by_hand)
    if "rule_code" in changes and record.rule_code != changes["rule_code"]:
        fields["rule_code"] = (record.rule_code, changes["rule_code"])
        record.rule_code = changes["rule_code"]
    return fields


def _told(
    fields: Mapping[str, tuple[Any, Any]], changes: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    return [
        (words.field(name), words.value(name, plain(old)), words.value(name, plain(new)))
        for name, (old, new) in fields.items()
        if name in changes
    ]


def _touched(session: Session, records: Sequence[Description]) -> list[Description]:
    """Return the records and all below them: what a volume says holds for what lies in it."""
    ids = tree.branch_ids(session, records)
    found: list[Description] = []
    for start in range(0, len(ids), _PORTION):
        some = ids[start : start + _PORTION]
        found += session.scalars(select(Description).where(Description.id.in_(some)))
    return found


def _refused(
    session: Session, records: Sequence[Description], changes: Mapping[str, Any], reason: str
) -> list[tuple[str, str]]:
    """Return the records that the gate would not take under the new row, and why."""
    if "rule_code" not in changes or not records:
        return []
    day, cases = clock.today(), facts_of_many(session, records)
    found = {
        unit_id: plans.in_force(session, unit_id, day)
        for unit_id in {record.plan_unit_id for record in records}
    }
    refused, known = [], rows_known(session, records)
    for record in records:
        if record.rule_code not in known[record.plan_unit_id]:
            said = in_swedish(f"the plan in force has no row {record.rule_code}") or ""
            refused.append((record.reference, said))
            continue
        facts = cases[record.id][0].facts
        decision = enforce.with_plan(Action.INGEST, facts, found[record.plan_unit_id], day)
        if not enforce.may_go_ahead(Action.INGEST, decision, reason):
            said = " ".join(reason.text_sv for reason in decision.reasons)
            refused.append((record.reference, said))
    return refused


def levels_in(records: Sequence[Description]) -> list[Level]:
    """Return the levels that the records have, from the top."""
    have = {Level(record.level) for record in records}
    return [level for level in Level if level in have]
