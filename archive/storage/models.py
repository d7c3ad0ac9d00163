"""Table of what the store should have, and when every byte of it was last read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime


class StoredObject(ArchiveBase):
    """An object as recorded: the digest of its inventory, and the outcome of its last check."""

    __tablename__ = "stored_object"
    __table_args__ = (
        CheckConstraint("state IN ('ok', 'repaired', 'damaged', 'missing')", name="state"),
        Index("ix_stored_object_last_checked_at", "last_checked_at"),
    )

    object_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[str] = mapped_column(String(12))
    digest: Mapped[str] = mapped_column(String(128))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    file_count: Mapped[int]
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(10), default="ok")  # or repaired, damaged, missing
