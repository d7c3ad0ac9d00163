"""Bring the shadows up to date: for every stale record, the staff index and the edition.

The archive's rows are forgotten only after the edition has committed, so a killed worker does
the same batch again: same ids, same result. Begin at `drain`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import db
from archive.config import Config
from archive.edition import actions as edition
from archive.edition import indexing, shelf
from archive.edition.models import PublicFile, PublicRecord
from archive.holdings import access, document, stale
from archive.holdings.finding import index_in
from archive.holdings.models import Description, Stale
from archive.publish import compile as compiler
from archive.publish import sources
from archive.storage.store import Store, open_store

# Rows of the edition are written a hundred at a time, so that a withdrawal never waits long; the
# indexes are written once for all of them.
PORTION, BATCH = 100, 1000


@dataclass(frozen=True, slots=True)
class Batch:
    """Stale records on their way: the rows of the outbox, their ids, and since when we know."""

    rows: Sequence[Stale]
    pids: Mapping[int, str]
    since: int


def drain(config: Config, *, limit: int = BATCH) -> bool:
    """Take so many stale records through the door; return whether there was any."""
    batch = take(limit)
    if batch is None:
        return indexing.settle() > 0
    ids, docs, late = list(batch.pids), list[document.SearchDoc](), set[str]()
    for start in range(0, len(ids), PORTION):
        some = ids[start : start + PORTION]
        found, public = compile_portion(config, some)
        late |= bring(public, [batch.pids[i] for i in some], batch.since)
        docs.extend(found)
    pids = list(batch.pids.values())
    indexing.write(pids)
    known = {doc.id for doc in docs}
    index_in(config.index_dir).write(docs, delete=[pid for pid in pids if pid not in known])
    with db.archive.transaction() as session:
        stale.done(session, [row for row in batch.rows if row.pid not in late])
    return True


def take(limit: int) -> Batch | None:
    """Return the oldest stale records, or None; what is withdrawn from now on is noticed.

    The last withdrawal is read while nobody writes in the archive: one that has left the edition
    and is not yet committed in the archive would be known already, and yet be compiled as public.
    """
    with db.archive.reading() as session:
        if not stale.waiting(session):
            return None
    with db.archive.transaction() as session:
        with db.edition.reading() as public:
            since = edition.last_withdrawal(public)
        rows = stale.take(session, limit)
    return Batch(rows, {row.description_id: row.pid for row in rows}, since) if rows else None


def bring(public: Sequence[PublicRecord], pids: Sequence[str], since: int) -> set[str]:
    """Put what was compiled into the edition and take out what was not; return what came too late.

    A record that was withdrawn after the batch was taken is left out, whatever was compiled of
    it: its withdrawal may not be committed in the archive yet, and closing is at once.
    """
    with db.edition.transaction() as session:
        late = edition.withdrawn_since(session, since) & set(pids)
        kept = [record for record in public if record.pid not in late]
        here = {record.pid for record in kept}
        gone = edition.standing(session, [pid for pid in pids if pid not in here])
        dropped = edition.put(session, kept) + edition.withdraw(session, gone)
    shelf.remove(dropped)
    return late


def compile_portion(
    config: Config, ids: Sequence[int]
) -> tuple[list[document.SearchDoc], list[PublicRecord]]:
    """Return what staff may find of some records, and the public documents of those let out."""
    with db.archive.reading() as session:
        return _compile(session, config, ids)


def _compile(
    session: Session, config: Config, ids: Sequence[int]
) -> tuple[list[document.SearchDoc], list[PublicRecord]]:
    records = session.scalars(select(Description).where(Description.id.in_(ids))).all()
    verdicts = access.verdicts(session, records)
    fetched = sources.fetch(session, records)
    docs = [
        document.of(
            s.record,
            s.unit,
            s.ancestors,
            s.creators,
            s.terms,
            s.texts,
            bool(s.files),
            also_named=s.other_names,
        )
        for s in fetched
    ]
    allowed = [s for s in fetched if compiler.may_be_in(s.record, verdicts[s.record.id])]
    known = _known_files([s.record.pid for s in allowed])
    store: Store = open_store(config)
    folder: Path = config.data_dir / "derivatives"
    public = [
        compiler.compiled(
            source, verdicts[source.record.id], store, folder, known.get(source.record.pid, {})
        )
        for source in allowed
    ]
    return docs, public


def _known_files(pids: Sequence[str]) -> dict[str, dict[tuple[str, str], list[PublicFile]]]:
    found: dict[str, dict[tuple[str, str], list[PublicFile]]] = {}
    with db.edition.reading() as session:
        published = select(PublicFile).where(PublicFile.pid.in_(pids))
        for file in session.scalars(published.order_by(PublicFile.sequence, PublicFile.id)):
            of_record = found.setdefault(file.pid, {})
            of_record.setdefault((str(file.role), file.sha256), []).append(file)
    return found
