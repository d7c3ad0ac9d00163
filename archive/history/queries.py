"""Read the history of records. Begin at `of_record`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from archive.errors import NotFound
from archive.history.models import Change


def of_record(record_pid: str) -> Select[Change]:
    """Select the changes of one record, newest first."""
    return select(Change).where(Change.record_pid == record_pid).order_by(Change.id.desc())


def bundle_of(session: Session, record_pid: str, name: str) -> Sequence[Change]:
    """Return the changes made as one with a change of this record, in the order they were made.

    :raises NotFound: if the record has no such change.
    """
    found = session.scalars(of_record(record_pid).where(Change.pid == name)).first()
    if found is None:
        raise NotFound("there is no such change in the history of this record")
    return session.scalars(
        select(Change).where(Change.bundle == found.bundle).order_by(Change.id)
    ).all()


def sizes(session: Session, bundles: Sequence[str]) -> dict[str, int]:
    """Return of how many changes each bundle is."""
    rows = select(Change.bundle, func.count()).where(Change.bundle.in_(bundles))
    return dict(session.execute(rows.group_by(Change.bundle)).all())


def undone(session: Session, bundles: Sequence[str]) -> frozenset[str]:
    """Return which of the bundles have been taken back."""
    return frozenset(
        name
        for name in session.scalars(select(Change.undoes).where(Change.undoes.in_(bundles)))
        if name
    )
