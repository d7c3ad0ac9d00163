"""Dates as archivists write them, read as the law needs them: the earliest and latest day.

EDTF level 0-1 (ISO 8601-2) and Swedish phrases ("ca 1890-talet", "före 1850", "odaterad").
Undated gives no days at all, never today. Begin at `parse`; `describe` puts days into words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ihp.dates_words import describe
from ihp.periods import add_months, add_years, day_after, day_before, due_on

__all__ = ["DateSpan", "add_months", "add_years", "describe", "due_on", "parse"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("januari january jan", "februari february feb", "mars march mar", "april apr", "maj may",
         "juni june jun", "juli july jul", "augusti august aug", "september sept sep",
         "oktober october okt oct", "november nov", "december dec"), 1
    )
    for name in names.split()
}  # fmt: skip
_SEASONS = {"våren": "21", "sommaren": "22", "hösten": "23", "vintern": "24",
            "vår": "21", "sommar": "22", "höst": "23", "vinter": "24"}  # fmt: skip
# A winter may be the one that ends the year or the one that begins it.
_SEASON_MONTHS = {"21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (1, 12)}
_UNDATED = frozenset(
    {"", "odaterad", "odaterat", "odaterade", "odat", "u.å", "u å", "utan år", "utan datum",
     "okänt", "okänt datum", "s.a", "s. a", "n.d", "nd", "undated", "unknown", "xxxx"}
)  # fmt: skip
_CIRCA = ("cirka ", "circa ", "omkring ", "omkr. ", "omkr ", "ca. ", "ca ", "c:a ", "c. ", "c ")
_PROBABLY = ("troligen ", "sannolikt ", "möjligen ", "förmodligen ", "probably ")
_ISO = r"\d{4}(?:-\d{2}(?:-\d{2})?)?"
_DAY_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?:den )?(?P<day>\d{1,2})(?:[.:]|:?e)? (?P<month>[a-zåäö]+)\.?,? (?P<year>\d{4})",
        r"(?P<year>\d{4}),? (?:den )?(?P<month>[a-zåäö]+)\.? (?P<day>\d{1,2})",
        r"(?:den )?(?P<day>\d{1,2})/(?P<month>\d{1,2})[ -](?P<year>\d{4})",
        r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})",
    )
)


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date as written, as EDTF, and as days. Both days None: undated, or no limit known."""

    text: str
    edtf: str | None
    date_min: date | None
    date_max: date | None


_Found = tuple[str, date | None, date | None]


def parse(text: str) -> DateSpan:
    """Return what the text says, with the earliest and latest day that it can mean.

    "ca" widens nothing that the law counts from: a circa year is the year. "före 1850" has no
    earliest day, "efter 1850" and "1942/.." no latest, and a test that needs it will say REVIEW.

    :raises ValueError: with one Swedish sentence, when the text is no date.
    """
    lowered = _simplified(text)
    if lowered in _UNDATED:
        return DateSpan(text.strip(), None, None, None)
    core, doubt = _without_doubt(lowered)
    for reader in _READERS:
        found = reader(core)
        if found is None:
            continue
        edtf, low, high = found
        if low is not None and high is not None and high < low:
            raise ValueError(f"datumet {text.strip()!r} slutar innan det börjar")
        return DateSpan(text.strip(), _with_doubt(edtf, doubt), low, high)
    raise ValueError(
        f"datumet {text.strip()!r} går inte att läsa; skriv till exempel 1912-03-12, mars 1912, "
        "ca 1890-talet, före 1850, 1907–1911 eller odaterad"
    )


def _simplified(text: str) -> str:
    """Return the text in small letters, with single spaces and plain marks."""
    # "1907–11" with a dash is a span of years; "1907-11" with a hyphen is November.
    years = re.sub(r"\b(\d{2})(\d{2})\s*[\u2013\u2014]\s*(\d{2})(?!\d)", r"\1\2 - \1\3", text)
    plain = years.replace("\u2013", "-").replace("\u2014", "-").strip()
    if re.fullmatch(r"\[[^\[\]]+\]|\([^()]+\)", plain):
        # Archivists put in brackets what the record itself does not say.
        plain = f"{plain[1:-1].rstrip('?')}?"
    lowered = " ".join(plain.lower().split())
    return lowered[:-1] if lowered.endswith(".") and not lowered.endswith("..") else lowered


def _without_doubt(text: str) -> tuple[str, str]:
    """Split off circa and question marks; return the rest and the EDTF qualifier."""
    core, marks = text, set[str]()
    for mark, prefixes in (("~", _CIRCA), ("?", _PROBABLY), ("~", _CIRCA)):
        for prefix in prefixes:
            if core.startswith(prefix):
                core = core.removeprefix(prefix)
                marks.add(mark)
                break
    while core[-1:] in {"?", "~", "%"} and "/" not in core:
        marks.update("?~" if core[-1] == "%" else core[-1])
        core = core[:-1].strip()
    return core, "%" if len(marks) == 2 else "".join(marks)


def _with_doubt(edtf: str, doubt: str) -> str:
    """Return the EDTF with its qualifier on every end that is a date."""
    if not doubt:
        return edtf
    return "/".join(part + doubt if part not in {"", ".."} else part for part in edtf.split("/"))


def _interval(text: str) -> _Found | None:
    if "/" in text:
        left, _, right = text.partition("/")
    elif match := re.fullmatch(rf"({_ISO})\s*(?: - |-|till|to)\s*({_ISO})", text):
        left, right = match.groups()
    elif match := re.fullmatch(r"(\d{2})(\d{2})\s*-\s*(\d{2})", text):
        left, right = match[1] + match[2], match[1] + match[3]
        if int(match[3]) <= 12:
            return None
    else:
        return None
    low, high = _end_of(left), _end_of(right)
    if low is None or high is None or low[1:] == high[1:] == (None, None):
        return None
    return f"{low[0]}/{high[0]}", low[1], high[2]


def _end_of(text: str) -> _Found | None:
    """Read one end of an interval; ".." and nothing are open or unknown ends."""
    if text in {"", ".."}:
        return text, None, None
    core = text.rstrip("?~%")
    found = _point(core)
    return found and (found[0] + text[len(core) :], found[1], found[2])


def _point(text: str) -> _Found | None:
    """Read one EDTF date: year, month, day, season, or with digits left open (188X, 1985-XX)."""
    text = re.sub(r"(?<=\d)t\d{2}:\d{2}.*$", "", text)
    if match := re.fullmatch(r"(\d{4})(-?)(\d{2})\2(\d{2})", text):
        day = _day(int(match[1]), int(match[3]), int(match[4]))
        return day.isoformat(), day, day
    if match := re.fullmatch(r"(\d{4})-(2[1-4])", text):
        return text, *_months(int(match[1]), *_SEASON_MONTHS[match[2]])
    if match := re.fullmatch(r"(\d{4})-(0\d|1[0-2])(-xx)?", text):
        return text.upper(), *_months(int(match[1]), int(match[2]), int(match[2]))
    if match := re.fullmatch(r"(\d{4})(?:-xx(?:-xx)?)?", text):
        return text.upper(), *_years(int(match[1]), int(match[1]))
    if match := re.fullmatch(r"(\d{3})x", text):
        return text.upper(), *_years(int(match[1]) * 10, int(match[1]) * 10 + 9)
    if match := re.fullmatch(r"(\d{2})xx", text):
        return text.upper(), *_years(int(match[1]) * 100, int(match[1]) * 100 + 99)
    return None


def _swedish(text: str) -> _Found | None:
    return _written_day(text) or _written_months(text)


def _written_day(text: str) -> _Found | None:
    """Read "12 mars 1912", "1912 mars 12", "12/3 1912" and "12.3.1912"."""
    match = next((found for shape in _DAY_SHAPES if (found := shape.fullmatch(text))), None)
    if match is None:
        return None
    name = match["month"]
    month = int(name) if name.isdecimal() else _MONTHS.get(name)
    if month is None:
        return None
    day = _day(int(match["year"]), month, int(match["day"]))
    return day.isoformat(), day, day


def _written_months(text: str) -> _Found | None:
    """Read "mars 1912", "mars-maj 1912", "sommaren 1912" and "början av 1912"."""
    if match := re.fullmatch(r"([a-zåäö]+)\.?(?: ?- ?([a-zåäö]+)\.?)? (\d{4})", text):
        first, last, year = match[1], match[2] or match[1], int(match[3])
        if first in _MONTHS and last in _MONTHS:
            names = dict.fromkeys(f"{year:04d}-{_MONTHS[name]:02d}" for name in (first, last))
            return "/".join(names), *_months(year, _MONTHS[first], _MONTHS[last])
        if first in _SEASONS and last == first:
            season = _SEASONS[first]
            return f"{year:04d}-{season}", *_months(year, *_SEASON_MONTHS[season])
    if match := re.fullmatch(r"(?:i )?(början|mitten|slutet) av (?:år )?(\d{4})", text):
        year, first_month = int(match[2]), {"början": 1, "mitten": 5, "slutet": 9}[match[1]]
        span = f"{year:04d}-{first_month:02d}/{year:04d}-{first_month + 3:02d}"
        return span, *_months(year, first_month, first_month + 3)
    return None


def _age(text: str) -> _Found | None:
    """Read "1890-talet", "1700-talets början", "slutet av 1800-talet", "sekelskiftet 1900"."""
    if match := re.fullmatch(r"sekelskiftet (\d{2}00)(?:-\d{4})?", text):
        turn = int(match[1])
        return f"{turn - 5:04d}/{turn + 5:04d}", *_years(turn - 5, turn + 5)
    match = re.fullmatch(
        r"(?:(?:i )?(tidigt|sent|början|mitten|slutet|förra hälften|första hälften|senare hälften"
        r"|andra hälften)(?: av| på)? )?(\d{3,4})(?:-tal(?:et)?|-t|s)"
        r"|(\d{3,4})-talets (början|mitt|slut|förra hälft|första hälft|senare hälft|andra hälft)",
        text,
    )
    if match is None:
        return None
    first = int(match[2] or match[3])
    if first % 10:
        return None
    length = 100 if first % 100 == 0 and not text.endswith("s") else 10
    part = (match[1] or match[4] or "").split()
    low, high = _part_of(first, length, part[0] if part else "")
    edtf = f"{first // 100:02d}XX" if length == 100 else f"{first // 10:03d}X"
    return f"{low:04d}/{high:04d}" if part else edtf, *_years(low, high)


def _part_of(first: int, length: int, part: str) -> tuple[int, int]:
    """Return the years of a third or a half; neighbours share their border years."""
    third, half = length // 3, length // 2
    beginning, middle = (0, third), (third, length - third - 1)
    end, earlier, later = (length - third - 1, length - 1), (0, half), (half, length - 1)
    spans = {
        "början": beginning, "tidigt": beginning, "mitten": middle, "mitt": middle,
        "slutet": end, "slut": end, "sent": end,
        "förra": earlier, "första": earlier, "senare": later, "andra": later,
    }  # fmt: skip
    low, high = spans.get(part, (0, length - 1))
    return first + low, first + high


def _open_ended(text: str) -> _Found | None:
    """Read "före 1850", "senast 1850", "efter 1850", "från 1850" and "1850-"."""
    match = re.fullmatch(r"(före|innan|before|senast|efter|after|från|tidigast|since) (.+)", text)
    if match is None:
        match = re.fullmatch(r"(från|)(\d{4})\s?-", text)
    inner = _whole(match[2]) if match else None
    if match is None or inner is None:
        return None
    edtf, low, high = inner
    if match[1] in {"före", "innan", "before"}:
        last = day_before(low) if low else None
        return (f"../{_short(last, low)}", None, last) if last and low else None
    if match[1] in {"efter", "after"}:
        first = day_after(high) if high else None
        return (f"{_short(first, high)}/..", first, None) if first and high else None
    first_part, _, last_part = edtf.partition("/")
    if match[1] == "senast":
        return f"../{last_part or first_part}", None, high
    return f"{first_part}/..", low, None


def _short(day: date, beside: date) -> str:
    """Return a whole year as "1849" when the border lies at the turn of a year, else the day."""
    return f"{day.year:04d}" if day.year != beside.year else day.isoformat()


def _between(text: str) -> _Found | None:
    match = re.fullmatch(r"(?:mellan )?(.+?)(?: och | till | ?- )(.+)", text)
    if match is None:
        return None
    low, high = _whole(match[1]), _whole(match[2])
    if low is None or high is None:
        return None
    ends = low[0].split("/")[0], high[0].split("/")[-1]
    return f"{ends[0]}/{ends[1]}", low[1], high[2]


def _whole(text: str) -> _Found | None:
    return _point(text) or _swedish(text) or _age(text)


_READERS: tuple[Callable[[str], _Found | None], ...] = (
    _point, _swedish, _interval, _age, _open_ended, _between,
)  # fmt: skip


def _years(first: int, last: int) -> tuple[date, date]:
    return _day(first, 1, 1), _day(last, 12, 31)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    low = _day(year, first, 1)
    if last == 12:
        return low, date(year, 12, 31)
    end = day_before(add_months(_day(year, last, 1), 1))
    return low, end or low


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"{year:04d}-{month:02d}-{day:02d} är ingen dag i kalendern") from error
