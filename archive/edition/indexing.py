"""The edition's index: what of a published record can be found, and taking it out again.

The index is a shadow of the rows. Words of contents that have a closing day stay out of it, for
the index cannot forget them by itself. Begin at `write` and `settle`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.edition import queries
from archive.edition.models import PublicRecord, Unsettled
from archive.search import SearchDoc, SearchIndex, SearchUnavailable

log = logging.getLogger(__name__)
_STEP = 500


def index() -> SearchIndex:
    """Return the edition's index under the settings in force; one for each process."""
    return _index_in(db.settings().public_index_dir)


@cache
def _index_in(folder: Path) -> SearchIndex:
    return SearchIndex(folder)


def search_doc(row: PublicRecord) -> SearchDoc:
    """Return the record as the index sees it: no word that the page would not show."""
    is_lasting = row.contents_open and row.contents_until is None
    shown = [row.scope, row.date_words, row.text if is_lasting else None]
    return SearchDoc(
        id=row.pid,
        reference=row.reference,
        title=row.title,
        body="\n".join(filter(None, shown)),
        level=row.level,
        kind=row.kind or "",
        unit=row.unit_code,
        fonds=row.fonds_pid or "",
        creators=tuple(row.creators),
        places=tuple(row.places),
        subjects=tuple(row.subjects),
        also_named=tuple(row.also_named),
        year_min=row.year_min,
        year_max=row.year_max,
        digitized=row.digitized and row.contents_open,
        rights=row.rights or "",
        published_on=row.published_on,
        # The row names its last day; the index asks for the first day without it.
        open_until=row.open_until + timedelta(days=1) if row.open_until else None,
    )


def write(pids: Sequence[str]) -> int:
    """Write the rows of these records into the index; return how many. For the worker.

    :raises SearchUnavailable: if the index is broken or another writer is at work.
    """
    with db.edition.reading() as session:
        rows = queries.of_pids(session, pids, clock.today())
        docs = [search_doc(row) for row in rows.values()]
    return index().write(docs, delete=[pid for pid in pids if pid not in rows])


def settle() -> int:
    """Take every withdrawn record out of the index that is still in it; return how many.

    For the worker, at each drain: what a withdrawal could not do at once is done here.
    """
    with db.edition.reading() as session:
        pids = list(session.scalars(select(Unsettled.pid)))
    if not pids:
        return 0
    index().write((), delete=pids)
    with db.edition.transaction() as session:
        session.execute(delete(Unsettled).where(Unsettled.pid.in_(pids)))
    return len(pids)


def settle_if_possible() -> None:
    """Settle now if no other writer is at work; otherwise the worker does it shortly."""
    try:
        settle()
    except SearchUnavailable:
        log.warning("the public index is busy or away; withdrawn records leave it shortly")


def rebuild() -> int:
    """Make the index anew from the rows; return how many documents. Readers notice nothing."""
    with db.edition.reading() as session:
        return index().rebuild(_every_doc(session, clock.today()))


def _every_doc(session: Session, today: date) -> Iterator[SearchDoc]:
    after = ""
    while True:
        found = select(PublicRecord).where(PublicRecord.pid > after, queries.live(today))
        rows = session.scalars(found.order_by(PublicRecord.pid).limit(_STEP)).all()
        if not rows:
            return
        yield from (search_doc(row) for row in rows)
        after = rows[-1].pid
        session.expunge_all()


def forget(session: Session, pids: Iterable[str]) -> None:
    """Note that these records must leave the index, in the transaction that removes them."""
    for pid in pids:
        session.merge(Unsettled(pid=pid))
