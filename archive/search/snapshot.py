"""All segments of one generation of an index, seen as one; read-only and shared by threads.

Documents are numbered through all segments. Deleted documents keep their number until the
next merge: `live` masks them out, and whoever counts or offers anything must use it.
Begin at `Snapshot`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from heapq import nlargest

import numpy as np
import numpy.typing as npt

from archive.search import columns, tokens
from archive.search.segment import Numbers, Segment, Weights

Mask = npt.NDArray[np.bool_]
MAX_EXPANSIONS = 500


class Snapshot:
    """One generation: segments, which of their documents are live, and the joined columns."""

    def __init__(self, segments: list[Segment], deleted: list[set[int]]) -> None:
        """Join `segments`; `deleted` holds the deleted document numbers of each."""
        self.segments = segments
        self.offsets = np.cumsum([0, *(segment.size for segment in segments)]).tolist()
        self.size: int = self.offsets[-1]
        self.columns = columns.join([segment.columns for segment in segments])
        self.live = np.ones(self.size, np.bool_)
        for offset, gone in zip(self.offsets, deleted, strict=False):
            self.live[[offset + number for number in gone]] = False
        self.count = int(self.live.sum())
        self.mean_title = max(1.0, _mean(self.columns.title_words))
        self.mean_body = max(1.0, _mean(self.columns.body_words))

    def postings(self, field: str, term: str) -> tuple[Numbers, Weights]:
        """Return document numbers and weights of a term through all segments."""
        found = [segment.postings(field, term) for segment in self.segments]
        if len(found) == 1:
            return found[0]
        numbers = [n + np.int32(o) for (n, _), o in zip(found, self.offsets, strict=False)]
        return (
            np.concatenate([np.empty(0, np.int32), *numbers]),
            np.concatenate([np.empty(0, np.float32), *(weights for _, weights in found)]),
        )

    def places(self, term: str, wanted: Mask) -> npt.NDArray[np.int64]:
        """Return where a term stands in the wanted documents: document << 32 | place."""
        found = [np.empty(0, np.int64)]
        for segment, offset in zip(self.segments, self.offsets, strict=False):
            inside = segment.places(term, wanted[offset : offset + segment.size])
            found.append(inside + (np.int64(offset) << 32))
        return np.concatenate(found)

    def has_live(self, field: str, term: str) -> bool:
        """Say whether a document that is still there has the term."""
        return bool(self.live[self.postings(field, term)[0]].any())

    def word_count(self, word: str) -> int:
        """Return in how many documents a word stands; deleted ones count until the merge."""
        return sum(segment.words.get(word, 0) for segment in self.segments)

    def completions(self, prefix: str, limit: int = MAX_EXPANSIONS) -> list[str]:
        """Return the words that begin with `prefix`, the most common first."""
        found = {w: 0 for segment in self.segments for w in segment.words_from(prefix)}
        return nlargest(limit, found, key=lambda word: (self.word_count(word), word))

    def references_from(self, prefix: str) -> list[str]:
        """Return reference keys that begin with `prefix`, at most 500."""
        found = {r for s in self.segments for r in s.references_from(prefix, MAX_EXPANSIONS)}
        return sorted(found)[:MAX_EXPANSIONS]

    def unfolded(self, word: str) -> Iterator[str]:
        """Yield the words with å, ä or ö that `word` may be when typed without them."""
        for segment in self.segments:
            yield from segment.folded.get(word, ())

    @cached_property
    def number_of(self) -> dict[str, int]:
        """Return id → document number, live documents only."""
        return {self.columns.ids[n]: n for n in np.flatnonzero(self.live).tolist()}

    def may_be_dotted(self, word: str) -> bool:
        """Say whether the word could be one with å, ä, ö typed on another keyboard."""
        return tokens.fold(word) == word and any(c in "ao" for c in word)


def _mean(numbers: columns.Numbers) -> float:
    return float(numbers.mean()) if len(numbers) else 0.0
