"""When the next delivery under an agreement is due. Days in, a day out: nothing else.

Each due day has a period that ends with it and begins after the one before. A delivery meets the
first due day that is not met yet and whose period has begun; one more in the same period meets
nothing. So a late delivery meets the day it is late for, not the next one. Begin at `next_due`.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date


def next_due(
    first_due: date | None,
    every_months: int | None,
    delivered: Iterable[date],
    *,
    until: date | None = None,
) -> date | None:
    """Return the first due day that no delivery has met, or None where none is left.

    Without `every_months` there is one due day. `until` is the agreement's last day: no
    delivery is due after it.
    """
    if first_due is None:
        return None
    number = 0
    for day in sorted(delivered):
        if number == 0 or (every_months and day > _due(first_due, every_months, number - 1)):
            number += 1
    if number and not every_months:
        return None
    due = _due(first_due, every_months or 0, number)
    return due if until is None or due <= until else None


def _due(first_due: date, every_months: int, number: int) -> date:
    """Return a due day of the series, counted from 0; the 31st becomes the month's last day."""
    months = first_due.year * 12 + first_due.month - 1 + every_months * number
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first_due.day, last))
