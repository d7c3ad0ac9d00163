"""Pages written by hand: minutes with an initial and a seal, and letters with their envelope.

Begin at `minutes` and `letter`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ingest.demo.dice import dice
from ingest.demo.draw import paper, script
from ingest.demo.draw.picture import Picture
from ingest.demo.draw.script import OVER, Hand

_PAGE = (1180, 1560)
_LETTER = (1160, 1480)


def minutes(picture: Picture) -> Image.Image:
    """Return a page of a minute book: heading, an initial in red, the text, signature, seal."""
    roll = dice("minutes", picture.key)
    hand = _filling(hand_of(picture.year, roll, picture.key), picture.text, _PAGE[1] * 0.62)
    page = paper.sheet(_PAGE, paper.stock_for(picture.year), picture.key)
    mask, red = script.canvas(_PAGE), script.canvas(_PAGE)
    left, right = 190, 90
    width = _PAGE[0] - left - right
    _margin_line(page, left - 30, picture.year)
    heading = Hand(hand.size * 1.4, hand.slant, hand.nib * 1.1, hand.narrow, 0, picture.key)
    y = 150.0
    for line in script.wrap(picture.title, heading, width):
        at = left + max(0, (width - script.measure(line, heading)) / 2)
        script.write(mask, (at, y), line, heading)
        y += heading.size * 3.6
    y += hand.size * 1.2
    _body(mask, red, picture, hand, (left, y, width))
    paper.ink(page, _ghost(mask), (120, 92, 60), picture.key, "through")
    paper.ink(page, mask, ink_of(picture.year), picture.key)
    paper.ink(page, red, paper.RED, picture.key, "red")
    if picture.year < 1860 and picture.theme != "plain":
        seal(page, (_PAGE[0] - 210, _PAGE[1] - 200), 74, roll)
    paper.gutter(page, left=roll.random() < 0.5)
    return paper.on_desk(page, picture.key)


def hand_of(year: int, roll: Random, key: str) -> Hand:
    """Return a hand such as the year taught: narrow and steep of old, round and even later."""
    if year < 1720:
        return Hand(15.5, roll.uniform(0.42, 0.6), 0.27, roll.uniform(0.84, 0.95), 0.07, key)
    if year < 1860:
        return Hand(15.5, roll.uniform(0.45, 0.62), 0.23, roll.uniform(0.9, 1.0), 0.05, key)
    return Hand(15.0, roll.uniform(0.32, 0.5), 0.17, roll.uniform(0.95, 1.08), 0.03, key)


def _filling(hand: Hand, text: str, height: float) -> Hand:
    """Write larger where there is little to say: a half-empty page looks unfinished."""
    lines = script.measure(text.replace("\n", " "), hand) / 900 + text.count("\n") * 0.8
    grow = math.sqrt(height / max(1.0, lines * hand.size * 3.0))
    return replace(hand, size=hand.size * max(0.86, min(1.42, grow)))


def ink_of(year: int) -> paper.Colour:
    """Return the ink of the year: iron gall browns, aniline does not."""
    return paper.IRON_GALL if year < 1870 else paper.BLUE_BLACK


def _margin_line(page: Image.Image, x: int, year: int) -> None:
    draw = ImageDraw.Draw(page, "RGBA")
    if year >= 1860:
        draw.line([(x, 0), (x, page.height)], fill=(170, 60, 60, 110), width=2)
        for y in range(140, page.height - 60, 45):
            draw.line([(0, y), (page.width, y)], fill=(70, 90, 140, 46), width=1)
    else:
        draw.line([(x, 60), (x, page.height - 60)], fill=(90, 70, 40, 70), width=1)


def _body(
    mask: Image.Image,
    red: Image.Image,
    picture: Picture,
    hand: Hand,
    frame: tuple[float, float, float],
) -> None:
    left, y, width = frame
    text = picture.text
    leading = hand.size * 3.0
    inset = 0.0
    if picture.year < 1860 and text[:1].isupper():
        inset = hand.size * 6.2
        _initial(red, (left, y - leading * 0.75), inset * 0.86, text[0], picture.key)
        text = text[1:]
    lines = _wrapped(text, hand, width, inset, 2)
    for number, line in enumerate(lines):
        at = left + (inset if number < 2 else 0)
        if y > _PAGE[1] - 90:
            break
        script.write(mask, (at, y), line, hand)
        y += leading if line else leading * 0.55


def _wrapped(text: str, hand: Hand, width: float, inset: float, rows: int) -> list[str]:
    if not inset:
        return script.wrap(text, hand, width)
    words, first = text.split(" "), []
    for _ in range(rows):
        line = ""
        while words and "\n" not in words[0]:
            longer = f"{line} {words[0]}".strip()
            if line and script.measure(longer, hand) > width - inset:
                break
            line = longer
            words.pop(0)
        first.append(line)
    return first + script.wrap(" ".join(words), hand, width)


def _initial(red: Image.Image, at: tuple[float, float], side: float, letter: str, key: str) -> None:
    roll = dice("initial", key)
    draw = ImageDraw.Draw(red)
    x, y = at[0] * OVER, (at[1] - side * 0.42) * OVER
    s = side * OVER
    for inset in (0, 9):
        draw.rectangle((x + inset, y + inset, x + s - inset, y + s - inset), outline=235, width=3)
    turns = roll.choice((3, 4, 5))
    for corner in range(4):
        cx = x + (0.2 if corner & 1 else 0.8) * s
        cy = y + (0.2 if corner & 2 else 0.8) * s
        spiral = [
            (
                cx + math.cos(a * 0.4 + corner) * s * 0.012 * a * 0.55,
                cy + math.sin(a * 0.4 + corner) * s * 0.012 * a * 0.55,
            )
            for a in range(turns * 6)
        ]
        draw.line(spiral, fill=150, width=3)
    big = Hand(side * 0.31, 0.2, 0.34, 1.0, 0, key)
    script.write(red, (at[0] + side * 0.2, at[1] + side * 0.36), letter, big)


def _ghost(mask: Image.Image) -> Image.Image:
    """What shines through from the back: mirrored, blurred, faint."""
    small = mask.reduce(4).transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    faint = small.filter(ImageFilter.GaussianBlur(1.6)).point(lambda v: v * 0.16)
    return faint.resize(mask.size, Image.Resampling.BILINEAR)


def seal(page: Image.Image, at: tuple[int, int], radius: int, roll: Random) -> None:
    """Press a wax seal on the page: blot, rim, a lion's worth of relief, light from above."""
    side = radius * 3
    blot = Image.new("L", (side * 2, side * 2))
    draw = ImageDraw.Draw(blot)
    c = side
    edge = [
        (
            c + math.cos(a / 18 * math.pi) * radius * 2 * roll.uniform(0.98, 1.12),
            c + math.sin(a / 18 * math.pi) * radius * 2 * roll.uniform(0.98, 1.12),
        )
        for a in range(36)
    ]
    draw.polygon(edge, fill=255)
    blot = blot.filter(ImageFilter.GaussianBlur(5)).point(lambda v: 255 if v > 120 else 0)
    relief = _relief(side, radius)
    height = ImageChops.multiply(blot.filter(ImageFilter.GaussianBlur(9)), relief)
    lit = height.filter(ImageFilter.EMBOSS).reduce(2)
    mask = blot.reduce(2)
    tone = lit.point(lambda v: max(0, min(255, (v - 128) * 2 + 120)))
    wax = Image.merge(
        "RGB",
        (
            tone.point(lambda v: min(255, v * 1.05 + 18)),
            tone.point(lambda v: v * 0.26),
            tone.point(lambda v: v * 0.22),
        ),
    )
    x, y = at[0] - side // 2, at[1] - side // 2
    shadow = mask.filter(ImageFilter.GaussianBlur(6)).point(lambda v: v * 0.5)
    page.paste((40, 20, 10), (x + 5, y + 7), shadow)
    page.paste(wax, (x, y), mask)


def _relief(side: int, radius: int) -> Image.Image:
    relief = Image.new("L", (side * 2, side * 2), 190)
    draw = ImageDraw.Draw(relief)
    c, r = side, radius * 1.62
    draw.ellipse((c - r, c - r, c + r, c + r), fill=120, outline=255, width=9)
    draw.ellipse((c - r * 0.8, c - r * 0.8, c + r * 0.8, c + r * 0.8), outline=215, width=5)
    shield = [(-0.5, -0.55), (0.5, -0.55), (0.5, 0.1), (0, 0.65), (-0.5, 0.1)]
    draw.polygon([(c + x * r, c + y * r) for x, y in shield], fill=150, outline=235)
    tower = [
        (-0.2, 0.3),
        (-0.2, -0.1),
        (-0.28, -0.1),
        (0, -0.5),
        (0.28, -0.1),
        (0.2, -0.1),
        (0.2, 0.3),
    ]
    draw.polygon([(c + x * r, c + y * r) for x, y in tower], fill=245)
    for step in range(40):
        a = step / 40 * 2 * math.pi
        x, y = c + math.cos(a) * r * 0.9, c + math.sin(a) * r * 0.9
        draw.ellipse((x - 5, y - 5, x + 5, y + 5), fill=225)
    return relief


def letter(picture: Picture) -> Image.Image:
    """Return a folded letter with its envelope, stamp and postmark, on dark felt."""
    roll = dice("letter", picture.key)
    hand = _filling(hand_of(picture.year, roll, picture.key), picture.text, _LETTER[1] * 0.55)
    page = paper.sheet(_LETTER, "linen" if picture.year > 1860 else "rag", picture.key)
    _folds(page)
    mask = script.canvas(_LETTER)
    y = 120.0
    place = picture.caption
    script.write(mask, (_LETTER[0] - 90 - script.measure(place, hand), y), place, hand)
    y += hand.size * 5.4
    for line in script.wrap(picture.text, hand, _LETTER[0] - 230):
        script.write(mask, (110, y), line, hand)
        y += hand.size * (3.0 if line else 1.7)
        if y > _LETTER[1] - 60:
            break
    paper.ink(page, _ghost(mask), (120, 92, 60), picture.key, "through")
    paper.ink(page, mask, ink_of(picture.year), picture.key)
    felt = Image.new("RGB", (_LETTER[0] + 120, _LETTER[1] + 120), (52, 56, 54))
    if y < _LETTER[1] - 430:
        envelope = _envelope(picture, hand, roll)
        _lay(
            page,
            envelope,
            (_LETTER[0] - envelope.width - 60, _LETTER[1] - envelope.height - 50),
            roll,
        )
    _lay(felt, page, (60, 60), roll)
    return felt


def _folds(page: Image.Image) -> None:
    draw = ImageDraw.Draw(page, "RGBA")
    for third in (1, 2):
        y = page.height * third // 3
        draw.line([(0, y), (page.width, y)], fill=(90, 70, 40, 60), width=3)
        draw.line([(0, y + 3), (page.width, y + 3)], fill=(255, 250, 235, 90), width=2)


def _envelope(picture: Picture, hand: Hand, roll: Random) -> Image.Image:
    size = (600, 370)
    cover = paper.sheet(size, "card", picture.key, "cover")
    draw = ImageDraw.Draw(cover, "RGBA")
    draw.line([(0, 0), (300, 175), (600, 0)], fill=(110, 84, 50, 70), width=2)
    mask = script.canvas(size)
    for number, line in enumerate(picture.title.split("\n")):
        script.write(mask, (110 + number * 26, 195 + number * 52), line, hand)
    paper.ink(cover, mask, ink_of(picture.year), picture.key, "cover")
    if picture.year >= 1855:
        _stamp(cover, roll)
    else:
        seal(cover, (500, 90), 42, roll)
    return cover


def _stamp(cover: Image.Image, roll: Random) -> None:
    draw = ImageDraw.Draw(cover, "RGBA")
    colour = roll.choice(((160, 60, 50), (60, 110, 80), (60, 80, 150), (190, 130, 50)))
    x, y = 486, 26
    draw.rectangle((x, y, x + 82, y + 100), fill=(242, 236, 220, 255))
    for edge in range(0, 100, 9):
        for px in (x, x + 82):
            draw.ellipse((px - 3, y + edge, px + 3, y + edge + 5), fill=(200, 184, 150, 255))
    draw.rectangle((x + 8, y + 8, x + 74, y + 92), fill=(*colour, 235))
    draw.ellipse((x + 20, y + 22, x + 62, y + 72), outline=(245, 240, 225, 255), width=3)
    crown = [(28, 58), (28, 40), (35, 50), (41, 36), (47, 50), (54, 40), (54, 58)]
    draw.polygon([(x + a, y + b) for a, b in crown], fill=(245, 240, 225, 255))
    for radius in (54, 46):
        draw.ellipse(
            (430 - radius, 86 - radius, 430 + radius, 86 + radius),
            outline=(30, 30, 40, 150),
            width=3,
        )
    for wave in range(4):
        points = [(440 + i * 10, 60 + wave * 16 + math.sin(i / 2) * 4) for i in range(14)]
        draw.line(points, fill=(30, 30, 40, 120), width=2)


def _lay(bed: Image.Image, thing: Image.Image, at: tuple[int, int], roll: Random) -> None:
    angle = roll.uniform(-2.2, 2.2)
    turned = thing.rotate(angle, Image.Resampling.BILINEAR, expand=True)
    mask = Image.new("L", thing.size, 255).rotate(angle, Image.Resampling.BILINEAR, expand=True)
    bed.paste((20, 18, 14), (at[0] + 6, at[1] + 9), mask.filter(ImageFilter.GaussianBlur(7)))
    bed.paste(turned, at, mask)
