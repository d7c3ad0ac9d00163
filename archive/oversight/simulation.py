"""Ask what a plan version would change for the records of its unit, if it came into force.

Both answers are those of the same day, so that what changes by itself with time is not blamed on
the version. Reads only. Begin at `simulate`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.errors import Invalid
from archive.holdings.facts import Case, facts_of_many
from archive.holdings.models import Description, Level, Publication
from archive.plans import queries as plans
from archive.plans.models import PlanVersion
from ihp.lifecycle import State
from ihp.outlook import Line, Outlook, differences, is_untouched, outlook
from ihp.plan import Plan
from ihp.terms import Outcome

TO_COME = frozenset({State.DRAFT, State.CONSULTATION, State.DECIDED})
_HOLDERS = frozenset({Level.VOLUME, Level.FILE, Level.ITEM})
_PORTION = 1000


class Withdrawal(StrEnum):
    """What would leave the edition."""

    RECORD = "record"
    CONTENTS = "contents"


@dataclass(frozen=True, slots=True)
class Affected:
    """A record for which the version changes something, or whose disposal a hold stops."""

    reference: str
    pid: str
    rule: str | None
    before: Outlook
    after: Outlook
    changes: tuple[str, ...]
    withdrawal: Withdrawal | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the version would do on the day. `records` is how many were asked about."""

    old: str | None
    new: str
    on: date
    records: int
    affected: tuple[Affected, ...]

    @property
    def withdrawn(self) -> tuple[Affected, ...]:
        """Return the published records that would leave the edition, wholly or in part."""
        return tuple(each for each in self.affected if each.withdrawal is not None)

    @property
    def held(self) -> tuple[Affected, ...]:
        """Return the records that a hold keeps, whatever the version says."""
        return tuple(each for each in self.affected if each.is_held)

    def counts(self) -> dict[str, int]:
        """Return for each kind of change how many records it meets, the most frequent first."""
        found: dict[str, int] = {}
        for each in self.affected:
            for name in each.changes:
                found[_named(name, each)] = found.get(_named(name, each), 0) + 1
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def simulate(session: Session, version: PlanVersion, on: date) -> Simulation:
    """Return what would change if the version came into force on the day.

    :raises Invalid: if the version is in force already, superseded or revoked.
    """
    if version.state not in TO_COME:
        raise Invalid(f"version {version.number} is {version.state}: only one to come is simulated")
    found = plans.in_force(session, version.unit_id, on, leaving_out=version.id)
    old = found.plan if found else None
    new = replace(plans.as_plan(version), in_force_from=on, in_force_to=None)
    ids = _reached(session, version.unit_id)
    others: dict[int, Plan | None] = {version.unit_id: old}
    affected: list[Affected] = []
    for start in range(0, len(ids), _PORTION):
        portion = ids[start : start + _PORTION]
        rows = session.scalars(select(Description).where(Description.id.in_(portion))).all()
        cases = facts_of_many(session, rows)
        _add_plans(session, others, cases, on)
        affected.extend(_affected(rows, cases, others, {version.unit_id: new}, on))
    affected.sort(key=lambda each: each.reference)
    return Simulation(
        old=old.version if old else None,
        new=new.version,
        on=on,
        records=len(ids),
        affected=tuple(affected),
    )


def _reached(session: Session, unit_id: int) -> list[int]:
    """Return the ids of the unit's records, and of others that lie in its volumes and files."""
    own = session.execute(
        select(Description.id, Description.level, Description.rule_code).where(
            Description.plan_unit_id == unit_id
        )
    ).all()
    holders = {record_id for record_id, level, rule in own if level in _HOLDERS and rule}
    ids = [record_id for record_id, _, _ in own]
    if holders:
        others = select(Description.id, Description.path).where(
            Description.plan_unit_id != unit_id, Description.level.in_(_HOLDERS)
        )
        for record_id, path in session.execute(others):
            if any(int(part) in holders for part in path.split("/") if part):
                ids.append(record_id)
    return sorted(ids)


def _add_plans(
    session: Session,
    known: dict[int, Plan | None],
    cases: Mapping[int, tuple[Case, ...]],
    on: date,
) -> None:
    for unit_id in {case.plan_unit_id for line in cases.values() for case in line} - known.keys():
        found = plans.in_force(session, unit_id, on)
        known[unit_id] = found.plan if found else None


def _affected(
    rows: Sequence[Description],
    cases: Mapping[int, tuple[Case, ...]],
    before: Mapping[int, Plan | None],
    changed: Mapping[int, Plan],
    on: date,
) -> Iterator[Affected]:
    after = {**before, **changed}
    for row in rows:
        line = cases[row.id]
        now, then = _line(line, before), _line(line, after)
        holds = line[0].facts.holds
        if not holds and is_untouched(now, then, on):
            continue
        here, there = outlook(now, on), outlook(then, on)
        changes = differences(here, there)
        is_due = there.dispose_from is not None and there.dispose_from <= on
        if changes or (holds and is_due):
            yield Affected(
                reference=row.reference,
                pid=row.pid,
                rule=row.rule_code,
                before=here,
                after=there,
                changes=changes,
                withdrawal=_withdrawal(row, here, there),
                is_held=bool(holds),
            )


def _line(line: Sequence[Case], found: Mapping[int, Plan | None]) -> Line:
    return [(case.facts, found[case.plan_unit_id]) for case in line]


def _withdrawal(row: Description, before: Outlook, after: Outlook) -> Withdrawal | None:
    was_shown, is_shown = before.show is Outcome.ALLOW, after.show is Outcome.ALLOW
    if row.publication == Publication.NONE or not was_shown:
        return None
    if not is_shown:
        return Withdrawal.RECORD
    was_open, is_open = before.publish is Outcome.ALLOW, after.publish is Outcome.ALLOW
    if row.publication == Publication.FULL and was_open and not is_open:
        return Withdrawal.CONTENTS
    return None


def _named(name: str, each: Affected) -> str:
    was, becomes = getattr(each.before, name), getattr(each.after, name)
    if isinstance(was, Outcome) and isinstance(becomes, Outcome):
        return f"{name}: {was.value} → {becomes.value}"
    return name
