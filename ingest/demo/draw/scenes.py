"""Views of the invented town, in greys: river, square, street, canal, station, park, fire.

Each returns a picture of `air.SIZE`, sharp and clean; `photograph` makes a photograph of it.
Begin at `SCENES`.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ingest.demo.dice import dice
from ingest.demo.draw import props
from ingest.demo.draw import scenery as town
from ingest.demo.draw.air import HIGH, WIDE, ground, haze, sky, smoke, water


def river(key: str) -> Image.Image:
    """Return Stångån with the cathedral, the quay's houses, a bridge and a boat."""
    roll = dice("river", key)
    shore = int(HIGH * roll.uniform(0.56, 0.64))
    view = sky(key, 0.6)
    draw = ImageDraw.Draw(view)
    props.skyline(draw, roll, shore, 150)
    tower = roll.uniform(0.25, 0.62) * WIDE
    town.cathedral(draw, tower, shore - 30, roll.uniform(0.40, 0.50) * HIGH, 118)
    view = haze(view, 0.16)
    draw = ImageDraw.Draw(view)
    props.row_of_houses(draw, roll, (-40, WIDE + 40), shore, (130, 250), (70, 150))
    for _ in range(roll.randint(3, 7)):
        town.tree(draw, roll.uniform(0, WIDE), shore + 8, roll.uniform(190, 330), 74, roll)
    if roll.random() < 0.6:
        side = roll.choice((0.0, 0.45))
        town.bridge(draw, (WIDE * side, shore - 60), (WIDE * (side + 0.6), shore - 52), 3, 128)
    draw.rectangle((0, shore - 8, WIDE, shore + 4), fill=66)
    water(view, key, shore)
    draw = ImageDraw.Draw(view)
    for _ in range(roll.randint(1, 3)):
        far = roll.uniform(0.1, 0.7)
        town.rowing_boat(
            draw, roll.uniform(0.05, 0.8) * WIDE, shore + far * (HIGH - shore), 150 + 260 * far, 52
        )
    if roll.random() < 0.5:
        props.reeds(draw, roll)
    return view.reduce(2)


def square(key: str) -> Image.Image:
    """Return Stora torget on a market day."""
    roll = dice("square", key)
    foot = int(HIGH * 0.56)
    view = sky(key, 0.55)
    draw = ImageDraw.Draw(view)
    town.cathedral(draw, roll.uniform(0.3, 0.7) * WIDE, foot - 90, HIGH * 0.46, 150)
    view = haze(view, 0.22)
    draw = ImageDraw.Draw(view)
    props.row_of_houses(draw, roll, (-60, WIDE + 60), foot, (280, 470), (100, 190))
    ground(view, key, 0.56, grey=150)
    draw = ImageDraw.Draw(view)
    props.cobbles(draw, roll, foot)
    for depth in sorted(roll.uniform(0.05, 0.75) for _ in range(roll.randint(7, 12))):
        props.stall(
            draw,
            roll,
            roll.uniform(-0.02, 0.98) * WIDE,
            foot + depth * (HIGH - foot),
            110 + 240 * depth,
        )
    props.crowd(draw, roll, foot, roll.randint(24, 46))
    return view.reduce(2)


def street(key: str) -> Image.Image:
    """Return a street between wooden houses that runs towards the tower."""
    roll = dice("street", key)
    vanish = (WIDE * roll.uniform(0.42, 0.58), HIGH * 0.55)
    view = sky(key, 0.55, bright=224)
    draw = ImageDraw.Draw(view)
    town.cathedral(draw, vanish[0] - 20, vanish[1] + 10, HIGH * 0.36, 168)
    view = haze(view, 0.25)
    ground(view, key, 0.55, grey=156)
    draw = ImageDraw.Draw(view)
    for side in (-1, 1):
        props.street_side(draw, roll, vanish, side)
    for depth in sorted(roll.uniform(0.03, 0.6) ** 1.3 for _ in range(roll.randint(6, 14))):
        x = vanish[0] + roll.uniform(-0.75, 0.75) * depth * WIDE
        town.person(draw, x, vanish[1] + depth * (HIGH - vanish[1]), 40 + 420 * depth, 44, roll)
    if roll.random() < 0.5:
        props.cart(draw, vanish[0] + roll.uniform(-300, 260), vanish[1] + 280, 360)
    return view.reduce(2)


def canal(key: str) -> Image.Image:
    """Return Kinda kanal with a steamer between the trees."""
    roll = dice("canal", key)
    shore = int(HIGH * 0.55)
    view = sky(key, 0.55)
    draw = ImageDraw.Draw(view)
    for x in range(-100, WIDE + 100, 70):
        town.tree(draw, x + roll.randint(-40, 40), shore + 10, roll.uniform(170, 330), 132, roll)
    view = haze(view, 0.2)
    draw = ImageDraw.Draw(view)
    town.house(draw, (WIDE * 0.66, shore - 190, WIDE * 0.8, shore - 10), 176, roll)
    for near in (0.04, 0.16, 0.9, 0.97):
        town.tree(draw, near * WIDE, shore + 20, roll.uniform(420, 620), 66, roll)
    draw.rectangle((0, shore - 10, WIDE, shore + 6), fill=84)
    steamer_x = roll.uniform(0.14, 0.4) * WIDE
    town.steamer(draw, steamer_x, shore + 96, 900, 90)
    hull = view.copy()
    water(view, key, shore + 6)
    view.paste(
        hull.crop((0, shore - 10, WIDE, shore + 116)), (0, shore - 10), _boat_mask(steamer_x)
    )
    smoke(view, (steamer_x + 450, shore - 290), roll, 0.8)
    draw = ImageDraw.Draw(view)
    props.reeds(draw, roll)
    return view.reduce(2)


def station(key: str) -> Image.Image:
    """Return the railway station with a train about to leave."""
    roll = dice("station", key)
    foot = int(HIGH * 0.66)
    view = sky(key, 0.6)
    draw = ImageDraw.Draw(view)
    props.skyline(draw, roll, foot, 168)
    view = haze(view, 0.2)
    draw = ImageDraw.Draw(view)
    town.house(draw, (WIDE * 0.22, foot - 420, WIDE * 0.86, foot), 186, roll)
    town.house(draw, (WIDE * 0.44, foot - 520, WIDE * 0.60, foot), 196, roll)
    ground(view, key, 0.66, grey=140)
    draw = ImageDraw.Draw(view)
    town.train(draw, WIDE * roll.uniform(-0.02, 0.12), foot + 170, WIDE * 0.86, 48)
    for rail in (foot + 176, foot + 218):
        draw.rectangle((0, rail, WIDE, rail + 9), fill=58)
    for _ in range(roll.randint(9, 18)):
        town.person(
            draw, roll.uniform(0.02, 0.98) * WIDE, foot + roll.uniform(300, 460), 270, 46, roll
        )
    smoke(view, (WIDE * 0.14, foot - 160), roll, 1.3)
    return view.reduce(2)


def park(key: str) -> Image.Image:
    """Return Trädgårdsföreningen: lawns, walkers, a bandstand."""
    roll = dice("park", key)
    foot = int(HIGH * 0.58)
    view = sky(key, 0.58)
    draw = ImageDraw.Draw(view)
    for x in range(-60, WIDE + 60, 110):
        town.tree(draw, x + roll.randint(-50, 50), foot + 14, roll.uniform(300, 560), 120, roll)
    view = haze(view, 0.18)
    ground(view, key, 0.58, grey=128)
    draw = ImageDraw.Draw(view)
    path = [(WIDE * 0.44, foot), (WIDE * 0.52, foot), (WIDE * 1.0, HIGH), (WIDE * 0.1, HIGH)]
    draw.polygon(path, fill=184)
    props.bandstand(draw, WIDE * roll.uniform(0.16, 0.8), foot + 60, 380)
    for near in (0.03, 0.93):
        town.tree(draw, near * WIDE, HIGH * 0.86, HIGH * 0.72, 58, roll)
    props.crowd(draw, roll, foot, roll.randint(9, 20))
    return view.reduce(2)


def winter(key: str) -> Image.Image:
    """Return the frozen river with skaters and bare trees."""
    roll = dice("winter", key)
    shore = int(HIGH * 0.55)
    view = sky(key, 0.55, bright=228, weather=10)
    draw = ImageDraw.Draw(view)
    props.skyline(draw, roll, shore, 178)
    town.cathedral(draw, roll.uniform(0.3, 0.65) * WIDE, shore - 10, HIGH * 0.42, 158)
    view = haze(view, 0.24, 222)
    draw = ImageDraw.Draw(view)
    props.row_of_houses(draw, roll, (-40, WIDE + 40), shore, (110, 200), (110, 170), snow=True)
    ground(view, key, 0.55, grey=214)
    draw = ImageDraw.Draw(view)
    for _ in range(26):
        x, y = roll.uniform(0, WIDE), roll.uniform(shore + 60, HIGH)
        draw.arc((x, y, x + roll.uniform(200, 700), y + 60), 200, 320, fill=198, width=3)
    for x in (0.05, 0.9):
        town.tree(draw, x * WIDE, HIGH * 0.9, HIGH * 0.74, 78, roll, bare=True)
    props.crowd(draw, roll, shore, roll.randint(16, 30))
    return view.reduce(2)


def fire(key: str) -> Image.Image:
    """Return roofs burning by night under a column of smoke."""
    roll = dice("fire", key)
    foot = int(HIGH * 0.7)
    view = sky(key, 0.7, bright=120, weather=26)
    glow = Image.new("L", (WIDE // 4, HIGH // 4))
    ImageDraw.Draw(glow).ellipse((WIDE // 16, HIGH // 14, WIDE // 4 - 60, HIGH // 4), fill=150)
    soft = glow.filter(ImageFilter.GaussianBlur(50)).resize((WIDE, HIGH))
    view = ImageChops.add(view, soft)
    draw = ImageDraw.Draw(view)
    town.cathedral(draw, WIDE * roll.uniform(0.3, 0.6), foot - 60, HIGH * 0.54, 60)
    props.row_of_houses(draw, roll, (-40, WIDE + 40), foot, (200, 380), (34, 62))
    view = ImageChops.lighter(view, _flames(roll, foot))
    smoke(view, (WIDE * 0.5, foot - 500), roll, 2.6)
    ground(view, key, 0.7, grey=58)
    draw = ImageDraw.Draw(view)
    for _ in range(20):
        town.person(
            draw, roll.uniform(0.02, 0.98) * WIDE, foot + roll.uniform(120, 420), 240, 22, roll
        )
    return view.reduce(2)


def _flames(roll: Random, foot: int) -> Image.Image:
    blaze = Image.new("L", (WIDE // 2, HIGH // 2))
    draw = ImageDraw.Draw(blaze)
    start = roll.uniform(0.12, 0.3) * WIDE
    for place in range(15):
        x = start + place * WIDE * 0.036 + roll.uniform(-40, 40)
        props.flame(draw, roll, x / 2, (foot - roll.uniform(190, 330)) / 2, roll.uniform(60, 130))
    near = blaze.filter(ImageFilter.GaussianBlur(2.5))
    far = blaze.filter(ImageFilter.GaussianBlur(26)).point(lambda v: v * 0.7)
    return ImageChops.lighter(near, far).resize((WIDE, HIGH))


def works(key: str) -> Image.Image:
    """Return the mill and workshop at Tannefors with the people of the place before it."""
    roll = dice("works", key)
    foot = int(HIGH * 0.64)
    view = sky(key, 0.6)
    draw = ImageDraw.Draw(view)
    props.skyline(draw, roll, foot, 172)
    view = haze(view, 0.2)
    draw = ImageDraw.Draw(view)
    x = WIDE * 0.08
    while x < WIDE * 0.86:
        wide = roll.uniform(300, 560)
        town.house(
            draw, (x, foot - roll.uniform(300, 560), x + wide, foot), roll.randint(110, 160), roll
        )
        x += wide
    for stack in range(roll.randint(1, 3)):
        cx = WIDE * (0.24 + stack * 0.24)
        draw.polygon(
            [(cx - 34, foot), (cx - 22, HIGH * 0.1), (cx + 22, HIGH * 0.1), (cx + 34, foot)],
            fill=92,
        )
        smoke(view, (cx, HIGH * 0.1), roll, 1.0)
    ground(view, key, 0.64, grey=134)
    draw = ImageDraw.Draw(view)
    for row in range(3):
        for place in range(13 - row):
            px = WIDE * (0.12 + (place + row * 0.5) * 0.062) + roll.randint(-14, 14)
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


def _boat_mask(x: float) -> Image.Image:
    """Return the part of the hull that stands in the water, for a strip from the shore down."""
    mask = Image.new("L", (WIDE, 126))
    hull = [(x, 0), (x + 900, 0), (x + 846, 124), (x + 45, 124), (x, 16)]
    ImageDraw.Draw(mask).polygon(hull, fill=255)
    return mask
