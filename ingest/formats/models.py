"""The table of the house's own word on formats."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime
from archive.keeping import kinds


class FormatRule(ArchiveBase):
    """What the house says of a format, for all deliveries or those of one submission agreement.

    `subject` is a PUID, a suffix, "*" or "unknown"; `agreement` is empty for all. A rule is never
    removed, since the store's memory knows no removal: without a verdict the list holds again.
    """

    __tablename__ = "format_rule"
    __table_args__ = (UniqueConstraint("agreement", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agreement: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str] = mapped_column(String(40))
    verdict: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    changed_by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


kinds.register(kinds.Kind("format_rule", FormatRule, ("agreement", "subject")))
