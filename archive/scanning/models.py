"""Tables of the orders of digitization, what happened to each, and the scans that came of it.

What was found of a scan is kept with it: a decision to accept rests on that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.db import ArchiveBase, UtcDateTime
from archive.holdings.models import Description, File, new_pid
from archive.keeping import kinds
from archive.keeping.kinds import Kind, Part, Ref


class OrderState(StrEnum):
    """Where an order is; `done` is accepted, and the originals are back in their place."""

    ORDERED = "ordered"
    SCANNING = "scanning"
    DELIVERED = "delivered"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DONE = "done"
    CANCELLED = "cancelled"


class Colour(StrEnum):
    """What the scans shall be; the order is that of what they hold, the most first."""

    COLOUR = "colour"
    GREY = "grey"
    BITONAL = "bitonal"


S = OrderState
NEXT: Mapping[OrderState, frozenset[OrderState]] = {
    S.ORDERED: frozenset({S.SCANNING, S.DELIVERED, S.CANCELLED}),
    S.SCANNING: frozenset({S.DELIVERED, S.CANCELLED}),
    S.DELIVERED: frozenset({S.ACCEPTED, S.RETURNED, S.CANCELLED}),
    S.RETURNED: frozenset({S.SCANNING, S.DELIVERED, S.CANCELLED}),
    S.ACCEPTED: frozenset({S.DONE}),
    S.DONE: frozenset(),
    S.CANCELLED: frozenset(),
}
WITH_THE_FIRM = (S.ORDERED, S.SCANNING, S.RETURNED)  # what a deadline can be late for
OPEN = (*WITH_THE_FIRM, S.DELIVERED)  # what scans may still come to


class ScanOrder(ArchiveBase):
    """That a record shall be scanned: what of it, why, how finely, by when, and how far it is.

    `had` are the pids of the files that were there when it was ordered: those are no scans of it.
    `findings` are about the scans together, [{"code", ...}]; see `judge`.
    """

    __tablename__ = "scan_order"
    __table_args__ = (
        CheckConstraint("dpi > 0", name="dpi"),
        CheckConstraint("pages > 0", name="pages"),
        Index("ix_scan_order_description_id", "description_id"),
        Index("ix_scan_order_state", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    number: Mapped[int] = mapped_column(unique=True)
    description_id: Mapped[int] = mapped_column(ForeignKey("description.id"))
    what: Mapped[str | None] = mapped_column(Text)
    why: Mapped[str] = mapped_column(Text)
    dpi: Mapped[int]
    colour: Mapped[Colour] = mapped_column(String(8))
    paper: Mapped[str | None] = mapped_column(String(8))
    pages: Mapped[int | None]
    due_on: Mapped[date | None]
    asked_by: Mapped[str | None] = mapped_column(Text)
    firm: Mapped[str | None] = mapped_column(Text)
    state: Mapped[OrderState] = mapped_column(String(10))
    had: Mapped[list[str]] = mapped_column(JSON, default=list)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    record: Mapped[Description] = relationship(lazy="raise")


class ScanEntry(ArchiveBase):
    """A line of an order's story: a step, who took it and when, and what was said."""

    __tablename__ = "scan_entry"
    __table_args__ = (Index("ix_scan_entry_order_id", "order_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("scan_order.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    body: Mapped[str] = mapped_column(Text)


class ScanFile(ArchiveBase):
    """A file that came of an order, its figures (`archive.images.measure`) and its findings.

    `measured` is None until it has been looked at; {"problem": …} where it could not be opened.
    """

    __tablename__ = "scan_file"
    __table_args__ = (Index("ix_scan_file_file_id", "file_id"),)

    order_id: Mapped[int] = mapped_column(ForeignKey("scan_order.id"), primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"), primary_key=True)
    is_by_hand: Mapped[bool]
    measured: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)


kinds.register(
    Kind(
        "scan_order",
        ScanOrder,
        ("pid",),
        refs={"description_id": Ref("record", Description, ("pid",))},
        parts=(
            Part("story", ScanEntry, "order_id"),
            Part("scans", ScanFile, "order_id", refs={"file_id": Ref("file", File, ("pid",))}),
        ),
    )
)
