"""Read what units offer, what was said of it, and the row of the plan that it stands under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from archive import clock
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, Viewer
from archive.errors import NotFound
from archive.holdings.models import Description
from archive.plans import queries as plans
from ihp import dates
from ihp.plan import Rule
from ingest.models import Transfer
from ingest.offers.models import FROM_ARCHIVE, FROM_UNIT, Offer, OfferEntry, OfferState

SIZE = 50
# What waits for somebody comes first.
_ORDER = {
    OfferState.OFFERED: 0,
    OfferState.ASKED: 0,
    OfferState.SUBMITTED: 0,
    OfferState.ACCEPTED: 1,
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list of offers."""

    rows: Sequence[Offer]
    total: int
    number: int
    unanswered: frozenset[int]

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // SIZE))


@dataclass(frozen=True, slots=True)
class Said:
    """A line of an offer's story with who wrote it."""

    entry: OfferEntry
    name: str


def page(
    session: Session,
    units: frozenset[int] | None,
    state: str = "",
    number: int = 1,
    *,
    for_archive: bool = True,
) -> Page:
    """Return a page of the offers of the units (None: of all), what waits first.

    `unanswered` is those whose last word is a message from the other side.
    """
    query = select(Offer)
    if units is not None:
        query = query.where(Offer.unit_id.in_(units))
    if state:
        query = query.where(Offer.state == state)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(max(number, 1), max(1, -(-total // SIZE)))
    rows = session.scalars(
        query.options(joinedload(Offer.unit))
        .order_by(case(_ORDER, value=Offer.state, else_=2), Offer.id.desc())
        .limit(SIZE)
        .offset((number - 1) * SIZE)
    ).all()
    ids = [row.id for row in rows]
    last = session.scalars(_last_said_by_other(for_archive).where(OfferEntry.offer_id.in_(ids)))
    return Page(rows, total, number, frozenset(last))


def _last_said_by_other(for_archive: bool) -> Select[int]:
    latest = select(func.max(OfferEntry.id)).group_by(OfferEntry.offer_id)
    other = FROM_UNIT if for_archive else FROM_ARCHIVE
    return select(OfferEntry.offer_id).where(OfferEntry.id.in_(latest), OfferEntry.kind == other)


def waiting(session: Session, units: frozenset[int] | None, *, for_archive: bool) -> int:
    """Return how many offers of the units wait for the archive, or for the units themselves.

    An offer waits by its state, or because the last word is a message from the other side.
    """
    states = (
        (OfferState.OFFERED, OfferState.SUBMITTED)
        if for_archive
        else (OfferState.ASKED, OfferState.ACCEPTED)
    )
    asked = select(func.count(Offer.id)).where(
        or_(Offer.state.in_(states), Offer.id.in_(_last_said_by_other(for_archive)))
    )
    if units is not None:
        asked = asked.where(Offer.unit_id.in_(units))
    return session.scalar(asked) or 0


def readable(
    session: Session, pid: str, viewer: Viewer, permission: Permission = Permission.INGEST_READ
) -> Offer:
    """Return an offer with its unit, that the viewer has the permission for.

    :raises NotFound: if there is none, or it is not for this viewer: which, is not said.
    """
    query = select(Offer).options(joinedload(Offer.unit)).where(Offer.pid == pid)
    found = session.scalars(query).first()
    if found is None or not viewer.may(permission, found.unit_id):
        raise NotFound(f"there is no offer {pid!r}")
    return found


def of_transfer(session: Session, transfer: Transfer) -> Offer | None:
    """Return the offer that a delivery was handed in for, if any."""
    return session.scalars(select(Offer).where(Offer.transfer_pid == transfer.pid)).first()


def delivery_of(session: Session, offer: Offer) -> Transfer | None:
    """Return the delivery that was handed in for an offer, if it has come to that."""
    if offer.transfer_pid is None:
        return None
    return session.scalars(select(Transfer).where(Transfer.pid == offer.transfer_pid)).first()


def series_of(session: Session, offer: Offer) -> Description | None:
    """Return the series under which a paper delivery arrived, if it has."""
    if offer.series is None:
        return None
    query = select(Description).where(Description.reference == offer.series)
    return session.scalars(query).first()


def story(session: Session, offer: Offer) -> list[Said]:
    """Return everything that was said and done, in order."""
    query = select(OfferEntry).where(OfferEntry.offer_id == offer.id).order_by(OfferEntry.id)
    entries = session.scalars(query).all()
    names = accounts.names(session, {entry.actor for entry in entries})
    return [Said(entry, names.get(entry.actor, "")) for entry in entries]


def row_of(session: Session, unit_id: int, code: str, date_text: str) -> Rule | None:
    """Return the row of the unit's plan in force that holds for the dates, None if there is none.

    Both ends of the dates must lie in the row's time.
    """
    found = plans.in_force(session, unit_id, clock.today())
    if found is None:
        return None
    try:
        span = dates.parse(date_text)
    except ValueError:
        return None
    last = found.plan.rule_for(code, span.date_max)
    return last if last is not None and found.plan.rule_for(code, span.date_min) else None
