"""Find records of the edition: a question in, rows, counts and words to mark out.

The index answers with ids; what is shown comes from the rows, and an id without a row that is
open today is dropped. Without an index the search is limited to titles and references, and
says so. Begin at `find`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, defer

from archive.edition import indexing, queries
from archive.edition.models import PublicRecord
from archive.search import Query, Results, SearchUnavailable, highlight, parse
from archive.sorting import swedish

FACETS = ("kind", "place", "creator", "subject", "unit", "fonds", "level")
SNIPPET = 220
_MOST_PAGES = 200


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found, and where in its words: [(text, whether it is a hit)].

    `page` is the page that the words stand on, where the text is known page by page.
    """

    row: PublicRecord
    snippet: list[tuple[str, bool]]
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The answer. `facets` is {name: [(value, count)]}, each without regard to its own filter.

    `total` counts every description, archives and series among them; `of_any_kind` is the same
    without regard to the filter on kind.
    """

    total: int
    hits: list[Hit]
    of_any_kind: int = 0
    facets: Mapping[str, Sequence[tuple[str, int]]] = field(default_factory=dict)
    did_you_mean: str | None = None
    is_limited: bool = False


def read(args: Mapping[str, list[str]]) -> tuple[Query, tuple[str, ...]]:
    """Return the question in an address, and the names of what could not be used in it."""
    query, problems = parse(args)
    first, last = query.year_from, query.year_to
    if first is not None and last is not None and first > last:
        return replace(query, year_from=None, year_to=None), (*problems, "from", "to")
    return query, problems


_YEAR = re.compile(r"\b(1\d{3}|20\d{2})(-tale?t?)?\b")
_SMALL = frozenset({"en", "ett", "från", "av", "i", "om", "a", "an", "from", "of", "the"})


def find(session: Session, query: Query, today: date) -> Found:
    """Return one page of what was found, with exact counts. Never an error."""
    try:
        results = indexing.index().search(query, today=today)
        dated = _with_dates(query) if results.total == 0 else None
        if dated is not None:
            results = indexing.index().search(dated, today=today)
    except SearchUnavailable:
        return _without_index(session, query, today)
    rows = queries.of_pids(session, results.ids, today)
    shown = [rows[pid] for pid in results.ids if pid in rows]
    return Found(
        total=results.total,
        hits=[_hit(row, results, today) for row in shown],
        of_any_kind=results.of_any_kind,
        facets=results.facets,
        did_you_mean=results.did_you_mean,
    )


def _with_dates(query: Query) -> Query | None:
    """Return a question whose year is a time and no word: "karta 1880", "en bro från 1890-talet".

    None when it names no year, or the visitor has chosen the years already.
    """
    match = _YEAR.search(query.text)
    if match is None or query.year_from is not None or query.year_to is not None:
        return None
    first = int(match[1])
    length = 1 if match[2] is None else 100 if first % 100 == 0 else 10
    rest = (query.text[: match.start()] + query.text[match.end() :]).split()
    words = " ".join(word for word in rest if word.lower() not in _SMALL)
    return replace(query, text=words, year_from=first, year_to=first + length - 1)


def suggest(typed: str, today: date) -> list[str]:
    """Return ways to go on from what has been typed; none while there is no index."""
    try:
        return indexing.index().suggest(typed, today=today)
    except SearchUnavailable:
        return []


def _hit(row: PublicRecord, results: Results, today: date) -> Hit:
    text = row.text if queries.contents_open(row, today) else None
    if text and "\f" in text:
        for number, part in enumerate(text.split("\f")[:_MOST_PAGES], 1):
            snippet = highlight(part, results.terms, width=SNIPPET)
            if any(is_hit for _, is_hit in snippet):
                return Hit(row, snippet, number)
    words = " ".join(filter(None, [row.scope, text])).replace("\f", " ")
    return Hit(row, highlight(words, results.terms, width=SNIPPET) if words else [])


def _without_index(session: Session, query: Query, today: date) -> Found:
    """Search titles and references in the rows alone: the edition without its index."""
    conditions = _conditions(query, today)
    total = session.scalar(select(func.count()).select_from(PublicRecord).where(*conditions)) or 0
    rows = session.scalars(
        select(PublicRecord)
        .where(*conditions)
        .options(defer(PublicRecord.text))
        .order_by(_ORDER[query.sort], PublicRecord.reference)
        .limit(query.per_page)
        .offset((query.page - 1) * query.per_page)
    )
    return Found(total=total, hits=[Hit(row, []) for row in rows], is_limited=True)


_ORDER: dict[str, ColumnElement[Any]] = {
    "relevance": PublicRecord.digitized.desc(),
    "date": PublicRecord.year_min.asc().nulls_last(),
    "-date": PublicRecord.year_min.desc().nulls_last(),
    "title": swedish(PublicRecord.title),
    "reference": PublicRecord.reference.asc(),
    "newest": PublicRecord.published_on.desc(),
}


def _conditions(query: Query, today: date) -> list[ColumnElement[bool]]:
    exact = {
        PublicRecord.kind: query.kind,
        PublicRecord.place: query.place,
        PublicRecord.unit_code: query.unit,
        PublicRecord.fonds_pid: query.fonds,
        PublicRecord.level: query.level,
    }
    conditions = [queries.live(today)]
    conditions += [column == value for column, value in exact.items() if value]
    if query.digitized is not None:
        conditions.append(PublicRecord.digitized.is_(query.digitized))
    if query.year_from is not None:
        conditions.append(PublicRecord.year_max >= query.year_from)
    if query.year_to is not None:
        conditions.append(PublicRecord.year_min <= query.year_to)
    for word in query.text.split()[:8]:
        in_title = PublicRecord.title.icontains(word, autoescape=True)
        conditions.append(or_(in_title, PublicRecord.reference.icontains(word, autoescape=True)))
    return conditions
