"""Arithmetic of legal periods. Knows no rule; `due_on` is the retention rule of the plans."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

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
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def add_months(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of that month.

    :raises ValueError: if months is negative.
    """
    if months < 0:
        raise ValueError(f"a period cannot be negative: {months} months")
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_on(trigger: date, keep_years: int) -> date:
    """Return the first day on which disposal is permitted.

    Counted from the end of the calendar year of `trigger`: received 2013, two years, gives
    2016-01-01; 0 means the next new year.

    :raises ValueError: if keep_years is negative.
    Source: DOMAIN 3.3, practice of municipal archives (whole years after the year).
    """
    if keep_years < 0:
        raise ValueError(f"a retention period cannot be negative: {keep_years} years")
    return date(trigger.year + keep_years + 1, 1, 1)
