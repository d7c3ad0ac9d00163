"""Read what the store should have: what to check next, and how long ago the oldest was."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from archive import clock
from archive.storage.models import FixityFinding, FixityRound, StoredObject

# A check that lies this far ahead was dated by a clock that was wrong, and proves nothing.
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Due:
    """An object to be read: its id, the digest its inventory must have, its size in one copy."""

    object_id: str
    digest: str
    size_bytes: int

    @classmethod
    def of(cls, row: StoredObject) -> Due:
        """Return a recorded object as it is to be read."""
        return cls(row.object_id, row.digest, row.size_bytes)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the round stands: the longest unchecked object, and whether the pace can be kept.

    `age_days` is None where the store is empty, or where the object's date lies in the future
    (`is_undated`). `nights` is how many nights a whole round takes within the budget.
    """

    objects: int
    bytes: int
    oldest: StoredObject | None
    age_days: int | None
    is_undated: bool
    days: int
    budget: int
    needed: int
    nights: int

    @property
    def is_late(self) -> bool:
        """Return whether something has been unchecked for longer than it may be."""
        return self.is_undated or (self.age_days is not None and self.age_days > self.days)

    @property
    def can_be_kept(self) -> bool:
        """Return whether the budget of a night is enough to go round in time."""
        return self.nights <= self.days


def standing(session: Session, days: int, budget: int, copies: int) -> Standing:
    """Return where the round stands."""
    objects, size = _count_and_size(session)
    oldest = session.scalars(longest_unchecked(1)).first()
    is_undated = oldest is not None and oldest.last_checked_at > clock.now() + _AHEAD
    age = None
    if oldest is not None and not is_undated:
        age = max((clock.now() - oldest.last_checked_at).days, 0)
    return Standing(
        objects=objects,
        bytes=size * copies,
        oldest=oldest,
        age_days=age,
        is_undated=is_undated,
        days=days,
        budget=budget,
        needed=needed_tonight(session, days, copies),
        nights=math.ceil(size * copies / budget),
    )


def needed_tonight(session: Session, days: int, copies: int) -> int:
    """Return how many bytes must be read tonight so that all are read within so many days.

    An even share of all, or what would be overdue before the next night if that is more.
    """
    _, size = _count_and_size(session)
    limit = clock.now() - timedelta(days=days - 1)
    overdue = session.scalar(
        select(func.coalesce(func.sum(StoredObject.size_bytes), 0)).where(
            or_(StoredObject.last_checked_at < limit, _is_undated())
        )
    )
    return max(math.ceil(size * copies / days), int(overdue or 0) * copies)


def tonight(session: Session, night: FixityRound, copies: int) -> Iterator[Due]:
    """Yield what is left of a night's share: up to what is needed, never over the budget.

    The first object is yielded even if it alone is larger than the budget: a round that stands
    still in front of it would never come to the others.
    """
    spent, is_first = night.read_bytes, night.objects == 0
    for row in session.scalars(longest_unchecked()).yield_per(500):
        cost = row.size_bytes * copies
        if not is_first and (spent >= night.needed_bytes or spent + cost > night.budget_bytes):
            return
        yield Due.of(row)
        spent, is_first = spent + cost, False


def longest_unchecked(limit: int | None = None) -> Select[StoredObject]:
    """Select recorded objects, the longest unchecked first; one of an impossible date before all.

    Without that, a clock that was set back would have the same few read night after night.
    """
    query = select(StoredObject).order_by(
        case((_is_undated(), 0), else_=1), StoredObject.last_checked_at, StoredObject.object_id
    )
    return query if limit is None else query.limit(limit)


def _is_undated() -> ColumnElement[bool]:
    return StoredObject.last_checked_at > clock.now() + _AHEAD


def _count_and_size(session: Session) -> tuple[int, int]:
    row = session.execute(
        select(func.count(), func.coalesce(func.sum(StoredObject.size_bytes), 0)).select_from(
            StoredObject
        )
    ).one()
    return int(row[0]), int(row[1])


def open_round(session: Session, since: datetime) -> FixityRound | None:
    """Return the night that was begun since then and not ended: under way, or killed."""
    return session.scalars(
        select(FixityRound)
        .where(FixityRound.ended_at.is_(None))
        .where(FixityRound.started_at > since, FixityRound.started_at <= clock.now())
        .order_by(FixityRound.id.desc())
    ).first()


def rounds(session: Session, limit: int = 30) -> Sequence[FixityRound]:
    """Return the latest nights, the newest first."""
    query = select(FixityRound).order_by(FixityRound.id.desc()).limit(limit)
    return session.scalars(query).all()


def findings(session: Session, limit: int = 100) -> Sequence[FixityFinding]:
    """Return the latest differences that were found, the newest first."""
    query = select(FixityFinding).order_by(FixityFinding.id.desc()).limit(limit)
    return session.scalars(query).all()


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
