"""Arithmetic of legal periods. Knows no rule; `due_on` is the retention rule of the plans.

Begin at `due_on`; the day after a period is `day_after`.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

LAST_YEAR = date.max.year


def add_years(day: date, years: int) -> date:
    """Return the same day some years later; 29 February becomes the last of February.

    :raises ValueError: if years is negative or the result lies beyond the year 9999.
    Source: lag (1930:173) om beräkning av lagstadgad tid, 1 §.
    """
    if years < 0:
        raise ValueError(f"a period cannot be negative: {years} years")
    year = day.year + years
    if year > LAST_YEAR:
        raise ValueError(f"{day} plus {years} years lies beyond the year {LAST_YEAR}")
    if day.month == 2 and day.day == 29:
        return date(year, 2, monthrange(year, 2)[1])
    return date(year, day.month, day.day)


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month.

    :raises ValueError: if months is negative or the result lies beyond the year 9999.
    """
    if months < 0:
        raise ValueError(f"a period cannot be negative: {months} months")
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > LAST_YEAR:
        raise ValueError(f"{day} plus {months} months lies beyond the year {LAST_YEAR}")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_on(trigger: date, keep_years: int) -> date:
    """Return the first day on which disposal is permitted.

    Counted from the end of the calendar year of `trigger`: received 2013, two years, gives
    2016-01-01; 0 means the next new year.

    :raises ValueError: if keep_years is negative or the result lies beyond the year 9999.
    Source: DOMAIN 3.3, practice of municipal archives (whole years after the year).
    """
    if keep_years < 0:
        raise ValueError(f"a retention period cannot be negative: {keep_years} years")
    year = trigger.year + keep_years + 1
    if year > LAST_YEAR:
        raise ValueError(f"{trigger} plus {keep_years} years lies beyond the year {LAST_YEAR}")
    return date(year, 1, 1)


def day_after(day: date) -> date | None:
    """Return the next day, or None at the end of the calendar (9999-12-31)."""
    return None if day == date.max else day + timedelta(days=1)


def day_before(day: date) -> date | None:
    """Return the day before, or None at the beginning of the calendar (0001-01-01)."""
    return None if day == date.min else day - timedelta(days=1)
