"""What facets count and results are sorted by, as number arrays held by document number.

A facet is a list of labels and pairs of (document, label number), so a record may have several
places or stand in several decades. Begin at `Columns`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int32]

NEVER = 4_000_000
NO_YEAR = -9_999
MAX_DECADES = 60
SINGLE = ("kind", "unit", "fonds", "level")
SEVERAL = ("creator", "place", "subject")
FACETS = (*SINGLE, *SEVERAL, "decade", "digitized")

_AFTER_Z = str.maketrans("åäö", "{|}")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet: its labels, and which document (`docs`) bears which label (`codes`)."""

    labels: list[str]
    docs: Numbers
    codes: Numbers

    def count(self, mask: npt.NDArray[np.bool_]) -> list[tuple[str, int]]:
        """Return each label of the documents in `mask` with how many bear it, most first."""
        inside = self.codes[mask[self.docs]]
        counts = np.bincount(inside, minlength=len(self.labels))
        found = [(self.labels[i], int(counts[i])) for i in np.flatnonzero(counts)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def having(self, labels: Iterable[str], size: int) -> npt.NDArray[np.bool_]:
        """Return the mask of the documents that bear one of `labels`."""
        wanted = np.isin(self.codes, [i for i, one in enumerate(self.labels) if one in labels])
        mask = np.zeros(size, np.bool_)
        mask[self.docs[wanted]] = True
        return mask


@dataclass
class Columns:
    """The values of all documents of a segment, or of a whole index."""

    ids: list[str]
    titles: list[str]
    references: list[str]
    facets: dict[str, Facet]
    year_min: Numbers
    year_max: Numbers
    until: Numbers
    published: Numbers
    title_words: Numbers
    body_words: Numbers

    @property
    def size(self) -> int:
        """Return how many documents there are, deleted ones included."""
        return len(self.ids)

    @cached_property
    def by_title(self) -> Numbers:
        """Return each document's place in the order of titles, å ä ö after z."""
        return _ranks([title.lower().translate(_AFTER_Z) for title in self.titles])

    @cached_property
    def by_reference(self) -> Numbers:
        """Return each document's place in the order of references, A2 before A10."""
        padded = [_DIGITS.sub(lambda m: m.group().zfill(8), ref.lower()) for ref in self.references]
        return _ranks([f"{ref}\0{one}" for ref, one in zip(padded, self.ids, strict=True)])


def from_cards(cards: Iterable[dict[str, Any]]) -> Columns:
    """Return the columns of the documents whose cards are given in order of number."""
    rows = list(cards)
    years = [_years(row["years"]) for row in rows]
    facets = {name: _facet([[row[name]] if row[name] else [] for row in rows]) for name in SINGLE}
    facets |= {name: _facet([row[name] for row in rows]) for name in SEVERAL}
    facets["decade"] = _facet([_decades(*pair) for pair in years])
    facets["digitized"] = _facet([["yes" if row["digitized"] else "no"] for row in rows])
    return Columns(
        ids=[row["id"] for row in rows],
        titles=[row["title"] for row in rows],
        references=[row["ref"] for row in rows],
        facets=facets,
        year_min=np.array([pair[0] for pair in years], np.int32),
        year_max=np.array([pair[1] for pair in years], np.int32),
        until=np.array([row["until"] or NEVER for row in rows], np.int32),
        published=np.array([row["new"] for row in rows], np.int32),
        title_words=np.array([row["words"][0] for row in rows], np.int32),
        body_words=np.array([row["words"][1] for row in rows], np.int32),
    )


def join(several: list[Columns]) -> Columns:
    """Return the columns of the segments one after another, with common labels."""
    if len(several) == 1:
        return several[0]
    offsets = np.cumsum([0, *(one.size for one in several)])
    empty = np.empty(0, np.int32)

    def stacked(name: str) -> Numbers:
        return np.concatenate([empty, *(getattr(one, name) for one in several)])

    return Columns(
        ids=[x for one in several for x in one.ids],
        titles=[x for one in several for x in one.titles],
        references=[x for one in several for x in one.references],
        facets={
            name: _joined([one.facets[name] for one in several], offsets) for name in FACETS
        },
        **{
            name: stacked(name)
            for name in (
                "year_min", "year_max", "until", "published", "title_words", "body_words",
            )
        },
    )  # fmt: skip


def _joined(facets: list[Facet], offsets: npt.NDArray[np.int64]) -> Facet:
    numbers: dict[str, int] = {}
    docs, codes = [np.empty(0, np.int32)], [np.empty(0, np.int32)]
    for facet, offset in zip(facets, offsets, strict=False):
        own = [numbers.setdefault(label, len(numbers)) for label in facet.labels]
        docs.append(facet.docs + np.int32(offset))
        codes.append(np.array(own, np.int32)[facet.codes])
    return Facet(list(numbers), np.concatenate(docs), np.concatenate(codes))


def _facet(values: list[list[str]]) -> Facet:
    numbers: dict[str, int] = {}
    docs: list[int] = []
    codes: list[int] = []
    for number, labels in enumerate(values):
        for label in labels:
            docs.append(number)
            codes.append(numbers.setdefault(label, len(numbers)))
    return Facet(list(numbers), np.array(docs, np.int32), np.array(codes, np.int32))


def _years(pair: list[int | None]) -> tuple[int, int]:
    first, last = pair
    low = first if first is not None else last
    high = last if last is not None else first
    if low is None or high is None:
        return NO_YEAR, NO_YEAR
    return min(low, high), max(low, high)


def _decades(first: int, last: int) -> list[str]:
    """Return every decade the record stands in; a span of centuries counts in its first ones."""
    if first == NO_YEAR:
        return []
    decades = range(first // 10 * 10, last + 1, 10)
    return [str(decade) for decade in decades[:MAX_DECADES]]


def _ranks(keys: list[str]) -> Numbers:
    ranks = np.empty(len(keys), np.int32)
    ranks[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys), dtype=np.int32)
    return ranks
