"""Things that fill a view: rows of houses, a street in perspective, stalls, a crowd, a cart.

Greys, twice the size of the finished picture. Begin at any of the functions.
"""

from __future__ import annotations

import math
from random import Random

from PIL import ImageDraw

from ingest.demo.draw import scenery as town
from ingest.demo.draw.air import HIGH, WIDE
from ingest.demo.draw.script import smooth


def skyline(draw: ImageDraw.ImageDraw, roll: Random, foot: int, grey: int) -> None:
    x = -80.0
    while x < WIDE + 80:
        wide = roll.uniform(80, 210)
        top = foot - roll.uniform(70, 230)
        draw.rectangle((x, top, x + wide, foot), fill=grey + roll.randint(-10, 10))
        draw.polygon([(x, top), (x + wide / 2, top - wide * 0.36), (x + wide, top)], fill=grey - 18)
        x += wide


def row_of_houses(
    draw: ImageDraw.ImageDraw,
    roll: Random,
    reach: tuple[float, float],
    foot: int,
    heights: tuple[int, int],
    greys: tuple[int, int],
    *,
    snow: bool = False,
) -> None:
    x = reach[0]
    while x < reach[1]:
        wide = roll.uniform(heights[0] * 1.1, heights[1] * 1.35)
        top = foot - roll.uniform(*heights)
        town.house(draw, (x, top, x + wide, foot), roll.randint(*greys), roll)
        if snow:
            draw.line([(x - 4, top), (x + wide + 4, top)], fill=238, width=16)
        x += wide + roll.choice((0, 0, 12, 40))


def street_side(
    draw: ImageDraw.ImageDraw, roll: Random, vanish: tuple[float, float], side: int
) -> None:
    near, x_near = 1.0, WIDE * (0.5 + side * 0.62)
    depth, houses = 0.07, []
    while depth < near:
        deeper = min(near, depth * roll.uniform(1.35, 1.7))
        houses.append((depth, deeper))
        depth = deeper
    tall = roll.uniform(0.85, 1.05)
    for start, end in houses:
        grey = roll.randint(88, 176) + (14 if side > 0 else -20)
        lift = tall * roll.uniform(0.8, 1.15)
        _receding(draw, vanish, (x_near, lift), (start, end), grey)


def _receding(
    draw: ImageDraw.ImageDraw,
    vanish: tuple[float, float],
    near: tuple[float, float],
    span: tuple[float, float],
    grey: int,
) -> None:
    vx, vy = vanish
    x_near, lift = near

    def at(depth: float, high: float) -> tuple[float, float]:
        return vx + (x_near - vx) * depth, vy + depth * (HIGH * 0.42 - high * lift * HIGH * 0.95)

    start, end = span
    fade = int(30 * (1 - end))
    wall, dark, light = grey + fade, max(10, grey - 62 + fade), min(248, grey + 44 + fade)
    draw.polygon(
        [at(start, 1.0), at(end, 1.0), at(end, 1.28), at(start + (end - start) * 0.1, 1.26)],
        fill=dark,
    )
    draw.polygon([at(start, 0), at(end, 0), at(end, 1), at(start, 1)], fill=wall)
    for bay in range(4):
        a = start + (end - start) * (0.12 + bay * 0.22)
        b = a + (end - start) * 0.11
        for low, high in ((0.14, 0.42), (0.58, 0.84)):
            draw.polygon(
                [at(a, low - 0.02), at(b, low - 0.02), at(b, high + 0.02), at(a, high + 0.02)],
                fill=light,
            )
            c, d = a + (b - a) * 0.12, b - (b - a) * 0.12
            draw.polygon([at(c, low), at(d, low), at(d, high), at(c, high)], fill=dark)
            middle = (a + b) / 2
            draw.line([at(middle, low), at(middle, high)], fill=light, width=3)
    draw.polygon([at(start, 0), at(end, 0), at(end, 0.05), at(start, 0.05)], fill=dark)


def cobbles(draw: ImageDraw.ImageDraw, roll: Random, foot: int) -> None:
    for _ in range(1500):
        depth = roll.random() ** 0.7
        y = foot + depth * (HIGH - foot)
        x, r = roll.uniform(0, WIDE), 2 + 11 * depth
        draw.ellipse((x, y, x + r * 1.8, y + r), fill=roll.randint(108, 178))


def stall(draw: ImageDraw.ImageDraw, roll: Random, x: float, y: float, size: float) -> None:
    draw.rectangle((x, y - size * 0.42, x + size * 1.2, y), fill=roll.randint(70, 110))
    for post in (0, 1.17):
        draw.line([(x + size * post, y), (x + size * post, y - size * 0.95)], fill=60, width=6)
    cloth = roll.randint(176, 236)
    draw.polygon(
        [
            (x - size * 0.12, y - size * 0.72),
            (x + size * 0.1, y - size * 1.02),
            (x + size * 1.1, y - size * 1.02),
            (x + size * 1.32, y - size * 0.72),
        ],
        fill=cloth,
    )
    for stripe in range(0, 6, 2):
        sx = x + size * (-0.05 + stripe * 0.22)
        draw.polygon(
            [
                (sx, y - size * 0.72),
                (sx + size * 0.06, y - size * 1.02),
                (sx + size * 0.2, y - size * 1.02),
                (sx + size * 0.18, y - size * 0.72),
            ],
            fill=cloth - 60,
        )
    for _ in range(9):
        px, r = x + roll.uniform(0.05, 1.1) * size, size * 0.055
        draw.ellipse((px - r, y - size * 0.5, px + r, y - size * 0.38), fill=roll.randint(110, 220))


def crowd(draw: ImageDraw.ImageDraw, roll: Random, foot: int, count: int) -> None:
    for depth in sorted(roll.uniform(0.06, 0.86) for _ in range(count)):
        size = 70 + 330 * depth
        town.person(
            draw,
            roll.uniform(0, WIDE),
            foot + depth * (HIGH - foot),
            size,
            34 + roll.randint(0, 30),
            roll,
        )


def cart(draw: ImageDraw.ImageDraw, x: float, y: float, n: float) -> None:
    draw.rectangle((x, y - n * 0.36, x + n * 0.6, y - n * 0.2), fill=70)
    for wheel in (0.12, 0.48):
        cx, cy, r = x + n * wheel, y - n * 0.13, n * 0.13
        draw.ellipse((cx - r, cy - r, cx + r, cy + r), outline=40, width=9)
        for spoke in range(6):
            a = spoke * math.pi / 3
            draw.line([(cx, cy), (cx + math.cos(a) * r, cy + math.sin(a) * r)], fill=40, width=5)
    draw.ellipse((x - n * 0.55, y - n * 0.5, x - n * 0.12, y - n * 0.24), fill=54)
    draw.polygon(
        [
            (x - n * 0.5, y - n * 0.42),
            (x - n * 0.66, y - n * 0.7),
            (x - n * 0.78, y - n * 0.58),
            (x - n * 0.66, y - n * 0.56),
            (x - n * 0.54, y - n * 0.34),
        ],
        fill=54,
    )
    for leg in (-0.5, -0.42, -0.24, -0.17):
        draw.line([(x + leg * n, y - n * 0.3), (x + leg * n, y)], fill=50, width=11)
    draw.line([(x - n * 0.4, y - n * 0.34), (x + n * 0.1, y - n * 0.3)], fill=46, width=6)


def bandstand(draw: ImageDraw.ImageDraw, x: float, y: float, n: float) -> None:
    draw.ellipse((x - n * 0.52, y - n * 0.14, x + n * 0.52, y + n * 0.1), fill=150)
    for post in range(6):
        px = x - n * 0.42 + post * n * 0.168
        draw.line([(px, y), (px, y - n * 0.6)], fill=232, width=10)
    draw.polygon(
        [(x - n * 0.58, y - n * 0.58), (x, y - n * 1.0), (x + n * 0.58, y - n * 0.58)], fill=92
    )
    draw.polygon(
        [(x - n * 0.58, y - n * 0.58), (x, y - n * 1.0), (x - n * 0.1, y - n * 0.58)], fill=118
    )
    draw.line([(x, y - n), (x, y - n * 1.16)], fill=70, width=6)
    draw.line([(x - n * 0.45, y - n * 0.16), (x + n * 0.45, y - n * 0.16)], fill=230, width=8)


def reeds(draw: ImageDraw.ImageDraw, roll: Random) -> None:
    side = roll.choice((0, 1))
    for _ in range(130):
        x = abs(roll.gauss(0, 200))
        x = WIDE - x if side else x
        height = roll.uniform(90, 300)
        draw.line(
            [(x, HIGH), (x + roll.uniform(-40, 40), HIGH - height)],
            fill=roll.randint(24, 66),
            width=5,
        )


def flame(draw: ImageDraw.ImageDraw, roll: Random, x: float, y: float, size: float) -> None:
    """Draw one burning place: tongues that lean with the wind, paler at the heart."""
    for shade, scale in ((120, 1.0), (190, 0.72), (250, 0.42)):
        for _ in range(6):
            foot = x + roll.uniform(-0.5, 0.5) * size * scale
            high = size * scale * roll.uniform(0.7, 1.7)
            wide = size * scale * roll.uniform(0.12, 0.24)
            lean = roll.uniform(0.1, 0.55) * high
            edge = [
                (foot - wide, y),
                (foot - wide * 0.9 + lean * 0.1, y - high * 0.4),
                (foot + lean, y - high),
                (foot + wide * 0.8 + lean * 0.35, y - high * 0.45),
                (foot + wide, y),
            ]
            draw.polygon(smooth(edge, 6), fill=shade)
