"""Tables of what units offer: the offer with its list of contents, and what was said of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.accounts.models import OrgUnit
from archive.db import ArchiveBase, UtcDateTime
from archive.holdings.models import new_pid
from archive.keeping import kinds


class OfferState(StrEnum):
    """Where an offer is."""

    OFFERED = "offered"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SUBMITTED = "submitted"
    ARRIVED = "arrived"
    WITHDRAWN = "withdrawn"


_S = OfferState
# Back from SUBMITTED to ACCEPTED: something is to be mended, and the unit hands in again.
NEXT: dict[OfferState, frozenset[OfferState]] = {
    _S.OFFERED: frozenset({_S.ASKED, _S.ACCEPTED, _S.DECLINED, _S.WITHDRAWN}),
    _S.ASKED: frozenset({_S.OFFERED, _S.ACCEPTED, _S.DECLINED, _S.WITHDRAWN}),
    _S.ACCEPTED: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset({_S.ACCEPTED, _S.ARRIVED}),
    _S.DECLINED: frozenset(),
    _S.WITHDRAWN: frozenset(),
    _S.ARRIVED: frozenset(),
}


class Way(StrEnum):
    """How the records come: as a package from a person or a system, or in boxes."""

    UPLOAD = "upload"
    EXPORT = "export"
    PAPER = "paper"


class Offer(ArchiveBase):
    """Records that a unit offers, under one row of its plan, with how they are to come.

    `checklist` holds the keys of what is done. `rows` is the list of contents as it was typed,
    column by column, right or wrong: `lists` reads it, and says what is wrong.
    """

    __tablename__ = "offer"
    __table_args__ = (
        Index("ix_offer_state", "state"),
        Index("ix_offer_unit_id", "unit_id"),
        Index("ix_offer_transfer_pid", "transfer_pid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[OfferState] = mapped_column(String(12), default=OfferState.OFFERED)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    row_code: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(Text)
    date_text: Mapped[str] = mapped_column(Text)
    extent: Mapped[str] = mapped_column(Text)
    medium: Mapped[str] = mapped_column(String(12))
    secrecy: Mapped[str | None] = mapped_column(Text)
    system: Mapped[str | None] = mapped_column(Text)
    about: Mapped[str | None] = mapped_column(Text)
    way: Mapped[Way] = mapped_column(String(8))

    checklist: Mapped[list[str]] = mapped_column(JSON, default=list)
    list_kind: Mapped[str | None] = mapped_column(String(12))
    rows: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    boxes_on: Mapped[date | None]
    transfer_pid: Mapped[str | None] = mapped_column(String(40))
    series: Mapped[str | None] = mapped_column(Text)  # the reference under which it arrived

    created_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    unit: Mapped[OrgUnit] = relationship(lazy="raise")


# The kinds of a message, by who wrote it; "message" is also all from before they were told apart.
FROM_ARCHIVE, FROM_UNIT = "message", "unit_message"


class OfferEntry(ArchiveBase):
    """A line of an offer's story: a message of one side, or a step to a state."""

    __tablename__ = "offer_entry"
    __table_args__ = (Index("ix_offer_entry_offer_id", "offer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(Text, default="")


kinds.register(
    kinds.Kind(
        "offer",
        Offer,
        ("pid",),
        refs={"unit_id": kinds.Ref("unit", OrgUnit, ("code",))},
        parts=(kinds.Part("entries", OfferEntry, "offer_id"),),
    )
)
