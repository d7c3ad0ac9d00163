"""Dates as archivists write them, read as the law needs them: the earliest and latest day.

EDTF level 0-1 (ISO 8601-2) and Swedish phrases ("ca 1890-talet", "före 1850", "odaterad").
Undated gives no days at all, never today. Begin at `parse`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from ihp.periods import add_months

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("januari jan", "februari feb", "mars mar", "april apr", "maj", "juni jun", "juli jul",
         "augusti aug", "september sep sept", "oktober okt", "november nov", "december dec"), 1
    )
    for name in names.split()
}  # fmt: skip
_SEASONS = {"våren": (3, 5), "sommaren": (6, 8), "hösten": (9, 11), "vintern": (1, 12)}
_UNDATED = frozenset({"", "odaterad", "odaterat", "u.å", "utan år", "okänt", "s.a.", "nd"})
_YEAR_OR_DAY = r"\d{4}(?:-\d{2}-\d{2})?"
_EDTF_SEASONS = {"21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (1, 12)}


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date as written, as EDTF, and as days. Both days None: undated, or no limit known."""

    text: str
    edtf: str | None
    date_min: date | None
    date_max: date | None


def parse(text: str) -> DateSpan:
    """Return what the text says, with the earliest and latest day that it can mean.

    "ca" widens nothing that the law counts from: a circa year is the year. "före 1850" has no
    earliest day, "efter 1850" and "1942/.." no latest, and a test that needs it will say REVIEW.

    :raises ValueError: with one sentence, when the text is no date.
    """
    written = " ".join(text.replace("\u2013", "-").replace("\u2014", "-").split())
    lowered = written.lower()
    if lowered.endswith(".") and not lowered.endswith(".."):
        lowered = lowered[:-1]
    if lowered in _UNDATED:
        return DateSpan(text.strip(), None, None, None)
    core, uncertain = _without_doubt(lowered)
    for reader in _READERS:
        found = reader(core)
        if found is not None:
            edtf, low, high = found
            if low is not None and high is not None and high < low:
                raise ValueError(f"datumet {text!r} slutar innan det börjar")
            return DateSpan(text.strip(), edtf + uncertain, low, high)
    raise ValueError(
        f"datumet {text!r} går inte att läsa; skriv till exempel 1912-03-12, mars 1912, "
        "ca 1890-talet, före 1850, 1907-1911 eller odaterad"
    )


def describe(low: date | None, high: date | None, language: str = "sv") -> str:
    """Return the days in words: "1912", "mars 1912", "1890–1899", "före 1850", "odaterad"."""
    english = language == "en"
    if low is None and high is None:
        return "undated" if english else "odaterad"
    if low is None and high is not None:
        return f"{'before' if english else 'före'} {(high + timedelta(days=1)).year}"
    if high is None and low is not None:
        return f"{'from' if english else 'från'} {low.year}"
    assert low is not None and high is not None
    if low == high:
        return low.isoformat()
    if low.year == high.year:
        return str(low.year)
    return f"{low.year}–{high.year}"


_Found = tuple[str, date | None, date | None]


def _without_doubt(text: str) -> tuple[str, str]:
    """Split off circa and question marks; return the rest and the EDTF qualifier."""
    core, mark = text, ""
    for prefix in ("cirka ", "omkring ", "ca. ", "ca ", "c. ", "c:a ", "circa "):
        if core.startswith(prefix):
            core, mark = core[len(prefix) :], "~"
    for prefix in ("troligen ", "sannolikt ", "möjligen "):
        if core.startswith(prefix):
            core, mark = core[len(prefix) :], "?" if not mark else "%"
    if core[-1:] in "?~%" and not core.endswith("/.."):
        core, mark = core[:-1].strip(), "%" if mark and mark != core[-1] else core[-1]
    return core, mark


def _interval(text: str) -> _Found | None:
    if "/" in text:
        left, _, right = text.partition("/")
    else:
        match = re.fullmatch(
            r"(\d{4}(?:-\d{2}-\d{2})?)\s*(?:-|till|to)\s*(\d{4}(?:-\d{2}-\d{2})?)", text
        )
        short = re.fullmatch(r"(\d{2})(\d{2})\s*-\s*(\d{2})", text)
        if match:
            left, right = match.groups()
        elif short and int(short[3]) > 12:
            left, right = short[1] + short[2], short[1] + short[3]
        else:
            return None
    if left in {"", ".."} and right in {"", ".."}:
        return None
    low = _point(left) if left not in {"", ".."} else None
    high = _point(right) if right not in {"", ".."} else None
    if (left not in {"", ".."} and low is None) or (right not in {"", ".."} and high is None):
        return None
    return (
        f"{low[0] if low else left}/{high[0] if high else right}",
        low[1] if low else None,
        high[2] if high else None,
    )


def _point(text: str) -> _Found | None:
    """Read one EDTF date: year, month, day, season, or digits left open (188X)."""
    text = text.strip().rstrip("?~%")
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text):
        day = _day(int(match[1]), int(match[2]), int(match[3]))
        return day.isoformat(), day, day
    if match := re.fullmatch(r"(\d{4})-(2[1-4])", text):
        first, last = _EDTF_SEASONS[match[2]]
        return text, *_months(int(match[1]), first, last)
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return text, *_months(int(match[1]), int(match[2]), int(match[2]))
    if match := re.fullmatch(r"(\d{4})(?:-xx(?:-xx)?)?", text):
        return text.upper(), *_years(int(match[1]), int(match[1]))
    if match := re.fullmatch(r"(\d{3})x", text):
        return text.upper(), *_years(int(match[1]) * 10, int(match[1]) * 10 + 9)
    if match := re.fullmatch(r"(\d{2})xx", text):
        return text.upper(), *_years(int(match[1]) * 100, int(match[1]) * 100 + 99)
    return None


def _swedish(text: str) -> _Found | None:
    if match := re.fullmatch(r"(?:den )?(\d{1,2})[.:]? ([a-zåäö]+)\.? (\d{4})", text):
        month = _MONTHS.get(match[2])
        if month:
            day = _day(int(match[3]), month, int(match[1]))
            return day.isoformat(), day, day
    if match := re.fullmatch(r"([a-zåäö]+)\.? (\d{4})", text):
        year = int(match[2])
        if match[1] in _MONTHS:
            month = _MONTHS[match[1]]
            return f"{year:04d}-{month:02d}", *_months(year, month, month)
        if match[1] in _SEASONS:
            return f"{year:04d}", *_months(year, *_SEASONS[match[1]])
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2}) (\d{4})", text):
        day = _day(int(match[3]), int(match[2]), int(match[1]))
        return day.isoformat(), day, day
    return None


def _age(text: str) -> _Found | None:
    """Read "1890-talet", "1700-talets början", "slutet av 1800-talet"."""
    match = re.fullmatch(
        r"(?:(början|mitten|slutet|förra hälften|senare hälften) av )?(\d{3,4})-talet"
        r"|(\d{3,4})-talets (början|mitten|slut|förra hälft|senare hälft)",
        text,
    )
    if match is None:
        return None
    first = int(match[2] or match[3])
    length = 100 if first % 100 == 0 else 10
    if first % 10:
        return None
    part = (match[1] or match[4] or "").split()
    low, high = _part_of(first, length, part[0] if part else "")
    edtf = f"{first // 100:02d}XX" if length == 100 else f"{first // 10:03d}X"
    if part:
        edtf = f"{low:04d}/{high:04d}"
    return edtf, *_years(low, high)


def _part_of(first: int, length: int, part: str) -> tuple[int, int]:
    third, half = length // 3, length // 2
    spans = {
        "början": (0, third),
        "mitten": (third, length - third - 1),
        "slutet": (length - third - 1, length - 1),
        "slut": (length - third - 1, length - 1),
        "förra": (0, half),
        "senare": (half, length - 1),
    }
    low, high = spans.get(part, (0, length - 1))
    return first + low, first + high


def _open_ended(text: str) -> _Found | None:
    if match := re.fullmatch(r"(före|innan|senast|efter|från|tidigast) (.+)", text):
        inner = _whole(match[2])
        if inner is None:
            return None
        edtf, low, high = inner
        if match[1] in {"före", "innan"} and low is not None:
            return f"../{edtf}", None, low - timedelta(days=1)
        if match[1] == "senast":
            return f"../{edtf}", None, high
        if match[1] == "efter" and high is not None:
            return f"{edtf}/..", high + timedelta(days=1), None
        return f"{edtf}/..", low, None
    if match := re.fullmatch(r"(\d{4})-", text):
        return f"{match[1]}/..", _day(int(match[1]), 1, 1), None
    return None


def _between(text: str) -> _Found | None:
    match = re.fullmatch(r"(?:mellan )?(.+?)(?: och | till | - )(.+)", text)
    if match is None:
        return None
    low, high = _whole(match[1]), _whole(match[2])
    if low is None or high is None:
        return None
    return f"{low[0]}/{high[0]}", low[1], high[2]


def _whole(text: str) -> _Found | None:
    return _point(text) or _swedish(text) or _age(text)


_READERS: tuple[Callable[[str], _Found | None], ...] = (
    _point, _swedish, _interval, _age, _open_ended, _between,
)  # fmt: skip


def _years(first: int, last: int) -> tuple[date, date]:
    return _day(first, 1, 1), _day(last, 12, 31)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    _day(year, first, 1)
    return _day(year, first, 1), add_months(_day(year, last, 1), 1) - timedelta(days=1)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{year:04d}-{month:02d}-{day:02d} är ingen dag i kalendern") from error
