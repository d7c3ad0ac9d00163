"""The table of submission agreements."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.accounts.models import OrgUnit
from archive.db import ArchiveBase, UtcDateTime
from archive.keeping import kinds


class Agreement(ArchiveBase):
    """What a unit and the archive have agreed on about deliveries.

    An empty list of rows or kinds leaves that open; what holds for formats are format rules of
    its number (`ingest/formats`). `checksum` is the weakest algorithm that is good enough. While
    `needs_test` and nobody has approved a test (`tested_on`), every delivery waits for a person.
    """

    __tablename__ = "agreement"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(Text)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"), index=True)
    contact: Mapped[str | None] = mapped_column(Text)  # a function, not a person

    rows: Mapped[list[str]] = mapped_column(JSON, default=list)
    profiles: Mapped[list[str]] = mapped_column(JSON, default=list)
    checksum: Mapped[str | None] = mapped_column(String(12))

    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    first_due: Mapped[date | None]
    every_months: Mapped[int | None]
    needs_test: Mapped[bool] = mapped_column(default=False)
    tested_on: Mapped[date | None]

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    unit: Mapped[OrgUnit] = relationship(lazy="raise")

    def is_in_force(self, on: date) -> bool:
        """Return whether the agreement holds on a day, first and last day included."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


kinds.register(
    kinds.Kind(
        "agreement",
        Agreement,
        ("number",),
        refs={"unit_id": kinds.Ref("unit", OrgUnit, ("code",))},
    )
)
