"""The demo city's submission agreements: one whose delivery has come, and one that is late.

Begin at `draw_up`.
"""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from archive.accounts import queries as accounts
from archive.accounts.permissions import Viewer
from ingest.agreements import actions
from ingest.demo.fonds.stock import entries

_SINCE = date(2021, 7, 1)  # the day on which the units' plans came into force


def draw_up(session: Session, today: date, *, viewer: Viewer) -> None:
    """Write the agreements; their first deliveries are due some days before or after today."""
    for entry in entries("agreements"):
        terms = actions.Terms(
            number=entry["number"],
            title=entry["title"],
            unit_id=accounts.need_unit(session, entry["unit"]).id,
            valid_from=_SINCE,
            contact=entry["contact"],
            profiles=tuple(entry["profiles"]),
            checksum=entry["checksum"],
            first_due=today + timedelta(days=entry["first_due_in"]),
            every_months=entry["every_months"],
        )
        actions.draw_up(session, terms, viewer=viewer)


def number_for(label: str) -> str | None:
    """Return the number of the agreement under which a delivery of the demo is handed in."""
    found = (entry["number"] for entry in entries("agreements") if label in entry["deliveries"])
    return next(found, None)
