"""Make a photograph of a scene: lens, grain, years in a drawer, a mount with a caption.

Begin at `photograph` and `class_photograph`.
"""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from ingest.demo.dice import dice, noise
from ingest.demo.draw import paper, script
from ingest.demo.draw import type as setting
from ingest.demo.draw.air import SIZE
from ingest.demo.draw.paper import cloud
from ingest.demo.draw.picture import Picture
from ingest.demo.draw.portraits import school_class
from ingest.demo.draw.scenes import SCENES
from ingest.demo.draw.script import Hand

_SEPIA = ((38, 24, 14), (142, 104, 66), (246, 231, 200))
_WARM = ((26, 21, 18), (128, 116, 102), (246, 240, 228))
_COOL = ((18, 19, 21), (120, 122, 122), (244, 245, 242))


def photograph(picture: Picture) -> Image.Image:
    """Return a print of the picture's theme: albumen brown before 1915, later black and white."""
    return _print_of(SCENES[picture.theme](picture.key), picture)


def class_photograph(picture: Picture) -> Image.Image:
    """Return a class before its school house: four rows of pupils and the teacher."""
    return _print_of(school_class(picture.key), picture)


def _print_of(scene: Image.Image, picture: Picture) -> Image.Image:
    roll = dice("print", picture.key)
    exposed = _expose(scene, picture.key, roll)
    shades = _SEPIA if picture.year < 1915 else (_WARM if picture.year < 1940 else _COOL)
    tinted = ImageOps.colorize(exposed, shades[0], shades[2], shades[1])
    _scratches(tinted, roll, picture.year)
    return _mount(tinted, picture, roll)


def _expose(scene: Image.Image, key: str, roll: Random) -> Image.Image:
    rng = noise("grain", key)
    soft = scene.filter(ImageFilter.GaussianBlur(roll.uniform(0.7, 1.3)))
    tone: np.ndarray = np.asarray(soft, np.float32)
    height, width = tone.shape
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    tone = tone * (1.06 - 0.26 * (x * x + y * y) ** 1.3 * 0.5)
    grain = _grain(width, height, rng)
    tone = (tone - 128) * roll.uniform(1.02, 1.2) + 128 + grain * roll.uniform(5, 8.5)
    tone += cloud((width, height), rng, 6) * 3
    return Image.fromarray(np.clip(tone, 6, 250).astype(np.uint8), "L")


def _grain(width: int, height: int, rng: np.random.RandomState) -> np.ndarray:
    tile = rng.standard_normal((height // 2 + 1, width // 2 + 1)).astype(np.float32)
    return np.asarray(Image.fromarray(tile, "F").resize((width, height), Image.Resampling.BILINEAR))


def _scratches(image: Image.Image, roll: Random, year: int) -> None:
    draw = ImageDraw.Draw(image, "RGBA")
    for _ in range(roll.randint(1, 6 if year < 1930 else 3)):
        x, y = roll.randrange(image.width), roll.randrange(image.height)
        bend = roll.randint(-20, 20)
        draw.line(
            [(x, y), (x + bend, y + roll.randint(30, 170))], fill=(250, 245, 230, 90), width=1
        )
    for _ in range(roll.randint(8, 26)):
        x, y, r = roll.randrange(image.width), roll.randrange(image.height), roll.uniform(0.6, 2.4)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(250, 246, 236, 150))


def _mount(image: Image.Image, picture: Picture, roll: Random) -> Image.Image:
    border, foot = 44, 118
    size = (SIZE[0] + 2 * border, SIZE[1] + border + foot)
    stock = "card" if picture.year < 1915 else ("linen" if picture.year < 1940 else "office")
    mount = paper.sheet(size, stock, picture.key)
    edge = ImageDraw.Draw(mount)
    edge.rectangle(
        (border - 3, border - 3, border + SIZE[0] + 2, border + SIZE[1] + 2), fill=(70, 58, 42)
    )
    mount.paste(image, (border, border))
    if not picture.caption:
        return mount
    if picture.year < 1950:
        hand = Hand(15.5, 0.4, 0.17, 1.0, 0.03, picture.key)
        mask = script.canvas(size)
        script.write(mask, (border + 26, size[1] - 44), picture.caption, hand)
        paper.ink(
            mount, mask, paper.BLUE_BLACK if picture.year > 1900 else paper.IRON_GALL, "caption"
        )
    else:
        font = setting.face("sans", 26)
        edge.text((border + 10, size[1] - 76), picture.caption, font=font, fill=(70, 68, 66))
    return mount
