"""Tables of the counter. Nothing here names a record of the archive but what a citizen wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import CounterBase, UtcDateTime


class Incoming(CounterBase):
    """Something handed in, in clear, until the worker has made a case of it."""

    __tablename__ = "incoming"
    __table_args__ = (Index("ix_incoming_at", "at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))  # request | message | withdraw
    token_hash: Mapped[str] = mapped_column(String(64))
    public_key: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    network: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Notice(CounterBase):
    """How a case stands, sealed for its requester; one row a case, replaced at each change."""

    __tablename__ = "notice"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Release(CounterBase):
    """A file handed out, sealed for its requester, until a day."""

    __tablename__ = "release"
    __table_args__ = (Index("ix_release_token_hash", "token_hash"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64))
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    path: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    downloads: Mapped[int] = mapped_column(default=0)
