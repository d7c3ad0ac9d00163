"""Tables of the organisation and its people."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from archive.db import ArchiveBase, UtcDateTime


class UnitKind(StrEnum):
    """What an org unit is; the authority (myndighet) is the legal owner of the records."""

    AUTHORITY = "authority"
    ADMINISTRATION = "administration"
    UNIT = "unit"


class Role(StrEnum):
    """The roles of the contract. The last three are held for the whole archive."""

    ARCHIVIST = "archivist"
    CASE_OFFICER = "case_officer"
    UNIT_MANAGER = "unit_manager"
    UNIT_CUSTODIAN = "unit_custodian"
    CITY_ARCHIVIST = "city_archivist"
    AUDITOR = "auditor"
    ADMIN = "admin"


WHOLE_ARCHIVE = frozenset({Role.CITY_ARCHIVIST, Role.AUDITOR, Role.ADMIN})


class OrgUnit(ArchiveBase):
    """An authority, administration or unit, now or earlier; never deleted, only succeeded."""

    __tablename__ = "org_unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[UnitKind] = mapped_column(String(20))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]


class User(ArchiveBase):
    """A member of staff. The e-mail address is the log-in name, in lower case."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(2), default="sv")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    grants: Mapped[list[Grant]] = relationship(lazy="raise", back_populates="user")

    @property
    def actor_id(self) -> str:
        """Return the id under which the audit knows this person."""
        return f"user:{self.id}"


class Grant(ArchiveBase):
    """A role, for one unit and those below it (or the whole archive), between two days."""

    __tablename__ = "grant"
    __table_args__ = (Index("ix_grant_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role] = mapped_column(String(20))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("org_unit.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]

    user: Mapped[User] = relationship(lazy="raise", back_populates="grants")


class LoginSession(ArchiveBase):
    """A log-in that is alive on the server; the browser holds only a random token."""

    __tablename__ = "login_session"
    __table_args__ = (Index("ix_login_session_user_id", "user_id"),)

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class LoginFailure(ArchiveBase):
    """A wrong password: digests of the name tried and of the network, and when."""

    __tablename__ = "login_failure"
    __table_args__ = (
        Index("ix_login_failure_account_network_at", "account", "network", "at"),
        Index("ix_login_failure_network_at", "network", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(String(64))
    network: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
