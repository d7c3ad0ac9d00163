"""Rows of pupils in front of their school house, with the teacher beside them.

Greys, twice the size. Begin at `school_class`.
"""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw

from ingest.demo.dice import dice
from ingest.demo.draw.air import HIGH, WIDE, ground

_ROWS = (0.42, 0.55, 0.69, 0.84)


def school_class(key: str) -> Image.Image:
    """Return a class: four rows, the smallest on the ground, the teacher to one side."""
    roll = dice("class", key)
    view = Image.new("L", (WIDE, HIGH), 168)
    draw = ImageDraw.Draw(view)
    _wall(draw, roll)
    ground(view, key, 0.80, grey=138)
    draw = ImageDraw.Draw(view)
    teacher_left = roll.random() < 0.5
    counts = (roll.randint(7, 9), roll.randint(8, 10), roll.randint(8, 10), roll.randint(7, 9))
    side = -1 if teacher_left else 1
    _figure(draw, (WIDE * (0.5 + side * 0.40), HIGH * 0.93), 1.6, roll, grown=True)
    for depth, (line, count) in enumerate(zip(_ROWS, counts, strict=True)):
        pitch = WIDE * 0.68 / count
        for place in range(count):
            x = WIDE * 0.16 + pitch * (place + 0.5) + roll.uniform(-9, 9)
            foot = HIGH * (line + 0.13) + roll.uniform(-10, 10)
            _figure(draw, (x, foot), 1.16 + depth * 0.04 + roll.uniform(-0.05, 0.05), roll)
    _slate(draw, roll)
    return view.reduce(2)


def _wall(draw: ImageDraw.ImageDraw, roll: Random) -> None:
    grey = roll.randint(140, 186)
    for y in range(0, int(HIGH * 0.82), 30):
        shift = (y // 30 % 2) * 40
        for x in range(-40, WIDE, 80):
            tone = grey + roll.randint(-7, 7)
            draw.rectangle((x + shift + 1, y + 1, x + shift + 78, y + 28), fill=tone)
    for left in (0.08, 0.37, 0.66):
        box = (WIDE * left, HIGH * 0.06, WIDE * (left + 0.20), HIGH * 0.42)
        draw.rectangle((box[0] - 22, box[1] - 22, box[2] + 22, box[3] + 26), fill=226)
        draw.rectangle(box, fill=64)
        for pane in (1, 2):
            across = box[0] + (box[2] - box[0]) * pane / 3
            draw.line([(across, box[1]), (across, box[3])], fill=222, width=12)
        for bar in (0.36, 0.68):
            down = box[1] + (box[3] - box[1]) * bar
            draw.line([(box[0], down), (box[2], down)], fill=222, width=10)


def _figure(
    draw: ImageDraw.ImageDraw,
    foot: tuple[float, float],
    scale: float,
    roll: Random,
    *,
    grown: bool = False,
) -> None:
    x, y = foot
    n = 150 * scale
    girl = roll.random() < 0.5
    cloth = roll.choice((40, 54, 70, 96, 128, 190))
    hair = roll.choice((28, 44, 70, 120, 168))
    skin = roll.randint(196, 220)
    wide = n * (0.62 if grown else 0.52)
    top = y - n * (3.1 if grown else 1.75)
    draw.rounded_rectangle((x - wide, top + n * 0.62, x + wide, y), n * 0.3, fill=cloth)
    for arm in (-1, 1):
        ax = x + arm * wide * 0.86
        draw.line(
            [(ax, top + n * 0.9), (ax, y - n * 0.2)], fill=max(8, cloth - 16), width=int(n * 0.1)
        )
    collar = 232 if roll.random() < 0.7 else max(20, cloth - 20)
    draw.polygon(
        [
            (x - n * 0.3, top + n * 0.62),
            (x, top + n * (1.02 if girl else 0.86)),
            (x + n * 0.3, top + n * 0.62),
        ],
        fill=collar,
    )
    if not girl:
        for button in range(3):
            by = top + n * (1.05 + button * 0.2)
            draw.ellipse((x - 6, by - 6, x + 6, by + 6), fill=min(250, cloth + 70))
    draw.rectangle((x - n * 0.1, top + n * 0.45, x + n * 0.1, top + n * 0.7), fill=skin - 26)
    if girl:
        _long_hair(draw, (x, top), n, hair, roll)
    _face(draw, (x + roll.uniform(-0.03, 0.03) * n, top), n, (skin, hair), roll)


def _long_hair(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], n: float, hair: int, roll: Random
) -> None:
    x, top = at
    draw.rounded_rectangle(
        (x - n * 0.32, top - n * 0.06, x + n * 0.32, top + n * 0.56), n * 0.24, fill=hair
    )
    if roll.random() < 0.6:
        for side in (-1, 1):
            for knot in range(5):
                kx, ky = x + side * n * 0.34, top + n * (0.5 + knot * 0.12)
                draw.ellipse((kx - n * 0.08, ky, kx + n * 0.08, ky + n * 0.15), fill=hair)
            bow = [(-0.14, 1.02), (0.14, 1.16), (0.14, 1.02), (-0.14, 1.16)]
            draw.polygon([(x + side * n * 0.34 + bx * n, top + by * n) for bx, by in bow], fill=228)


def _face(
    draw: ImageDraw.ImageDraw,
    at: tuple[float, float],
    n: float,
    greys: tuple[int, int],
    roll: Random,
) -> None:
    x, top = at
    skin, hair = greys
    draw.ellipse((x - n * 0.29, top - n * 0.10, x + n * 0.29, top + n * 0.40), fill=hair)
    draw.ellipse((x - n * 0.255, top, x + n * 0.255, top + n * 0.58), fill=skin)
    draw.ellipse((x - n * 0.19, top + n * 0.1, x + n * 0.03, top + n * 0.44), fill=skin + 10)
    fringe = roll.uniform(0.10, 0.17)
    draw.chord((x - n * 0.26, top - n * 0.03, x + n * 0.26, top + n * 0.5), 200, 340, fill=hair)
    draw.polygon(
        [
            (x - n * 0.25, top + n * 0.14),
            (x + roll.uniform(-0.1, 0.1) * n, top + n * fringe * 0.6),
            (x + n * 0.25, top + n * 0.14),
            (x, top - n * 0.06),
        ],
        fill=hair,
    )
    _features(draw, at, n, skin, roll)


def _features(
    draw: ImageDraw.ImageDraw, at: tuple[float, float], n: float, skin: int, roll: Random
) -> None:
    x, top = at
    for eye in (-0.105, 0.105):
        ex, ey = x + eye * n, top + n * 0.275
        draw.ellipse((ex - n * 0.028, ey - n * 0.024, ex + n * 0.028, ey + n * 0.024), fill=46)
        draw.line(
            [(ex - n * 0.05, ey - n * 0.06), (ex + n * 0.05, ey - n * 0.062)],
            fill=skin - 84,
            width=4,
        )
    draw.line(
        [(x, top + n * 0.29), (x - n * 0.02, top + n * 0.39), (x + n * 0.03, top + n * 0.395)],
        fill=skin - 44,
        width=4,
    )
    smile = roll.uniform(-0.01, 0.03) * n
    draw.line(
        [
            (x - n * 0.075, top + n * 0.475 - smile),
            (x, top + n * 0.48),
            (x + n * 0.075, top + n * 0.475 - smile),
        ],
        fill=skin - 96,
        width=5,
    )


def _slate(draw: ImageDraw.ImageDraw, roll: Random) -> None:
    x, y = WIDE * 0.5, HIGH * 0.95
    draw.rectangle((x - 190, y - 70, x + 190, y + 76), fill=120)
    draw.rectangle((x - 176, y - 58, x + 176, y + 64), fill=34)
    for line in range(2):
        start = x - 130 + roll.randint(0, 40)
        for word in range(4):
            left = start + word * 64
            draw.line(
                [(left, y - 20 + line * 44), (left + 46, y - 20 + line * 44)], fill=214, width=7
            )
