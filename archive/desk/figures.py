"""Numbers for the desk, each counted when asked for. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select, true
from sqlalchemy.orm import Session

from archive.accounts.models import OrgUnit
from archive.holdings.models import Description, File, Level, Publication
from archive.jobs import queries as jobs
from archive.jobs.models import JobState
from archive.sorting import swedish
from archive.storage import queries as storage


@dataclass(frozen=True, slots=True)
class HoldingsFigures:
    """What the archive holds: by level, by unit, by what the public may see."""

    by_level: Sequence[Any]
    by_unit: Sequence[Any]
    by_publication: Sequence[Any]
    file_count: int
    size_bytes: int
    aip_count: int
    oldest_check: Any


def holdings(session: Session, units: frozenset[int] | None) -> HoldingsFigures:
    """Return the figures of what the units have; None means the whole holdings."""
    own = Description.unit_id.in_(units) if units is not None else true()
    files = select(File).join(Description, Description.id == File.description_id).where(own)
    aips = select(Description.aip_id).where(own, Description.aip_id.is_not(None)).distinct()
    return HoldingsFigures(
        by_level=session.execute(_counted(Description.level).where(own)).all(),
        by_unit=session.execute(
            select(OrgUnit.name, func.count(Description.id))
            .join(Description, Description.unit_id == OrgUnit.id)
            .where(own)
            .group_by(OrgUnit.name)
            .order_by(swedish(OrgUnit.name))
        ).all(),
        by_publication=session.execute(_counted(Description.publication).where(own)).all(),
        file_count=session.scalar(files.with_only_columns(func.count(File.id))) or 0,
        size_bytes=session.scalar(files.with_only_columns(func.sum(File.size_bytes))) or 0,
        aip_count=session.scalar(select(func.count()).select_from(aips.subquery())) or 0,
        oldest_check=storage.oldest_check(session),
    )


def due_for_disposal(session: Session, today: date, units: frozenset[int] | None) -> Sequence[Any]:
    """Return (unit name, row code, first due day, number of records) of what may be destroyed."""
    query = (
        select(
            OrgUnit.name,
            Description.rule_code,
            func.min(Description.dispose_after),
            func.count(Description.id),
        )
        .join(OrgUnit, OrgUnit.id == Description.plan_unit_id)
        .where(
            Description.dispose_after <= today,
            Description.destroyed_on.is_(None),
            Description.level.in_([Level.VOLUME, Level.FILE, Level.ITEM]),
        )
        .group_by(OrgUnit.name, Description.rule_code)
        .order_by(swedish(OrgUnit.name), Description.rule_code.nulls_first())
    )
    if units is not None:
        query = query.where(Description.plan_unit_id.in_(units))
    return session.execute(query).all()


def failed_jobs(session: Session) -> int:
    """Return how many jobs have given up."""
    return jobs.counts(session).get(JobState.FAILED.value, 0)


def published(session: Session) -> tuple[int, int]:
    """Return how many records, and how many archives and series, are let into the edition."""
    is_structure = Description.level.in_([Level.FONDS, Level.SERIES])
    counted = select(func.count().filter(~is_structure), func.count().filter(is_structure)).where(
        Description.publication != Publication.NONE
    )
    records, structure = session.execute(counted).one()
    return records, structure


def _counted(column: Any) -> Select[Any]:
    return select(column, func.count()).group_by(column).order_by(column.nulls_first())
