"""Describe new records at the desk: a fonds, a series, a volume, a file or an item.

No record without unit, plan and row: the gate is asked to take each in. Begin at `describe_new`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from archive import clock, enforce
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.describing import references, tree
from archive.enforce import Asked
from archive.errors import Invalid
from archive.history import actions as history
from archive.history.actions import Occasion
from archive.holdings import access
from archive.holdings import actions as holdings
from archive.holdings.facts import facts_of_many
from archive.holdings.models import Description, Level
from archive.plans import queries as plans
from ihp.terms import Action

PLACE_OF_NUMBER = "#"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a new record is: its level, codes, whose it is, and the row that it lies under."""

    level: Level
    references: Sequence[str]
    unit: OrgUnit
    plan_unit: OrgUnit
    rule_code: str
    custody_on: date | None = None


def describe_new(
    session: Session,
    parent: Description | None,
    identity: Identity,
    values: Mapping[str, Any],
    *,
    reason: str | None,
    viewer: Viewer,
) -> list[Description]:
    """Add a record for each reference below the parent, in their order, and return them.

    Of several records each title has its own number in the place of "#".

    :raises Invalid: if the level may not lie there, or the row or a title is missing.
    :raises Conflict: if a reference is taken.
    :raises Refused: by the law, or because the viewer may not describe for the unit.
    """
    viewer.demand(Permission.HOLDINGS_DESCRIBE, identity.unit.id)
    _require_whole(session, parent, identity, values)
    position = tree.last_position(session, parent.id if parent else None)
    made = [
        _row(parent, identity, reference, position + number, values)
        for number, reference in enumerate(identity.references, 1)
    ]
    session.add_all(made)
    session.flush()
    for record in made:
        record.path = f"{parent.path if parent else '/'}{record.id}/"
    session.flush()
    _take_in(session, made, reason=reason, viewer=viewer)
    access.refresh(session, made)
    return made


def _require_whole(
    session: Session, parent: Description | None, identity: Identity, values: Mapping[str, Any]
) -> None:
    if identity.level not in tree.levels_below(parent):
        raise Invalid("a record of this level cannot lie there: levels go downward")
    if not identity.rule_code.strip():
        raise Invalid("a record needs a row of a plan: its record type")
    if not values.get("title"):
        raise Invalid("a record needs a title")
    references.require_free(session, identity.references)


def _row(
    parent: Description | None,
    identity: Identity,
    reference: str,
    position: int,
    values: Mapping[str, Any],
) -> Description:
    now, title = clock.now(), values["title"]
    if len(identity.references) > 1:
        title = title.replace(PLACE_OF_NUMBER, references.number_of(reference))
    record = Description(
        reference=reference,
        parent_id=parent.id if parent else None,
        position=position,
        level=identity.level,
        unit_id=identity.unit.id,
        plan_unit_id=identity.plan_unit.id,
        rule_code=identity.rule_code,
        custody_on=identity.custody_on,
        events={},
        notes=[],
        created_at=now,
        updated_at=now,
    )
    holdings.set_fields(record, {**values, "title": title})
    return record


def _take_in(
    session: Session, made: Sequence[Description], *, reason: str | None, viewer: Viewer
) -> None:
    """Ask the gate for each new record, and note who described it."""
    ask_to_take_in(session, made, reason=reason, viewer=viewer)
    events = [(holdings.subject_of(r), {"level": Level(r.level).value}) for r in made]
    audit.record_many(session, "record.create", events, actor=viewer)
    history.note_many(
        session, [(r.pid, {}) for r in made], actor=viewer, occasion=Occasion("create", reason)
    )


def ask_to_take_in(
    session: Session, records: Sequence[Description], *, reason: str | None, viewer: Viewer
) -> None:
    """Ask the gate whether each record may lie under its row, and record the answers.

    A signed reason carries a record over a review, but never one whose row is in no plan: with
    a row that is a slip of the pen nobody would know what the record is.

    :raises Refused: for the first that may not.
    :raises Invalid: if the plan in force has no such row.
    """
    cases = facts_of_many(session, records)
    asked = [
        Asked(holdings.subject_of(record), cases[record.id][0].facts, record.plan_unit_id)
        for record in records
    ]
    enforce.require_many(session, Action.INGEST, asked, actor=viewer, reason=reason)
    known = rows_known(session, records)
    for record in records:
        if record.rule_code not in known[record.plan_unit_id]:
            raise Invalid(f"the plan in force has no row {record.rule_code}")


def rows_known(session: Session, records: Sequence[Description]) -> dict[int, frozenset[str]]:
    """Return the codes of the plan in force for every plan that the records lie under."""
    found = {}
    for unit_id in {record.plan_unit_id for record in records}:
        plan = plans.in_force(session, unit_id, clock.today())
        found[unit_id] = frozenset(rule.code for rule in (plan.plan.rules if plan else ()))
    return found
