"""Shapes for the browsing pages: tiles, exhibits, decade bars, dots on a map. Pure.

Numbers in, ready coordinates and links out; the templates only draw them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    return sorted(found, key=lambda dot: -dot.radius)


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
