"""One index in one folder: written by the worker, searched by everybody.

The staff index and the edition's public index are two folders and never meet. An index is a
cache of the database: when it is broken it is put aside, reported, and rebuilt by the worker.
Whoosh has no fsync and breaks in many ways: `segment.engine_errors` makes them one.
Begin at `SearchIndex`.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import RLock
from typing import TypeVar

from whoosh.index import FileIndex, open_dir
from whoosh.writing import LockError

from archive import clock
from archive.search import builds, finder, schema, suggestions, writer
from archive.search.documents import SearchDoc, SearchUnavailable
from archive.search.explain import explain
from archive.search.finder import Results
from archive.search.query import Query
from archive.search.segment import Broken, Segment, engine_errors
from archive.search.snapshot import Snapshot

TRIES, MOST_TRIES, PAUSE = 4, 40, 0.05
_Answer = TypeVar("_Answer")
_log = logging.getLogger(__name__)


class SearchIndex:
    """The index in `folder`. Make one for each process and keep it: it holds the searcher."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is read or made before it is needed."""
        self.folder = folder
        self._lock = RLock()
        self._engine: FileIndex | None = None
        self._build: Path | None = None
        self._seen: tuple[Path, int] | None = None
        self._snapshot: Snapshot | None = None

    # For readers

    def search(self, query: Query, *, today: date | None = None) -> Results:
        """Return the answer to `query` as of `today` (the day in Sweden).

        :raises SearchUnavailable: if the index is missing or broken; it is put aside then.
        """
        began = time.perf_counter()
        found = self._ask(lambda index: finder.find(index, query, today or clock.today()))
        return replace(found, seconds=time.perf_counter() - began)

    def suggest(self, prefix: str, limit: int = 8, *, today: date | None = None) -> list[str]:
        """Return ways to go on from what was typed, at most `limit`; raises as `search`."""
        day = today or clock.today()

        def answer(index: Snapshot) -> list[str]:
            return suggestions.suggest(index, prefix, finder.open_on(index, day), limit)

        return self._ask(answer)

    def explain(self, identity: str, text: str, *, today: date | None = None) -> list[str]:
        """Return sentences on why the record is a hit for `text` or not; raises as `search`."""
        day = today or clock.today()
        return self._ask(lambda index: explain(index, identity, text, day))

    def count(self) -> int:
        """Return how many documents are in the index; raises as `search`."""
        return self._ask(lambda index: index.count)

    def is_sound(self) -> bool:
        """Say whether the index can be opened and read and was made as this program makes it.

        False means: rebuild. Reads every posting; changes nothing.
        """
        build = builds.current(self.folder)
        if build is None or builds.stamp_of(build) != schema.stamp():
            return False
        try:
            for segment in _opened(_engine_of(build), {}).segments:
                segment.check()
        except Broken:
            return False
        return True

    # For the worker

    def write(self, docs: Iterable[SearchDoc], delete: Iterable[str] = ()) -> int:
        """Add or replace `docs`, remove the ids in `delete`, and return how many were added.

        Makes the index where there is none. Committed in batches of 1,000.

        :raises SearchUnavailable: if the index is broken, or another writer is at work.
        """
        build = builds.current(self.folder)
        if build is None:
            build = builds.begin(self.folder)
            writer.create(build)
            builds.switch(self.folder, build)
        return self._change(build, lambda: writer.write(build, docs, delete))

    def optimise(self) -> None:
        """Merge everything into one segment, so that deleted words leave the files; raises as
        `write`."""
        build = builds.current(self.folder)
        if build is not None:
            self._change(build, lambda: writer.merge_all(build))

    def rebuild(self, docs: Iterable[SearchDoc]) -> int:
        """Make the index anew beside the old one and switch to it; return how many documents.

        Readers use the old one until the switch. If `docs` fails, the old one stays.

        :raises ValueError: if two documents have one id.
        """
        build = builds.begin(self.folder)
        writer.create(build)
        count = writer.fill(build, docs)
        builds.switch(self.folder, build)
        return count

    def _change(self, build: Path, change: Callable[[], _Answer]) -> _Answer:
        try:
            _check_stamp(build)
            return change()
        except SearchUnavailable:
            raise
        except LockError as busy:
            raise SearchUnavailable(f"another writer is at work in {build}") from busy
        except Exception as broken:
            if _loads(build):
                raise
            self._put_aside(build, broken)
            raise SearchUnavailable(f"the search index in {self.folder} is broken") from broken

    def _ask(self, question: Callable[[Snapshot], _Answer]) -> _Answer:
        """Put a question to the newest generation, trying again while a writer is switching.

        Only an index that fails `TRIES` times while nobody writes in it is called broken.
        """
        failures = 0
        for _ in range(MOST_TRIES):
            before = builds.state(self.folder)
            build = builds.current(self.folder)
            if build is None:
                raise SearchUnavailable(f"there is no search index in {self.folder}")
            try:
                _check_stamp(build)
                return question(self._current(build))
            except Broken as broken:
                self._forget()
                failures = failures + 1 if builds.state(self.folder) == before else 0
                if failures == TRIES:
                    self._put_aside(build, broken)
                    raise SearchUnavailable(
                        f"the search index in {self.folder} is broken"
                    ) from broken
                time.sleep(PAUSE)
        raise SearchUnavailable(f"the search index in {self.folder} is being changed")

    def _current(self, build: Path) -> Snapshot:
        with self._lock:
            if self._engine is None or self._build != build:
                self._engine, self._build = _engine_of(build), build
            with engine_errors():
                generation = self._engine.latest_generation()
            if self._snapshot is None or self._seen != (build, generation):
                kept = self._snapshot.segments if self._snapshot else []
                self._snapshot = _opened(self._engine, {one.name: one for one in kept})
                self._seen = (build, generation)
            return self._snapshot

    def _forget(self) -> None:
        with self._lock:
            self._snapshot = self._engine = None

    def _put_aside(self, build: Path, why: Exception | None) -> None:
        aside = builds.quarantine(self.folder, build)
        _log.error("search index broken: %s (%r); put aside as %s", build, why, aside)


def _check_stamp(build: Path) -> None:
    """Refuse an index of another version; other word lists only make some forms miss."""
    stamp = builds.stamp_of(build)
    if not stamp:
        raise Broken(f"{build} has no stamp")
    if stamp.get("version") != schema.VERSION:
        raise SearchUnavailable(f"the search index in {build} is of another version")


def _engine_of(build: Path) -> FileIndex:
    with engine_errors():
        return open_dir(str(build))


def _opened(engine: FileIndex, kept: dict[str, Segment]) -> Snapshot:
    """Return the newest generation, with the segments in `kept` used again."""
    with engine_errors():
        leaves = [leaf for leaf, _ in engine.reader().leaf_readers() if leaf.doc_count_all()]
        segments, deleted = [], []
        for leaf in leaves:
            deleted.append(set(leaf.segment().deleted_docs()))
            same = kept.get(leaf.segment().segment_id())
            segments.append(same or Segment(leaf))
            if same:
                leaf.close()
        return Snapshot(segments, deleted)


def _loads(build: Path) -> bool:
    try:
        _opened(_engine_of(build), {})
    except Broken:
        return False
    return True
