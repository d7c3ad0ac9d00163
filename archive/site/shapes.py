"""Shapes for the browsing pages: tiles, exhibits, decade bars, dots on a map. Pure.

Numbers in, ready coordinates and links out; the templates only draw them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import cos, radians

from flask import url_for

from archive.edition.models import Collection, PublicRecord
from archive.edition.queries import PlaceCount
from archive.pages import at, language
from archive.site import terms

CHART_WIDTH, CHART_HEIGHT = 960, 180
MAP_WIDTH, MAP_HEIGHT = 800, 600
_MARGIN = 60


@dataclass(frozen=True, slots=True)
class Tile:
    """A kind of record as a way in."""

    label: str
    count: int
    url: str
    picture: str | None
    icon: str

    @classmethod
    def of(cls, kind: str, label: str, count: int, thumb_id: str | None) -> Tile:
        """Return the tile that leads to a search for the kind."""
        return cls(
            label=label,
            count=count,
            url=at("/search", type=kind),
            picture=url_for("site.file", file_id=thumb_id) if thumb_id else None,
            icon=terms.kind_icon(kind),
        )


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A collection as a way in."""

    title: str
    text: str
    count: int
    url: str
    picture: str | None


@dataclass(frozen=True, slots=True)
class Bar:
    """A decade: how many records, where its bar stands, and where it leads."""

    label: str
    year: int
    last_year: int
    count: int
    x: float
    y: float
    width: float
    height: float
    url: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Dot:
    """A place on the drawn map."""

    name: str
    count: int
    x: float
    y: float
    radius: float
    url: str
    shown: str = "no"  # its name: on "all" screens, on "wide" ones, or "no": the list has it
    text_x: float = 0
    text_y: float = 0


def exhibits(
    found: Sequence[Collection], covers: Mapping[str, PublicRecord | None]
) -> list[Exhibit]:
    """Return the collections in the page's language, each with the picture of its cover."""
    return [_exhibit(each, covers.get(each.slug)) for each in found]


def in_language(sv: str, en: str) -> str:
    """Return the text in the page's language; Swedish where there is no English."""
    return en if language() == "en" and en else sv


def decade_bars(counts: Sequence[tuple[int, int]]) -> list[Bar]:
    """Return a bar for each decade from the first to the last, empty ones included.

    Heights go by the square root, or a few early treasures would vanish beside a busy century.
    """
    if not counts:
        return []
    by_year = dict(counts)
    first, last = counts[0][0], counts[-1][0]
    years = range(first, last + 1, 10)
    step = CHART_WIDTH / len(years)
    top = max(by_year.values()) ** 0.5
    return [
        _bar(year, by_year.get(year, 0), index * step, step, top)
        for index, year in enumerate(years)
    ]


def dots(places: Sequence[PlaceCount]) -> list[Dot]:
    """Return the places that have coordinates, projected on one sheet; the largest first."""
    placed = [p for p in places if p.latitude is not None and p.longitude is not None]
    if not placed:
        return []
    middle = cos(radians(sum(p.latitude or 0 for p in placed) / len(placed)))
    points = [((p.longitude or 0) * middle, -(p.latitude or 0)) for p in placed]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    wide = max(x for x, _ in points) - left or 0.001
    high = max(y for _, y in points) - top or 0.001
    scale = min((MAP_WIDTH - 2 * _MARGIN) / wide, (MAP_HEIGHT - 2 * _MARGIN) / high)
    found = [
        Dot(
            name=place.name,
            count=place.count,
            x=round((MAP_WIDTH - wide * scale) / 2 + (x - left) * scale, 1),
            y=round((MAP_HEIGHT - high * scale) / 2 + (y - top) * scale, 1),
            radius=round(min(7 + place.count**0.5 * 2, 34), 1),
            url=at("/search", place=place.name),
        )
        for place, (x, y) in zip(placed, points, strict=True)
    ]
    return _labelled(sorted(found, key=lambda dot: -dot.radius))


def _labelled(dots: list[Dot]) -> list[Dot]:
    """Let the largest bear their names first, and no name lie on another name or on a dot.

    On a telephone the letters are twice as large, so fewer names have room.
    """
    named: dict[str, Dot] = {}
    taken: list[_Box] = []
    for size, shown in ((32, "all"), (16, "wide")):
        for dot in dots:
            place = None if dot.name in named else _free_place(dot, size, taken, dots)
            if place is not None:
                taken.append(place)
                named[dot.name] = replace(
                    dot, shown=shown, text_x=place.left, text_y=place.bottom - size * 0.2
                )
    return [named.get(dot.name, dot) for dot in dots]


@dataclass(frozen=True, slots=True)
class _Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        """Return whether the two lie on each other."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom and other.top < self.bottom


def _free_place(dot: Dot, size: int, taken: Sequence[_Box], dots: Sequence[Dot]) -> _Box | None:
    """Return where the name has room: above, below, right or left of its dot; or nowhere."""
    discs = [
        _Box(o.x - o.radius, o.y - o.radius, o.x + o.radius, o.y + o.radius)
        for o in dots
        if o.name != dot.name
    ]
    for place in _places(dot, size):
        inside = place.left >= 0 and place.right <= MAP_WIDTH
        if inside and not any(place.meets(other) for other in (*taken, *discs)):
            return place
    return None


def _places(dot: Dot, size: int) -> list[_Box]:
    wide = len(dot.name) * size * 0.57
    away = dot.radius + 4
    corners = (
        (dot.x - wide / 2, dot.y - away - size),
        (dot.x - wide / 2, dot.y + away),
        (dot.x + away, dot.y - size / 2),
        (dot.x - away - wide, dot.y - size / 2),
    )
    return [_Box(round(x, 1), y, x + wide, round(y + size, 1)) for x, y in corners]


def _exhibit(found: Collection, cover: PublicRecord | None) -> Exhibit:
    return Exhibit(
        title=in_language(found.title_sv, found.title_en),
        text=in_language(found.text_sv, found.text_en),
        count=len(found.pids),
        url=url_for("site.collection", slug=found.slug),
        picture=url_for("site.file", file_id=cover.thumb_id) if cover else None,
    )


def _bar(year: int, count: int, x: float, step: float, top: float) -> Bar:
    room = CHART_HEIGHT - 26
    height = max(count**0.5 / top * room, 3) if count else 0
    return Bar(
        label=f"{year}–{year + 9}",
        year=year,
        last_year=year + 9,
        count=count,
        x=round(x + step * 0.08, 2),
        y=round(room - height, 2),
        width=round(step * 0.84, 2),
        height=round(height, 2),
        url=at("/search", **{"from": year, "to": year + 9}),
        marked=year % 50 == 0,
    )
