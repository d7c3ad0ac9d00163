"""Tables of the edition. Complete public documents, ready to be shown; nothing is hidden in them.

A row that may not be shown tomorrow carries `open_until`, and every read filters on it, so a
closing day is kept even if every worker is dead.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.db import EditionBase, UtcDateTime


def new_file_id() -> str:
    """Return a random id of 128 bits: a file's address cannot be guessed from another's."""
    return secrets.token_hex(16)


class FileRole(StrEnum):
    """What a published file is for."""

    ACCESS = "access"
    THUMB = "thumb"
    ORIGINAL = "original"
    PYRAMID = "pyramid"
    TEXT = "text"


class PublicRecord(EditionBase):
    """A unit of description as everyone may see it.

    `open_until` is the last day on which the row is served; None has no end. `ancestors` run
    from the top: [{pid, title, level, reference}]. `decision` is {"show": …, "publish": …},
    each a `Decision.as_dict()`. `place`, `thumb_id` and `digitized` are set by `actions.put`.
    """

    __tablename__ = "public_record"
    __table_args__ = (
        Index(
            "ix_public_record_parent_pid_sort_key", "parent_pid", "sort_key", "pid", "open_until"
        ),
        Index("ix_public_record_level", "level", "open_until", "digitized"),
        Index("ix_public_record_fonds_pid", "fonds_pid", "level", "open_until"),
        Index("ix_public_record_kind", "kind", "level", "open_until", "published_on"),
        Index("ix_public_record_year_min", "year_min", "level", "open_until"),
        Index("ix_public_record_unit_code", "unit_code", "open_until", "unit_name"),
        Index("ix_public_record_place", "place", "open_until", "latitude", "longitude"),
        Index("ix_public_record_published_on", "published_on", "digitized", "pid"),
        Index("ix_public_record_updated_at", "updated_at", "pid"),
        CheckConstraint("year_min <= year_max", name="years_in_order"),
    )

    pid: Mapped[str] = mapped_column(String(40), primary_key=True)
    reference: Mapped[str] = mapped_column(String(200), unique=True)
    level: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(Text)
    parent_pid: Mapped[str | None] = mapped_column(String(40))
    ancestors: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    sort_key: Mapped[str] = mapped_column(String(300), default="")

    date_text: Mapped[str | None] = mapped_column(Text)
    date_words: Mapped[str | None] = mapped_column(Text)
    year_min: Mapped[int | None]
    year_max: Mapped[int | None]

    unit_code: Mapped[str] = mapped_column(String(40), default="")
    unit_name: Mapped[str] = mapped_column(String(200), default="")
    fonds_pid: Mapped[str | None] = mapped_column(String(40))
    fonds_title: Mapped[str | None] = mapped_column(Text)

    kind: Mapped[str | None] = mapped_column(Text)
    creators: Mapped[list[str]] = mapped_column(JSON, default=list)
    places: Mapped[list[str]] = mapped_column(JSON, default=list)
    subjects: Mapped[list[str]] = mapped_column(JSON, default=list)
    also_named: Mapped[list[str]] = mapped_column(JSON, default=list)  # to find by, never shown
    place: Mapped[str | None] = mapped_column(String(200))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    scope: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)
    extent: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    rights: Mapped[str | None] = mapped_column(String(40))
    citation: Mapped[str | None] = mapped_column(Text)

    decision: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    open_until: Mapped[date | None]
    contents_open: Mapped[bool] = mapped_column(default=False)
    contents_until: Mapped[date | None]
    digitized: Mapped[bool] = mapped_column(default=False)
    thumb_id: Mapped[str | None] = mapped_column(String(32))
    noindex: Mapped[bool] = mapped_column(default=True)
    published_on: Mapped[date]
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)

    files: Mapped[list[PublicFile]] = relationship(
        lazy="raise",
        order_by="PublicFile.sequence",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )


class PublicFile(EditionBase):
    """A file that everyone may fetch. `path` is relative to the edition's folder of files."""

    __tablename__ = "public_file"
    __table_args__ = (Index("ix_public_file_pid_sequence", "pid", "sequence"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_file_id)
    pid: Mapped[str] = mapped_column(ForeignKey("public_record.pid", ondelete="CASCADE"))
    sequence: Mapped[int] = mapped_column(default=1)
    label: Mapped[str | None] = mapped_column(Text)
    role: Mapped[FileRole] = mapped_column(String(12))
    media_type: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    path: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]


class Collection(EditionBase):
    """A curated way in: a few words and a choice of records, in the curator's order."""

    __tablename__ = "collection"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    title_sv: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text, default="")
    text_sv: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    pids: Mapped[list[str]] = mapped_column(JSON, default=list)


class PublicPlan(EditionBase):
    """A decided plan (informationshanteringsplan) of a unit, as decided; history included."""

    __tablename__ = "public_plan"
    __table_args__ = (UniqueConstraint("unit_code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(40))
    unit_name: Mapped[str] = mapped_column(String(200))
    version: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(Text)
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    in_force_from: Mapped[date]
    in_force_to: Mapped[date | None]
    decided_on: Mapped[date | None]
    dnr: Mapped[str | None] = mapped_column(String(60))
    digest: Mapped[str | None] = mapped_column(String(64))


class PublicService(EditionBase):
    """An entry of the service catalogue: what, for whom, how, at what price."""

    __tablename__ = "public_service"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    sequence: Mapped[int] = mapped_column(default=0)
    title_sv: Mapped[str] = mapped_column(Text)
    title_en: Mapped[str] = mapped_column(Text, default="")
    text_sv: Mapped[str] = mapped_column(Text, default="")
    text_en: Mapped[str] = mapped_column(Text, default="")
    audience_sv: Mapped[str] = mapped_column(Text, default="")
    audience_en: Mapped[str] = mapped_column(Text, default="")
    how_sv: Mapped[str] = mapped_column(Text, default="")
    how_en: Mapped[str] = mapped_column(Text, default="")
    price_sv: Mapped[str] = mapped_column(Text, default="")
    price_en: Mapped[str] = mapped_column(Text, default="")


class EditionState(EditionBase):
    """What the edition knows of itself: "sequence" of the last drain, "updated_at" …"""

    __tablename__ = "edition_state"

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[dict[str, Any]] = mapped_column(JSON)


class Withdrawal(EditionBase):
    """That a record was withdrawn, in order: a drain under way leaves out what is named here."""

    __tablename__ = "withdrawal"

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40))


class Unsettled(EditionBase):
    """A withdrawn record that may still have a hit in the index; the next drain removes it."""

    __tablename__ = "unsettled"

    pid: Mapped[str] = mapped_column(String(40), primary_key=True)
