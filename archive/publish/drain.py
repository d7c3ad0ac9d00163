"""Bring the shadows up to date: for every stale record, the staff index and the edition.

The archive's rows are forgotten only after the edition has committed, so a killed worker does
the same batch again: same ids, same result. Begin at `drain`.
"""

from __future__ import annotations

from collections.abc import Sequence
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
from archive.holdings.models import Description
from archive.publish import compile as compiler
from archive.publish import sources
from archive.storage.store import Store, open_store

BATCH = 100


def drain(config: Config, *, limit: int = BATCH) -> bool:
    """Take one batch of stale records through the door; return whether there was any."""
    with db.archive.reading() as session:
        rows = stale.take(session, limit)
        if not rows:
            return indexing.settle() > 0
        pids = {row.description_id: row.pid for row in rows}
        docs, public = _compile(session, config, list(pids))
    here = {record.pid for record in public}
    gone = [pid for pid in pids.values() if pid not in here]
    with db.edition.transaction() as session:
        dropped = edition.put(session, public) + edition.withdraw(session, gone)
    shelf.remove(dropped)
    indexing.write([*here, *gone])
    known = {doc.id for doc in docs}
    index_in(config.index_dir).write(docs, delete=[p for p in pids.values() if p not in known])
    with db.archive.transaction() as session:
        stale.done(session, rows)
    return True


def _compile(
    session: Session, config: Config, ids: Sequence[int]
) -> tuple[list[document.SearchDoc], list[PublicRecord]]:
    records = session.scalars(select(Description).where(Description.id.in_(ids))).all()
    verdicts = access.verdicts(session, records)
    fetched = sources.fetch(session, records)
    docs = [
        document.of(s.record, s.unit, s.ancestors, s.creators, s.terms, s.texts, bool(s.files))
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


def _known_files(pids: Sequence[str]) -> dict[str, dict[tuple[str, str], PublicFile]]:
    found: dict[str, dict[tuple[str, str], PublicFile]] = {}
    with db.edition.reading() as session:
        for file in session.scalars(select(PublicFile).where(PublicFile.pid.in_(pids))):
            found.setdefault(file.pid, {})[str(file.role), file.sha256] = file
    return found
