"""The list of deliveries, page by page: filtered by state, unit, who delivers and age.

Reads only. Begin at `page`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, joinedload

from archive import clock
from archive.accounts.models import OrgUnit
from archive.sorting import swedish
from ingest import reach
from ingest.models import State, Transfer

SIZE = 50
_FIRST = {
    State.CHECKED: 0,
    State.REVIEW: 0,
    State.RECEIVED: 1,
    State.UNPACKED: 1,
    State.ACCEPTED: 1,
}
# How long ago a delivery was received: more than, and at most, so many days.
AGES: Mapping[str, tuple[int | None, int | None]] = {
    "week": (None, 7),
    "month": (7, 30),
    "older": (30, None),
}


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader of the list asks for; an empty text asks for nothing."""

    state: str = ""
    unit: str = ""
    supplier: str = ""
    age: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """Return the filters in a page's address; what is no filter is left out."""
        state, age = asked.get("state", ""), asked.get("age", "")
        return cls(
            state=state if state in set(State) else "",
            unit=asked.get("unit", ""),
            supplier=asked.get("supplier", ""),
            age=age if age in AGES else "",
        )

    @property
    def any(self) -> bool:
        """Return whether anything is asked for."""
        return bool(self.state or self.unit or self.supplier or self.age)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list, and what its filters may be set to."""

    rows: Sequence[Transfer]
    total: int
    number: int
    units: Sequence[OrgUnit]
    suppliers: Sequence[str]

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // SIZE))


def page(
    session: Session,
    units: frozenset[int] | None,
    filters: Filters,
    number: int = 1,
    *,
    unassigned: bool = False,
    own: str | None = None,
) -> Page:
    """Return a page of the deliveries of the units (None: of all): those that wait first.

    Of those without a unit, as `reach.within` says.
    """
    mine = select(Transfer).where(reach.within(units, unassigned=unassigned, own=own))
    query = _filtered(mine, filters)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // SIZE)))
    rank = case(_FIRST, value=Transfer.state, else_=2)
    rows = session.scalars(
        query.options(joinedload(Transfer.unit))
        .order_by(rank, Transfer.id.desc())
        .limit(SIZE)
        .offset((number - 1) * SIZE)
    ).all()
    of_units = mine.with_only_columns(Transfer.unit_id).distinct()
    offered = select(OrgUnit).where(OrgUnit.id.in_(of_units)).order_by(swedish(OrgUnit.name))
    named = mine.with_only_columns(Transfer.supplier).where(Transfer.supplier.is_not(None))
    suppliers = sorted({str(name) for name in session.scalars(named.distinct())})
    return Page(rows, total, number, session.scalars(offered).all(), suppliers)


def _filtered(query: Select[Transfer], filters: Filters) -> Select[Transfer]:
    if filters.state:
        query = query.where(Transfer.state == filters.state)
    if filters.unit:
        unit = select(OrgUnit.id).where(OrgUnit.code == filters.unit.strip().upper())
        query = query.where(Transfer.unit_id.in_(unit))
    if filters.supplier:
        query = query.where(Transfer.supplier == filters.supplier)
    if filters.age:
        more, most = AGES[filters.age]
        now = clock.now()
        if more is not None:
            query = query.where(Transfer.received_at < now - timedelta(days=more))
        if most is not None:
            query = query.where(Transfer.received_at >= now - timedelta(days=most))
    return query
