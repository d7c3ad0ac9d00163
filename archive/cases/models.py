"""Tables of the cases. Personal data of requesters lives here and is erased when due."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.db import ArchiveBase, UtcDateTime
from archive.holdings.models import new_pid


class State(StrEnum):
    """Where a case is (DOMAIN section 5)."""

    RECEIVED = "received"
    TESTING = "testing"
    RELEASED = "released"
    PARTLY_RELEASED = "partly_released"
    REFUSED = "refused"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({State.RECEIVED, State.TESTING})


class Outcome(StrEnum):
    """What a person decided of one item."""

    RELEASE = "release"
    REFUSE = "refuse"
    NOT_HELD = "not_held"


class Case(ArchiveBase):
    """A case. `case_no` runs without gaps per year; who asks may stay unknown."""

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_file_state_due_on", "state", "due_on"),
        Index("ix_case_file_officer_id", "officer_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    case_no: Mapped[str] = mapped_column(String(20), unique=True)
    dnr: Mapped[str | None] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(10))
    state: Mapped[State] = mapped_column(String(20), default=State.RECEIVED)
    question: Mapped[str] = mapped_column(Text)
    requester: Mapped[str | None] = mapped_column(String(200))
    contact: Mapped[str | None] = mapped_column(String(200))
    # For notices only, and erased a month after the case: see `tasks.expire_step`.
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="sv")
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    public_key: Mapped[str | None] = mapped_column(String(64))
    incoming_id: Mapped[str | None] = mapped_column(String(40), unique=True)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date]
    first_answer_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    revision: Mapped[int] = mapped_column(default=1)

    items: Mapped[list[CaseItem]] = relationship(lazy="raise", order_by="CaseItem.id")
    messages: Mapped[list[CaseMessage]] = relationship(lazy="raise", order_by="CaseMessage.id")

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class CaseItem(ArchiveBase):
    """One record that is asked for: what the law says of it, and what a person decided."""

    __tablename__ = "case_item"
    __table_args__ = (Index("ix_case_item_case_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    description_id: Mapped[int | None] = mapped_column(ForeignKey("description.id"))
    asked_for: Mapped[str] = mapped_column(Text)
    verdict: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    outcome: Mapped[Outcome | None] = mapped_column(String(10))
    clause: Mapped[str | None] = mapped_column(String(80))
    reason: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CaseMessage(ArchiveBase):
    """A message in a case: from the requester, to the requester, or a note among staff."""

    __tablename__ = "case_message"
    __table_args__ = (Index("ix_case_message_case_id", "case_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    direction: Mapped[str] = mapped_column(String(8))  # in | out | internal
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by: Mapped[str] = mapped_column(String(80))
    incoming_id: Mapped[str | None] = mapped_column(String(40), unique=True)
