"""Change the organisation: add units and people, give and end roles, set passwords."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts import passwords, queries
from archive.accounts.models import (
    WHOLE_ARCHIVE,
    Grant,
    LoginSession,
    OrgUnit,
    Role,
    UnitKind,
    User,
)
from archive.audit import actions as audit
from archive.audit.actions import Acting
from archive.errors import Conflict, Invalid


def add_unit(
    session: Session,
    code: str,
    name: str,
    *,
    kind: UnitKind,
    actor: Acting,
    parent: OrgUnit | None = None,
    name_en: str = "",
) -> OrgUnit:
    """Add an authority, administration or unit.

    :raises Conflict: if the code is taken; codes are never reused.
    """
    code = code.strip().upper()
    if queries.unit_by_code(session, code) is not None:
        raise Conflict(f"there already is a unit {code!r}")
    unit = OrgUnit(
        code=code,
        name=name,
        name_en=name_en or name,
        kind=kind,
        parent_id=parent.id if parent else None,
    )
    session.add(unit)
    session.flush()
    audit.record(session, "unit.add", f"unit:{unit.id}", actor=actor, code=code)
    return unit


def add_user(session: Session, email: str, name: str, password: str, *, actor: Acting) -> User:
    """Add a member of staff, without any role yet.

    :raises Conflict: if the log-in name is taken.
    :raises Invalid: if it is not an e-mail address or the password is too short.
    """
    email = email.strip().lower()
    if email.count("@") != 1 or len(email) > 200 or any(c.isspace() for c in email):
        raise Invalid(f"{email!r} is not an e-mail address")
    if queries.user_by_email(session, email) is not None:
        raise Conflict(f"there already is a user {email}")
    user = User(
        email=email,
        name=name.strip() or email.split("@")[0],
        password_hash=passwords.hash_of(password),
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    audit.record(session, "user.add", f"user:{user.id}", actor=actor)
    return user


def grant(
    session: Session,
    user: User,
    role: Role,
    *,
    actor: Acting,
    unit: OrgUnit | None = None,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Grant:
    """Give a role, for a unit and those below it, from a day on.

    :raises Invalid: if the role needs a unit and has none, or the days run backwards.
    """
    start = valid_from or clock.today()
    if role not in WHOLE_ARCHIVE and unit is None:
        raise Invalid(f"the role {role} is held for a unit; name one")
    if valid_to is not None and valid_to < start:
        raise Invalid(f"the grant would end {valid_to}, before it begins {start}")
    held = Grant(
        user_id=user.id,
        role=role,
        unit_id=unit.id if unit and role not in WHOLE_ARCHIVE else None,
        valid_from=start,
        valid_to=valid_to,
    )
    session.add(held)
    session.flush()
    audit.record(
        session, "user.grant", f"user:{user.id}", actor=actor, role=role.value, unit=held.unit_id
    )
    end_sessions(session, user)
    return held


def end_grant(session: Session, held: Grant, user: User, *, actor: Acting) -> None:
    """End a role today; every log-in of the person ends with it."""
    session.delete(held)
    audit.record(
        session, "user.grant_end", f"user:{user.id}", actor=actor, role=held.role, unit=held.unit_id
    )
    end_sessions(session, user)


def set_active(session: Session, user: User, active: bool, *, actor: Acting) -> None:
    """Open or close an account; closing ends every log-in at once."""
    user.is_active = active
    audit.record(
        session, "user.activate" if active else "user.close", f"user:{user.id}", actor=actor
    )
    end_sessions(session, user)


def set_password(session: Session, user: User, password: str, *, actor: Acting) -> None:
    """Set a new password; every log-in with the old one ends."""
    user.password_hash = passwords.hash_of(password)
    audit.record(session, "user.password", f"user:{user.id}", actor=actor)
    end_sessions(session, user)


def end_sessions(session: Session, user: User) -> None:
    """End every log-in of a person."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
