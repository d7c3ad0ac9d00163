"""One segment of an index, held open: its postings as number arrays, its words, its cards.

A segment never changes but for deletions, so all of this is read once and shared by every
generation that contains the segment. Begin at `Segment`.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from whoosh.reading import SegmentReader, TermNotFound

from archive.search import columns, schema, tokens

Numbers = npt.NDArray[np.int32]
Weights = npt.NDArray[np.float32]

CACHED_POSTINGS = 4_000_000
_NONE = (np.empty(0, np.int32), np.empty(0, np.float32))


class Broken(Exception):
    """The engine could not read its own files."""


@contextmanager
def engine_errors() -> Iterator[None]:
    """Make one error of the many that a damaged index file raises.

    Measured: TypeError, UnpicklingError, IndexError, struct.error, EOFError, zlib.error and
    bare Exception; the engine promises none of them, so all are caught.
    """
    try:
        yield
    except (Broken, TermNotFound):
        raise
    except Exception as broken:
        raise Broken(f"{type(broken).__name__}: {broken}") from broken


class Segment:
    """The postings, words and cards of one segment, by document numbers that begin at 0."""

    def __init__(self, reader: SegmentReader) -> None:
        """Take over an open reader and read cards and words into memory."""
        self.name: str = reader.segment().segment_id()
        self.size: int = reader.doc_count_all()
        self.columns = columns.from_cards(_cards(reader))
        self._reader = reader
        # Whoosh's term file is one cursor: two threads must not move it at once.
        self._lock = Lock()
        self._terms = reader.codec().terms_reader(reader.storage(), reader.segment())
        self._cache: OrderedDict[tuple[str, str], tuple[Numbers, Weights]] = OrderedDict()
        self._cached = 0
        self.words = self._lexicon("surface")
        self.ordered_words = sorted(self.words)
        self.folded = _folded(self.words)

    def postings(self, field: str, term: str) -> tuple[Numbers, Weights]:
        """Return document numbers, rising, and weights; deleted documents are still there."""
        with self._lock, engine_errors():
            found = self._cache.get((field, term))
            if found is not None:
                self._cache.move_to_end((field, term))
                return found
            found = self._read(field, term)
            self._keep((field, term), found)
            return found

    def places(self, term: str, wanted: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Return where `term` stands in the `wanted` documents, as document << 32 | place."""
        kept: list[int] = []
        values: list[bytes] = []
        with self._lock, engine_errors():
            try:
                matcher = self._matcher("places", term)
            except TermNotFound:
                return np.empty(0, np.int64)
            while matcher.is_active():
                matcher.id()
                inside = np.flatnonzero(wanted[np.array(matcher._ids)])
                if len(inside):
                    matcher.value()
                    kept.extend(matcher._ids[i] for i in inside)
                    values.extend(matcher._values[i] for i in inside)
                matcher._next_block()
        counts = [len(value) // 4 for value in values]
        documents = np.repeat(np.array(kept, np.int64), counts)
        return (documents << 32) | np.frombuffer(b"".join(values), np.uint32).astype(np.int64)

    def words_from(self, prefix: str) -> Iterator[str]:
        """Yield the words that begin with `prefix`, in alphabetical order of code points."""
        for i in range(bisect_left(self.ordered_words, prefix), len(self.ordered_words)):
            if not self.ordered_words[i].startswith(prefix):
                return
            yield self.ordered_words[i]

    def references_from(self, prefix: str, limit: int) -> list[str]:
        """Return at most `limit` reference keys that begin with `prefix`."""
        found: list[str] = []
        with self._lock, engine_errors():
            for field, text in self._terms.terms_from("ref", prefix.encode()):
                term = text.decode()
                if field != "ref" or not term.startswith(prefix) or len(found) == limit:
                    break
                found.append(term)
        return found

    def check(self) -> None:
        """Read every posting of the segment once.

        :raises Broken: if one cannot be read.
        """
        with self._lock, engine_errors():
            for field, text in list(self._terms.terms()):
                matcher = self._terms.matcher(field, text, self._reader.schema[field].format)
                while matcher.is_active():
                    matcher.id(), matcher.value()
                    matcher._next_block()

    def _matcher(self, field: str, term: str):  # type: ignore[no-untyped-def]
        form = self._reader.schema[field].format
        return self._terms.matcher(field, term.encode(), form)

    def _read(self, field: str, term: str) -> tuple[Numbers, Weights]:
        """Take whole blocks from the matcher rather than one posting at a time."""
        try:
            matcher = self._matcher(field, term)
        except TermNotFound:
            return _NONE
        numbers: list[int] = []
        weights: list[float] = []
        while matcher.is_active():
            matcher.id(), matcher.weight()  # both fill the block
            numbers.extend(matcher._ids)
            weights.extend(matcher._weights)
            matcher._next_block()
        return np.array(numbers, np.int32), np.array(weights, np.float32)

    def _keep(self, name: tuple[str, str], found: tuple[Numbers, Weights]) -> None:
        self._cache[name] = found
        self._cached += len(found[0]) + 1
        while self._cached > CACHED_POSTINGS:
            _, old = self._cache.popitem(last=False)
            self._cached -= len(old[0]) + 1

    def _lexicon(self, field: str) -> dict[str, int]:
        """Return each word of the field and in how many documents it stands."""
        found: dict[str, int] = {}
        for (name, text), info in self._terms.items_from(field, b""):
            if name != field:
                break
            found[text.decode()] = info.doc_frequency()
        return found


def _cards(reader: SegmentReader) -> Iterator[dict[str, Any]]:
    column = reader.column_reader("card", column=schema.schema()["card"].column_type)
    return (json.loads(column[number]) for number in range(reader.doc_count_all()))


def _folded(words: Iterable[str]) -> dict[str, list[str]]:
    """Return folded form → the words with å, ä or ö that fold to it."""
    found: dict[str, list[str]] = {}
    for word in words:
        plain = tokens.fold(word)
        if plain != word:
            found.setdefault(plain, []).append(word)
    return found
