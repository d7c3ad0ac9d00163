"""The one place that knows what time it is.

Moments are aware and in UTC; the law's day is the day in Sweden. Nothing else in the
product asks the system clock, so a test can stop time with `frozen`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")

_frozen: datetime | None = None


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return _frozen or datetime.now(UTC)


def today() -> date:
    """Return the calendar day in Sweden, on which legal periods begin and end."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the calendar day in Sweden of a moment (aware)."""
    return moment.astimezone(STOCKHOLM).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold time still at `moment` (aware) inside the block. For tests and replays."""
    global _frozen
    if moment.tzinfo is None:
        raise ValueError("a frozen moment must carry its time zone")
    before, _frozen = _frozen, moment.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before
