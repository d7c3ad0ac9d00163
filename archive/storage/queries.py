"""Read what the store should have: what to check next, and how long ago the oldest was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from archive.storage.models import StoredObject


def longest_unchecked(limit: int | None = None) -> Select[StoredObject]:
    """Select recorded objects, the longest unchecked first."""
    query = select(StoredObject).order_by(StoredObject.last_checked_at, StoredObject.object_id)
    return query if limit is None else query.limit(limit)


def oldest_check(session: Session) -> datetime | None:
    """Return when the longest unchecked object was last read in full; None in an empty store."""
    return session.scalar(select(func.min(StoredObject.last_checked_at)))


def damaged(session: Session) -> int:
    """Return how many objects are damaged or gone, and not repaired."""
    query = select(func.count()).select_from(StoredObject)
    return session.scalar(query.where(StoredObject.state.in_(("damaged", "missing")))) or 0


def known_ids(session: Session) -> set[str]:
    """Return the id of every recorded object: what `Store.sweep` must leave alone."""
    return set(session.scalars(select(StoredObject.object_id)))


def count(session: Session) -> int:
    """Return how many objects are recorded."""
    return session.scalar(select(func.count()).select_from(StoredObject)) or 0
