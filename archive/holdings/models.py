"""Tables of the holdings. One tree: fonds > series > volume > file > item (ISAD(G) 3.1.4)."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.accounts.models import OrgUnit
from archive.db import ArchiveBase, UtcDateTime

_ALPHABET = "0123456789bcdfghjkmnpqrstvwxz"  # no vowels: an id never spells a word


def new_pid() -> str:
    """Return a random id of at least 128 bits, safe in URLs and on paper."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(27))


class Level(StrEnum):
    """Level of description (ISAD(G) 3.1.4); volume is the Swedish physical or digital unit."""

    FONDS = "fonds"
    SERIES = "series"
    VOLUME = "volume"
    FILE = "file"
    ITEM = "item"


class Publication(StrEnum):
    """What an archivist has decided to put in the edition, as far as the law allows it."""

    NONE = "none"
    DESCRIPTION = "description"
    FULL = "full"


class Description(ArchiveBase):
    """A unit of description, with the facts that the law asks for and what it answered.

    `path` is the ids from the top to this row, "/1/5/9/". `rule_code` is the row of the plan of
    `plan_unit_id`; `unit_id` is whose records they are. The columns from `shown` to
    `decided_under` are a cache of `enforce.decide`, written by `access.py` only.
    """

    __tablename__ = "description"
    __table_args__ = (
        Index("ix_description_parent_id_position", "parent_id", "position"),
        Index("ix_description_path", "path"),
        Index("ix_description_plan_unit_id_rule_code", "plan_unit_id", "rule_code"),
        Index("ix_description_unit_id", "unit_id"),
        Index("ix_description_decision_until", "decision_until"),
        Index("ix_description_dispose_after", "dispose_after"),
        Index("ix_description_publication", "publication"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    reference: Mapped[str] = mapped_column(String(200), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("description.id"))
    path: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    level: Mapped[Level] = mapped_column(String(10))

    title: Mapped[str] = mapped_column(Text)
    public_title: Mapped[str | None] = mapped_column(Text)
    date_text: Mapped[str | None] = mapped_column(Text)
    date_edtf: Mapped[str | None] = mapped_column(Text)
    date_min: Mapped[date | None]
    date_max: Mapped[date | None]
    extent: Mapped[str | None] = mapped_column(Text)
    scope: Mapped[str | None] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(Text)
    genre: Mapped[str | None] = mapped_column(Text)
    notes: Mapped[list[str]] = mapped_column(JSON, default=list)

    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    plan_unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    rule_code: Mapped[str | None] = mapped_column(String(40))
    events: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    personal_data: Mapped[str | None] = mapped_column(String(12))
    living_persons: Mapped[str] = mapped_column(String(8), default="unknown")
    rights: Mapped[str] = mapped_column(String(20), default="unknown")
    is_register: Mapped[bool] = mapped_column(default=False)
    custody_on: Mapped[date | None]
    contract_open_from: Mapped[date | None]
    k: Mapped[int | None]
    r: Mapped[int | None]
    t: Mapped[int | None]
    class_scale: Mapped[str | None] = mapped_column(String(40))
    destroyed_on: Mapped[date | None]
    destroyed_under: Mapped[str | None] = mapped_column(String(120))

    transfer_pid: Mapped[str | None] = mapped_column(String(40))
    aip_id: Mapped[int | None] = mapped_column(ForeignKey("aip.id", use_alter=True))

    publication: Mapped[Publication] = mapped_column(String(12), default=Publication.NONE)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by: Mapped[str | None] = mapped_column(String(80))
    withdrawn_reason: Mapped[str | None] = mapped_column(Text)

    shown: Mapped[str] = mapped_column(String(8), default="review")
    access: Mapped[str] = mapped_column(String(8), default="review")
    decision_until: Mapped[date | None]
    dispose_after: Mapped[date | None]
    decided_under: Mapped[str | None] = mapped_column(String(80))

    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revision: Mapped[int] = mapped_column(default=1)

    unit: Mapped[OrgUnit] = relationship(lazy="raise", foreign_keys=[unit_id])
    plan_unit: Mapped[OrgUnit] = relationship(lazy="raise", foreign_keys=[plan_unit_id])

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own form


class Agent(ArchiveBase):
    """A person, family or body that made or appears in records (ISAAR(CPF) 5.1-5.4).

    `name` is the authorized form. `variants` are [{"name", "kind"}], `identifiers` are
    [{"scheme", "value"}]. One that was merged stays, and points at the one that is used instead.
    `search_key` and `match_key` are made of the names (`naming.py`), never written by hand.
    """

    __tablename__ = "agent"
    __table_args__ = (
        UniqueConstraint("kind", "name"),
        Index("ix_agent_match_key", "match_key"),
        Index("ix_agent_pid", "pid", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), default=new_pid)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(300))
    dates: Mapped[str | None] = mapped_column(Text)
    history: Mapped[str | None] = mapped_column(Text)
    variants: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    places: Mapped[list[str]] = mapped_column(JSON, default=list)
    functions: Mapped[str | None] = mapped_column(Text)
    mandate: Mapped[str | None] = mapped_column(Text)
    sources: Mapped[str | None] = mapped_column(Text)
    identifiers: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    living: Mapped[str] = mapped_column(String(8), default="unknown")  # yes | no | unknown
    merged_into: Mapped[str | None] = mapped_column(String(40))  # the pid of the one used instead
    search_key: Mapped[str] = mapped_column(Text, default="")
    match_key: Mapped[str] = mapped_column(Text, default="")


class DescriptionAgent(ArchiveBase):
    """An agent in its role to a record: creator, photographer, subject …"""

    __tablename__ = "description_agent"
    __table_args__ = (Index("ix_description_agent_agent_id", "agent_id"),)

    description_id: Mapped[int] = mapped_column(ForeignKey("description.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)


class Term(ArchiveBase):
    """A place or subject; a place may know where it lies (WGS 84 degrees).

    Variants, merging and keys are as those of an agent.
    """

    __tablename__ = "term"
    __table_args__ = (
        UniqueConstraint("kind", "value"),
        Index("ix_term_match_key", "match_key"),
        Index("ix_term_pid", "pid", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), default=new_pid)
    kind: Mapped[str] = mapped_column(String(12))
    value: Mapped[str] = mapped_column(String(200))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    variants: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    note: Mapped[str | None] = mapped_column(Text)
    merged_into: Mapped[str | None] = mapped_column(String(40))
    search_key: Mapped[str] = mapped_column(Text, default="")
    match_key: Mapped[str] = mapped_column(Text, default="")


class DescriptionTerm(ArchiveBase):
    """That a record is about a place or subject."""

    __tablename__ = "description_term"
    __table_args__ = (Index("ix_description_term_term_id", "term_id"),)

    description_id: Mapped[int] = mapped_column(ForeignKey("description.id"), primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("term.id"), primary_key=True)


class Aip(ArchiveBase):
    """A package as kept: one OCFL object, the smallest unit with one rule and one due date."""

    __tablename__ = "aip"

    id: Mapped[int] = mapped_column(primary_key=True)
    object_id: Mapped[str] = mapped_column(String(120), unique=True)
    version: Mapped[str] = mapped_column(String(12))
    rule_code: Mapped[str] = mapped_column(String(40))
    plan_version: Mapped[str] = mapped_column(String(80))
    inventory_digest: Mapped[str] = mapped_column(String(128))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    stored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    transfer_pid: Mapped[str] = mapped_column(String(40))
    purged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def format_called(name: str | None, version: str | None) -> str:
    """Return a format's name and version, the version only where the name lacks it."""
    name, version = name or "", version or ""
    return name if version in name else f"{name} {version}"


class File(ArchiveBase):
    """An original file of a record, inside its AIP; or what one was migrated to (`migrated_from`).

    A migrated file lies beside its source in the package and is the same content in another
    format: it is kept and exported, but what is shown and handed out goes by the originals.

    `last_version` is the last version of the package in which it is the record's: later ones have
    others in its place, and the bytes of the earlier ones stay. None while it is the record's.
    `puid` and the columns after it are what a tool found when the file came in (PRONOM); without
    `puid` the format is not known, and `format_warning` says why where a tool looked.
    """

    __tablename__ = "file"
    __table_args__ = (
        Index("ix_file_description_id_sequence", "description_id", "sequence"),
        Index("ix_file_aip_id", "aip_id"),
        Index("ix_file_sha256", "sha256"),
        Index("ix_file_puid", "puid"),
        Index("uq_file_migrated_from", "migrated_from", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    description_id: Mapped[int] = mapped_column(ForeignKey("description.id"))
    aip_id: Mapped[int] = mapped_column(ForeignKey("aip.id"))
    logical_path: Mapped[str] = mapped_column(Text)
    original_name: Mapped[str] = mapped_column(Text)
    label: Mapped[str | None] = mapped_column(Text)
    sequence: Mapped[int]
    last_version: Mapped[str | None] = mapped_column(String(12))
    media_type: Mapped[str] = mapped_column(Text)
    claimed_type: Mapped[str | None] = mapped_column(Text)
    puid: Mapped[str | None] = mapped_column(String(40))
    format_name: Mapped[str | None] = mapped_column(Text)
    format_version: Mapped[str | None] = mapped_column(Text)
    format_basis: Mapped[str | None] = mapped_column(Text)
    format_warning: Mapped[str | None] = mapped_column(Text)
    format_tool: Mapped[str | None] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    sha512: Mapped[str] = mapped_column(String(128))
    migrated_from: Mapped[str | None] = mapped_column(String(40))  # the pid of its source

    @property
    def format_called(self) -> str:
        """Return the format's name and version, the version only where the name lacks it."""
        return format_called(self.format_name, self.format_version)


class Derivative(ArchiveBase):
    """A copy for use made from a file: pictures, tiles, ALTO. A shadow; it can be made again."""

    __tablename__ = "derivative"
    __table_args__ = (UniqueConstraint("file_id", "role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("file.id"))
    role: Mapped[str] = mapped_column(String(12))  # thumb | access | pyramid | alto
    path: Mapped[str] = mapped_column(Text)  # below DATA_DIR/derivatives
    media_type: Mapped[str] = mapped_column(String(100))
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int | None]
    height: Mapped[int | None]


class RecordText(ArchiveBase):
    """The words of a record: transcription that came with it, text layer, or OCR."""

    __tablename__ = "record_text"

    description_id: Mapped[int] = mapped_column(ForeignKey("description.id"), primary_key=True)
    source: Mapped[str] = mapped_column(String(20), primary_key=True)  # transcription | pdf | ocr
    body: Mapped[str] = mapped_column(Text)


class Event(ArchiveBase):
    """What happened to a package or file (PREMIS 3, event)."""

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_aip_id", "aip_id"),
        Index("ix_event_pid", "pid", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), default=new_pid)
    aip_id: Mapped[int] = mapped_column(ForeignKey("aip.id"))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("file.id"))
    kind: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    agent: Mapped[str] = mapped_column(String(120))


class Hold(ArchiveBase):
    """A stop to disposal (rättslig spärr) on a record and all below it."""

    __tablename__ = "hold"
    __table_args__ = (Index("ix_hold_description_id", "description_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    description_id: Mapped[int] = mapped_column(ForeignKey("description.id"))
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(String(80))
    placed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[date | None]
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Mark(ArchiveBase):
    """A secrecy marking (sekretessmarkering, OSL 5:5) on a record and all below it."""

    __tablename__ = "mark"
    __table_args__ = (Index("ix_mark_description_id", "description_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    description_id: Mapped[int] = mapped_column(ForeignKey("description.id"))
    clause: Mapped[str] = mapped_column(String(40))  # id of a secrecy rule, "OSL-26-1"
    set_on: Mapped[date]
    authority: Mapped[str] = mapped_column(String(200))
    set_by: Mapped[str] = mapped_column(String(80))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Stale(ArchiveBase):
    """The outbox: a record whose shadows (staff index, edition) no longer agree with it."""

    __tablename__ = "stale"

    id: Mapped[int] = mapped_column(primary_key=True)
    description_id: Mapped[int]
    pid: Mapped[str] = mapped_column(String(40))
