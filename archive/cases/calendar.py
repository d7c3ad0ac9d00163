"""Swedish working days: weekends and public holidays, and the eves on which nobody is there.

Pure. Source: lag (1989:253) om allmänna helgdagar; the eves by custom. Begin at `working_day`.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_FIXED = ((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31))


def is_working_day(day: date) -> bool:
    """Return whether an authority is at work on the day."""
    return day.weekday() < 5 and day not in holidays(day.year)


def working_day(day: date, after: int = 0) -> date:
    """Return the first working day on or after `day`, and so many working days later."""
    while not is_working_day(day):
        day += timedelta(days=1)
    for _ in range(after):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


@cache
def holidays(year: int) -> frozenset[date]:
    """Return the days of a year on which nobody is there, weekends apart."""
    sunday = easter(year)
    moving = (-2, 1, 39)  # Good Friday, Easter Monday, Ascension Day
    days = {date(year, month, day) for month, day in _FIXED}
    days |= {sunday + timedelta(days=n) for n in moving}
    midsummer_eve = next(d for d in (date(year, 6, n) for n in range(19, 26)) if d.weekday() == 4)
    return frozenset(days | {midsummer_eve})


def easter(year: int) -> date:
    """Return Easter Sunday (the anonymous Gregorian algorithm, as in Meeus, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
