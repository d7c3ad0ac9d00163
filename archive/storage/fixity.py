"""Read every byte again, find any change, and mend it from the other copy.

Everything within so many days, a share each night, within a budget of bytes. What was read is
remembered object by object, so a killed night goes on where it was. Begin at `check_night`.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from archive import clock, db
from archive.config import Config
from archive.errors import NotFound, Unavailable
from archive.jobs import actions as jobs
from archive.storage import actions, queries
from archive.storage.models import FixityRound, StoredObject
from archive.storage.queries import Due
from archive.storage.store import Mended, Problem, Store

log = logging.getLogger(__name__)

# A round that was begun longer ago is left as it is, and a new night begins.
_A_NIGHT = timedelta(hours=20)
# So many objects in a row that cannot be read at all: it is the store that is away.
_AWAY = 5

Say = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast to go round: everything within `days`, but at most `budget` bytes a night."""

    days: int
    budget: int


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome for one object."""

    object_id: str
    problems: tuple[Problem, ...]
    mended: Mended

    @property
    def repaired(self) -> bool:
        """Return whether every copy is good now."""
        return bool(self.mended)


@dataclass(slots=True)
class Round:
    """The outcome of a round: how many were read, and those where something was wrong.

    `bytes` is of all copies. `unread` are objects that the disks would not give at all.
    """

    checked: int = 0
    bytes: int = 0
    found: tuple[Checked, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Return whether every object read is good now."""
        return not self.unread and all(one.repaired for one in self.found)


def pace_of(config: Config) -> Pace:
    """Return the pace that the settings ask for."""
    return Pace(config.fixity_days, config.fixity_bytes)


def check_night(store: Store, pace: Pace, *, say: Say | None = None) -> Round:
    """Check tonight's share: the longest unchecked first, within the budget, one object at least.

    A night that was killed is gone on with, and what it had read counts. What is found is told
    by mail (`fixity.tell`) when the night is over.
    """
    with db.archive.transaction() as session:
        night = queries.open_round(session, clock.now() - _A_NIGHT)
        if night is None:
            needed = queries.needed_tonight(session, pace.days, store.copies)
            night = actions.begin_round(session, needed, pace.budget)
        due = list(queries.tonight(session, night, store.copies))
        night_id = night.id
    outcome = _check_all(store, due, night_id, say)
    with db.archive.transaction() as session:
        night = session.get_one(FixityRound, night_id)
        night.ended_at = clock.now()
        if night.damaged or night.repaired or night.unread:
            jobs.enqueue(session, "fixity.tell", round=night_id)
    return outcome


def check_round(store: Store, *, sample: float = 100) -> Round:
    """Check a part of all objects, in per cent, the longest unchecked first; no budget holds."""
    with db.archive.reading() as session:
        limit = math.ceil(queries.count(session) * min(sample, 100) / 100)
        due = [Due.of(row) for row in session.scalars(queries.longest_unchecked(limit))]
    return _check_all(store, due, None, None)


def check_object(store: Store, object_id: str) -> Round:
    """Check one object now.

    :raises NotFound: if no such object is recorded.
    """
    with db.archive.reading() as session:
        row = session.get(StoredObject, object_id)
        if row is None:
            raise NotFound(f"the store has no object {object_id!r}")
        due = [Due.of(row)]
    return _check_all(store, due, None, None)


def _check_all(store: Store, due: Sequence[Due], night_id: int | None, say: Say | None) -> Round:
    store.demand()  # a disk that is away is no damage, and nothing is mended onto its place
    outcome, away = Round(), 0
    for number, one in enumerate(due):
        try:
            checked = _check_one(store, one, night_id)
            away = 0
        except Unavailable as error:
            # Left as unchecked as it was: it is first in line again tomorrow.
            away += 1
            if away == _AWAY:
                raise
            log.warning("object %s could not be checked: %s", one.object_id, error)
            outcome.unread += (one.object_id,)
            _count(night_id, unread=1)
            continue
        outcome.checked += 1
        outcome.bytes += one.size_bytes * store.copies
        if checked is not None:
            outcome.found += (checked,)
        if say is not None:
            say(number + 1, len(due))
    return outcome


def _check_one(store: Store, due: Due, night_id: int | None) -> Checked | None:
    problems = store.check(due.object_id, due.digest)
    mended = _mend(store, due) if problems else Mended(is_whole=True)
    with db.archive.transaction() as session:
        _add(session, night_id, objects=1, read_bytes=due.size_bytes * store.copies)
        row = session.get(StoredObject, due.object_id)
        if row is None:  # disposed of while it was read
            return None
        actions.record_check(session, row, problems, mended, round_id=night_id)
        if problems:
            _add(session, night_id, **{"repaired" if mended else "damaged": 1})
    return Checked(due.object_id, tuple(problems), mended) if problems else None


def _mend(store: Store, due: Due) -> Mended:
    try:
        return store.repair(due.object_id, due.digest)
    except Unavailable as error:  # a full disk; what was found is told all the same
        log.warning("object %s could not be mended: %s", due.object_id, error)
        return Mended()


def _count(night_id: int | None, **more: int) -> None:
    with db.archive.transaction() as session:
        _add(session, night_id, **more)


def _add(session: Session, night_id: int | None, **more: int) -> None:
    if night_id is None:
        return
    night = session.get_one(FixityRound, night_id)
    for column, number in more.items():
        setattr(night, column, getattr(night, column) + number)
