"""What a new record begins with: what stays from the one before, else from beside or above it.

Begin at `start_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from archive import clock
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, Viewer
from archive.config import Config
from archive.describing import references, tree
from archive.errors import NotFound
from archive.holdings.models import Description, Level
from archive.plans import queries as plans

# What stays when many records of one kind are written one after another.
_STICKY = ("language", "genre", "rights", "living_persons", "is_register")
_ABOVE_THE_RECORDS = frozenset({Level.FONDS, Level.SERIES})


@dataclass(frozen=True, slots=True)
class Start:
    """The place of a new record, what its form begins with, and what may be chosen."""

    parent: Description | None
    values: dict[str, Any]
    levels: Sequence[Level]
    units: Sequence[OrgUnit]
    plan_units: Sequence[OrgUnit]
    rows: Sequence[tuple[str, str]]
    suggested: dict[str, str]


def start_of(
    session: Session,
    config: Config,
    parent: Description | None,
    like: str | None,
    viewer: Viewer,
) -> Start:
    """Return what a new record below the parent begins with; `like` is the pid of the last."""
    levels = tree.levels_below(parent)
    if not levels:
        raise NotFound("nothing can lie below a record of the lowest level")
    before = _last(session, parent, like, viewer)
    every = session.scalars(accounts.units()).all()
    units = [unit for unit in every if viewer.may(Permission.HOLDINGS_DESCRIBE, unit.id)]
    level = _level_for(parent, before, levels)
    unit, plan_unit, row = _row_for(config, parent, before, level, units, every)
    suggested = {
        each.value: references.suggest(session, parent, each, institution=config.institution)
        for each in levels
    }
    values = _stuck(parent, before, is_next=bool(like)) | {
        "level": level.value,
        "reference": suggested[level.value],
        "unit": unit.code if unit else None,
        "plan_unit": plan_unit.code if plan_unit else None,
        "rule": row,
        "count": 1,
    }
    chosen = {found.id: found for found in (plan_unit, unit) if found}
    rows = _rows(session, list(chosen.values()))
    return Start(parent, values, levels, units, every, rows, suggested)


def _level_for(
    parent: Description | None, before: Description | None, levels: Sequence[Level]
) -> Level:
    """Return the level of the one before; the first below a series is most often a volume."""
    if before is not None and before.level in levels:
        return Level(before.level)
    if parent is not None and parent.level == Level.SERIES:
        return Level.VOLUME
    return levels[0]


def _last(
    session: Session, parent: Description | None, like: str | None, viewer: Viewer
) -> Description | None:
    query = (
        select(Description)
        .where(Description.parent_id == (parent.id if parent else None))
        .options(joinedload(Description.unit), joinedload(Description.plan_unit))
        .order_by(Description.position.desc(), Description.id.desc())
    )
    units = viewer.units(Permission.HOLDINGS_READ)
    if units is not None:
        query = query.where(Description.unit_id.in_(units))
    if like:
        query = query.where(Description.pid == like)
    return session.scalars(query.limit(1)).first()


def _row_for(
    config: Config,
    parent: Description | None,
    before: Description | None,
    level: Level,
    units: Sequence[OrgUnit],
    every: Sequence[OrgUnit],
) -> tuple[OrgUnit | None, OrgUnit | None, str]:
    """Return unit, plan and row as a suggestion: those of the one before, else of the parent.

    Fonds and series lie under the row of finding aids as a rule; that row says nothing of the
    records below them, and no row is suggested for those rather than a wrong one.
    """
    if before is not None and before.level == level:
        return before.unit, before.plan_unit, before.rule_code or ""
    unit = parent.unit if parent else (units[0] if units else None)
    code, _colon, row = config.finding_aid.partition(":")
    if parent is not None and (parent.plan_unit.code, parent.rule_code) != (code, row):
        return unit, parent.plan_unit, parent.rule_code or ""
    if level in _ABOVE_THE_RECORDS:
        aid = next((one for one in every if one.code == code), unit)
        return unit, aid, row
    return unit, unit, ""


def _stuck(
    parent: Description | None, before: Description | None, *, is_next: bool
) -> dict[str, Any]:
    values: dict[str, Any] = {"custody_on": clock.today()}
    if parent is not None and parent.custody_on:
        values["custody_on"] = parent.custody_on
    if before is not None:
        values |= {name: getattr(before, name) for name in _STICKY}
        values["personal_data"] = before.personal_data or ""
        values["custody_on"] = before.custody_on or values["custody_on"]
        if is_next:
            values["date_text"] = before.date_text
    return values


def _rows(session: Session, units: Sequence[OrgUnit]) -> list[tuple[str, str]]:
    """Return the rows that may be chosen, (code, words), of the plans in force."""
    found: list[tuple[str, str]] = []
    for unit in units:
        plan = plans.in_force(session, unit.id, clock.today())
        for rule in plan.plan.rules if plan else ():
            found.append((rule.code, f"{unit.code}: {rule.record_type}"))
    return found
