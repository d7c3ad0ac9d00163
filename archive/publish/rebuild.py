"""Build the shadows anew from the truth: both indexes. Begin at `indexes`."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import db
from archive.config import Config
from archive.edition import indexing
from archive.holdings import document
from archive.holdings.finding import index_in
from archive.holdings.models import Description
from archive.publish import sources
from archive.search.documents import SearchDoc

_PORTION = 500


def indexes(config: Config) -> tuple[int, int]:
    """Build the staff and the public index beside the old ones, then switch; return counts."""
    with db.archive.reading() as session:
        staff = index_in(config.index_dir).rebuild(_staff(session))
    public = indexing.rebuild()
    return staff, public


def _staff(session: Session) -> Iterator[SearchDoc]:
    ids = session.scalars(select(Description.id).order_by(Description.id)).all()
    for start in range(0, len(ids), _PORTION):
        some = ids[start : start + _PORTION]
        records = session.scalars(select(Description).where(Description.id.in_(some))).all()
        for s in sources.fetch(session, records):
            yield document.of(
                s.record,
                s.unit,
                s.ancestors,
                s.creators,
                s.terms,
                s.texts,
                bool(s.files),
                also_named=s.other_names,
            )
