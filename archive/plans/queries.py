"""Read the plans: which one is in force for a unit on a day, and what comes next.

A decided version never changes, so its reading by the law is kept in memory by digest. Begin
at `in_force`.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from archive.plans.models import PlanRow, PlanVersion
from ihp import exchange
from ihp.lifecycle import State
from ihp.plan import Plan

_DECIDED = (State.DECIDED, State.IN_FORCE, State.SUPERSEDED)


@dataclass(frozen=True, slots=True)
class InForce:
    """The plan in force on a day, and the day from which another is already decided."""

    plan: Plan
    next_from: date | None


def in_force(
    session: Session, unit_id: int, day: date, *, leaving_out: int | None = None
) -> InForce | None:
    """Return the plan in force for a unit on a day, or None: unknown means closed.

    `leaving_out` is the id of a version to think away, for asking what it changes.
    """
    versions = session.scalars(
        select(PlanVersion)
        .where(PlanVersion.unit_id == unit_id, PlanVersion.state.in_(_DECIDED))
        .order_by(PlanVersion.in_force_from, PlanVersion.number)
    ).all()
    current, next_from = None, None
    for version in versions:
        if version.in_force_from is None or version.id == leaving_out:
            continue
        if version.in_force_from <= day:
            ended = version.in_force_to is not None and version.in_force_to < day
            current = None if ended else version
        elif next_from is None:
            next_from = version.in_force_from
    return None if current is None else InForce(as_plan(current), next_from)


def all_in_force(
    session: Session, day: date, unit_ids: Collection[int] | None = None
) -> dict[int, Plan]:
    """Return the plan in force on a day of each unit that has one, by unit id, in one question.

    `unit_ids` asks for some units only. The same versions as `in_force` gives, unit by unit.
    """
    query = (
        select(PlanVersion)
        .where(PlanVersion.state.in_(_DECIDED), PlanVersion.in_force_from <= day)
        .order_by(PlanVersion.in_force_from, PlanVersion.number)
    )
    if unit_ids is not None:
        query = query.where(PlanVersion.unit_id.in_(unit_ids))
    newest = {version.unit_id: version for version in session.scalars(query)}
    return {
        unit_id: as_plan(version)
        for unit_id, version in newest.items()
        if version.in_force_to is None or version.in_force_to >= day
    }


def as_plan(version: PlanVersion) -> Plan:
    """Return the version as the law reads it.

    :raises ValueError: if the stored document is not a plan.
    """
    return _read(json.dumps(version.document, sort_keys=True))


@lru_cache(maxsize=256)
def _read(document: str) -> Plan:
    return exchange.from_json(document)


def versions_of(unit_id: int) -> Select[PlanVersion]:
    """Select a unit's versions, newest first."""
    return (
        select(PlanVersion)
        .where(PlanVersion.unit_id == unit_id)
        .order_by(PlanVersion.number.desc())
        .options(joinedload(PlanVersion.unit))
    )


def version(session: Session, unit_id: int, number: int) -> PlanVersion | None:
    """Return one version of a unit's plan with its unit, or None."""
    return session.scalars(versions_of(unit_id).where(PlanVersion.number == number)).first()


def decided(day: date) -> Select[PlanVersion]:
    """Select every version that is in force on the day, with its unit: what the public may read."""
    return (
        select(PlanVersion)
        .where(
            PlanVersion.state.in_(_DECIDED),
            PlanVersion.in_force_from <= day,
            or_(PlanVersion.in_force_to.is_(None), PlanVersion.in_force_to >= day),
        )
        .options(joinedload(PlanVersion.unit))
    )


def on_consultation() -> Select[PlanVersion]:
    """Select every version that waits for its decision, with its unit, the oldest first."""
    return (
        select(PlanVersion)
        .where(PlanVersion.state == State.CONSULTATION)
        .options(joinedload(PlanVersion.unit))
        .order_by(PlanVersion.id)
    )


def rows_of(plan_id: int) -> Select[PlanRow]:
    """Select the rows of a version, in their order."""
    return select(PlanRow).where(PlanRow.plan_id == plan_id).order_by(PlanRow.position)
