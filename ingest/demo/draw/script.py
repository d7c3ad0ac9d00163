"""Write by hand: one pen, one slant, one person a document.

Letters are strokes (`data/script.json`: width, then strokes; x to the right, y up, x-height 1;
a stroke that begins with + is lifted from the one before). A word is one curve, drawn with a
broad nib, so that thick and thin fall where a pen would put them. Begin at `Hand` and `write`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw

from ingest.demo.dice import dice

Point = tuple[float, float]
# Masks are drawn twice as large and reduced, which is what makes the ink smooth.
OVER = 2
_STEPS = (0.0, 0.3, 0.65)


@dataclass(frozen=True, slots=True)
class Hand:
    """A person's writing: `size` is the x-height in pixels of the finished page."""

    size: float = 15
    slant: float = 0.42
    nib: float = 0.20
    narrow: float = 0.92
    wobble: float = 0.035
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Glyph:
    width: float
    strokes: tuple[tuple[bool, tuple[Point, ...]], ...]


def canvas(size: tuple[int, int]) -> Image.Image:
    """Return an empty mask for a page of that size."""
    return Image.new("L", (size[0] * OVER, size[1] * OVER))


def measure(text: str, hand: Hand) -> float:
    """Return the width in pixels that the text takes on the page."""
    glyphs = _glyphs()
    units = sum(0.62 if c == " " else glyphs.get(c, glyphs["-"]).width for c in text)
    return units * hand.size * hand.narrow


def wrap(text: str, hand: Hand, width: float) -> list[str]:
    """Return the text broken into lines; an empty line stays an empty line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and measure(longer, hand) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def write(mask: Image.Image, at: Point, text: str, hand: Hand) -> float:
    """Write one line with its baseline at `at` (page pixels); return where the pen ended."""
    draw = ImageDraw.Draw(mask)
    roll = dice("hand", hand.key, text, at)
    x, y = at[0] * OVER, at[1] * OVER
    unit = hand.size * OVER
    drift = roll.uniform(-0.012, 0.012)
    start = x
    for word in text.split(" "):
        lift = roll.uniform(-1, 1) * hand.wobble * unit
        base = y + lift + (x - start) * drift * 0.4
        for stroke, scale in _strokes(word, roll.uniform(0.96, 1.05), hand, roll):
            _pull(draw, [(x + px * unit, base - py * unit) for px, py in stroke], unit * scale)
        x += measure(word, hand) * OVER + 0.62 * unit * hand.narrow
    return x / OVER


def _strokes(word: str, scale: float, hand: Hand, roll: object) -> list[tuple[list[Point], float]]:
    strokes: list[tuple[list[Point], float]] = []
    extras: list[tuple[list[Point], float]] = []
    pen: list[Point] = []
    glyphs, x = _glyphs(), 0.0
    for character in word:
        glyph = glyphs.get(character, glyphs["-"])
        for lifted, points in glyph.strokes:
            placed = [
                ((x + px) * hand.narrow + py * scale * hand.slant, py * scale) for px, py in points
            ]
            if lifted:
                extras.append((placed, hand.nib))
            elif pen and math.dist(pen[-1], placed[0]) < 1.0:
                pen.extend(placed[1:])
            else:
                if pen:
                    strokes.append((pen, hand.nib))
                pen = placed
        if glyph.strokes[0][0] and pen:
            strokes.append((pen, hand.nib))
            pen = []
        x += glyph.width
    if pen:
        strokes.append((pen, hand.nib))
    return strokes + extras


def _pull(draw: ImageDraw.ImageDraw, points: list[Point], nib: float) -> None:
    curve = _curve(points)
    nx, ny = nib * 0.42, -nib * 0.27
    draw.line(curve, fill=255, width=2)
    x0, y0 = curve[0]
    for x1, y1 in curve[1:]:
        draw.polygon(
            [(x0 - nx, y0 - ny), (x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny)],
            fill=255,
        )
        x0, y0 = x1, y1


def smooth(points: list[Point], steps: int) -> list[Point]:
    """Return a curve through the points (Catmull-Rom), so many steps between two of them."""
    return _curve(points, tuple(step / steps for step in range(steps)))


def _curve(points: list[Point], steps: tuple[float, ...] = _STEPS) -> list[Point]:
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for i in range(len(points) - 1):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = padded[i : i + 4]
        for t in steps:
            t2, t3 = t * t, t * t * t
            a, b = -0.5 * t3 + t2 - 0.5 * t, 1.5 * t3 - 2.5 * t2 + 1
            c, d = -1.5 * t3 + 2 * t2 + 0.5 * t, 0.5 * t3 - 0.5 * t2
            curve.append((a * ax + b * bx + c * cx + d * dx, a * ay + b * by + c * cy + d * dy))
    curve.append(points[-1])
    return curve


@lru_cache(maxsize=1)
def _glyphs() -> dict[str, _Glyph]:
    raw = json.loads(
        (Path(__file__).parent.parent / "data" / "script.json").read_text(encoding="utf-8")
    )
    return {
        character: _Glyph(
            parts[0],
            tuple(
                (
                    part.startswith("+"),
                    tuple(
                        (float(p.split(",")[0]), float(p.split(",")[1]))
                        for p in part.lstrip("+").split()
                    ),
                )
                for part in parts[1:]
            ),
        )
        for character, parts in raw.items()
    }
