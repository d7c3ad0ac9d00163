"""Gather what the law asks of a record: its own facts and those of the records above it.

Reads in bulk (a constant number of queries for any number of records) and decides nothing.
Begin at `facts_of_many`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.models import OrgUnit
from archive.holdings.models import Description, Hold, Level, Mark
from ihp.policy import Facts
from ihp.security import SecurityClass
from ihp.terms import Custody, LivingPersons, PersonalData, Rights, Trigger

# Above these levels stands the finding aid, which is a public record of its own.
_CARRIES_SECRECY = frozenset({Level.VOLUME, Level.FILE, Level.ITEM})


@dataclass(frozen=True, slots=True)
class Case:
    """A record's facts with the unit whose plan they are held against."""

    facts: Facts
    plan_unit_id: int


def facts_of(session: Session, description: Description) -> Facts:
    """Return the record's own facts, holds and marks from above included."""
    return facts_of_many(session, [description])[description.id][0].facts


def facts_of_many(
    session: Session, descriptions: Sequence[Description]
) -> Mapping[int, tuple[Case, ...]]:
    """Return for each record its own case, then those of the volumes and files that hold it.

    Secrecy is inherited: the strictest answer of the tuple is the record's.
    """
    lineage = _lineage(session, descriptions)
    units = dict(session.execute(select(OrgUnit.id, OrgUnit.code)).all())
    ids = list(lineage)
    holds, marks = _holds(session, ids), _marks(session, ids)
    cases: dict[int, tuple[Case, ...]] = {}
    for description in descriptions:
        above = [lineage[i] for i in ancestor_ids(description) if i in lineage]
        own_holds = tuple(h for d in (*above, description) for h in holds.get(d.id, ()))
        cases[description.id] = tuple(
            Case(
                _facts(each, units, own_holds, _marks_down_to(each, lineage, marks)),
                each.plan_unit_id,
            )
            for each in (description, *above)
            if each is description or (each.level in _CARRIES_SECRECY and each.rule_code)
        )
    return cases


def ancestor_ids(description: Description) -> list[int]:
    """Return the ids above a record, the top first; its own id is left out."""
    return [int(part) for part in description.path.split("/") if part][:-1]


def _lineage(session: Session, descriptions: Sequence[Description]) -> dict[int, Description]:
    known = {d.id: d for d in descriptions}
    missing = {i for d in descriptions for i in ancestor_ids(d)} - known.keys()
    for chunk in _chunks(sorted(missing)):
        for row in session.scalars(select(Description).where(Description.id.in_(chunk))):
            known[row.id] = row
    return known


def _holds(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for chunk in _chunks(ids):
        rows = session.scalars(
            select(Hold).where(
                Hold.description_id.in_(chunk),
                Hold.lifted_at.is_(None),
                or_(Hold.until.is_(None), Hold.until >= clock.today()),
            )
        )
        for row in rows:
            found[row.description_id] = (*found.get(row.description_id, ()), row.reason)
    return found


def _marks(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for chunk in _chunks(ids):
        rows = session.scalars(
            select(Mark).where(Mark.description_id.in_(chunk), Mark.lifted_at.is_(None))
        )
        for row in rows:
            found[row.description_id] = (*found.get(row.description_id, ()), row.clause)
    return found


def _marks_down_to(
    description: Description,
    lineage: Mapping[int, Description],
    marks: Mapping[int, tuple[str, ...]],
) -> tuple[str, ...]:
    line = [*ancestor_ids(description), description.id]
    return tuple(dict.fromkeys(clause for i in line for clause in marks.get(i, ())))


def _facts(
    row: Description, units: Mapping[int, str], holds: tuple[str, ...], marks: tuple[str, ...]
) -> Facts:
    return Facts(
        reference=row.reference,
        unit=units.get(row.plan_unit_id, ""),
        rule=row.rule_code,
        date_min=row.date_min,
        date_max=row.date_max,
        events={Trigger(name): date.fromisoformat(day) for name, day in row.events.items()},
        personal_data=PersonalData(row.personal_data) if row.personal_data else None,
        living_persons=LivingPersons(row.living_persons),
        rights=Rights(row.rights),
        public_title=row.public_title,
        marks=marks,
        holds=holds,
        destroyed=row.destroyed_on is not None,
        custody=Custody.ARCHIVE if row.custody_on else Custody.UNIT,
        is_register=row.is_register,
        security_class=_security_class(row),
        contract_open_from=row.contract_open_from,
    )


def _security_class(row: Description) -> SecurityClass | None:
    if row.k is None or row.r is None or row.t is None:
        return None
    return SecurityClass(row.k, row.r, row.t)


def _chunks(ids: Iterable[int], size: int = 500) -> Iterable[list[int]]:
    listed = list(ids)
    return (listed[i : i + size] for i in range(0, len(listed), size))
