"""Tables of what the store should have, on which roots, and when it was last read."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime

UNCHECKED = datetime(1970, 1, 1, tzinfo=UTC)  # the day of what nobody has read yet


class StoreRoot(ArchiveBase):
    """A root as it is known: its place in the order of the copies, and the mark it must have."""

    __tablename__ = "store_root"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


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


class FixityRound(ArchiveBase):
    """One night's reading: what it had to read, and what it has read so far.

    Without `ended_at` it is under way, or the worker was killed; within a day it is gone on with.
    """

    __tablename__ = "fixity_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    needed_bytes: Mapped[int] = mapped_column(BigInteger)
    budget_bytes: Mapped[int] = mapped_column(BigInteger)
    objects: Mapped[int] = mapped_column(default=0)
    read_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    damaged: Mapped[int] = mapped_column(default=0)
    repaired: Mapped[int] = mapped_column(default=0)
    unread: Mapped[int] = mapped_column(default=0)


class FixityFinding(ArchiveBase):
    """A difference that was found: in which copy, and from which copy it was mended, if it was."""

    __tablename__ = "fixity_finding"
    __table_args__ = (Index("ix_fixity_finding_object_id", "object_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("fixity_round.id"))
    object_id: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    copy: Mapped[str] = mapped_column(Text)
    path: Mapped[str] = mapped_column(Text)
    what: Mapped[str] = mapped_column(Text)
    repaired_from: Mapped[str | None] = mapped_column(Text)
