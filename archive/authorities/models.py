"""Tables about authority records: how agents relate, and which were merged.

The records themselves are `holdings.models.Agent` and `Term`. A row here is never deleted: a
relation that is taken away and a merge that is undone say when.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime
from archive.holdings.models import Agent, new_pid
from archive.keeping import kinds
from archive.keeping.kinds import Kind, Ref


class Relation(StrEnum):
    """How an agent stands to another (ISAAR(CPF) 5.3.2), read from the first to the second."""

    SUCCESSOR = "successor"  # came after
    PART = "part"  # stands below
    MEMBER = "member"
    FAMILY = "family"
    ASSOCIATE = "associate"


class AgentRelation(ArchiveBase):
    """That one agent stands in a relation to another, perhaps for a time."""

    __tablename__ = "agent_relation"
    __table_args__ = (
        Index("ix_agent_relation_from_id", "from_id"),
        Index("ix_agent_relation_to_id", "to_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    from_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    to_id: Mapped[int] = mapped_column(ForeignKey("agent.id"))
    kind: Mapped[Relation] = mapped_column(String(20))
    dates: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuthorityMerge(ArchiveBase):
    """That one record was merged into another, with all that undoing it needs to know.

    `moved` and `joined` are [record pid, role]: links that were moved, and those that the other
    had already. `relations` are [relation pid, end, was it taken away]; `variants` the names
    that the winner got.
    """

    __tablename__ = "authority_merge"
    __table_args__ = (
        Index("ix_authority_merge_winner", "winner"),
        Index("ix_authority_merge_loser", "loser"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pid: Mapped[str] = mapped_column(String(40), unique=True, default=new_pid)
    sort: Mapped[str] = mapped_column(String(8))  # agent | term
    loser: Mapped[str] = mapped_column(String(40))
    winner: Mapped[str] = mapped_column(String(40))
    moved: Mapped[list[list[str]]] = mapped_column(JSON)
    joined: Mapped[list[list[str]]] = mapped_column(JSON)
    relations: Mapped[list[list[Any]]] = mapped_column(JSON)
    variants: Mapped[list[str]] = mapped_column(JSON)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    merged_by: Mapped[str] = mapped_column(String(80))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


kinds.register(
    Kind(
        "agent_relation",
        AgentRelation,
        ("pid",),
        refs={
            "from_id": Ref("from", Agent, ("pid",)),
            "to_id": Ref("to", Agent, ("pid",)),
        },
    )
)
kinds.register(Kind("authority_merge", AuthorityMerge, ("pid",)))
