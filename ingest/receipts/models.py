"""The table of receipts: which delivery has one, and the bytes that it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime
from archive.keeping import kinds

PDF, FACTS = "receipt/kvitto.pdf", "receipt/kvitto.json"


class Receipt(ArchiveBase):
    """A delivery's receipt: an object of its own in the store, so that it outlives what it is of.

    `sha512` and `size_bytes` are those of the PDF.
    """

    __tablename__ = "receipt"

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_pid: Mapped[str] = mapped_column(String(40), unique=True)
    object_id: Mapped[str] = mapped_column(String(120))
    version: Mapped[str] = mapped_column(String(12))
    sha512: Mapped[str] = mapped_column(String(128))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


kinds.register(kinds.Kind("receipt", Receipt, ("transfer_pid",)))
