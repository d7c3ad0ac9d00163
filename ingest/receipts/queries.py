"""Read the receipts."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive.errors import NotFound
from ingest.models import Transfer
from ingest.receipts.models import Receipt


def of(session: Session, transfer: Transfer) -> Receipt | None:
    """Return a delivery's receipt, or None while it has none."""
    return session.scalars(select(Receipt).where(Receipt.transfer_pid == transfer.pid)).first()


def need(session: Session, transfer: Transfer) -> Receipt:
    """Return a delivery's receipt.

    :raises NotFound: if it has none: it is not taken in, or the receipt is being made.
    """
    found = of(session, transfer)
    if found is None:
        raise NotFound(f"transfer {transfer.number} has no receipt yet")
    return found
