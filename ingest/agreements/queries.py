"""Read the agreements, and what has been delivered under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from archive import clock
from archive.errors import NotFound
from ingest.agreements import schedule
from ingest.agreements.models import Agreement
from ingest.models import State, Transfer


@dataclass(frozen=True, slots=True)
class Standing:
    """An agreement with what has come under it: the last delivery, and the next due day."""

    agreement: Agreement
    last: date | None
    due: date | None

    @property
    def is_overdue(self) -> bool:
        """Return whether a delivery should have come before today."""
        return self.due is not None and self.due < clock.today()


def by_number(session: Session, number: str | None) -> Agreement | None:
    """Return the agreement of a number, its unit loaded, if there is one."""
    if not number or not number.strip():
        return None
    query = select(Agreement).options(joinedload(Agreement.unit))
    return session.scalars(query.where(Agreement.number == number.strip())).first()


def need(session: Session, agreement_id: int) -> Agreement:
    """Return an agreement with its unit.

    :raises NotFound: if there is none.
    """
    query = select(Agreement).options(joinedload(Agreement.unit))
    found = session.scalars(query.where(Agreement.id == agreement_id)).first()
    if found is None:
        raise NotFound(f"there is no agreement {agreement_id}")
    return found


def standings(session: Session, units: frozenset[int] | None) -> list[Standing]:
    """Return the agreements of the units (None: of all), what is overdue first, then by day."""
    query = select(Agreement).options(joinedload(Agreement.unit)).order_by(Agreement.number)
    if units is not None:
        query = query.where(Agreement.unit_id.in_(units))
    agreements = session.scalars(query).all()
    came = _came(session, [agreement.number for agreement in agreements])
    found = [standing(agreement, came.get(agreement.number, [])) for agreement in agreements]
    return sorted(found, key=lambda s: (not s.is_overdue, s.due or date.max))


def standing(agreement: Agreement, came: Sequence[date]) -> Standing:
    """Return how an agreement stands, given the days on which deliveries came in under it."""
    due = schedule.next_due(
        agreement.first_due, agreement.every_months, came, until=agreement.valid_to
    )
    return Standing(agreement, max(came, default=None), due)


def deliveries(session: Session, agreement: Agreement, limit: int = 50) -> Sequence[Transfer]:
    """Return the newest deliveries that name the agreement."""
    query = select(Transfer).where(Transfer.agreement == agreement.number)
    return session.scalars(query.order_by(Transfer.id.desc()).limit(limit)).all()


def came_under(session: Session, agreement: Agreement) -> list[date]:
    """Return the days on which deliveries that came in under the agreement were received."""
    return _came(session, [agreement.number]).get(agreement.number, [])


def _came(session: Session, numbers: Sequence[str]) -> dict[str, list[date]]:
    """Return, by agreement, the days of receipt of what is in the archive now."""
    rows = session.execute(
        select(Transfer.agreement, Transfer.received_at).where(
            Transfer.agreement.in_(numbers), Transfer.state == State.ACCESSIONED
        )
    )
    came: dict[str, list[date]] = {}
    for number, moment in rows:
        came.setdefault(str(number), []).append(clock.day_of(moment))
    return came
