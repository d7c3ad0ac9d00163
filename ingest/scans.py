"""Tell the room of scanning when a delivery is in: it may hold what was ordered. See `follow`."""

from __future__ import annotations

from sqlalchemy.orm import Session

from archive.scanning import actions
from ingest.models import State, Transfer


def follow(session: Session, transfer: Transfer) -> None:
    """Have the open orders looked through once a delivery has come into the archive."""
    if transfer.state == State.ACCESSIONED:
        actions.look_for_scans(session)
