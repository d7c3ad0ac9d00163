"""Views of the invented town, in greys: river, square, street, canal, station, park, fire.

Each returns a picture of `SIZE`, sharp and clean; `photograph` makes a photograph of it.
Begin at `SCENES`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ingest.demo.dice import dice, noise
from ingest.demo.draw import scenery as town
from ingest.demo.draw.paper import cloud

SIZE = (1360, 960)
_W, _H = SIZE[0] * 2, SIZE[1] * 2


def sky(key: str, horizon: float, *, bright: float = 218, weather: float = 20) -> Image.Image:
    """Return the empty view: a sky that pales towards the horizon, with clouds."""
    rng = noise("sky", key)
    size = (_W // 4, _H // 4)
    y = np.linspace(0, 1 / horizon, size[1], dtype=np.float32)[:, None].clip(0, 1)
    tone = bright - 62 + 66 * y**0.8
    drifts = cloud(size, rng, 4) * 0.6 + cloud(size, rng, 9) * 0.35 + cloud(size, rng, 20) * 0.16
    stretched = np.clip(drifts, -0.2, 1.6) * weather * (1.15 - y)
    view = np.clip(tone + stretched, 0, 250).astype(np.uint8)
    return Image.fromarray(view, "L").resize((_W, _H), Image.Resampling.BICUBIC)


def ground(view: Image.Image, key: str, horizon: float, *, grey: int = 120) -> None:
    """Lay a street, square or meadow below the horizon, with the light upon it."""
    top = int(_H * horizon)
    size = (_W // 4, (_H - top) // 4 + 1)
    rng = noise("ground", key)
    y = np.linspace(0, 1, size[1], dtype=np.float32)[:, None]
    tone = grey + 34 - 46 * y + cloud(size, rng, 12) * 5 + rng.standard_normal(size[::-1]) * 7 * y
    land = Image.fromarray(np.clip(tone, 0, 255).astype(np.uint8), "L")
    view.paste(land.resize((_W, _H - top), Image.Resampling.BICUBIC), (0, top))


def water(view: Image.Image, key: str, shore: int) -> None:
    """Fill everything below the shore with a river that mirrors what stands above it."""
    depth = _H - shore
    mirror = view.crop((0, max(0, shore - depth), _W, shore)).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    small = mirror.resize((_W // 4, depth // 4)).filter(ImageFilter.GaussianBlur(1.4))
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
    view.paste(river.resize((_W, depth), Image.Resampling.BICUBIC), (0, shore))


def haze(view: Image.Image, strength: float, tone: int = 205) -> Image.Image:
    """Return the view as seen through that much air."""
    return Image.blend(view, Image.new("L", view.size, tone), strength)


def river(key: str) -> Image.Image:
    """Return Stångån with the cathedral, the quay's houses, a bridge and a boat."""
    roll = dice("river", key)
    shore = int(_H * roll.uniform(0.56, 0.64))
    view = sky(key, 0.6)
    draw = ImageDraw.Draw(view)
    _skyline(draw, roll, shore, 150)
    tower = roll.uniform(0.25, 0.62) * _W
    town.cathedral(draw, tower, shore - 30, roll.uniform(0.40, 0.50) * _H, 118)
    view = haze(view, 0.16)
    draw = ImageDraw.Draw(view)
    _row_of_houses(draw, roll, (-40, _W + 40), shore, (130, 250), (70, 150))
    for _ in range(roll.randint(3, 7)):
        town.tree(draw, roll.uniform(0, _W), shore + 8, roll.uniform(190, 330), 74, roll)
    if roll.random() < 0.6:
        side = roll.choice((0.0, 0.45))
        town.bridge(draw, (_W * side, shore - 60), (_W * (side + 0.6), shore - 52), 3, 128)
    draw.rectangle((0, shore - 8, _W, shore + 4), fill=66)
    water(view, key, shore)
    draw = ImageDraw.Draw(view)
    for _ in range(roll.randint(1, 3)):
        far = roll.uniform(0.1, 0.7)
        town.rowing_boat(
            draw, roll.uniform(0.05, 0.8) * _W, shore + far * (_H - shore), 150 + 260 * far, 52
        )
    if roll.random() < 0.5:
        _reeds(draw, roll)
    return view.reduce(2)


def square(key: str) -> Image.Image:
    """Return Stora torget on a market day."""
    roll = dice("square", key)
    foot = int(_H * 0.56)
    view = sky(key, 0.55)
    draw = ImageDraw.Draw(view)
    town.cathedral(draw, roll.uniform(0.3, 0.7) * _W, foot - 90, _H * 0.46, 150)
    view = haze(view, 0.22)
    draw = ImageDraw.Draw(view)
    _row_of_houses(draw, roll, (-60, _W + 60), foot, (280, 470), (100, 190))
    ground(view, key, 0.56, grey=150)
    draw = ImageDraw.Draw(view)
    _cobbles(draw, roll, foot)
    for depth in sorted(roll.uniform(0.05, 0.75) for _ in range(roll.randint(7, 12))):
        _stall(
            draw,
            roll,
            roll.uniform(-0.02, 0.98) * _W,
            foot + depth * (_H - foot),
            110 + 240 * depth,
        )
    _crowd(draw, roll, foot, roll.randint(24, 46))
    return view.reduce(2)


def street(key: str) -> Image.Image:
    """Return a street between wooden houses that runs towards the tower."""
    roll = dice("street", key)
    vanish = (_W * roll.uniform(0.42, 0.58), _H * 0.55)
    view = sky(key, 0.55, bright=224)
    draw = ImageDraw.Draw(view)
    town.cathedral(draw, vanish[0] - 20, vanish[1] + 10, _H * 0.36, 168)
    view = haze(view, 0.25)
    ground(view, key, 0.55, grey=156)
    draw = ImageDraw.Draw(view)
    for side in (-1, 1):
        _street_side(draw, roll, vanish, side)
    for depth in sorted(roll.uniform(0.03, 0.6) ** 1.3 for _ in range(roll.randint(6, 14))):
        x = vanish[0] + roll.uniform(-0.75, 0.75) * depth * _W
        town.person(draw, x, vanish[1] + depth * (_H - vanish[1]), 40 + 420 * depth, 44, roll)
    if roll.random() < 0.5:
        _cart(draw, vanish[0] + roll.uniform(-300, 260), vanish[1] + 280, 360)
    return view.reduce(2)


def canal(key: str) -> Image.Image:
    """Return Kinda kanal with a steamer between the trees."""
    roll = dice("canal", key)
    shore = int(_H * 0.55)
    view = sky(key, 0.55)
    draw = ImageDraw.Draw(view)
    for x in range(-100, _W + 100, 70):
        town.tree(draw, x + roll.randint(-40, 40), shore + 10, roll.uniform(170, 330), 132, roll)
    view = haze(view, 0.2)
    draw = ImageDraw.Draw(view)
    town.house(draw, (_W * 0.66, shore - 190, _W * 0.8, shore - 10), 176, roll)
    for x in (0.04, 0.16, 0.9, 0.97):
        town.tree(draw, x * _W, shore + 20, roll.uniform(420, 620), 66, roll)
    draw.rectangle((0, shore - 10, _W, shore + 6), fill=84)
    steamer_x = roll.uniform(0.14, 0.4) * _W
    town.steamer(draw, steamer_x, shore + 96, 900, 90)
    hull = view.copy()
    water(view, key, shore + 6)
    view.paste(
        hull.crop((0, shore - 10, _W, shore + 116)), (0, shore - 10), _boat_mask(steamer_x, shore)
    )
    _smoke(view, (steamer_x + 450, shore - 290), roll, 0.8)
    draw = ImageDraw.Draw(view)
    _reeds(draw, roll)
    return view.reduce(2)


def station(key: str) -> Image.Image:
    """Return the railway station with a train about to leave."""
    roll = dice("station", key)
    foot = int(_H * 0.66)
    view = sky(key, 0.6)
    draw = ImageDraw.Draw(view)
    _skyline(draw, roll, foot, 168)
    view = haze(view, 0.2)
    draw = ImageDraw.Draw(view)
    town.house(draw, (_W * 0.22, foot - 420, _W * 0.86, foot), 186, roll)
    town.house(draw, (_W * 0.44, foot - 520, _W * 0.60, foot), 196, roll)
    ground(view, key, 0.66, grey=140)
    draw = ImageDraw.Draw(view)
    town.train(draw, _W * roll.uniform(-0.02, 0.12), foot + 170, _W * 0.86, 48)
    for rail in (foot + 176, foot + 218):
        draw.rectangle((0, rail, _W, rail + 9), fill=58)
    for _ in range(roll.randint(9, 18)):
        town.person(
            draw, roll.uniform(0.02, 0.98) * _W, foot + roll.uniform(300, 460), 270, 46, roll
        )
    _smoke(view, (_W * 0.14, foot - 160), roll, 1.3)
    return view.reduce(2)


def park(key: str) -> Image.Image:
    """Return Trädgårdsföreningen: lawns, walkers, a bandstand."""
    roll = dice("park", key)
    foot = int(_H * 0.58)
    view = sky(key, 0.58)
    draw = ImageDraw.Draw(view)
    for x in range(-60, _W + 60, 110):
        town.tree(draw, x + roll.randint(-50, 50), foot + 14, roll.uniform(300, 560), 120, roll)
    view = haze(view, 0.18)
    ground(view, key, 0.58, grey=128)
    draw = ImageDraw.Draw(view)
    path = [(_W * 0.44, foot), (_W * 0.52, foot), (_W * 1.0, _H), (_W * 0.1, _H)]
    draw.polygon(path, fill=184)
    _bandstand(draw, _W * roll.uniform(0.16, 0.8), foot + 60, 380)
    for x in (0.03, 0.93):
        town.tree(draw, x * _W, _H * 0.86, _H * 0.72, 58, roll)
    _crowd(draw, roll, foot, roll.randint(9, 20))
    return view.reduce(2)


def winter(key: str) -> Image.Image:
    """Return the frozen river with skaters and bare trees."""
    roll = dice("winter", key)
    shore = int(_H * 0.55)
    view = sky(key, 0.55, bright=228, weather=10)
    draw = ImageDraw.Draw(view)
    _skyline(draw, roll, shore, 178)
    town.cathedral(draw, roll.uniform(0.3, 0.65) * _W, shore - 10, _H * 0.42, 158)
    view = haze(view, 0.24, 222)
    draw = ImageDraw.Draw(view)
    _row_of_houses(draw, roll, (-40, _W + 40), shore, (110, 200), (110, 170), snow=True)
    ground(view, key, 0.55, grey=214)
    draw = ImageDraw.Draw(view)
    for _ in range(26):
        x, y = roll.uniform(0, _W), roll.uniform(shore + 60, _H)
        draw.arc((x, y, x + roll.uniform(200, 700), y + 60), 200, 320, fill=198, width=3)
    for x in (0.05, 0.9):
        town.tree(draw, x * _W, _H * 0.9, _H * 0.74, 78, roll, bare=True)
    _crowd(draw, roll, shore, roll.randint(16, 30))
    return view.reduce(2)


def fire(key: str) -> Image.Image:
    """Return roofs burning by night under a column of smoke."""
    roll = dice("fire", key)
    foot = int(_H * 0.7)
    view = sky(key, 0.7, bright=120, weather=26)
    glow = Image.new("L", (_W // 4, _H // 4))
    ImageDraw.Draw(glow).ellipse((_W // 16, _H // 14, _W // 4 - 60, _H // 4), fill=150)
    soft = glow.filter(ImageFilter.GaussianBlur(50)).resize((_W, _H))
    view = ImageChops.add(view, soft)
    draw = ImageDraw.Draw(view)
    town.cathedral(draw, _W * roll.uniform(0.3, 0.6), foot - 60, _H * 0.54, 60)
    _row_of_houses(draw, roll, (-40, _W + 40), foot, (200, 380), (34, 62))
    for _ in range(16):
        _flame(draw, roll, roll.uniform(0.12, 0.85) * _W, foot - roll.uniform(180, 420))
    _smoke(view, (_W * 0.5, foot - 500), roll, 2.6)
    ground(view, key, 0.7, grey=58)
    draw = ImageDraw.Draw(view)
    for _ in range(20):
        town.person(
            draw, roll.uniform(0.02, 0.98) * _W, foot + roll.uniform(120, 420), 240, 22, roll
        )
    return view.reduce(2)


def works(key: str) -> Image.Image:
    """Return the mill and workshop at Tannefors with the people of the place before it."""
    roll = dice("works", key)
    foot = int(_H * 0.64)
    view = sky(key, 0.6)
    draw = ImageDraw.Draw(view)
    _skyline(draw, roll, foot, 172)
    view = haze(view, 0.2)
    draw = ImageDraw.Draw(view)
    x = _W * 0.08
    while x < _W * 0.86:
        wide = roll.uniform(300, 560)
        town.house(
            draw, (x, foot - roll.uniform(300, 560), x + wide, foot), roll.randint(110, 160), roll
        )
        x += wide
    for stack in range(roll.randint(1, 3)):
        cx = _W * (0.24 + stack * 0.24)
        draw.polygon(
            [(cx - 34, foot), (cx - 22, _H * 0.1), (cx + 22, _H * 0.1), (cx + 34, foot)], fill=92
        )
        _smoke(view, (cx, _H * 0.1), roll, 1.0)
    ground(view, key, 0.64, grey=134)
    draw = ImageDraw.Draw(view)
    for row in range(3):
        for place in range(13 - row):
            px = _W * (0.12 + (place + row * 0.5) * 0.062) + roll.randint(-14, 14)
            town.person(draw, px, foot + 190 + row * 96, 262, 40 + roll.randint(0, 34), roll)
    return view.reduce(2)


SCENES: dict[str, Callable[[str], Image.Image]] = {
    "river": river,
    "square": square,
    "street": street,
    "canal": canal,
    "station": station,
    "park": park,
    "winter": winter,
    "fire": fire,
    "works": works,
}


def _skyline(draw: ImageDraw.ImageDraw, roll: Random, foot: int, grey: int) -> None:
    x = -80.0
    while x < _W + 80:
        wide = roll.uniform(80, 210)
        top = foot - roll.uniform(70, 230)
        draw.rectangle((x, top, x + wide, foot), fill=grey + roll.randint(-10, 10))
        draw.polygon([(x, top), (x + wide / 2, top - wide * 0.36), (x + wide, top)], fill=grey - 18)
        x += wide


def _row_of_houses(
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


def _street_side(
    draw: ImageDraw.ImageDraw, roll: Random, vanish: tuple[float, float], side: int
) -> None:
    near, x_near = 1.0, _W * (0.5 + side * 0.62)
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
        return vx + (x_near - vx) * depth, vy + depth * (_H * 0.42 - high * lift * _H * 0.95)

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


def _cobbles(draw: ImageDraw.ImageDraw, roll: Random, foot: int) -> None:
    for _ in range(1500):
        depth = roll.random() ** 0.7
        y = foot + depth * (_H - foot)
        x, r = roll.uniform(0, _W), 2 + 11 * depth
        draw.ellipse((x, y, x + r * 1.8, y + r), fill=roll.randint(108, 178))


def _stall(draw: ImageDraw.ImageDraw, roll: Random, x: float, y: float, size: float) -> None:
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


def _crowd(draw: ImageDraw.ImageDraw, roll: Random, foot: int, count: int) -> None:
    for depth in sorted(roll.uniform(0.06, 0.86) for _ in range(count)):
        size = 70 + 330 * depth
        town.person(
            draw,
            roll.uniform(0, _W),
            foot + depth * (_H - foot),
            size,
            34 + roll.randint(0, 30),
            roll,
        )


def _cart(draw: ImageDraw.ImageDraw, x: float, y: float, n: float) -> None:
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


def _bandstand(draw: ImageDraw.ImageDraw, x: float, y: float, n: float) -> None:
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


def _reeds(draw: ImageDraw.ImageDraw, roll: Random) -> None:
    side = roll.choice((0, 1))
    for _ in range(130):
        x = abs(roll.gauss(0, 200))
        x = _W - x if side else x
        height = roll.uniform(90, 300)
        draw.line(
            [(x, _H), (x + roll.uniform(-40, 40), _H - height)], fill=roll.randint(24, 66), width=5
        )


def _smoke(view: Image.Image, at: tuple[float, float], roll: Random, size: float) -> None:
    puffs = Image.new("L", (_W // 4, _H // 4))
    draw = ImageDraw.Draw(puffs)
    x, y = at[0] / 4, at[1] / 4
    for puff in range(26):
        r = (5 + puff * 1.9) * size
        draw.ellipse((x - r, y - r, x + r, y + r), fill=max(20, 190 - puff * 6))
        x += roll.uniform(2, 9) * size
        y -= roll.uniform(0, 7) * size
    mask = puffs.filter(ImageFilter.GaussianBlur(7)).resize(view.size)
    view.paste(150, (0, 0, *view.size), mask)


def _flame(draw: ImageDraw.ImageDraw, roll: Random, x: float, y: float) -> None:
    for shade, scale in ((200, 1.0), (240, 0.6)):
        n = roll.uniform(120, 250) * scale
        tips = [(x - n * 0.3, y + n * 0.3)]
        for tongue in range(5):
            tips.append(
                (
                    x - n * 0.3 + tongue * n * 0.15,
                    y - n * roll.uniform(0.2, 1.0) * (1 - abs(tongue - 2) * 0.2),
                )
            )
            tips.append((x - n * 0.24 + tongue * n * 0.15, y - n * 0.05))
        tips.append((x + n * 0.4, y + n * 0.3))
        draw.polygon(tips, fill=shade)


def _boat_mask(x: float, shore: int) -> Image.Image:
    mask = Image.new("L", (_W, 126))
    ImageDraw.Draw(mask).rectangle((x - 10, 0, x + 1010, 126), fill=255)
    return mask
