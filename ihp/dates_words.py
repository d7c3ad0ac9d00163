"""Days put into words, Swedish or English: "mars 1912", "1890–1899", "före 1850".

The reverse of `dates.parse`, for display only. Begin at `describe`.
"""

from __future__ import annotations

from datetime import date

from ihp.periods import day_after

_NAMES = {
    "sv": (
        *("januari", "februari", "mars", "april", "maj", "juni"),
        *("juli", "augusti", "september", "oktober", "november", "december"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_WORDS = {
    "sv": {"undated": "odaterad", "before": "före", "latest": "senast", "from": "från"},
    "en": {"undated": "undated", "before": "before", "latest": "at the latest", "from": "from"},
}


def describe(low: date | None, high: date | None, language: str = "sv") -> str:
    """Return the days in words: "1912", "mars 1912", "1890–1899", "före 1850", "odaterad"."""
    key = "en" if language == "en" else "sv"
    words = _WORDS[key]
    if low is None and high is None:
        return words["undated"]
    if low is None or high is None:
        return _open(low, high, key)
    if low == high:
        return _day(low, key)
    begins_year = (low.month, low.day) == (1, 1)
    if begins_year and (high.month, high.day) == (12, 31):
        return str(low.year) if low.year == high.year else f"{low.year}–{high.year}"
    if low.day == 1 and (after := day_after(high)) is not None and after.day == 1:
        return _months(low, high, key)
    if low.year == high.year and low.month == high.month:
        return f"{low.day}–{_day(high, key)}"
    return f"{_day(low, key)} – {_day(high, key)}"


def _open(low: date | None, high: date | None, key: str) -> str:
    words = _WORDS[key]
    if low is not None:
        at_turn = (low.month, low.day) == (1, 1)
        return f"{words['from']} {low.year if at_turn else _day(low, key)}"
    assert high is not None
    if (high.month, high.day) == (12, 31):
        return f"{words['before']} {high.year + 1}"
    if key == "en":
        return f"{_day(high, key)} {words['latest']}"
    return f"{words['latest']} {_day(high, key)}"


def _months(low: date, high: date, key: str) -> str:
    first, last = _NAMES[key][low.month - 1], _NAMES[key][high.month - 1]
    if (low.year, low.month) == (high.year, high.month):
        return f"{first} {low.year}"
    if low.year == high.year:
        return f"{first}–{last} {low.year}"
    return f"{first} {low.year} – {last} {high.year}"


def _day(day: date, key: str) -> str:
    return f"{day.day} {_NAMES[key][day.month - 1]} {day.year}"
