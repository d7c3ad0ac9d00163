"""What stands in the invented town: cathedral, houses, trees, people, boats, a bridge.

Everything is drawn in greys on a mask twice the size; the sun stands to the left. Begin at
any of the functions: each takes the drawing, a place, a size and a grey.
"""

from __future__ import annotations

import math
from random import Random

from PIL import ImageDraw

Draw = ImageDraw.ImageDraw
Point = tuple[float, float]


def cathedral(draw: Draw, x: float, ground: float, height: float, grey: int) -> None:
    """Draw the long church with its one western tower and needle spire; x is the tower's foot."""
    h = height
    dark, light = max(0, grey - 34), min(255, grey + 26)
    nave_top, nave_end = ground - h * 0.30, x + h * 0.92
    draw.rectangle((x, nave_top, nave_end, ground), fill=grey)
    draw.polygon(
        [
            (x, nave_top),
            (x + h * 0.06, nave_top - h * 0.15),
            (nave_end - h * 0.05, nave_top - h * 0.15),
            (nave_end, nave_top),
        ],
        fill=dark,
    )
    draw.polygon(
        [
            (nave_end, ground),
            (nave_end, nave_top + h * 0.05),
            (nave_end + h * 0.09, nave_top + h * 0.09),
            (nave_end + h * 0.12, ground),
        ],
        fill=dark,
    )
    for bay in range(7):
        bx = x + h * (0.16 + bay * 0.108)
        draw.rectangle((bx, nave_top + h * 0.02, bx + h * 0.018, ground), fill=light)
        wx = bx + h * 0.045
        draw.rectangle((wx, nave_top + h * 0.09, wx + h * 0.03, ground - h * 0.05), fill=dark)
        draw.pieslice(
            (wx, nave_top + h * 0.06, wx + h * 0.03, nave_top + h * 0.12), 180, 360, fill=dark
        )
    _tower(draw, x, ground, h, (grey, dark, light))


def _tower(draw: Draw, x: float, ground: float, h: float, greys: tuple[int, int, int]) -> None:
    grey, dark, light = greys
    half = h * 0.085
    top = ground - h * 0.60
    draw.rectangle((x - half, top, x + half, ground), fill=grey)
    draw.rectangle((x - half, top, x - half * 0.55, ground), fill=light)
    for level in (0.30, 0.45, 0.56):
        draw.rectangle(
            (x - half * 1.06, ground - h * level, x + half * 1.06, ground - h * level + h * 0.008),
            fill=dark,
        )
    for pair in (-0.4, 0.25):
        wx = x + half * pair
        draw.rectangle((wx, ground - h * 0.55, wx + half * 0.22, ground - h * 0.47), fill=dark)
        draw.rectangle((wx, ground - h * 0.42, wx + half * 0.22, ground - h * 0.34), fill=dark)
    draw.polygon([(x - half * 1.1, top), (x, ground - h * 0.99), (x + half * 1.1, top)], fill=dark)
    draw.polygon([(x - half * 1.1, top), (x, ground - h * 0.99), (x - half * 0.3, top)], fill=grey)
    for side in (-1, 1):
        cx = x + side * half * 0.9
        draw.polygon(
            [(cx - half * 0.22, top), (cx, top - h * 0.10), (cx + half * 0.22, top)], fill=dark
        )
    draw.line([(x, ground - h * 0.99), (x, ground - h * 1.04)], fill=dark, width=3)
    draw.line(
        [(x - h * 0.012, ground - h * 1.02), (x + h * 0.012, ground - h * 1.02)], fill=dark, width=3
    )


def house(draw: Draw, box: tuple[float, float, float, float], grey: int, roll: Random) -> None:
    """Draw a house front in the box (x0, top of wall, x1, ground), with roof above it."""
    x0, top, x1, ground = box
    width, height = x1 - x0, ground - top
    dark, light = max(8, grey - 60), min(250, grey + 40)
    roof = height * roll.uniform(0.35, 0.6)
    inset = width * roll.choice((0.04, 0.08, 0.22))
    draw.polygon(
        [(x0 - 6, top), (x0 + inset, top - roof), (x1 - inset, top - roof), (x1 + 6, top)],
        fill=dark,
    )
    draw.rectangle(box, fill=grey)
    if roll.random() < 0.6:
        for plank in range(int(x0), int(x1), 11):
            draw.line([(plank, top), (plank, ground)], fill=grey - 8, width=2)
    for chimney in range(roll.randint(1, 2)):
        cx = x0 + width * (0.3 + 0.4 * chimney)
        draw.rectangle(
            (cx, top - roof - height * 0.12, cx + width * 0.05 + 6, top - roof + 10), fill=dark - 6
        )
    floors = max(1, round(height / 105))
    bays = max(2, round(width / 84))
    for floor in range(floors):
        for bay in range(bays):
            _window(
                draw, (x0, top, width / bays, height / floors), (bay, floor), (dark - 14, light)
            )
    if width > 120:
        door = x0 + width * (roll.randrange(bays) + 0.5) / bays
        draw.rectangle((door - 19, ground - 88, door + 19, ground), fill=dark)
        draw.rectangle((door - 24, ground - 94, door + 24, ground - 88), fill=light)


def _window(
    draw: Draw,
    grid: tuple[float, float, float, float],
    place: tuple[int, int],
    greys: tuple[int, int],
) -> None:
    x0, top, pitch, storey = grid
    glass, frame = greys
    cx, cy = x0 + pitch * (place[0] + 0.5), top + storey * (place[1] + 0.46)
    w, h = min(17.0, pitch * 0.24), min(30.0, storey * 0.3)
    draw.rectangle((cx - w - 5, cy - h - 5, cx + w + 5, cy + h + 5), fill=frame)
    draw.rectangle((cx - w, cy - h, cx + w, cy + h), fill=max(0, glass))
    draw.line([(cx, cy - h), (cx, cy + h)], fill=frame, width=4)
    draw.line([(cx - w, cy - h * 0.3), (cx + w, cy - h * 0.3)], fill=frame, width=3)


def tree(
    draw: Draw,
    x: float,
    ground: float,
    height: float,
    grey: int,
    roll: Random,
    *,
    bare: bool = False,
) -> None:
    """Draw a tree: a crown of many leaves, lighter towards the sun, or winter branches."""
    draw.polygon(
        [
            (x - height * 0.03, ground),
            (x - height * 0.012, ground - height * 0.6),
            (x + height * 0.012, ground - height * 0.6),
            (x + height * 0.03, ground),
        ],
        fill=max(5, grey - 40),
    )
    if bare:
        _branch(
            draw,
            (x, ground - height * 0.3),
            -math.pi / 2,
            height * 0.27,
            max(5, grey - 40),
            roll,
            5,
        )
        return
    for _ in range(260):
        angle, far = roll.uniform(0, 2 * math.pi), math.sqrt(roll.random())
        dx, dy = math.cos(angle) * far * height * 0.30, math.sin(angle) * far * height * 0.34
        shade = grey - 16 + int(-dx / height * 60 - dy / height * 70) + roll.randint(-16, 16)
        r = height * roll.uniform(0.014, 0.046)
        cx, cy = x + dx, ground - height * 0.66 + dy
        draw.ellipse((cx - r, cy - r * 0.8, cx + r, cy + r * 0.8), fill=max(4, min(250, shade)))


def _branch(
    draw: Draw, at: Point, angle: float, length: float, grey: int, roll: Random, depth: int
) -> None:
    end = (at[0] + math.cos(angle) * length, at[1] + math.sin(angle) * length)
    draw.line([at, end], fill=grey, width=max(2, depth * 2))
    if depth:
        for side in (-1, 0, 1):
            if side or roll.random() < 0.5:
                turn = angle + side * roll.uniform(0.25, 0.6)
                _branch(draw, end, turn, length * roll.uniform(0.62, 0.8), grey, roll, depth - 1)


def person(draw: Draw, x: float, ground: float, height: float, grey: int, roll: Random) -> None:
    """Draw a standing person in the dress of about 1900: hat and coat, or a long skirt."""
    h, top = height, ground - height
    lady = roll.random() < 0.48
    head = x + roll.uniform(-0.02, 0.02) * h
    shadow = (x - h * 0.12, ground - h * 0.03, x + h * 0.42, ground + h * 0.035)
    draw.ellipse(shadow, fill=max(0, grey - 12))
    if lady:
        _skirt(draw, (x, ground), h, grey, min(250, grey + roll.choice((6, 60, 110))))
        hat = (head - h * 0.15, top + h * 0.02, head + h * 0.15, top + h * 0.09)
        draw.ellipse(hat, fill=max(0, grey - 10))
    else:
        _coat(draw, (x, ground), h, grey)
        for wide, high, low in ((0.075, -0.02, 0.065), (0.11, 0.055, 0.075)):
            hat = (head - h * wide, top + h * high, head + h * wide, top + h * low)
            draw.rectangle(hat, fill=max(0, grey - 14))
    face = (head - h * 0.055, top + h * 0.06, head + h * 0.055, top + h * 0.19)
    draw.ellipse(face, fill=min(235, grey + 110))
    for side in (-1, 1):
        arm = [(x + side * h * 0.12, ground - h * 0.77), (x + side * h * 0.16, ground - h * 0.5)]
        draw.line(arm, fill=max(0, grey - 4), width=max(3, int(h * 0.05)))


def _skirt(draw: Draw, foot: Point, h: float, grey: int, blouse: int) -> None:
    x, y = foot
    _taper(draw, (x, y - h * 0.55, y), (h * 0.07, h * 0.19), grey)
    _taper(draw, (x, y - h * 0.80, y - h * 0.54), (h * 0.11, h * 0.07), blouse)


def _coat(draw: Draw, foot: Point, h: float, grey: int) -> None:
    x, y = foot
    for leg in (-0.075, 0.015):
        trouser = (x + leg * h, y - h * 0.42, x + (leg + 0.062) * h, y)
        draw.rectangle(trouser, fill=max(0, grey - 10))
    _taper(draw, (x, y - h * 0.81, y - h * 0.34), (h * 0.13, h * 0.11), grey)


def _taper(draw: Draw, line: tuple[float, float, float], half: Point, grey: int) -> None:
    x, top, low = line
    a, b = half
    draw.polygon([(x - a, top), (x + a, top), (x + b, low), (x - b, low)], fill=grey)


def bridge(draw: Draw, left: Point, right: Point, arches: int, grey: int) -> None:
    """Draw a stone bridge of round arches between two points of its roadway."""
    (x0, y0), (x1, y1) = left, right
    span = (x1 - x0) / arches
    rise = span * 0.36
    draw.polygon(
        [
            (x0, y0),
            ((x0 + x1) / 2, min(y0, y1) - 18),
            (x1, y1),
            (x1, y1 + rise + 26),
            (x0, y0 + rise + 26),
        ],
        fill=grey,
    )
    for arch in range(arches):
        ax = x0 + arch * span
        box = (ax + span * 0.08, y0 + 16, ax + span * 0.92, y0 + 16 + rise * 2.1)
        draw.pieslice(box, 180, 360, fill=max(0, grey - 70))
        draw.arc(box, 180, 360, fill=min(255, grey + 30), width=7)
    rail = [(x0, y0 - 22), ((x0 + x1) / 2, min(y0, y1) - 40), (x1, y1 - 22)]
    draw.line(rail, fill=min(255, grey + 34), width=9)
    for post in range(arches * 6 + 1):
        px = x0 + (x1 - x0) * post / (arches * 6)
        bow = -18 * (1 - abs(2 * post / (arches * 6) - 1))
        draw.line([(px, y0 + bow - 22), (px, y0 + bow)], fill=grey - 20, width=4)


def steamer(draw: Draw, x: float, water: float, length: float, grey: int) -> None:
    """Draw a canal steamer with funnel, awning and a wisp of smoke."""
    n = length
    hull = [
        (x, water - n * 0.10),
        (x + n, water - n * 0.12),
        (x + n * 0.94, water + n * 0.02),
        (x + n * 0.05, water + n * 0.02),
    ]
    draw.polygon(hull, fill=max(0, grey - 50))
    draw.line([(x, water - n * 0.10), (x + n, water - n * 0.12)], fill=240, width=6)
    draw.rectangle((x + n * 0.16, water - n * 0.19, x + n * 0.84, water - n * 0.105), fill=226)
    for pane in range(9):
        px = x + n * (0.19 + pane * 0.072)
        draw.rectangle((px, water - n * 0.175, px + n * 0.045, water - n * 0.135), fill=70)
    draw.rectangle((x + n * 0.10, water - n * 0.235, x + n * 0.9, water - n * 0.222), fill=238)
    for post in range(8):
        px = x + n * (0.12 + post * 0.108)
        draw.line([(px, water - n * 0.225), (px, water - n * 0.19)], fill=200, width=4)
    draw.polygon(
        [
            (x + n * 0.47, water - n * 0.22),
            (x + n * 0.475, water - n * 0.42),
            (x + n * 0.545, water - n * 0.42),
            (x + n * 0.55, water - n * 0.22),
        ],
        fill=50,
    )
    draw.rectangle((x + n * 0.473, water - n * 0.39, x + n * 0.547, water - n * 0.36), fill=215)
    draw.line([(x + n * 0.12, water - n * 0.1), (x + n * 0.11, water - n * 0.46)], fill=60, width=6)
    draw.polygon(
        [
            (x + n * 0.98, water - n * 0.12),
            (x + n * 1.02, water - n * 0.26),
            (x + n * 1.10, water - n * 0.2),
        ],
        fill=150,
    )


def rowing_boat(draw: Draw, x: float, water: float, length: float, grey: int) -> None:
    """Draw a rowing boat with one at the oars."""
    n = length
    draw.polygon(
        [
            (x, water - n * 0.12),
            (x + n, water - n * 0.12),
            (x + n * 0.84, water + n * 0.04),
            (x + n * 0.14, water + n * 0.04),
        ],
        fill=grey,
    )
    draw.line([(x, water - n * 0.12), (x + n, water - n * 0.12)], fill=min(255, grey + 70), width=5)
    draw.polygon(
        [
            (x + n * 0.42, water - n * 0.1),
            (x + n * 0.46, water - n * 0.38),
            (x + n * 0.58, water - n * 0.38),
            (x + n * 0.6, water - n * 0.1),
        ],
        fill=max(0, grey - 30),
    )
    draw.ellipse((x + n * 0.46, water - n * 0.52, x + n * 0.58, water - n * 0.38), fill=190)
    draw.line(
        [(x + n * 0.5, water - n * 0.26), (x + n * 0.05, water + n * 0.14)],
        fill=max(0, grey - 20),
        width=5,
    )


def train(draw: Draw, x: float, rail: float, length: float, grey: int) -> None:
    """Draw a small engine with two carriages, heading left."""
    n = length
    draw.rectangle((x + n * 0.05, rail - n * 0.15, x + n * 0.22, rail - n * 0.06), fill=grey)
    draw.ellipse((x + n * 0.03, rail - n * 0.15, x + n * 0.08, rail - n * 0.06), fill=grey - 12)
    draw.rectangle((x + n * 0.20, rail - n * 0.21, x + n * 0.29, rail - n * 0.04), fill=grey)
    draw.rectangle((x + n * 0.215, rail - n * 0.19, x + n * 0.275, rail - n * 0.14), fill=170)
    draw.rectangle((x + n * 0.19, rail - n * 0.225, x + n * 0.30, rail - n * 0.208), fill=grey - 18)
    draw.polygon(
        [
            (x + n * 0.075, rail - n * 0.15),
            (x + n * 0.065, rail - n * 0.235),
            (x + n * 0.115, rail - n * 0.235),
            (x + n * 0.105, rail - n * 0.15),
        ],
        fill=grey - 14,
    )
    for wheel in (0.08, 0.14, 0.20, 0.26):
        cx, r = x + n * wheel, n * 0.034
        draw.ellipse((cx - r, rail - 2 * r, cx + r, rail), fill=grey - 20, outline=150, width=4)
    for carriage in (0.33, 0.67):
        cx = x + n * carriage
        draw.rectangle((cx, rail - n * 0.17, cx + n * 0.31, rail - n * 0.035), fill=grey + 34)
        draw.rectangle(
            (cx - n * 0.006, rail - n * 0.185, cx + n * 0.316, rail - n * 0.165), fill=grey
        )
        for pane in range(6):
            px = cx + n * (0.014 + pane * 0.05)
            draw.rectangle((px, rail - n * 0.145, px + n * 0.034, rail - n * 0.095), fill=196)
        for wheel in (0.05, 0.26):
            r = n * 0.025
            draw.ellipse(
                (cx + n * wheel - r, rail - 2 * r, cx + n * wheel + r, rail), fill=grey - 20
            )
