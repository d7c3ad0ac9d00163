"""Tables of the plans: versions with their rows, and the disposal authorities they cite."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.accounts.models import OrgUnit
from archive.db import ArchiveBase, UtcDateTime


class PlanVersion(ArchiveBase):
    """One version of a unit's plan. Immutable once decided; the digest proves it.

    `state` is a value of `ihp.lifecycle.State`. `in_force_to` is the last day in force, set
    when a successor is decided or the plan is revoked.
    """

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("unit_id", "number"),
        Index("ix_plan_version_unit_id_in_force_from", "unit_id", "in_force_from"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("org_unit.id"))
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(300))
    authority: Mapped[str] = mapped_column(String(200), default="")
    drafted_by: Mapped[str] = mapped_column(String(80))
    drafted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    consulted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(80))
    decided_on: Mapped[date | None]
    dnr: Mapped[str | None] = mapped_column(String(60))
    in_force_from: Mapped[date | None]
    in_force_to: Mapped[date | None]
    digest: Mapped[str | None] = mapped_column(String(64))
    # The plan in the canonical form of `ihp.exchange`; the law reads this and nothing else.
    document: Mapped[dict[str, Any]] = mapped_column(JSON)

    unit: Mapped[OrgUnit] = relationship(lazy="raise")


class PlanRow(ArchiveBase):
    """A row of a plan, for lists and search; the same facts as in the version's document."""

    __tablename__ = "plan_row"
    __table_args__ = (
        Index("ix_plan_row_plan_id", "plan_id"),
        Index("ix_plan_row_code", "code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan_version.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    process_code: Mapped[str] = mapped_column(String(40))
    record_type: Mapped[str] = mapped_column(Text)
    disposition: Mapped[str] = mapped_column(String(20))


class DisposalAuthority(ArchiveBase):
    """A decided regulation (föreskrift) without which nothing may be destroyed."""

    __tablename__ = "disposal_authority"

    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    dnr: Mapped[str] = mapped_column(String(60))
