"""Put letters into the outbox, and erase them. Nothing here reaches a mail server."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive import clock
from archive.addresses import mailable
from archive.jobs import actions as jobs
from archive.mail.models import Letter, Occasion

# After 30 s, 2 min, 8 min … the eighth try comes two days later: a server that is down over a
# weekend's night loses no letter.
TRIES = 8
KEPT = timedelta(days=14)


def post(
    session: Session, occasion: Occasion, address: str, *, case_no: str, subject: str, language: str
) -> Letter | None:
    """Let a letter be sent when this transaction has committed; None if it cannot be addressed.

    A letter about the same that has not gone yet is enough: it is returned instead of a second.
    """
    to = mailable(address)
    if to is None:
        return None
    letter = session.scalars(
        select(Letter).where(Letter.subject == subject, Letter.occasion == occasion)
    ).first()
    if letter is None:
        letter = Letter(
            address=to,
            occasion=occasion,
            language="en" if language == "en" else "sv",
            case_no=case_no,
            subject=subject,
            created_at=clock.now(),
        )
        session.add(letter)
        session.flush()
    # The job names the letter by its id: the queue is kept, and must not keep the address.
    # Asked for again also for a letter that waits: its own job may have used up its tries.
    job = jobs.enqueue(
        session, "mail.send", once=True, lock_key=f"letter:{letter.id}", letter=letter.id
    )
    job.max_attempts = TRIES
    return letter


def forget(session: Session, letter_id: str) -> None:
    """Erase a letter, address and all."""
    session.execute(delete(Letter).where(Letter.id == letter_id))


def forget_about(session: Session, subject: str) -> None:
    """Erase every letter about a case that has not gone: nobody wants them any more."""
    session.execute(delete(Letter).where(Letter.subject == subject))


def forget_old(session: Session) -> int:
    """Erase letters that could not be sent in two weeks; return how many."""
    old = list(session.scalars(select(Letter.id).where(Letter.created_at < clock.now() - KEPT)))
    session.execute(delete(Letter).where(Letter.id.in_(old)))
    return len(old)
