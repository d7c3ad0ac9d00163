"""Write documents into an index: the worker's side.

One writer at a time. Batches are added without merging, which is quick; small segments are
merged when there are many, and `merge_all` makes one of them all, after which nothing is
left of what was deleted. Begin at `write`.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from whoosh import reading
from whoosh.codec.whoosh3 import W3Codec, W3PerDocReader
from whoosh.filedb.filestore import Storage
from whoosh.index import create_in, open_dir
from whoosh.writing import OPTIMIZE, SegmentWriter

from archive.search import schema
from archive.search.documents import SearchDoc
from archive.search.pool import Pool

BATCH = 1000
MAX_SEGMENTS = 24
LOCK_SECONDS = 30.0
# Long blocks: a term is always read to its end, never skipped through.
_BLOCK, _MEMORY_MB = 1024, 192
# The most documents of one segment whose postings are gathered in memory (about 500 MB).
IN_MEMORY = 25_000


class _NoLengths(W3PerDocReader):  # type: ignore[misc]
    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        return default


class _Codec(W3Codec):  # type: ignore[misc]
    """The engine's codec, but for one thing: it does not look on the disk, for every posting
    written, whether a length file has appeared (two thirds of the time). Lengths are on cards.
    """

    def per_document_reader(self, storage: Storage, segment: object) -> W3PerDocReader:
        return _NoLengths(storage, segment)


def create(build: Path) -> None:
    """Make an empty index in an empty folder."""
    create_in(str(build), schema.schema())


def write(build: Path, docs: Iterable[SearchDoc], delete: Iterable[str]) -> int:
    """Add or replace `docs` and remove the ids in `delete`; return how many were added."""
    given, gone, added = iter(docs), list(delete), 0
    while (batch := {doc.id: doc for doc in islice(given, BATCH)}) or gone:
        _write_batch(build, batch, gone)
        added += len(batch)
        gone = []
    return added


def fill(build: Path, docs: Iterable[SearchDoc]) -> int:
    """Write all `docs` into a new build, in large segments; return how many.

    :raises ValueError: if two documents have one id.
    """
    given = iter(docs)
    seen: set[str] = set()
    while part := _fill_segment(build, islice(given, IN_MEMORY), seen):
        if part < IN_MEMORY:
            break
    return len(seen)


def _fill_segment(build: Path, docs: Iterable[SearchDoc], seen: set[str]) -> int:
    writer, before = _writer(build, in_memory=True), len(seen)
    try:
        for doc in docs:
            if doc.id in seen:
                raise ValueError(f"two documents with the id {doc.id!r}")
            seen.add(doc.id)
            writer.add_document(**schema.fields_of(doc))
    except BaseException:
        writer.cancel()
        raise
    writer.commit(merge=False)
    return len(seen) - before


def merge_all(build: Path) -> None:
    """Make one segment of all: the words of deleted documents leave the files."""
    size = open_dir(str(build)).doc_count_all()
    _writer(build, in_memory=size <= IN_MEMORY).commit(optimize=True)


def _write_batch(build: Path, batch: dict[str, SearchDoc], gone: list[str]) -> None:
    prepared = [schema.fields_of(doc) for doc in batch.values()]
    writer = _writer(build, in_memory=True)
    try:
        for number in _numbers(writer, {*batch, *gone}):
            writer.delete_document(number)
        for document in prepared:
            writer.add_document(**document)
    except BaseException:
        writer.cancel()
        raise
    many = len(writer.segments) >= MAX_SEGMENTS
    writer.commit(mergetype=_merge_small if many else None, merge=False)


def _merge_small(writer: SegmentWriter, segments: list[object]) -> list[object]:
    """Merge all segments but the largest; its cost is paid in `merge_all`, off the busy hours."""
    largest = max(segments, key=lambda segment: segment.doc_count_all())  # type: ignore[attr-defined]
    OPTIMIZE(writer, [segment for segment in segments if segment is not largest])
    return [largest]


def _numbers(writer: SegmentWriter, ids: set[str]) -> list[int]:
    if not writer.segments:
        return []
    found: list[int] = []
    reader = writer.reader()
    try:
        for one in ids:
            try:
                found.extend(reader.postings("id", one.encode()).all_ids())
            except reading.TermNotFound:
                continue
    finally:
        reader.close()
    return found


def _writer(build: Path, *, in_memory: bool) -> SegmentWriter:
    writer = open_dir(str(build)).writer(
        timeout=LOCK_SECONDS, codec=_Codec(blocklimit=_BLOCK), limitmb=_MEMORY_MB
    )
    if in_memory:
        writer.pool = Pool()
    return writer
