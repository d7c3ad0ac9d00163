"""Sheets of paper as a scanner sees them, and the ink that has sunk into them.

Sheets are costly and few (a handful a size and age, turned and mirrored); ink is cheap and
never the same. Knows nothing of what is written. Begin at `sheet` and `ink`.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ingest.demo.dice import dice, noise

Colour = tuple[int, int, int]
Size = tuple[int, int]

IRON_GALL: Colour = (58, 38, 22)
BLUE_BLACK: Colour = (30, 34, 58)
BLACK: Colour = (28, 26, 25)
RED: Colour = (150, 38, 30)

# The colour of good rag paper, of ledgers, of wood pulp, of office paper: older is not worse.
_STOCK: dict[str, Colour] = {
    "rag": (233, 217, 184),
    "ledger": (236, 229, 207),
    "pulp": (231, 214, 176),
    "office": (249, 248, 243),
    "card": (224, 210, 182),
    "linen": (238, 230, 210),
}
_VARIANTS = 2


def stock_for(year: int) -> str:
    """Return the paper on which the year wrote."""
    if year < 1840:
        return "rag"
    if year < 1900:
        return "ledger"
    return "pulp" if year < 1965 else "office"


def sheet(size: Size, stock: str, *key: object) -> Image.Image:
    """Return a fresh sheet; the same key gives the same sheet."""
    roll = dice("sheet", *key)
    page = _sheet(size, stock, roll.randrange(_VARIANTS))
    turn = roll.randrange(4)
    if turn & 1:
        page = page.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if turn & 2:
        page = page.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return page.copy() if turn == 0 else page


@lru_cache(maxsize=64)
def _sheet(size: Size, stock: str, variant: int) -> Image.Image:
    width, height = size
    rng = noise("stock", stock, variant, size)
    wear = {"office": 0.12, "linen": 0.5, "card": 0.7}.get(stock, 1.0)
    tone = 1 + wear * (cloud(size, rng, 4) * 0.022 + cloud(size, rng, 30) * 0.012)
    tone -= wear * _edges(size, rng) * 0.24
    tone += rng.standard_normal((height, width)).astype(np.float32) * 0.010
    foxing = wear * _foxing(size, rng)
    base = np.array(_STOCK[stock], np.float32)
    pixels = base * tone[:, :, None]
    pixels -= foxing[:, :, None] * np.array([26, 48, 62], np.float32)
    page = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8), "RGB")
    if stock != "office":
        _fibres(page, stock, variant)
    return page


def cloud(size: Size, rng: np.random.RandomState, cells: int) -> np.ndarray:
    """Return soft noise of about unit strength, `cells` hills along the longer side."""
    width, height = size
    longest = max(width, height)
    small = rng.standard_normal(
        (max(2, cells * height // longest), max(2, cells * width // longest))
    )
    hills = Image.fromarray(small.astype(np.float32), "F")
    return np.asarray(hills.resize(size, Image.Resampling.BICUBIC))


def _edges(size: Size, rng: np.random.RandomState) -> np.ndarray:
    width, height = size
    x = np.minimum(np.arange(width), np.arange(width)[::-1]).astype(np.float32)
    y = np.minimum(np.arange(height), np.arange(height)[::-1]).astype(np.float32)
    near = np.minimum(x[None, :], y[:, None]) + cloud(size, rng, 40) * 4
    away = np.clip(near, 0, None)
    dark: np.ndarray = np.exp(-away / 16) + 0.4 * np.exp(-away / 90)
    return dark


def _foxing(size: Size, rng: np.random.RandomState) -> np.ndarray:
    spots = Image.new("L", size)
    draw = ImageDraw.Draw(spots)
    for _ in range(rng.randint(14, 40)):
        x, y, r = rng.randint(size[0]), rng.randint(size[1]), rng.randint(1, 9)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=int(rng.randint(40, 150)))
    stain = rng.randint(3)
    for _ in range(stain):
        x, y, r = rng.randint(size[0]), rng.randint(size[1]), rng.randint(60, 190)
        draw.ellipse((x - r, y - r, x + r, y + r), outline=46, width=5)
    return np.asarray(spots.filter(ImageFilter.GaussianBlur(3)), np.float32) / 255


def _fibres(page: Image.Image, stock: str, variant: int) -> None:
    roll = dice("fibre", stock, variant, page.size)
    draw = ImageDraw.Draw(page, "RGBA")
    for _ in range(page.width * page.height // 9000):
        x, y = roll.randrange(page.width), roll.randrange(page.height)
        dx, dy = roll.randint(-16, 16), roll.randint(-9, 9)
        bend = roll.randint(-6, 6)
        shade = (90, 66, 38, 34) if roll.random() < 0.7 else (255, 250, 235, 46)
        draw.line([(x, y), (x + dx, y + dy + bend), (x + 2 * dx, y + 2 * dy)], fill=shade)


def ink(page: Image.Image, mask: Image.Image, colour: Colour, *key: object) -> None:
    """Let the mask sink into the page: uneven, a little transparent, spreading in the fibres."""
    width, height = page.size
    if mask.size != page.size:
        mask = mask.reduce(mask.width // width)
    small = (noise("ink", *key).randint(178, 256, (height // 90 + 2, width // 90 + 2))).astype(
        np.uint8
    )
    load = Image.fromarray(small, "L").resize(page.size, Image.Resampling.BILINEAR)
    page.paste(Image.new("RGB", page.size, colour), None, ImageChops.multiply(mask, load))


def gutter(page: Image.Image, *, left: bool, strength: float = 0.5) -> None:
    """Shade the side where the page disappears into the binding."""
    width, height = page.size
    reach = width // 7
    ramp = np.exp(-np.arange(reach, dtype=np.float32) / (reach / 3.2)) * strength * 255
    band = np.repeat(ramp[None, :].astype(np.uint8), height, axis=0)
    shade = Image.fromarray(band, "L")
    if not left:
        shade = shade.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    dark = Image.new("RGB", shade.size, (44, 32, 20))
    page.paste(dark, (0 if left else width - reach, 0), shade)


def on_desk(page: Image.Image, *key: object, margin: int = 26) -> Image.Image:
    """Return the sheet lying a hair crooked on the scanner's dark bed, with its shadow."""
    roll = dice("desk", *key)
    size = (page.width + 2 * margin, page.height + 2 * margin)
    bed = Image.new("RGB", size, (38, 37, 36))
    shadow = Image.new("L", size)
    ImageDraw.Draw(shadow).rectangle(
        (margin + 4, margin + 6, size[0] - margin + 6, size[1] - margin + 9), fill=170
    )
    bed.paste((8, 8, 8), None, shadow.filter(ImageFilter.GaussianBlur(7)))
    angle = roll.uniform(-0.45, 0.45)
    mask = Image.new("L", page.size, 255)
    turned = page.convert("RGB").rotate(angle, Image.Resampling.BILINEAR, expand=False)
    cut = mask.rotate(angle, Image.Resampling.BILINEAR, expand=False)
    bed.paste(turned, (margin, margin), cut)
    return bed
