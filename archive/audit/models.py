"""Tables of the audit: events, the erasable words beside them, and the head of the chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime


class AuditEvent(ArchiveBase):
    """One deed. Holds ids only; the digest covers every column and the event before it."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_subject", "subject"),
        Index("ix_audit_event_actor", "actor"),
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    note_digest: Mapped[str | None] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class AuditNote(ArchiveBase):
    """Words that belong to an event and may name people; erasable without breaking the chain."""

    __tablename__ = "audit_note"

    seq: Mapped[int] = mapped_column(ForeignKey("audit_event.seq"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(Text)


class AuditHead(ArchiveBase):
    """The one row that says where the chain ends; locked while a link is added."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
