"""Reads of what surrounds the records: collections, decided plans, the service catalogue.

Pure reads. Begin at `collections`, `plans` and `services`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.edition import queries
from archive.edition.models import Collection, PublicPlan, PublicRecord, PublicService
from archive.sorting import swedish


def collections(session: Session) -> list[Collection]:
    """Return the curated collections in the curator's order."""
    return list(session.scalars(select(Collection).order_by(Collection.sequence, Collection.slug)))


def covers(
    session: Session, found: list[Collection], today: date
) -> Mapping[str, PublicRecord | None]:
    """Return for each collection the first of its records that can show a picture."""
    wanted = [pid for each in found for pid in each.pids[:8]]
    records = queries.of_pids(session, wanted, today)
    return {
        each.slug: next(
            (
                records[pid]
                for pid in each.pids[:8]
                if pid in records
                and records[pid].thumb_id
                and queries.contents_open(records[pid], today)
            ),
            None,
        )
        for each in found
    }


def collection(
    session: Session, slug: str, today: date
) -> tuple[Collection, list[PublicRecord]] | None:
    """Return a collection and those of its records that may be seen, in its order."""
    found = session.get(Collection, slug)
    if found is None:
        return None
    records = queries.of_pids(session, found.pids, today)
    return found, [records[pid] for pid in found.pids if pid in records]


def plans(session: Session, today: date) -> list[PublicPlan]:
    """Return the plan in force for each unit, by the unit's name."""
    found = (
        select(PublicPlan)
        .where(PublicPlan.in_force_from <= today)
        .where((PublicPlan.in_force_to.is_(None)) | (PublicPlan.in_force_to >= today))
        .order_by(swedish(PublicPlan.unit_name), PublicPlan.in_force_from.desc())
    )
    newest: dict[str, PublicPlan] = {}
    for each in session.scalars(found):
        newest.setdefault(each.unit_code, each)
    return list(newest.values())


def plan_history(session: Session, unit_code: str) -> list[PublicPlan]:
    """Return every decided version of a unit's plan, the newest first."""
    found = select(PublicPlan).where(PublicPlan.unit_code == unit_code)
    return list(session.scalars(found.order_by(PublicPlan.in_force_from.desc())))


def services(session: Session) -> list[PublicService]:
    """Return the service catalogue in its own order."""
    found = select(PublicService).order_by(PublicService.sequence, PublicService.slug)
    return list(session.scalars(found))
