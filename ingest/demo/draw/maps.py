"""Hand-coloured maps of the town and its land: washes, ink, compass rose, scale, cartouche.

North is up and metres are metres; what lies where is the business of `terrain`. Begin at
`town_map`. A theme is a place of `places` and how many metres the map reaches, "Tannefors|900".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ingest.demo.dice import dice
from ingest.demo.draw import paper, script, terrain
from ingest.demo.draw.minutes import hand_of
from ingest.demo.draw.picture import Picture
from ingest.demo.draw.script import Hand
from ingest.demo.draw.terrain import Ground, Point
from ingest.demo.places import PLACES

_SIZE = (1620, 1220)
_W, _H = _SIZE[0] * 2, _SIZE[1] * 2
_FRAME = 150

_WASH = {
    "built": (226, 150, 138),
    "garden": (176, 198, 138),
    "field": (240, 214, 140),
    "meadow": (190, 208, 150),
    "wood": (158, 184, 132),
    "square": (248, 240, 222),
    "church": (206, 196, 214),
}
_INK = (70, 52, 40)
_LABELS = (
    "Stora torget",
    "Domkyrkan",
    "Slottet",
    "Stångebro",
    "Tannefors",
    "Gottfridsberg",
    "Trädgårdsföreningen",
    "Vasastaden",
    "Ramshäll",
    "Hospitalstorget",
)
_OLD = {
    "Stora torget": "Stora Torget",
    "Domkyrkan": "Domkyrckian",
    "Stångebro": "Stånge Broo",
    "Tannefors": "Tanneforss Qwarn",
    "Gottfridsberg": "Gåttfridsbergh",
    "Trädgårdsföreningen": "Kåhlgårdar",
    "Vasastaden": "Norre Giärdet",
    "Ramshäll": "Ramshäll",
    "Hospitalstorget": "Hospitalet",
    "Slottet": "Slottet",
}
Place = Callable[[Point], Point]


def town_map(picture: Picture) -> Image.Image:
    """Return the map of the picture's place in its year."""
    roll = dice("map", picture.key)
    name, _, reach = picture.theme.partition("|")
    centre = terrain.metres(PLACES[name])
    scale = (_W / 2 - _FRAME) / float(reach or 900)

    def place(point: Point) -> Point:
        return (
            _W / 2 + (point[0] - centre[0]) * scale,
            _H / 2 - (point[1] - centre[1]) * scale,
        )

    land = terrain.ground(picture.year)
    wash = Image.new("RGB", (_W, _H), (255, 255, 255))
    _colour(wash, land, place, scale, roll)
    wash = _bleed(wash)
    lines = Image.new("L", (_W, _H))
    _draw_lines(lines, land, place, scale, roll)
    _names(lines, wash, place, picture)
    _church(lines, wash, place(terrain.metres(PLACES["Domkyrkan"])), scale)
    _clear_frame(lines, wash)
    page = paper.sheet(_SIZE, "rag" if picture.year < 1870 else "linen", picture.key)
    page = ImageChops.multiply(page, wash.reduce(2))
    _furniture(page, lines, picture, scale, roll)
    paper.ink(page, lines, _INK, picture.key)
    _creases(page)
    return paper.on_desk(page, picture.key)


def _colour(wash: Image.Image, land: Ground, place: Place, scale: float, roll: Random) -> None:
    draw = ImageDraw.Draw(wash)
    draw.rectangle((_FRAME, _FRAME, _W - _FRAME, _H - _FRAME), fill=(250, 246, 232))
    for block in land.blocks:
        base = _WASH[block.use]
        shift = roll.randint(-9, 9)
        tint = tuple(max(0, min(255, c + shift)) for c in base)
        corners = [place(p) for p in block.corners]
        draw.polygon(corners, fill=tint)
        edge = tuple(max(0, c - 26) for c in tint)
        draw.line([*corners, corners[0]], fill=edge, width=9, joint="curve")
    for road in land.roads:
        draw.line(
            _curve([place(p) for p in road]), fill=(238, 222, 192), width=max(8, int(11 * scale))
        )
    river = _curve([place(p) for p in land.river])
    broad = max(30, int(52 * scale))
    draw.line(river, fill=(116, 160, 176), width=broad + 10, joint="curve")
    draw.line(river, fill=(160, 198, 206), width=max(10, broad - 8), joint="curve")


def _bleed(wash: Image.Image) -> Image.Image:
    """Let the colours run a little and pool unevenly, as watercolour does."""
    soft = wash.reduce(4).filter(ImageFilter.GaussianBlur(1.1)).resize(wash.size)
    return Image.blend(wash, soft, 0.6)


def _draw_lines(lines: Image.Image, land: Ground, place: Place, scale: float, roll: Random) -> None:
    draw = ImageDraw.Draw(lines)
    for block in land.blocks:
        corners = [place(p) for p in block.corners]
        if not any(-200 < x < _W + 200 and -200 < y < _H + 200 for x, y in corners):
            continue
        draw.line([*corners, corners[0]], fill=220, width=4, joint="curve")
        if block.use == "built":
            _plots(draw, corners, roll)
        elif block.use == "field":
            _furrows(draw, corners, roll)
        elif block.use in {"wood", "meadow", "garden"}:
            _trees(draw, corners, block.use, roll, scale)
    river = _curve([place(p) for p in land.river])
    broad = max(30, 52 * scale) / 2
    for side in (-1, 1):
        for away, shade in ((broad + 4, 220), (broad - 9, 110), (broad - 20, 60)):
            bank = [(x + side * away * 0.92, y + side * away * 0.2) for x, y in river]
            draw.line(bank, fill=shade, width=3)
    _bridge(draw, place, scale)


def _plots(draw: ImageDraw.ImageDraw, corners: list[Point], roll: Random) -> None:
    a, b, c, d = corners
    cuts = roll.randint(2, 4)
    middle = ((a[0] + d[0]) / 2, (a[1] + d[1]) / 2), ((b[0] + c[0]) / 2, (b[1] + c[1]) / 2)
    draw.line(middle, fill=130, width=2)
    for cut in range(1, cuts):
        t = cut / cuts + roll.uniform(-0.04, 0.04)
        draw.line([_between(a, b, t), _between(d, c, t)], fill=130, width=2)
    for cut in range(cuts):
        t = (cut + 0.2) / cuts
        u = (cut + 0.8) / cuts
        for near, far, depth in ((a, b, 0.16), (d, c, -0.16)):
            start, end = _between(near, far, t), _between(near, far, u)
            inward = ((d[0] - a[0]) * depth, (d[1] - a[1]) * depth)
            house = [
                start,
                end,
                (end[0] + inward[0], end[1] + inward[1]),
                (start[0] + inward[0], start[1] + inward[1]),
            ]
            if roll.random() < 0.8:
                draw.polygon(house, fill=150, outline=230)


def _furrows(draw: ImageDraw.ImageDraw, corners: list[Point], roll: Random) -> None:
    a, b, c, d = corners
    strips = roll.randint(5, 11)
    for strip in range(1, strips):
        t = strip / strips
        draw.line([_between(a, b, t), _between(d, c, t)], fill=96, width=2)


def _trees(
    draw: ImageDraw.ImageDraw, corners: list[Point], use: str, roll: Random, scale: float
) -> None:
    a, b, c, d = corners
    count = {"wood": 26, "meadow": 15, "garden": 9}[use]
    size = max(5.0, min(13.0, 9 * scale))
    for _ in range(count):
        x, y = _between(
            _between(a, b, t := roll.uniform(0.08, 0.92)), _between(d, c, t), roll.uniform(0.1, 0.9)
        )
        if use == "meadow":
            for blade in (-1, 0, 1):
                draw.line([(x, y), (x + blade * 5, y - 9)], fill=120, width=2)
        else:
            draw.ellipse((x - size, y - size * 1.6, x + size, y), outline=170, width=3)
            draw.line([(x, y), (x, y + size * 0.8)], fill=170, width=3)
            draw.arc((x - size, y - size * 1.6, x + size, y), 300, 70, fill=220, width=5)


def _church(lines: Image.Image, wash: Image.Image, at: Point, scale: float) -> None:
    draw, tint = ImageDraw.Draw(lines), ImageDraw.Draw(wash)
    x, y = at
    n = max(16.0, 38 * scale)
    for box in (
        (x - n * 1.3, y - n * 0.36, x + n * 1.2, y + n * 0.36),
        (x - n * 0.1, y - n * 0.66, x + n * 0.4, y + n * 0.66),
        (x - n * 1.6, y - n * 0.3, x - n * 1.1, y + n * 0.3),
    ):
        tint.rectangle(box, fill=(178, 120, 130))
        draw.rectangle(box, outline=255, width=4)
    draw.pieslice(
        (x + n * 0.9, y - n * 0.36, x + n * 1.5, y + n * 0.36), 270, 90, outline=255, width=4
    )
    draw.line([(x - n * 1.35, y - n * 0.5), (x - n * 1.35, y + n * 0.5)], fill=255, width=4)


def _bridge(draw: ImageDraw.ImageDraw, place: Place, scale: float) -> None:
    for name in ("Stångebro", "Tannefors slussar"):
        x, y = place(terrain.metres(PLACES[name]))
        n = max(34.0, 46 * scale)
        for side in (-1, 1):
            draw.line(
                [(x - n, y + side * n * 0.14), (x + n, y + side * n * 0.14)], fill=245, width=5
            )
        for plank in range(9):
            px = x - n + plank * n / 4
            draw.line([(px, y - n * 0.14), (px, y + n * 0.14)], fill=170, width=3)


def _names(lines: Image.Image, wash: Image.Image, place: Place, picture: Picture) -> None:
    """Letter the map: what it shows, in the spelling of its time."""
    old = picture.year < 1800
    size = 12.5
    hand = Hand(size, 0.34, 0.2, 1.0, 0.02, picture.key)
    draw, tint = ImageDraw.Draw(lines), ImageDraw.Draw(wash)
    for name in _LABELS:
        x, y = place(terrain.metres(PLACES[name]))
        if not (_FRAME + 60 < x < _W - _FRAME - 420 and _FRAME + 520 < y < _H - _FRAME - 260):
            continue
        words = _OLD.get(name, name) if old else name
        wide = script.measure(words, hand)
        left, base = x / 2 + 16, y / 2 - 12
        panel = (left * 2 - 14, base * 2 - 46, (left + wide) * 2 + 34, base * 2 + 20)
        draw.rounded_rectangle(panel, 14, fill=0)
        tint.rounded_rectangle(panel, 14, fill=(252, 246, 232))
        draw.ellipse((x - 9, y - 9, x + 9, y + 9), fill=250)
        script.write(lines, (left, base), words, hand)


def _clear_frame(lines: Image.Image, wash: Image.Image) -> None:
    """Wipe what ran outside the neat line, and draw the line with its ladder of black and white."""
    draw, tint = ImageDraw.Draw(lines), ImageDraw.Draw(wash)
    f = _FRAME
    for box in ((0, 0, _W, f), (0, _H - f, _W, _H), (0, 0, f, _H), (_W - f, 0, _W, _H)):
        draw.rectangle(box, fill=0)
        tint.rectangle(box, fill=(255, 255, 255))
    draw.rectangle((f, f, _W - f, _H - f), outline=240, width=4)
    draw.rectangle((f - 26, f - 26, _W - f + 26, _H - f + 26), outline=240, width=8)
    for step, x in enumerate(range(f, _W - f - 59, 60)):
        if step % 2:
            draw.rectangle((x, f - 20, x + 60, f - 6), fill=200)
            draw.rectangle((x, _H - f + 6, x + 60, _H - f + 20), fill=200)
    for step, y in enumerate(range(f, _H - f - 59, 60)):
        if step % 2:
            draw.rectangle((f - 20, y, f - 6, y + 60), fill=200)
            draw.rectangle((_W - f + 6, y, _W - f + 20, y + 60), fill=200)


def _furniture(
    page: Image.Image, lines: Image.Image, picture: Picture, scale: float, roll: Random
) -> None:
    corner = roll.choice(("left", "right"))
    hand = hand_of(picture.year, roll, picture.key)
    x = 110 if corner == "left" else _SIZE[0] - 110 - 520
    _cartouche(page, lines, (x, 104), picture, hand)
    rose = (_SIZE[0] - 220, 250) if corner == "left" else (220, 250)
    _rose(page, lines, rose, 104)
    _scale_bar(page, lines, (120, _SIZE[1] - 150), scale / 2, picture.year, hand)


def _cartouche(
    page: Image.Image, lines: Image.Image, at: tuple[int, int], picture: Picture, hand: Hand
) -> None:
    title = Hand(22, hand.slant, hand.nib, hand.narrow, 0.02, picture.key)
    small = Hand(13, hand.slant, hand.nib, hand.narrow, 0.02, picture.key)
    rows = script.wrap(picture.title, title, 440)
    high = 92 + 66 * len(rows) + 40 * len(script.wrap(picture.text, small, 440))
    x, y = at
    panel = paper.sheet((520, high), "linen", picture.key, "panel")
    page.paste(panel, (x, y))
    draw = ImageDraw.Draw(lines)
    draw.rectangle((x * 2, y * 2, (x + 520) * 2, (y + high) * 2), fill=0)
    for inset, width in ((6, 7), (16, 3)):
        draw.rectangle(
            ((x + inset) * 2, (y + inset) * 2, (x + 520 - inset) * 2, (y + high - inset) * 2),
            outline=240,
            width=width,
        )
    for cx, cy in ((x, y), (x + 520, y), (x, y + high), (x + 520, y + high)):
        _scroll(draw, (cx * 2, cy * 2))
    base = y + 84
    for row in rows:
        script.write(lines, (x + (520 - script.measure(row, title)) / 2, base), row, title)
        base += 66
    for row in script.wrap(picture.text, small, 440):
        script.write(lines, (x + (520 - script.measure(row, small)) / 2, base - 6), row, small)
        base += 40


def _scroll(draw: ImageDraw.ImageDraw, at: Point) -> None:
    x, y = at
    draw.ellipse((x - 34, y - 34, x + 34, y + 34), fill=0, outline=240, width=5)
    spiral = [
        (x + math.cos(a * 0.5) * a * 1.25, y + math.sin(a * 0.5) * a * 1.25) for a in range(24)
    ]
    draw.line(spiral, fill=240, width=4)


def _rose(page: Image.Image, lines: Image.Image, at: tuple[int, int], n: int) -> None:
    draw = ImageDraw.Draw(lines)
    x, y, r = at[0] * 2, at[1] * 2, n * 2
    draw.ellipse((x - r * 1.06, y - r * 1.06, x + r * 1.06, y + r * 1.06), fill=0)
    tint = ImageDraw.Draw(page, "RGBA")
    tint.ellipse(
        (at[0] - n * 1.06, at[1] - n * 1.06, at[0] + n * 1.06, at[1] + n * 1.06),
        fill=(240, 228, 200, 200),
    )
    for ring, width in ((1.0, 3), (0.62, 3), (0.56, 2)):
        draw.ellipse(
            (x - r * ring, y - r * ring, x + r * ring, y + r * ring), outline=220, width=width
        )
    for point in range(16):
        angle = math.pi / 8 * point - math.pi / 2
        length = (1.0, 0.52, 0.74, 0.52)[point % 4] * r
        tip = (x + math.cos(angle) * length, y + math.sin(angle) * length)
        for side in (-1, 1):
            foot = angle + side * math.pi / 8 * 0.9
            base = (x + math.cos(foot) * r * 0.15, y + math.sin(foot) * r * 0.15)
            draw.polygon([(x, y), tip, base], fill=225 if side > 0 else 0, outline=225)
    lily = [
        (0, -1.42),
        (0.11, -1.2),
        (0.22, -1.26),
        (0.1, -1.05),
        (-0.1, -1.05),
        (-0.22, -1.26),
        (-0.11, -1.2),
    ]
    draw.polygon([(x + a * r, y + b * r) for a, b in lily], fill=235)


def _scale_bar(
    page: Image.Image,
    lines: Image.Image,
    at: tuple[int, int],
    pixels: float,
    year: int,
    hand: Hand,
) -> None:
    unit, name = (0.594, "Alnar") if year < 1878 else (1.0, "Meter")
    step = next(s for s in (50, 100, 200, 300, 500) if s * unit * pixels > 58)
    x, y = at
    wide = step * unit * pixels
    tint = ImageDraw.Draw(page, "RGBA")
    tint.rectangle((x - 22, y - 46, x + wide * 4 + 130, y + 40), fill=(240, 228, 200, 225))
    draw = ImageDraw.Draw(lines)
    draw.rectangle(
        ((x - 22) * 2, (y - 46) * 2, (x + wide * 4 + 130) * 2, (y + 40) * 2),
        fill=0,
        outline=210,
        width=3,
    )
    small = Hand(9.5, 0.3, hand.nib, 0.95, 0, "scale")
    for part in range(4):
        left = (x + wide * part) * 2
        draw.rectangle(
            (left, y * 2, left + wide * 2, (y + 9) * 2),
            outline=240,
            width=3,
            fill=230 if part % 2 else 0,
        )
        script.write(lines, (x + wide * part - 4, y - 10), str(part * step), small)
    script.write(lines, (x + wide * 4 - 12, y - 10), f"{4 * step} {name}", small)


def _creases(page: Image.Image) -> None:
    draw = ImageDraw.Draw(page, "RGBA")
    for part in (1, 2, 3):
        x = page.width * part // 4
        draw.line([(x, 0), (x, page.height)], fill=(70, 50, 30, 46), width=2)
        draw.line([(x + 2, 0), (x + 2, page.height)], fill=(255, 248, 230, 70), width=2)
    y = page.height // 2
    draw.line([(0, y), (page.width, y)], fill=(70, 50, 30, 46), width=2)


def _between(a: Point, b: Point, t: float) -> Point:
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def _curve(points: list[Point]) -> list[Point]:
    return script.smooth(points, 10)
