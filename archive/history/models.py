"""The table of changes. Kept in the store with the records, so that it outlives the database."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime


def new_name() -> str:
    """Return a random name for a change, or for changes that are made as one."""
    return secrets.token_hex(16)


class Change(ArchiveBase):
    """One change of one record: field -> [what it said before, what it says since].

    `bundle` is the name that changes made as one have together; they are undone as one.
    `undoes` is the bundle, or the change, that this one takes back. The actor's name stands here
    too: accounts are not in the store, and a number without its account is nobody.
    """

    __tablename__ = "record_change"
    __table_args__ = (
        Index("ix_record_change_record_pid", "record_pid"),
        Index("ix_record_change_bundle", "bundle"),
        Index("ix_record_change_undoes", "undoes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_name)
    record_pid: Mapped[str] = mapped_column(String(40))
    deed: Mapped[str] = mapped_column(String(20))
    bundle: Mapped[str] = mapped_column(String(40), default=new_name)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    actor_name: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[dict[str, list[Any]]] = mapped_column(JSON)
    undoes: Mapped[str | None] = mapped_column(String(40))


class FormerReference(ArchiveBase):
    """A reference code that a record had before, or that of one merged into it.

    It is cited in books and letters, so it leads to the record for ever and is given to no other.
    `merged_pid` is the id of the record that is no more.
    """

    __tablename__ = "former_reference"
    __table_args__ = (
        Index("ix_former_reference_record_pid", "record_pid"),
        Index("ix_former_reference_merged_pid", "merged_pid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(200), unique=True)
    record_pid: Mapped[str] = mapped_column(String(40))
    merged_pid: Mapped[str | None] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(UtcDateTime)
