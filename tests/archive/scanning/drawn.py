"""Pages drawn for the tests: lines of words on paper, of a size, a tone and a lean."""

from __future__ import annotations

import io
import random
from typing import Any

from PIL import Image, ImageDraw

PAPER, INK = (238, 232, 218), (40, 34, 30)


def page(
    seed: int = 1,
    *,
    width: int = 850,
    height: int = 1200,
    paper: tuple[int, int, int] = PAPER,
    ink: tuple[int, int, int] = INK,
    lines: int = 26,
) -> Image.Image:
    """Return a page of writing; each seed writes something else."""
    dice = random.Random(seed)
    image = Image.new("RGB", (width, height), paper)
    draw = ImageDraw.Draw(image)
    step = height * 0.8 / max(lines, 1)
    for line in range(lines):
        x, y = width * 0.12, height * 0.1 + line * step
        end = width * dice.uniform(0.5, 0.88)
        while x < end:
            word = width * dice.uniform(0.02, 0.09)
            draw.rectangle((x, y, x + word, y + step * dice.uniform(0.25, 0.4)), fill=ink)
            x += word + width * 0.015
    return image


def turned(image: Image.Image, degrees: float) -> Image.Image:
    """Return the page laid askew on the glass, counter-clockwise."""
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=PAPER)


def as_bytes(image: Image.Image, form: str = "JPEG", **how: Any) -> bytes:
    """Return the picture as a file."""
    made = io.BytesIO()
    image.save(made, form, **how)
    return made.getvalue()
