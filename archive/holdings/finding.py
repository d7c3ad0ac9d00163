"""Find records for staff: the staff index where it answers, units filtered by what one may read.

Hits of units that the person may not read are dropped, and so are counts that would tell of them.
Begin at `find`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, Viewer
from archive.config import Config
from archive.history.models import FormerReference
from archive.holdings import queries
from archive.holdings.models import Description
from archive.search import Query, SearchIndex, SearchUnavailable, parse

_MOST = 300


@dataclass(frozen=True, slots=True)
class Found:
    """What a search at the desk gave: the records that this person may read, in order."""

    query: Query
    records: Sequence[Description]
    total: int | None
    tops: Sequence[Description]
    is_limited: bool = False

    @property
    def pages(self) -> int:
        """Return how many pages the answer has."""
        return -(-(self.total or 0) // self.query.per_page)


def find(session: Session, config: Config, args: Mapping[str, str], viewer: Viewer) -> Found:
    """Return the records that answer, or the fonds when nothing was asked."""
    units = viewer.units(Permission.HOLDINGS_READ)
    asked = {name: value for name, value in args.items() if value.strip()}
    query, _problems = parse({**asked, "per_page": "50"})
    if units is not None:
        # A hit, a total or a facet over all units would tell what other units have.
        query = replace(query, within=frozenset(accounts.names_of_units(session, units)))
    tops = session.scalars(queries.tops(units)).all()
    if not query.text:
        return Found(query, (), None, tops)
    try:
        results = index_in(config.index_dir).search(query)
    except SearchUnavailable:
        return Found(query, (), None, tops, is_limited=True)
    former = _by_former_code(session, asked.get("q", ""), results.ids, units)
    rows = [*former, *_in_order(session, results.ids, units)]
    return Found(query, rows, (results.total or 0) + len(former), tops)


def _by_former_code(
    session: Session, asked: str, found: Sequence[str], units: frozenset[int] | None
) -> list[Description]:
    """Return the record that had this reference code before, if the index did not find it."""
    code, wanted = FormerReference.reference, asked.strip()
    had = select(FormerReference.record_pid).where(
        or_(code == wanted, func.lower(code) == wanted.lower())
    )
    return _in_order(session, [pid for pid in session.scalars(had) if pid not in found], units)


@cache
def index_in(folder: Path) -> SearchIndex:
    """Return the staff index in a folder; one for each process, for it holds the searcher."""
    return SearchIndex(folder)


def _in_order(
    session: Session, pids: Sequence[str], units: frozenset[int] | None
) -> list[Description]:
    select_rows = (
        select(Description)
        .where(Description.pid.in_(pids[:_MOST]))
        .options(joinedload(Description.unit))
    )
    if units is not None:
        select_rows = select_rows.where(Description.unit_id.in_(units))
    found = {row.pid: row for row in session.scalars(select_rows)}
    return [found[pid] for pid in pids if pid in found]
