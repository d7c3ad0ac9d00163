"""Read the outbox: how much waits, and since when."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.mail.models import Letter


def waiting(session: Session) -> int:
    """Return how many letters have not gone yet."""
    return session.scalar(select(func.count()).select_from(Letter)) or 0
