"""The outbox: letters that have not gone yet. A row is erased as soon as its letter is sent."""

from __future__ import annotations

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime


class Occasion(StrEnum):
    """Why a letter is written; `templates/mail/<occasion>.<language>.txt` is its text."""

    RECEIPT = "receipt"
    MESSAGE = "message"
    READY = "ready"
    FIXITY = "fixity"  # to staff: a night's reading of the store found something


def new_letter_id() -> str:
    """Return an id that says nothing: it becomes the Message-ID, which servers on the way see."""
    return secrets.token_hex(16)


class Letter(ArchiveBase):
    """One letter to be sent: to whom, why, and the case's number. The text is made when it goes."""

    __tablename__ = "letter"
    __table_args__ = (Index("ix_letter_subject_occasion", "subject", "occasion"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_letter_id)
    address: Mapped[str] = mapped_column(String(254))
    occasion: Mapped[Occasion] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(2))
    case_no: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(80))  # as the audit names it: case:<pid>
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
