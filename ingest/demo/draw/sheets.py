"""Printed and typed sheets: typescripts, books, office letters, posters, vouchers.

Begin at `typescript`, `printed`, `office`, `poster` and `voucher`.
"""

from __future__ import annotations

from random import Random

from PIL import Image, ImageDraw, ImageFilter

from ingest.demo.dice import dice
from ingest.demo.draw import paper, script
from ingest.demo.draw import type as setting
from ingest.demo.draw.minutes import hand_of
from ingest.demo.draw.picture import Picture
from ingest.demo.draw.script import Hand

A4 = (1180, 1640)
_INK_PAD = (62, 58, 140)


def typescript(picture: Picture) -> Image.Image:
    """Return a typed page: every letter struck a little differently, a stamp, a signature."""
    roll = dice("typed", picture.key)
    page = paper.sheet(A4, paper.stock_for(max(1905, picture.year)), picture.key)
    mask = Image.new("L", A4)
    font = setting.face("mono", 27 if len(picture.text) < 500 else 22)
    bold = setting.face("mono-bold", 26)
    y = 150.0
    for line in setting.wrap(picture.title.upper(), bold, A4[0] - 330):
        _strike(mask, (190, y), line, bold, roll)
        y += 36
    ImageDraw.Draw(mask).line([(190, y + 4), (A4[0] - 300, y + 4)], fill=200, width=2)
    y += 44
    for line in setting.wrap(picture.text, font, A4[0] - 310):
        _strike(mask, (190, y), line, font, roll)
        y += 46 if line else 26
        if y > A4[1] - 180:
            break
    paper.ink(page, mask.filter(ImageFilter.GaussianBlur(0.6)), (40, 38, 44), picture.key)
    _holes(page)
    if picture.caption:
        _signed(page, picture, min(y + 60, A4[1] - 120), roll)
    return paper.on_desk(page, picture.key)


def printed(picture: Picture) -> Image.Image:
    """Return a page of a printed report in one column, with a headpiece and page number."""
    roll = dice("print", picture.key)
    page = paper.sheet(A4, paper.stock_for(picture.year), picture.key)
    mask = Image.new("L", A4)
    draw = ImageDraw.Draw(mask)
    setting.centred(mask, A4[0] / 2, 96, f"– {roll.randint(3, 88)} –", setting.face("serif", 20))
    y = 190.0
    title = setting.face("serif-bold", 38)
    for line in setting.wrap(picture.title, title, A4[0] - 380):
        setting.centred(mask, A4[0] / 2, y, line, title)
        y += 54
    middle = A4[0] / 2
    draw.line([(middle - 90, y + 22), (middle + 90, y + 22)], fill=230, width=2)
    draw.polygon(
        [(middle, y + 12), (middle + 14, y + 22), (middle, y + 32), (middle - 14, y + 22)], fill=240
    )
    body = setting.face("serif", 28)
    setting.column(mask, (180, y + 76), picture.text, body, width=A4[0] - 360, leading=44)
    paper.ink(page, mask.filter(ImageFilter.GaussianBlur(0.5)), paper.BLACK, picture.key)
    paper.gutter(page, left=roll.random() < 0.5, strength=0.35)
    return paper.on_desk(page, picture.key)


def office(picture: Picture) -> Image.Image:
    """Return a page of today's office: letterhead, registry number, body, foot."""
    page = paper.sheet(A4, "office", picture.key)
    draw = ImageDraw.Draw(page)
    _arms(draw, (110, 90), 46)
    unit, _, number = picture.caption.partition("|")
    draw.text((184, 92), "Linköpings stad", font=setting.face("sans-bold", 26), fill=(30, 44, 70))
    draw.text((184, 128), unit, font=setting.face("sans", 21), fill=(80, 88, 104))
    small = setting.face("sans", 19)
    draw.text((A4[0] - 120 - small.getlength(number), 96), number, font=small, fill=(80, 88, 104))
    draw.line([(110, 186), (A4[0] - 110, 186)], fill=(30, 84, 130), width=3)
    y = 240.0
    title = setting.face("sans-bold", 35)
    for line in setting.wrap(picture.title, title, A4[0] - 240):
        draw.text((110, y), line, font=title, fill=(24, 28, 38))
        y += 48
    mask = Image.new("L", A4)
    y = setting.column(
        mask,
        (110, y + 24),
        picture.text,
        setting.face("serif", 23),
        width=A4[0] - 220,
        leading=36,
        justify=False,
    )
    if picture.rows:
        y = _grid(mask, picture.rows, y + 20)
    paper.ink(page, mask, (34, 36, 42), picture.key)
    foot = "Linköpings stad   ·   stadsarkiv.example   ·   påhittad handling ur demostaden"
    draw.line([(110, A4[1] - 104), (A4[0] - 110, A4[1] - 104)], fill=(190, 196, 206), width=1)
    draw.text((110, A4[1] - 88), foot, font=setting.face("sans", 16), fill=(120, 126, 138))
    return page


def poster(picture: Picture) -> Image.Image:
    """Return a letterpress poster in two colours, with rules and an ornament."""
    roll = dice("poster", picture.key)
    size = (1080, 1580)
    page = paper.sheet(size, "pulp", picture.key)
    black, colour = Image.new("L", size), Image.new("L", size)
    for inset, width in ((46, 10), (66, 3)):
        ImageDraw.Draw(black).rectangle(
            (inset, inset, size[0] - inset, size[1] - inset), outline=245, width=width
        )
    y = 130.0
    for number, line in enumerate(picture.title.split("\n")):
        font = _fitted("serif-bold" if number % 2 == 0 else "sans-bold", line, size[0] - 220, 150)
        setting.centred(colour if number % 2 else black, size[0] / 2, y, line, font)
        y += font.getbbox(line)[3] + 28
    y = _ornament(colour, black, size[0] / 2, y + 40, roll)
    for line in picture.text.split("\n"):
        font = _fitted("serif", line, size[0] - 260, 44)
        setting.centred(black, size[0] / 2, y, line, font)
        y += 64
    tint = roll.choice(((164, 40, 34), (28, 84, 92), (36, 62, 128), (172, 104, 24)))
    paper.ink(page, colour.filter(ImageFilter.GaussianBlur(0.7)), tint, picture.key, "colour")
    paper.ink(page, black.filter(ImageFilter.GaussianBlur(0.6)), paper.BLACK, picture.key)
    fold = ImageDraw.Draw(page, "RGBA")
    for part in (1, 2, 3):
        at = size[1] * part // 4
        fold.line([(0, at), (size[0], at)], fill=(80, 60, 30, 50), width=3)
    return paper.on_desk(page, picture.key)


def voucher(picture: Picture) -> Image.Image:
    """Return a receipt: printed form, written sum, number in red, PAID across it, a spike hole."""
    roll = dice("voucher", picture.key)
    size = (1280, 900)
    page = paper.sheet(size, paper.stock_for(picture.year), picture.key)
    mask, red = Image.new("L", size), Image.new("L", size)
    draw = ImageDraw.Draw(mask)
    draw.rectangle((60, 60, size[0] - 60, size[1] - 60), outline=220, width=3)
    draw.text((100, 92), picture.title, font=setting.face("serif-bold", 40), fill=250)
    draw.line([(100, 158), (size[0] - 100, 158)], fill=230, width=2)
    ImageDraw.Draw(red).text(
        (size[0] - 330, 96),
        f"N:o {roll.randint(11, 989):04d}",
        font=setting.face("mono-bold", 36),
        fill=240,
    )
    hand = hand_of(max(1861, picture.year), roll, picture.key)
    ink = script.canvas(size)
    label = setting.face("serif", 20)
    for number, (name, value) in enumerate(row[:2] for row in picture.rows):
        y = 232 + number * 84
        draw.text((100, y - 22), name, font=label, fill=230)
        for dot in range(330, size[0] - 110, 9):
            draw.point((dot, y + 6), fill=200)
            draw.point((dot + 1, y + 6), fill=200)
        script.write(ink, (350, y), value, hand)
    paper.ink(page, mask, paper.BLACK, picture.key)
    paper.ink(page, red, paper.RED, picture.key, "number")
    paper.ink(page, ink, paper.BLUE_BLACK, picture.key, "hand")
    stamp(page, picture.caption or "BETALT", (size[0] - 430, size[1] - 240), roll)
    spot = ImageDraw.Draw(page)
    spot.ellipse((150, 400, 166, 416), fill=(34, 30, 28))
    return paper.on_desk(page, picture.key)


def stamp(page: Image.Image, words: str, at: tuple[int, int], roll: Random) -> None:
    """Press a rubber stamp on the page, askew and unevenly inked."""
    font = setting.face("sans-bold", 34)
    lines = words.split("\n")
    wide = int(max(font.getlength(line) for line in lines)) + 60
    high = 46 * len(lines) + 40
    pad = Image.new("L", (wide, high))
    draw = ImageDraw.Draw(pad)
    draw.rounded_rectangle((4, 4, wide - 5, high - 5), 14, outline=230, width=6)
    for number, line in enumerate(lines):
        setting.centred(pad, wide / 2, 16 + number * 46, line, font, fill=225)
    for _ in range(wide * high // 260):
        x, y, r = roll.randrange(wide), roll.randrange(high), roll.uniform(0.6, 3)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=0)
    turned = pad.rotate(roll.uniform(-11, 11), Image.Resampling.BICUBIC, expand=True)
    faded = turned.point(lambda v: v * 0.74)
    page.paste(Image.new("RGB", turned.size, roll.choice((_INK_PAD, (150, 40, 44)))), at, faded)


def _strike(
    mask: Image.Image, at: tuple[float, float], line: str, font: setting.Font, roll: Random
) -> None:
    draw = ImageDraw.Draw(mask)
    x, y = at
    pitch = font.getlength("n")
    for letter in line:
        if letter != " ":
            draw.text(
                (x, y + roll.choice((0, 0, 0, 1, -1))),
                letter,
                font=font,
                fill=roll.randint(170, 255),
            )
        x += pitch


def _holes(page: Image.Image) -> None:
    draw = ImageDraw.Draw(page)
    for y in (page.height // 2 - 160, page.height // 2 + 160):
        draw.ellipse((52, y - 15, 82, y + 15), fill=(40, 39, 38))
        draw.arc((52, y - 15, 82, y + 15), 150, 330, fill=(120, 104, 80), width=2)


def _signed(page: Image.Image, picture: Picture, y: float, roll: Random) -> None:
    mask = script.canvas(page.size)
    hand = Hand(24, roll.uniform(0.4, 0.7), 0.16, 0.95, 0.05, picture.key)
    script.write(mask, (620, y), picture.caption, hand)
    paper.ink(page, mask, (30, 40, 96), picture.key, "sign")


def _arms(draw: ImageDraw.ImageDraw, at: tuple[float, float], n: float) -> None:
    x, y = at
    shield = [(0, 0), (1.2, 0), (1.2, 0.8), (0.6, 1.5), (0, 0.8)]
    draw.polygon([(x + a * n, y + b * n) for a, b in shield], fill=(30, 84, 130))
    tower = [
        (0.42, 1.0),
        (0.42, 0.5),
        (0.34, 0.5),
        (0.6, 0.12),
        (0.86, 0.5),
        (0.78, 0.5),
        (0.78, 1.0),
    ]
    draw.polygon([(x + a * n, y + b * n) for a, b in tower], fill=(244, 240, 226))
    draw.line(
        [(x + 0.1 * n, y + 0.86 * n), (x + 1.1 * n, y + 0.86 * n)], fill=(244, 240, 226), width=3
    )


def _grid(mask: Image.Image, rows: tuple[tuple[str, ...], ...], top: float) -> float:
    draw = ImageDraw.Draw(mask)
    left, right, step = 110.0, A4[0] - 110.0, 42.0
    pitch = (right - left) / len(rows[0])
    for number, row in enumerate(rows):
        font = setting.face("sans-bold" if number == 0 else "sans", 19)
        y = top + number * step
        for column, value in enumerate(row):
            draw.text((left + 8 + pitch * column, y + 9), value, font=font, fill=245)
        draw.line([(left, y), (right, y)], fill=150, width=1)
    end = top + len(rows) * step
    draw.line([(left, end), (right, end)], fill=150, width=1)
    return end


def _fitted(name: str, line: str, width: float, largest: int) -> setting.Font:
    size = largest
    while size > 20 and setting.face(name, size).getlength(line) > width:
        size -= 6
    return setting.face(name, size)


def _ornament(
    colour: Image.Image, black: Image.Image, middle: float, y: float, roll: Random
) -> float:
    motif = roll.choice(("sun", "lyre", "tower"))
    draw, dark = ImageDraw.Draw(colour), ImageDraw.Draw(black)
    c = y + 130
    if motif == "sun":
        for ray in range(24):
            box = (middle - 130, c - 130, middle + 130, c + 130)
            draw.pieslice(box, ray * 15, ray * 15 + 7, fill=235)
        dark.ellipse((middle - 58, c - 58, middle + 58, c + 58), fill=245)
    elif motif == "lyre":
        dark.arc((middle - 120, c - 130, middle + 10, c + 120), 60, 250, fill=245, width=15)
        dark.arc((middle - 10, c - 130, middle + 120, c + 120), 290, 120, fill=245, width=15)
        for string in range(5):
            x = middle - 40 + string * 20
            draw.line([(x, c - 90), (x, c + 90)], fill=235, width=4)
        dark.rectangle((middle - 72, c + 88, middle + 72, c + 108), fill=245)
    else:
        draw.ellipse((middle - 130, c - 130, middle + 130, c + 130), fill=220)
        dark.polygon(
            [
                (middle - 40, c + 126),
                (middle - 40, c - 20),
                (middle, c - 126),
                (middle + 40, c - 20),
                (middle + 40, c + 126),
            ],
            fill=250,
        )
        dark.rectangle((middle - 100, c + 40, middle + 110, c + 126), fill=250)
    return c + 190
