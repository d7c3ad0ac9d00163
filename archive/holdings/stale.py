"""The outbox of the shadows: which records the staff index and the edition must look at again.

A row is written in the transaction of the change itself. Bulk statements pass by the listener,
so whoever writes one calls `mark`. Begin at `mark`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, delete, distinct, event, func, insert, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from archive.holdings.models import (
    Agent,
    Derivative,
    Description,
    DescriptionAgent,
    DescriptionTerm,
    File,
    Hold,
    Mark,
    RecordText,
    Stale,
    Term,
)

# What is told of an agent or term wherever a record names it, and what decides how much of it.
_TOLD = frozenset({"name", "value", "variants", "latitude", "longitude"})
_TOLD |= {"kind", "living", "dates"}
_PARTS = (DescriptionAgent, DescriptionTerm, File, RecordText, Hold, Mark)


def mark(session: Session, which: Select[int, str]) -> None:
    """Mark the records that `which` selects (id, pid) as stale, in this transaction."""
    session.execute(insert(Stale).from_select(["description_id", "pid"], which))


def mark_branch(session: Session, description: Description) -> None:
    """Mark a record and everything below it."""
    mark(
        session,
        select(Description.id, Description.pid).where(
            Description.path.startswith(description.path)
        ),
    )


def mark_named(session: Session, authority: Agent | Term) -> None:
    """Mark every record that names an agent or a term."""
    if isinstance(authority, Agent):
        naming = select(DescriptionAgent.description_id).where(
            DescriptionAgent.agent_id == authority.id
        )
    else:
        naming = select(DescriptionTerm.description_id).where(
            DescriptionTerm.term_id == authority.id
        )
    mark(session, select(Description.id, Description.pid).where(Description.id.in_(naming)))


def take(session: Session, limit: int) -> Sequence[Stale]:
    """Return the rows of so many records, the longest stale first; they stay until `done`.

    Every row of a record is returned, so that one that changed ten times is looked at once.
    """
    longest = (
        select(Stale.description_id)
        .group_by(Stale.description_id)
        .order_by(func.min(Stale.id))
        .limit(limit)
    )
    rows = select(Stale).where(Stale.description_id.in_(longest))
    return session.scalars(rows.order_by(Stale.id)).all()


def done(session: Session, rows: Iterable[Stale]) -> None:
    """Forget these rows: their records' shadows agree with them now."""
    ids = [row.id for row in rows]
    for start in range(0, len(ids), 500):
        session.execute(delete(Stale).where(Stale.id.in_(ids[start : start + 500])))


def count(session: Session) -> int:
    """Return how many records are stale."""
    rows = select(func.count(distinct(Stale.description_id)))
    return session.scalar(rows) or 0


def waiting(session: Session) -> bool:
    """Return whether any record is stale."""
    return session.scalars(select(Stale.id).limit(1)).first() is not None


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, context: UOWTransaction) -> None:
    changed: set[int] = set()
    files: set[int] = set()
    for row in {*session.new, *session.dirty, *session.deleted}:
        if isinstance(row, Description):
            changed.add(row.id)
        elif isinstance(row, _PARTS):
            changed.add(row.description_id)
        elif isinstance(row, Derivative):
            files.add(row.file_id)
        elif isinstance(row, Agent | Term) and _tells_something_new(row):
            mark_named(session, row)
    if files:
        changed.update(session.scalars(select(File.description_id).where(File.id.in_(files))))
    ids = sorted(changed)
    for start in range(0, len(ids), 500):
        mark(
            session,
            select(Description.id, Description.pid).where(
                Description.id.in_(ids[start : start + 500])
            ),
        )


def _tells_something_new(row: Agent | Term) -> bool:
    state: Any = inspect(row)
    return bool(_TOLD & set(state.committed_state))
