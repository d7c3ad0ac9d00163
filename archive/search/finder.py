"""Answer a Query from a snapshot: hits in order, exact facet counts, words for marking.

Each facet is counted under all other filters but not its own, so that a reader sees what the
choice beside hers would give. What has been deleted, or is no longer open today, is in no
list and no count. Begin at `find`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from archive.search import grammar, suggestions
from archive.search.matching import Match, match
from archive.search.query import Query
from archive.search.snapshot import Mask, Snapshot

WITHIN = "within"
LABELLED = ("kind", "place", "creator", "subject", "unit", "fonds", "level")
FACETS = (*LABELLED, "decade", "digitized")
MAX_LABELS = 100


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to a Query.

    `ids` is the asked page; `facets` holds (value, count), most first, decades in order of
    time (as "1880"), digitized as "yes" and "no"; `terms` are for `highlight`.
    """

    total: int
    ids: list[str]
    facets: dict[str, list[tuple[str, int]]]
    did_you_mean: str | None = None
    terms: tuple[str, ...] = ()
    of_any_kind: int = 0  # the total without regard to the filter on kind
    seconds: float = 0.0


def find(index: Snapshot, query: Query, today: date) -> Results:
    """Return the results of `query` on the day `today`."""
    groups = grammar.read(query.text)
    found = match(index, groups)
    found.mask &= open_on(index, today)
    filters = _filters(index, query)
    hits = found.mask.copy()
    for one in filters.values():
        hits &= one
    total = int(hits.sum())
    meant = None
    if total == 0 and found.unknown:
        meant = suggestions.did_you_mean(index, query.text, found.unknown, today)
    return Results(
        total=total,
        ids=_page(index, query, hits, found),
        facets=_facets(index, found.mask, filters),
        did_you_mean=meant,
        terms=tuple(dict.fromkeys(found.words)),
        of_any_kind=int(_under(found.mask, filters, but="kind").sum()),
    )


def open_on(index: Snapshot, today: date) -> Mask:
    """Return the documents that are there and open on `today`: before their `open_until`."""
    mask: Mask = index.live & (index.columns.until > today.toordinal())
    return mask


def _filters(index: Snapshot, query: Query) -> dict[str, Mask]:
    """Return the mask of each filter that is set, by the facet it belongs to."""
    columns, filters = index.columns, {}
    for name in LABELLED:
        value: str = getattr(query, name)
        if value:
            filters[name] = columns.facets[name].having([value], index.size)
    if query.digitized is not None:
        value = "yes" if query.digitized else "no"
        filters["digitized"] = columns.facets["digitized"].having([value], index.size)
    if query.year_from is not None or query.year_to is not None:
        low = query.year_from if query.year_from is not None else 0
        high = query.year_to if query.year_to is not None else 9999
        dated = columns.year_max > 0
        filters["decade"] = dated & (columns.year_max >= low) & (columns.year_min <= high)
    if query.within is not None:
        filters[WITHIN] = columns.facets["unit"].having(sorted(query.within), index.size)
    return filters


def _facets(
    index: Snapshot, mask: Mask, filters: dict[str, Mask]
) -> dict[str, list[tuple[str, int]]]:
    counted: dict[str, list[tuple[str, int]]] = {}
    for name in FACETS:
        pairs = index.columns.facets[name].count(_under(mask, filters, but=name))
        counted[name] = (
            sorted(pairs, key=lambda pair: int(pair[0])) if name == "decade" else pairs[:MAX_LABELS]
        )
    return counted


def _under(mask: Mask, filters: dict[str, Mask], *, but: str) -> Mask:
    for name, one in filters.items():
        if name != but:
            mask = mask & one
    return mask


def _page(index: Snapshot, query: Query, hits: Mask, found: Match) -> list[str]:
    numbers = np.flatnonzero(hits)
    first = (query.page - 1) * query.per_page
    if first >= len(numbers):
        return []
    order = _order(index, query, numbers, found, first + query.per_page)
    return [index.columns.ids[n] for n in order[first : first + query.per_page].tolist()]


def _order(
    index: Snapshot, query: Query, numbers: npt.NDArray[np.int64], found: Match, wanted: int
) -> npt.NDArray[np.int64]:
    """Return at least the `wanted` first of `numbers` in order; equals by reference, so stably."""
    columns = index.columns
    tie = columns.by_reference
    if query.sort == "title":
        primary = columns.by_title.astype(np.int64)
    elif query.sort == "reference":
        primary = tie.astype(np.int64)
    elif query.sort == "newest" or (query.sort == "relevance" and not query.text):
        primary = -columns.published.astype(np.int64)
    elif query.sort in ("date", "-date"):
        years = columns.year_min if query.sort == "date" else -columns.year_max
        primary = np.where(columns.year_max > 0, years, 99_999).astype(np.int64)
    else:
        return _best(numbers, found.scores, tie, wanted)
    return numbers[np.lexsort((tie[numbers], primary[numbers]))]


def _best(
    numbers: npt.NDArray[np.int64],
    scores: npt.NDArray[np.float32],
    tie: npt.NDArray[np.int32],
    wanted: int,
) -> npt.NDArray[np.int64]:
    own = scores[numbers]
    if wanted < len(numbers):
        least = np.partition(own, len(own) - wanted)[len(own) - wanted]
        numbers, own = numbers[own >= least], own[own >= least]
    return numbers[np.lexsort((tie[numbers], -own))]
