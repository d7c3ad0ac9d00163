"""Read every byte again, find any change, and mend it from the other copy.

Everything within 90 days, a portion each night. Begin at `check_round`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from archive import db
from archive.storage import actions, queries
from archive.storage.models import StoredObject
from archive.storage.store import Problem, Store

CADENCE_DAYS = 90


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome for one object."""

    object_id: str
    problems: tuple[Problem, ...]
    repaired: bool


@dataclass(frozen=True, slots=True)
class Round:
    """The outcome of a round: how many were read, and those where something was wrong."""

    checked: int
    bytes: int
    found: tuple[Checked, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether every object read is good now."""
        return all(one.repaired for one in self.found)


def check_round(store: Store, *, sample: float | None = None) -> Round:
    """Check the longest unchecked objects, and repair what can be.

    `sample` is a percentage of all objects; None takes what a night needs for 90 days.
    """
    with db.archive.reading() as session:
        total = queries.count(session)
        share = 1 / CADENCE_DAYS if sample is None else min(sample, 100) / 100
        due = [
            (row.object_id, row.digest, row.size_bytes)
            for row in session.scalars(queries.longest_unchecked(math.ceil(total * share)))
        ]
    found = [one for i, digest, _ in due if (one := _check_one(store, i, digest)) is not None]
    return Round(len(due), sum(size for *_, size in due), tuple(found))


def _check_one(store: Store, object_id: str, recorded: str) -> Checked | None:
    problems = store.check(object_id, recorded)
    repaired = bool(problems) and store.repair(object_id, recorded)
    with db.archive.transaction() as session:
        row = session.get(StoredObject, object_id)
        if row is None:  # disposed of while it was read
            return None
        actions.record_check(session, row, problems, repaired=repaired)
    return Checked(object_id, tuple(problems), repaired) if problems else None
