"""Read the audit and test its chain. Begin at `verify`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from archive.audit.chain import GENESIS, digest_of, note_digest
from archive.audit.models import AuditEvent, AuditHead, AuditNote


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold, and what is wrong there."""

    seq: int
    what: str


def events_about(subject: str) -> Select[AuditEvent]:
    """Select the events about one subject, newest first."""
    return select(AuditEvent).where(AuditEvent.subject == subject).order_by(AuditEvent.seq.desc())


def latest(limit: int = 100, before: int | None = None) -> Select[AuditEvent]:
    """Select the newest events, or those before a sequence number."""
    query = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(limit)
    return query if before is None else query.where(AuditEvent.seq < before)


def notes_of(session: Session, seqs: list[int]) -> dict[int, str]:
    """Return the words beside the events that still have any."""
    rows = session.scalars(select(AuditNote).where(AuditNote.seq.in_(seqs)))
    return {row.seq: row.body for row in rows}


def verify(session: Session) -> Iterator[Break]:
    """Yield every break of the chain: changed, missing, inserted, moved or cut events.

    A tail cut off together with the head row cannot be seen from inside; compare the head's
    digest with the one printed or sent away earlier (`head`).
    """
    expected_seq, previous = 1, GENESIS
    query = select(AuditEvent, AuditNote).outerjoin(AuditNote, AuditNote.seq == AuditEvent.seq)
    for event, note in session.execute(query.order_by(AuditEvent.seq)).yield_per(1000):
        if event.seq != expected_seq:
            yield Break(expected_seq, f"events {expected_seq} to {event.seq - 1} are missing")
        elif event.previous != previous:
            yield Break(event.seq, "does not follow from the event before it")
        if digest_of(event) != event.digest:
            yield Break(event.seq, "was changed after it was written")
        if note is not None and note_digest(note.salt, note.body) != event.note_digest:
            yield Break(event.seq, "its words were changed after they were written")
        expected_seq, previous = event.seq + 1, event.digest
    end = head(session)
    if (end.seq, end.digest) != (expected_seq - 1, previous):
        yield Break(expected_seq, f"the chain ends here, but its head says event {end.seq}")


def head(session: Session) -> AuditHead:
    """Return the end of the chain; an empty chain ends at 0."""
    return session.get(AuditHead, 1) or AuditHead(id=1, seq=0, digest=GENESIS)
