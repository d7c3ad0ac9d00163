"""Add a link to the audit chain. Nothing here changes or removes one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock
from archive.audit.chain import GENESIS, digest_of, note_digest
from archive.audit.models import AuditEvent, AuditHead, AuditNote
from archive.engines import visible_nul


class Acting(Protocol):
    """Somebody or something that does deeds: a user, or the system itself."""

    @property
    def actor_id(self) -> str:
        """Return a stable id without personal data ("user:7", "system")."""


class System:
    """The product acting by itself: nightly jobs, the pipeline."""

    actor_id = "system"


SYSTEM = System()


def record(
    session: Session,
    action: str,
    subject: str,
    *,
    actor: Acting,
    note: str | None = None,
    **details: Any,
) -> AuditEvent:
    """Add an event to the chain, in the caller's transaction.

    `subject` is "<kind>:<id>"; `details` are plain JSON values and hold ids, codes and dates,
    never names; words that may name people go into `note`, which can be erased later.
    """
    salt = secrets.token_hex(16)
    note = visible_nul(note) if note else None  # the digest is of the words as they are kept
    event = _append(
        _locked_head(session),
        action,
        subject,
        actor=actor,
        digest=note_digest(salt, note) if note else None,
        details=details,
    )
    session.add(event)
    session.flush()
    if note:
        session.add(AuditNote(seq=event.seq, salt=salt, body=note))
    return event


def record_many(
    session: Session,
    action: str,
    subjects: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    actor: Acting,
    note: str | None = None,
) -> None:
    """Add one event for each subject and its details: the same chain, written in one go.

    The note, where there is one, stands beside each.
    """
    head = _locked_head(session)
    note = visible_nul(note) if note else None
    for subject, details in subjects:
        salt = secrets.token_hex(16)
        digest = note_digest(salt, note) if note else None
        event = _append(head, action, subject, actor=actor, digest=digest, details=dict(details))
        session.add(event)
        if note:
            session.add(AuditNote(seq=event.seq, salt=salt, body=note))
    session.flush()


def _append(
    head: AuditHead,
    action: str,
    subject: str,
    *,
    actor: Acting,
    digest: str | None,
    details: dict[str, Any],
) -> AuditEvent:
    event = AuditEvent(
        seq=head.seq + 1,
        at=clock.now(),
        actor=actor.actor_id,
        action=action,
        subject=subject,
        details=details,
        previous=head.digest,
        note_digest=digest,
    )
    event.digest = digest_of(event)
    head.seq, head.digest = event.seq, event.digest
    return event


def _locked_head(session: Session) -> AuditHead:
    head = session.scalars(select(AuditHead).with_for_update()).one_or_none()
    if head is None:
        head = AuditHead(id=1, seq=0, digest=GENESIS)
        session.add(head)
        session.flush()
    return head
