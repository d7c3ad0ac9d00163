"""Who may do what with a delivery: its unit's people, or, while it has none, those of all units.

A delivery that names no unit belongs to nobody before its check, and a permission for some unit
says nothing of it. Whoever handed it in may follow it all the same, and once it waits for somebody
to say whose it is, those may who take deliveries in. Begin at `may`.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, false, or_, true

from archive.accounts.permissions import Permission, Viewer
from archive.errors import Refused
from ingest.models import State, Transfer


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
