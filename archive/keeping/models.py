"""The outbox of the store: rows whose newest state the journal does not hold yet."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase


class Unkept(ArchiveBase):
    """A row that changed since the last batch of the journal, by kind and primary key."""

    __tablename__ = "unkept"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(60))
