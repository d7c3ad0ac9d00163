"""Tables of the dock: deliveries on their way, and what was found in them."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.accounts.models import OrgUnit
from archive.db import ArchiveBase, UtcDateTime
from archive.holdings.models import new_pid
from archive.keeping import kinds


class State(StrEnum):
    """Where a transfer is; the moves between them are the table in `pipeline`."""

    RECEIVED = "received"
    UNPACKED = "unpacked"
    REVIEW = "review"
    ACCEPTED = "accepted"
    ACCESSIONED = "accessioned"
    REJECTED = "rejected"
    CHECKED = "checked"
    DISCARDED = "discarded"


class Transfer(ArchiveBase):
    """A delivery. The same bytes handed in twice are the same transfer."""

    __tablename__ = "transfer"
    __table_args__ = (
        Index("ix_transfer_state", "state"),
        Index("ix_transfer_object_id", "object_id"),
        Index("ix_transfer_segment_group", "segment_group"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    number: Mapped[int] = mapped_column(unique=True)
    state: Mapped[State] = mapped_column(String(12), default=State.RECEIVED)
    name: Mapped[str] = mapped_column(Text)
    sha512: Mapped[str] = mapped_column(String(128), unique=True)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_by: Mapped[str] = mapped_column(String(80))

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    record_type: Mapped[str | None] = mapped_column(Text)
    agreement: Mapped[str | None] = mapped_column(Text)
    assigned_by: Mapped[str | None] = mapped_column(String(80))
    assigned_reason: Mapped[str | None] = mapped_column(Text)

    profile: Mapped[str | None] = mapped_column(String(40))
    object_id: Mapped[str | None] = mapped_column(Text)
    label: Mapped[str | None] = mapped_column(Text)
    supplier: Mapped[str | None] = mapped_column(Text)
    clues: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # `ingest.clues`
    file_count: Mapped[int] = mapped_column(default=0)
    record_count: Mapped[int] = mapped_column(default=0)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    custody_on: Mapped[date | None]
    only_check: Mapped[bool] = mapped_column(default=False, server_default=false())
    segment_group: Mapped[str | None] = mapped_column(Text)
    segment_number: Mapped[int | None]
    segment_total: Mapped[int | None]
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    unit: Mapped[OrgUnit | None] = relationship(lazy="raise")


class TransferFinding(ArchiveBase):
    """A finding of a transfer, as collected: `ingest.findings` gives it its words."""

    __tablename__ = "transfer_finding"
    __table_args__ = (Index("ix_transfer_finding_transfer_id", "transfer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"))
    stage: Mapped[str] = mapped_column(String(12))
    code: Mapped[str] = mapped_column(String(60))
    severity: Mapped[str] = mapped_column(String(8))
    where: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSON)


class UploadState(StrEnum):
    """Where an upload in pieces is: its bytes are coming, are all there, or are a transfer."""

    SENDING = "sending"
    WHOLE = "whole"
    TAKEN = "taken"


class Upload(ArchiveBase):
    """A file on its way in, piece by piece; only who began it may go on with it.

    What lies in quarantine beyond `received_bytes` was never confirmed, and is written over.
    """

    __tablename__ = "upload"
    __table_args__ = (Index("ix_upload_owner_state", "owner", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    state: Mapped[UploadState] = mapped_column(String(12), default=UploadState.SENDING)
    owner: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    received_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    sender: Mapped[str | None] = mapped_column(String(40))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)

    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    record_type: Mapped[str | None] = mapped_column(Text)
    agreement: Mapped[str | None] = mapped_column(Text)

    only_check: Mapped[bool] = mapped_column(default=False)

    sha512: Mapped[str | None] = mapped_column(String(128))
    transfer_pid: Mapped[str | None] = mapped_column(String(40))
    is_known: Mapped[bool] = mapped_column(default=False)

    unit: Mapped[OrgUnit | None] = relationship(lazy="raise")


class Watched(ArchiveBase):
    """What lay in a watched folder at the last look, and since when it has been as it is."""

    __tablename__ = "watched"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    state: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(UtcDateTime)


kinds.register(
    kinds.Kind(
        "transfer",
        Transfer,
        ("pid",),
        refs={"unit_id": kinds.Ref("unit", OrgUnit, ("code",))},
        parts=(kinds.Part("findings", TransferFinding, "transfer_id"),),
    )
)
