"""Air, ground, water and smoke: what a view of the town is laid upon.

Greys, twice the size of the finished picture. Begin at `sky`.
"""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from ingest.demo.dice import noise
from ingest.demo.draw.paper import cloud

SIZE = (1360, 960)
WIDE, HIGH = SIZE[0] * 2, SIZE[1] * 2


def sky(key: str, horizon: float, *, bright: float = 218, weather: float = 20) -> Image.Image:
    """Return the empty view: a sky that pales towards the horizon, with clouds."""
    rng = noise("sky", key)
    size = (WIDE // 4, HIGH // 4)
    y = np.linspace(0, 1 / horizon, size[1], dtype=np.float32)[:, None].clip(0, 1)
    tone = bright - 62 + 66 * y**0.8
    drifts = cloud(size, rng, 4) * 0.6 + cloud(size, rng, 9) * 0.35 + cloud(size, rng, 20) * 0.16
    stretched = np.clip(drifts, -0.2, 1.6) * weather * (1.15 - y)
    view = np.clip(tone + stretched, 0, 250).astype(np.uint8)
    return Image.fromarray(view, "L").resize((WIDE, HIGH), Image.Resampling.BICUBIC)


def ground(view: Image.Image, key: str, horizon: float, *, grey: int = 120) -> None:
    """Lay a street, square or meadow below the horizon, with the light upon it."""
    top = int(HIGH * horizon)
    size = (WIDE // 4, (HIGH - top) // 4 + 1)
    rng = noise("ground", key)
    y = np.linspace(0, 1, size[1], dtype=np.float32)[:, None]
    tone = grey + 34 - 46 * y + cloud(size, rng, 12) * 5 + rng.standard_normal(size[::-1]) * 7 * y
    land = Image.fromarray(np.clip(tone, 0, 255).astype(np.uint8), "L")
    view.paste(land.resize((WIDE, HIGH - top), Image.Resampling.BICUBIC), (0, top))


def water(view: Image.Image, key: str, shore: int) -> None:
    """Fill everything below the shore with a river that mirrors what stands above it."""
    depth = HIGH - shore
    mirror = view.crop((0, max(0, shore - depth), WIDE, shore)).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    small = mirror.resize((WIDE // 4, depth // 4)).filter(ImageFilter.GaussianBlur(1.4))
    pixels = np.asarray(small, np.float32)
    rng = noise("water", key)
    rows, columns = pixels.shape
    y = np.arange(rows, dtype=np.float32)
    shift = (np.sin(y * 1.1 + rng.rand() * 9) * (0.6 + y / rows * 5)).astype(int)
    waved = np.stack([np.roll(row, s) for row, s in zip(pixels, shift, strict=True)])
    ripple = np.asarray(
        Image.fromarray(
            rng.standard_normal((rows, columns // 16 + 1)).astype(np.float32), "F"
        ).resize((columns, rows), Image.Resampling.BICUBIC)
    )
    fall = np.linspace(0.90, 0.70, rows, dtype=np.float32)[:, None]
    tone = waved * fall + 8 + ripple * np.linspace(2, 11, rows)[:, None]
    river = Image.fromarray(np.clip(tone, 0, 255).astype(np.uint8), "L")
    view.paste(river.resize((WIDE, depth), Image.Resampling.BICUBIC), (0, shore))


def haze(view: Image.Image, strength: float, tone: int = 205) -> Image.Image:
    """Return the view as seen through that much air."""
    return Image.blend(view, Image.new("L", view.size, tone), strength)


def smoke(view: Image.Image, at: tuple[float, float], roll: Random, size: float) -> None:
    puffs = Image.new("L", (WIDE // 4, HIGH // 4))
    draw = ImageDraw.Draw(puffs)
    x, y = at[0] / 4, at[1] / 4
    for puff in range(26):
        r = (5 + puff * 1.9) * size
        draw.ellipse((x - r, y - r, x + r, y + r), fill=max(20, 190 - puff * 6))
        x += roll.uniform(2, 9) * size
        y -= roll.uniform(0, 7) * size
    mask = puffs.filter(ImageFilter.GaussianBlur(7)).resize(view.size)
    view.paste(150, (0, 0, *view.size), mask)
