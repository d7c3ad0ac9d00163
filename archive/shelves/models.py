"""Tables of the shelves: places in a tree of three levels, and which record stands where.

A place is never deleted, only closed; a record that stands nowhere keeps its row without a place,
so that the store tells of that too.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime
from archive.holdings.models import Description, new_pid
from archive.keeping import kinds
from archive.keeping.kinds import Kind, Ref


class PlaceKind(StrEnum):
    """The three levels, the largest first."""

    ROOM = "room"
    SECTION = "section"
    BOX = "box"


class ShelfPlace(ArchiveBase):
    """A room, a section of its shelves, or a box on one.

    `metres` is what a section holds, and how wide a box is; a room holds what its sections do.
    """

    __tablename__ = "shelf_place"
    __table_args__ = (
        CheckConstraint("metres >= 0", name="metres"),
        Index("ix_shelf_place_parent_id", "parent_id", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("shelf_place.id"))
    kind: Mapped[PlaceKind] = mapped_column(String(8))
    code: Mapped[str] = mapped_column(String(80))
    barcode: Mapped[str | None] = mapped_column(String(80), unique=True)
    metres: Mapped[float | None]
    note: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Standing(ArchiveBase):
    """That a record stands in a place, and how much of a shelf it takes, where that is known."""

    __tablename__ = "standing"
    __table_args__ = (
        CheckConstraint("metres >= 0", name="metres"),
        Index("ix_standing_place_id", "place_id"),
    )

    description_id: Mapped[int] = mapped_column(ForeignKey("description.id"), primary_key=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("shelf_place.id"))
    metres: Mapped[float | None]


kinds.register(
    Kind(
        "shelf_place",
        ShelfPlace,
        ("pid",),
        refs={"parent_id": Ref("parent", ShelfPlace, ("pid",))},
    )
)
kinds.register(
    Kind(
        "standing",
        Standing,
        ("description_id",),
        refs={
            "description_id": Ref("record", Description, ("pid",)),
            "place_id": Ref("place", ShelfPlace, ("pid",)),
        },
        leave_out=frozenset(),
    )
)
