"""Read the organisation: units, people, and how far each role reaches today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, selectinload

from archive.accounts.models import WHOLE_ARCHIVE, Grant, OrgUnit, Role, User
from archive.accounts.permissions import Viewer
from archive.errors import NotFound
from archive.sorting import swedish


def units() -> Select[OrgUnit]:
    """Select every org unit, in the order of their names."""
    return select(OrgUnit).order_by(swedish(OrgUnit.name))


def unit_by_code(session: Session, code: str) -> OrgUnit | None:
    """Return the unit with this code, whatever its letter case, or None."""
    return session.scalars(select(OrgUnit).where(OrgUnit.code == code.strip().upper())).first()


def need_unit(session: Session, code: str) -> OrgUnit:
    """Return the unit with this code.

    :raises NotFound: naming the codes that exist.
    """
    unit = unit_by_code(session, code)
    if unit is None:
        known = ", ".join(sorted(session.scalars(select(OrgUnit.code)))) or "none yet"
        raise NotFound(f"there is no unit {code!r}; the units are: {known}")
    return unit


def users() -> Select[User]:
    """Select every user with the grants, by name."""
    return select(User).options(selectinload(User.grants)).order_by(swedish(User.name))


def user_by_email(session: Session, email: str) -> User | None:
    """Return the user with this log-in name, or None."""
    return session.scalars(select(User).where(User.email == email.strip().lower())).first()


def need_user(session: Session, email: str) -> User:
    """Return the user with this log-in name, active or not.

    :raises NotFound: if there is none.
    """
    user = user_by_email(session, email)
    if user is None:
        raise NotFound(f"there is no user {email!r}")
    return user


def viewer(session: Session, user: User, today: date) -> Viewer:
    """Return what the person may reach today."""
    grants = session.scalars(
        select(Grant).where(
            Grant.user_id == user.id,
            Grant.valid_from <= today,
            or_(Grant.valid_to.is_(None), Grant.valid_to >= today),
        )
    )
    children = _children(session)
    reach: dict[Role, frozenset[int] | None] = {}
    for grant in grants:
        role = Role(grant.role)
        if role in WHOLE_ARCHIVE:
            reach[role] = None
        elif grant.unit_id is not None:
            held = reach.get(role) or frozenset()
            reach[role] = held | _below(grant.unit_id, children)
    return Viewer(user.id, user.email, user.name, user.language, reach)


def viewer_by_email(session: Session, email: str, today: date) -> Viewer:
    """Return the active user behind a log-in name, as the command line's `--as` asks for.

    :raises NotFound: if there is no such active user.
    """
    user = user_by_email(session, email)
    if user is None or not user.is_active:
        raise NotFound(f"there is no active user {email!r}")
    return viewer(session, user, today)


def names(session: Session, actor_ids: Iterable[str]) -> dict[str, str]:
    """Return the names behind audit actor ids; "system" is left out."""
    ids = {int(actor[5:]) for actor in actor_ids if actor.startswith("user:")}
    rows = session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {f"user:{user_id}": name for user_id, name in rows}


def names_of_units(session: Session, unit_ids: Iterable[int]) -> list[str]:
    """Return the names of the units, as the index knows them."""
    return list(session.scalars(select(OrgUnit.name).where(OrgUnit.id.in_(list(unit_ids)))))


def _children(session: Session) -> dict[int | None, list[int]]:
    children: dict[int | None, list[int]] = {}
    for unit_id, parent_id in session.execute(select(OrgUnit.id, OrgUnit.parent_id)):
        children.setdefault(parent_id, []).append(unit_id)
    return children


def _below(unit_id: int, children: dict[int | None, list[int]]) -> frozenset[int]:
    found, queue = {unit_id}, [unit_id]
    while queue:
        for child in children.get(queue.pop(), []):
            if child not in found:
                found.add(child)
                queue.append(child)
    return frozenset(found)
