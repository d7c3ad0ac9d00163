"""Write the list of a paper delivery: in a grid, pasted, or from a file. Nothing is refused for
being wrong; it is kept as typed until somebody mends it. Begin at `save`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.errors import Conflict, Invalid
from ingest.offers import lists
from ingest.offers.models import Offer, OfferState, Way

SHOWN = 50  # rows of a page of the grid
FRESH = 10  # empty ones after them


def save(
    session: Session,
    found: Offer,
    *,
    start: int,
    grid: Sequence[Mapping[str, str]],
    added: Sequence[Mapping[str, str]],
    viewer: Viewer,
) -> None:
    """Keep a page of the grid that began at row `start`, and add rows after all others.

    :raises Conflict: if the offer is no paper delivery that is being prepared.
    :raises Invalid: if the list would be too long; nothing is changed then.
    """
    viewer.demand(Permission.INGEST_SUBMIT, found.unit_id)
    if found.state != OfferState.ACCEPTED or found.way != Way.PAPER:
        raise Conflict(f"offer {found.number} has no list to write")
    old = list(found.rows)
    shown = [dict(row) for row in grid if any(row.values())]
    rows = [*old[:start], *shown, *old[start + SHOWN :], *map(dict, added)]
    if len(rows) > lists.MOST:
        raise Invalid(f"a list has at most {lists.MOST} rows; divide the delivery")
    if rows == old:
        return
    found.rows, found.updated_at = rows, clock.now()
    subject = f"offer:{found.pid}"
    audit.record(session, "offer.list", subject, actor=viewer, rows=len(rows), before=len(old))


def mark_of(found: Offer, start: int) -> str:
    """Return a mark of a page of the grid as it is kept, for seeing whether it has changed."""
    page = found.rows[start : start + SHOWN]
    return hashlib.sha256(json.dumps(page, sort_keys=True).encode()).hexdigest()[:16]


def choose(session: Session, found: Offer, key: str, *, viewer: Viewer) -> None:
    """Say which of the four lists it is; a list that has rows keeps its kind.

    :raises Conflict: if rows are written already.
    """
    viewer.demand(Permission.INGEST_SUBMIT, found.unit_id)
    kind = lists.kind_of(key)
    if found.state != OfferState.ACCEPTED or found.way != Way.PAPER:
        raise Conflict(f"offer {found.number} has no list to write")
    if found.rows and found.list_kind != kind.key:
        raise Conflict("the list has rows already; remove them to choose another list")
    found.list_kind, found.updated_at = kind.key, clock.now()
    audit.record(session, "offer.list", f"offer:{found.pid}", actor=viewer, kind=kind.key)
