"""Who may do what with a delivery: its unit's people, or, while it has none, those of all units.

A delivery that names no unit belongs to nobody before its check, and a permission for some unit
says nothing of it. Whoever handed it in may follow it all the same, and once it waits for somebody
to say whose it is, those may who take deliveries in. Begin at `may`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit, User
from archive.accounts.permissions import Permission, Viewer
from archive.audit.actions import SYSTEM
from archive.errors import Refused
from ingest.findings import Finding
from ingest.models import State, Transfer, TransferFinding

SUBMITTER = "GATE-SUBMITTER"


def may(viewer: Viewer, permission: Permission, transfer: Transfer) -> bool:
    """Return whether the viewer has the permission for this delivery."""
    if transfer.unit_id is not None:
        return viewer.may(permission, transfer.unit_id)
    is_own = transfer.received_by == viewer.actor_id
    waits = transfer.state == State.REVIEW and viewer.may(Permission.INGEST_ACCEPT)
    if is_own or waits:
        return viewer.may(permission)
    return viewer.units(permission) is None


def demand(viewer: Viewer, permission: Permission, transfer: Transfer) -> None:
    """Pass, or raise.

    :raises Refused: without saying whether there is such a delivery.
    """
    if not may(viewer, permission, transfer):
        raise Refused("your role does not allow this")


def findings(session: Session, transfer: Transfer, unit_ids: Iterable[int]) -> Iterator[Finding]:
    """Yield a finding of each unit that a delivery says it is for, and its deliverer may not be.

    A package may name any unit, and each of its records another: that is a claim, not a right.
    Who assigned the delivery to a unit, and may take in for it, has answered for that.
    """
    if transfer.received_by == SYSTEM.actor_id:
        return  # the operator's own command, or a folder whose name is the unit's
    deliverer = _person(session, transfer.received_by)
    judge = _person(session, transfer.assigned_by)
    for unit in session.scalars(select(OrgUnit).where(OrgUnit.id.in_(set(unit_ids)))):
        is_his = deliverer is not None and deliverer.may(Permission.INGEST_SUBMIT, unit.id)
        is_judged = judge is not None and judge.may(Permission.INGEST_ACCEPT, unit.id)
        if not (is_his or is_judged):
            yield Finding(SUBMITTER, params={"unit": unit.code})


def demand_units(session: Session, found: Iterable[TransferFinding], viewer: Viewer) -> None:
    """Pass if the viewer may take in for every unit that the deliverer may not deliver for.

    :raises Refused: if not.
    """
    for row in found:
        if row.code == SUBMITTER:
            unit = accounts.need_unit(session, row.params["unit"])
            viewer.demand(Permission.INGEST_ACCEPT, unit.id)


def _person(session: Session, actor_id: str | None) -> Viewer | None:
    kind, _colon, number = (actor_id or "").partition(":")
    user = session.get(User, int(number)) if kind == "user" and number.isdecimal() else None
    if user is None or not user.is_active:
        return None
    return accounts.viewer(session, user, clock.today())


def within(
    units: frozenset[int] | None, *, unassigned: bool, own: str | None
) -> ColumnElement[bool]:
    """Return the condition that a delivery is of one of the units (None: of any, or of none).

    Also, without a unit, what the person with the id `own` handed in, and, with `unassigned`, what
    waits for somebody to say whose it is: for those who may say it.
    """
    if units is None:
        return true()
    of_whom: list[ColumnElement[bool]] = [false()]
    if own is not None:
        of_whom.append(Transfer.received_by == own)
    if unassigned:
        of_whom.append(Transfer.state == State.REVIEW)
    return or_(
        Transfer.unit_id.in_(units), and_(Transfer.unit_id.is_(None), or_(false(), *of_whom))
    )
