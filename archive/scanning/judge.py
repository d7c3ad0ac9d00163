"""Hold the figures of scans against what was ordered. Reads no file and no table.

A finding is {"code", "severity", ...numbers}; its words stand in `words`. Begin at `judge`.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Finding = dict[str, Any]

BAD, WARN, NOTE = "bad", "warn", "note"
WEIGHT = {BAD: 100, WARN: 10, NOTE: 1}
PAPERS = {"A5": (148, 210), "A4": (210, 297), "A3": (297, 420), "A2": (420, 594),
          "A1": (594, 841), "A0": (841, 1189), "folio": (210, 330)}  # fmt: skip
_MM = 25.4
_ROUNDING = 0.99  # a format that counts dots a metre gives 299.99 for 300
_PAPER_SLACK = 0.95  # a scan may be cut a little inside the sheet
LEAN, MUCH_LEAN = 0.7, 2.0  # degrees
_BLANK_INK, _FAINT, _DARK = 0.0006, 165, 105
_CUT = (0.03, 0.6)  # less is dust, more is the scanner's lid or a shadow
_ALIKE, _SPEAKING = 0.17, 24
_NEAR = 200  # a page is scanned twice soon after, and all against all takes minutes
_MOST_TOLD = 50
_COLOURS = {"colour": 2, "grey": 1, "bitonal": 0}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was ordered: dots an inch, colour, paper and number of pages, where they are known."""

    dpi: int
    colour: str
    paper: str | None = None
    pages: int | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that came: its name, its digest and its figures ({"problem"} if it has none)."""

    name: str
    sha256: str
    measured: Mapping[str, Any]


def judge(wanted: Wanted, scans: Sequence[Scan]) -> tuple[list[list[Finding]], list[Finding]]:
    """Return the findings of each scan, in their order, and those of all together."""
    each = [list(_of_one(wanted, scan.measured)) for scan in scans]
    for number, finding in _doubles(scans):
        each[number].append(finding)
    return each, list(_of_all(wanted, scans))


def weight(findings: Sequence[Finding]) -> int:
    """Return how bad findings are together, for the order in which scans are shown."""
    return sum(WEIGHT.get(finding["severity"], 0) for finding in findings)


def _of_one(wanted: Wanted, figures: Mapping[str, Any]) -> Iterator[Finding]:
    if "problem" in figures:
        yield {"code": "UNREADABLE", "severity": BAD, "problem": str(figures["problem"])}
        return
    if figures.get("not_picture"):
        yield {"code": "NOT-PICTURE", "severity": WARN, "type": figures["not_picture"]}
        return
    yield from _resolution(wanted, figures)
    found = {"1": "bitonal", "L": "grey", "LA": "grey", "F": "grey"}.get(figures["mode"], "colour")
    found = "grey" if figures["mode"].startswith("I") else found
    if _COLOURS[found] < _COLOURS[wanted.colour]:
        yield {"code": "COLOUR", "severity": BAD, "wanted": wanted.colour, "found": found}
    if figures["ink"] < _BLANK_INK:
        yield {"code": "BLANK", "severity": WARN}
        return
    yield from _tone(figures)
    skew = figures["skew"]
    if skew is not None and abs(skew) >= LEAN:
        severity = BAD if abs(skew) >= MUCH_LEAN else WARN
        yield {"code": "SKEW", "severity": severity, "degrees": round(abs(skew), 1)}


def _resolution(wanted: Wanted, figures: Mapping[str, Any]) -> Iterator[Finding]:
    stated = min(figures["dpi"]) if figures["dpi"] else None
    by_paper = _by_paper(wanted.paper, figures["width"], figures["height"])
    if stated is not None and stated < wanted.dpi * _ROUNDING:
        found = round(stated)
        yield {"code": "DPI-LOW", "severity": BAD, "wanted": wanted.dpi, "found": found}
    if by_paper is not None and by_paper < wanted.dpi * _PAPER_SLACK:
        yield {
            "code": "DPI-PAPER",
            "severity": BAD,
            "wanted": wanted.dpi,
            "found": round(by_paper),
            "paper": wanted.paper,
        }
    if stated is None:
        is_known = by_paper is not None
        code = "DPI-UNSTATED" if is_known else "DPI-UNKNOWN"
        yield {"code": code, "severity": NOTE if is_known else WARN}


def _by_paper(paper: str | None, width: int, height: int) -> float | None:
    """Return how many dots an inch the pixels make on that paper, in the worse direction."""
    if paper not in PAPERS:
        return None
    sides = zip(sorted((width, height)), PAPERS[paper], strict=True)
    return min(pixels * _MM / length for pixels, length in sides)


def _tone(figures: Mapping[str, Any]) -> Iterator[Finding]:
    if figures["mode"] == "1":
        return
    if figures["light"] < _DARK:
        yield {"code": "DARK", "severity": WARN, "tone": round(figures["light"])}
    elif figures["dark"] > _FAINT:
        yield {"code": "FAINT", "severity": WARN, "tone": round(figures["dark"])}
    sides = zip(("top", "right", "bottom", "left"), figures["edges"], strict=True)
    cut = [side for side, share in sides if _CUT[0] < share < _CUT[1]]
    if cut and figures["middle"] > 150:  # on a photograph dark things at the edge mean nothing
        yield {"code": "CUT", "severity": NOTE, "sides": cut}


def _doubles(scans: Sequence[Scan]) -> Iterator[tuple[int, Finding]]:
    """Yield, for each scan that is there before, which one it is; the first is no double."""
    first: dict[str, int] = {}
    looks: list[tuple[int, int]] = []
    for number, scan in enumerate(scans):
        same = first.setdefault(scan.sha256, number)
        if same != number:
            yield number, {"code": "SAME", "severity": BAD, "other": scans[same].name}
            continue
        if "look" not in scan.measured or scan.measured["ink"] < _BLANK_INK:
            continue
        look = int(scan.measured["look"], 16)
        near = looks[-_NEAR:]
        like = next((n for n, other in near if _is_alike(look, other)), None)
        if like is not None:
            yield number, {"code": "ALIKE", "severity": WARN, "other": scans[like].name}
        looks.append((number, look))


def _is_alike(one: int, other: int) -> bool:
    """Return whether two fingerprints are of one page; those of nearly empty pages say nothing."""
    either = (one | other).bit_count()
    return either >= _SPEAKING and (one ^ other).bit_count() <= _ALIKE * either


def _of_all(wanted: Wanted, scans: Sequence[Scan]) -> Iterator[Finding]:
    if not scans:
        yield {"code": "NOTHING", "severity": BAD}
        return
    if wanted.pages is not None and len(scans) != wanted.pages:
        severity = BAD if len(scans) < wanted.pages else WARN
        yield {"code": "COUNT", "severity": severity, "wanted": wanted.pages, "found": len(scans)}
    gaps = gaps_in([scan.name for scan in scans])
    if gaps:
        told = gaps[:_MOST_TOLD]
        yield {"code": "GAPS", "severity": BAD, "missing": told, "count": len(gaps)}
    elif wanted.pages is None:
        yield {"code": "COUNT-UNKNOWN", "severity": NOTE, "found": len(scans)}


def gaps_in(names: Sequence[str]) -> list[str]:
    """Return the numbers that are missing in names that count: 0003 in 0001, 0002, 0004.

    Each row of names that differ in their last number only is looked at by itself. One in which
    more is missing than is there does not count pages, but years or the like.
    """
    rows: dict[str, dict[int, int]] = defaultdict(dict)
    for name in names:
        found = re.fullmatch(r"(.*?)(\d{1,9})(\D*)", name.rsplit(".", 1)[0], re.DOTALL)
        if found:
            rows[found[1]][int(found[2])] = len(found[2])
    missing = []
    for before, numbers in rows.items():
        if len(numbers) < 3:
            continue
        width = Counter(numbers.values()).most_common(1)[0][0]
        start = 1 if min(numbers) in range(2, 6) else min(numbers)
        span = max(numbers) - start + 1
        if span <= 2 * len(numbers):
            missing += [
                f"{before}{n:0{width}d}" for n in range(start, max(numbers)) if n not in numbers
            ]
    return missing
