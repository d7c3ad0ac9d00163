"""The ground of the invented maps: river, blocks, fields and roads in metres from Stora torget.

Every map draws from the same ground, so that the torget of 1651 lies where that of 1923 does;
what differs is how far the town has grown. Begin at `Ground`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from ingest.demo.dice import dice
from ingest.demo.places import PLACES

Point = tuple[float, float]

_HOME = PLACES["Stora torget"]
_RIVER = (
    (58.3920, 15.6440),
    (58.3985, 15.6455),
    (58.4032, 15.6421),
    (58.4062, 15.6355),
    (58.4095, 15.6313),
    (58.4125, 15.6298),
    (58.4157, 15.6288),
    (58.4195, 15.6280),
    (58.4260, 15.6310),
)
_TURN = math.radians(7)


@dataclass(frozen=True, slots=True)
class Block:
    """A quarter of the town: its corners and what stands or grows there."""

    corners: tuple[Point, ...]
    use: str  # built | garden | field | meadow | church | square


@dataclass(frozen=True, slots=True)
class Ground:
    """The town and its land in a given year."""

    river: tuple[Point, ...]
    blocks: tuple[Block, ...]
    roads: tuple[tuple[Point, ...], ...]


def metres(place: Point) -> Point:
    """Return a latitude and longitude as metres east and north of Stora torget."""
    north = (place[0] - _HOME[0]) * 111_300
    return (place[1] - _HOME[1]) * 111_300 * math.cos(math.radians(_HOME[0])), north


def ground(year: int) -> Ground:
    """Return the ground as the year knew it."""
    roll = dice("ground", year // 40)
    reach = 430 + max(0, year - 1840) * 9
    untidy = 7.0 if year < 1700 else 2.5
    river = tuple(metres(p) for p in _RIVER)
    blocks = [*_town(reach, untidy, river, roll), *_land(reach, river, roll)]
    return Ground(river, tuple(blocks), _roads(river))


def river_at(river: tuple[Point, ...], north: float) -> float:
    """Return how far east the river runs at that height."""
    for (x0, y0), (x1, y1) in pairwise(river):
        if min(y0, y1) <= north <= max(y0, y1):
            return x0 + (x1 - x0) * (north - y0) / (y1 - y0)
    return river[-1][0] if north > river[-1][1] else river[0][0]


def _town(reach: float, untidy: float, river: tuple[Point, ...], roll: Random) -> list[Block]:
    blocks: list[Block] = []
    columns, rows = int(reach // 108) + 1, int(reach // 84) + 1
    church = metres(PLACES["Domkyrkan"])
    for i in range(-columns, columns + 1):
        for j in range(-rows, rows + 1):
            centre = _turned((i * 108.0, j * 84.0))
            if math.hypot(centre[0], centre[1] * 1.15) > reach * roll.uniform(0.9, 1.06):
                continue
            if abs(centre[0] - river_at(river, centre[1])) < 84:
                continue
            use = "built" if roll.random() < 0.84 else "garden"
            if (i, j) == (0, 0):
                use = "square"
            elif math.hypot(centre[0] - church[0], centre[1] - church[1]) < 92:
                use = "church"
            blocks.append(Block(_quad(centre, (46, 34), untidy, roll), use))
    return blocks


def _land(reach: float, river: tuple[Point, ...], roll: Random) -> list[Block]:
    blocks: list[Block] = []
    for i in range(-8, 9):
        for j in range(-7, 8):
            centre = (i * 330.0 + roll.uniform(-9, 9), j * 290.0 + roll.uniform(-9, 9))
            if math.hypot(*centre) < reach + 190:
                continue
            if abs(centre[0] - river_at(river, centre[1])) < 210:
                continue
            use = roll.choice(("field", "field", "field", "meadow", "wood"))
            blocks.append(Block(_quad(centre, (148, 126), 12, roll), use))
    return blocks


def _roads(river: tuple[Point, ...]) -> tuple[tuple[Point, ...], ...]:
    ends = ((-2600, 380), (-1500, -1900), (500, -2300), (2700, -900), (2500, 900), (-300, 2300))
    roads = []
    for x, y in ends:
        bend = (x * 0.45 + y * 0.07, y * 0.45 - x * 0.05)
        roads.append(((0.0, 0.0), bend, (float(x), float(y))))
    return tuple(roads)


def _turned(point: Point) -> Point:
    x, y = point
    return (
        x * math.cos(_TURN) - y * math.sin(_TURN),
        x * math.sin(_TURN) + y * math.cos(_TURN),
    )


def _quad(centre: Point, half: Point, untidy: float, roll: Random) -> tuple[Point, ...]:
    corners = []
    for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        dx, dy = _turned((sx * half[0], sy * half[1]))
        corners.append(
            (
                centre[0] + dx + roll.uniform(-untidy, untidy),
                centre[1] + dy + roll.uniform(-untidy, untidy),
            )
        )
    return tuple(corners)
