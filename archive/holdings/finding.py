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
_CHOICES = 60  # values of one filter; the rest is found by words
# What a search is narrowed by: field of the query → its name in the address.
FILTERS = {"level": "level", "unit": "unit", "kind": "type", "creator": "creator",
           "place": "place", "subject": "subject", "digitized": "digitized"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its name in the address, its values with how many records have each."""

    field: str
    name: str
    values: Sequence[tuple[str, int]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search at the desk gave: the records that this person may read, in order."""

    query: Query
    records: Sequence[Description]
    total: int | None
    tops: Sequence[Description]
    is_limited: bool = False
    choices: Sequence[Choice] = ()

    @property
    def is_asked(self) -> bool:
        """Return whether anything was asked: words, a filter or years."""
        chosen = any(choice.chosen for choice in self.choices)
        return bool(self.query.text or self.query.year_from or self.query.year_to or chosen)

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
    try:
        results = index_in(config.index_dir).search(query)
    except SearchUnavailable:
        return Found(query, (), None, tops, is_limited=True)
    found = Found(query, (), results.total, tops, choices=_choices(query, results.facets))
    if not found.is_asked:
        return found
    former = _by_former_code(session, asked.get("q", ""), results.ids, units)
    rows = [*former, *_in_order(session, results.ids, units)]
    return replace(found, records=rows, total=(results.total or 0) + len(former))


def _choices(query: Query, facets: Mapping[str, Sequence[tuple[str, int]]]) -> list[Choice]:
    """Return the filters with their values, most first; a chosen value stays, whatever it finds."""
    choices = []
    for field, name in FILTERS.items():
        chosen = getattr(query, field)
        chosen = {True: "yes", False: "no", None: ""}.get(chosen, chosen)
        values = list(facets.get(field, ()))[:_CHOICES]
        if chosen and chosen not in dict(values):
            values.insert(0, (chosen, dict(facets.get(field, ())).get(chosen, 0)))
        choices.append(Choice(field, name, values, chosen))
    return choices


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
