"""Building drawings: a façade, its plan and measures, washed in colour or as a blueprint.

Begin at `elevation` and `blueprint`. A theme is the sort of house: wood, stone, villa, modern,
works, school or shed.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from ingest.demo.dice import dice, noise
from ingest.demo.draw import paper, script
from ingest.demo.draw.picture import Picture
from ingest.demo.draw.script import Hand
from ingest.demo.draw.sheets import stamp

_SIZE = (1600, 1180)
_W, _H = _SIZE[0] * 2, _SIZE[1] * 2
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """What a sort of house looks like: storeys, bays, roof, ornament and colours."""

    storeys: int
    bays: int
    roof: str  # gable | hip | mansard | flat
    wall: paper.Colour
    tile: paper.Colour
    ornament: bool = False


_STYLES = {
    "wood": Style(2, 7, "gable", (232, 196, 120), (176, 92, 74)),
    "stone": Style(4, 9, "mansard", (226, 190, 158), (120, 116, 122), ornament=True),
    "villa": Style(2, 5, "hip", (240, 222, 170), (172, 84, 66), ornament=True),
    "modern": Style(4, 8, "flat", (236, 228, 208), (140, 140, 140)),
    "works": Style(3, 10, "gable", (200, 116, 92), (110, 106, 110)),
    "school": Style(3, 11, "hip", (222, 168, 128), (124, 88, 84), ornament=True),
    "shed": Style(1, 4, "gable", (188, 92, 70), (90, 86, 84)),
}


def elevation(picture: Picture) -> Image.Image:
    """Return the drawing on heavy paper, in ink and watercolour, approved with a stamp."""
    roll = dice("building", picture.key)
    lines, wash = _drawn(picture, roll)
    page = paper.sheet(_SIZE, "linen", picture.key)
    page = ImageChops.multiply(page, _pooled(wash))
    paper.ink(page, lines, (44, 40, 44), picture.key)
    stamp(page, picture.caption, (_SIZE[0] - 620, _SIZE[1] - 250), roll)
    draw = ImageDraw.Draw(page, "RGBA")
    for part in (1, 2, 3):
        x = _SIZE[0] * part // 4
        draw.line([(x, 0), (x, _SIZE[1])], fill=(70, 50, 30, 40), width=2)
    return paper.on_desk(page, picture.key)


def blueprint(picture: Picture) -> Image.Image:
    """Return the same drawing as a blueprint: white lines on uneven Prussian blue."""
    roll = dice("building", picture.key)
    lines, _ = _drawn(picture, roll)
    rng = noise("blue", picture.key)
    hills = paper.cloud(_SIZE, rng, 5) * 7 + paper.cloud(_SIZE, rng, 60) * 2.5
    tone = Image.fromarray((hills.clip(-30, 30) + 128).astype("uint8"), "L")
    blue = Image.merge(
        "RGB",
        (
            tone.point(lambda v: v - 100),
            tone.point(lambda v: v - 62),
            tone.point(lambda v: v + 2),
        ),
    )
    glow = lines.reduce(2)
    blue.paste((226, 236, 246), None, glow.point(lambda v: v * 0.92))
    draw = ImageDraw.Draw(blue, "RGBA")
    for part in (1, 2, 3):
        x = _SIZE[0] * part // 4
        draw.line([(x, 0), (x, _SIZE[1])], fill=(220, 232, 246, 70), width=2)
    return paper.on_desk(blue, picture.key)


def _drawn(picture: Picture, roll: Random) -> tuple[Image.Image, Image.Image]:
    style = _STYLES[picture.theme]
    lines = Image.new("L", (_W, _H))
    wash = Image.new("RGB", (_W, _H), (255, 255, 255))
    draw, tint = ImageDraw.Draw(lines), ImageDraw.Draw(wash)
    draw.rectangle((60, 60, _W - 60, _H - 60), outline=210, width=4)
    _lettering(lines, picture)
    bays = max(3, style.bays + roll.choice((-1, 0, 0, 1)))
    storey = (330, 260, 196, 154)[style.storeys - 1]
    pitch = min(320, (_W - 1020) // bays)
    front: Box = (260, 1180 - storey * style.storeys, 260 + pitch * bays, 1180)
    if front[2] > _W - 760:
        front = (260, front[1], _W - 760, 1180)
    _facade(draw, tint, front, style, bays, roll)
    gable: Box = (front[2] + 190, front[1], min(_W - 170, front[2] + 700), 1180)
    _section(draw, tint, gable, style)
    plan: Box = (front[0], 1460, front[2], 2060)
    _plan(draw, tint, plan, bays, roll)
    _measures(lines, front, plan, bays)
    return lines, wash


def _facade(
    draw: ImageDraw.ImageDraw,
    tint: ImageDraw.ImageDraw,
    box: Box,
    style: Style,
    bays: int,
    roll: Random,
) -> None:
    x0, top, x1, ground = box
    _roof(draw, tint, box, style)
    tint.rectangle(box, fill=style.wall)
    draw.rectangle(box, outline=240, width=5)
    tint.rectangle((x0 - 10, ground - 44, x1 + 10, ground), fill=(170, 168, 166))
    draw.rectangle((x0 - 10, ground - 44, x1 + 10, ground), outline=220, width=3)
    draw.line([(x0 - 170, ground), (x1 + 90, ground)], fill=250, width=8)
    storey = (ground - 44 - top) / style.storeys
    pitch = (x1 - x0) / bays
    door = bays // 2
    for floor in range(style.storeys):
        y = top + storey * floor
        if floor and style.ornament:
            draw.rectangle((x0 - 8, y - 8, x1 + 8, y + 8), outline=200, width=3)
        for bay in range(bays):
            cx = x0 + pitch * (bay + 0.5)
            if floor == style.storeys - 1 and bay == door:
                _door(draw, tint, (cx, ground - 44), storey, ornate=style.ornament)
            else:
                _window(draw, tint, (cx, y + storey * 0.5), (pitch, storey), style)
    if style.ornament:
        for edge in (x0, x1 - 34):
            for stone in range(int(top), int(ground) - 60, 48):
                draw.rectangle((edge, stone, edge + 34, stone + 40), outline=150, width=2)
    elif style.roof == "gable":
        for board in range(int(x0) + 26, int(x1), 26):
            draw.line([(board, top), (board, ground - 44)], fill=46, width=2)


def _roof(draw: ImageDraw.ImageDraw, tint: ImageDraw.ImageDraw, box: Box, style: Style) -> None:
    x0, top, x1, _ = box
    high = {"gable": 170, "hip": 190, "mansard": 210, "flat": 34}[style.roof]
    inset = {"gable": 0, "hip": 210, "mansard": 90, "flat": 0}[style.roof]
    over = 26
    shape = [(x0 - over, top), (x0 + inset, top - high), (x1 - inset, top - high), (x1 + over, top)]
    tint.polygon(shape, fill=style.tile)
    draw.line([*shape, shape[0]], fill=240, width=5)
    for row in range(1, 7):
        t = row / 7
        left = x0 - over + (inset + over) * t
        draw.line([(left, top - high * t), (x0 + x1 - left, top - high * t)], fill=90, width=2)
    for chimney in (0.28, 0.7):
        cx = x0 + (x1 - x0) * chimney
        tint.rectangle((cx - 26, top - high - 84, cx + 26, top - high), fill=(190, 110, 90))
        draw.rectangle((cx - 26, top - high - 84, cx + 26, top - high), outline=230, width=4)
        draw.rectangle((cx - 34, top - high - 98, cx + 34, top - high - 84), outline=230, width=4)
    if style.roof in {"hip", "mansard"}:
        middle = (x0 + x1) / 2
        dormer = [
            (middle - 84, top),
            (middle - 84, top - 110),
            (middle, top - 176),
            (middle + 84, top - 110),
            (middle + 84, top),
        ]
        tint.polygon(dormer, fill=style.wall)
        draw.line([*dormer, dormer[0]], fill=240, width=4)
        draw.ellipse((middle - 30, top - 112, middle + 30, top - 52), outline=230, width=4)


def _window(
    draw: ImageDraw.ImageDraw,
    tint: ImageDraw.ImageDraw,
    at: tuple[float, float],
    cell: tuple[float, float],
    style: Style,
) -> None:
    cx, cy = at
    w = cell[0] * (0.34 if style.roof == "flat" else 0.2)
    h = cell[1] * (0.22 if style.roof == "flat" else 0.30)
    box = (cx - w, cy - h, cx + w, cy + h)
    tint.rectangle(box, fill=(176, 196, 206))
    draw.rectangle(box, outline=235, width=4)
    draw.line([(cx, cy - h), (cx, cy + h)], fill=210, width=3)
    for bar in (-0.3,) if style.roof != "flat" else (0.0,):
        draw.line([(cx - w, cy + h * bar), (cx + w, cy + h * bar)], fill=200, width=3)
    draw.line([(cx - w - 10, cy + h + 8), (cx + w + 10, cy + h + 8)], fill=230, width=5)
    if style.ornament:
        cap = [(cx - w - 14, cy - h - 10), (cx, cy - h - 40), (cx + w + 14, cy - h - 10)]
        draw.line([*cap, cap[0]], fill=210, width=3)


def _door(
    draw: ImageDraw.ImageDraw,
    tint: ImageDraw.ImageDraw,
    at: tuple[float, float],
    storey: float,
    *,
    ornate: bool,
) -> None:
    cx, foot = at
    w, h = 46, storey * 0.78
    tint.rectangle((cx - w, foot - h, cx + w, foot), fill=(122, 92, 62))
    draw.rectangle((cx - w, foot - h, cx + w, foot), outline=240, width=4)
    for panel in (-1, 0):
        for row in range(3):
            left, y = cx + panel * w + 8, foot - h * 0.92 + row * h * 0.31
            draw.rectangle((left, y, left + w - 16, y + h * 0.24), outline=190, width=3)
    for step in range(3):
        draw.rectangle(
            (
                cx - w - 14 - step * 12,
                foot + step * 15,
                cx + w + 14 + step * 12,
                foot + 15 + step * 15,
            ),
            outline=220,
            width=3,
        )
    if ornate:
        draw.arc((cx - w, foot - h - 44, cx + w, foot - h + 44), 180, 360, fill=230, width=4)


def _section(draw: ImageDraw.ImageDraw, tint: ImageDraw.ImageDraw, box: Box, style: Style) -> None:
    x0, top, x1, ground = box
    wall = 24
    high = 60 if style.roof == "flat" else 200
    for side in ((x0, top, x0 + wall, ground), (x1 - wall, top, x1, ground)):
        tint.rectangle(side, fill=(222, 120, 110))
        draw.rectangle(side, outline=240, width=4)
    roof = [(x0 - 30, top), ((x0 + x1) / 2, top - high), (x1 + 30, top)]
    draw.line(roof, fill=240, width=6)
    draw.line([(x0, top + 16), ((x0 + x1) / 2, top - high + 22), (x1, top + 16)], fill=200, width=3)
    storey = (ground - top) / style.storeys
    for floor in range(style.storeys + 1):
        y = top + storey * floor
        tint.rectangle((x0 + wall, y - 10, x1 - wall, y + 10), fill=(238, 206, 130))
        draw.rectangle((x0 + wall, y - 10, x1 - wall, y + 10), outline=220, width=3)
    for step in range(9):
        sx, sy = x0 + 70 + step * 30, ground - 10 - (step + 1) * storey / 10
        draw.line([(sx, sy + storey / 10), (sx, sy), (sx + 30, sy)], fill=200, width=3)
    draw.line([(x0 - 60, ground), (x1 + 60, ground)], fill=250, width=8)
    for hatch in range(int(x0) - 60, int(x1) + 60, 26):
        draw.line([(hatch, ground + 26), (hatch + 22, ground + 4)], fill=120, width=2)


def _plan(
    draw: ImageDraw.ImageDraw, tint: ImageDraw.ImageDraw, box: Box, bays: int, roll: Random
) -> None:
    x0, y0, x1, y1 = box
    thick = 26
    tint.rectangle(box, fill=(222, 120, 110))
    tint.rectangle((x0 + thick, y0 + thick, x1 - thick, y1 - thick), fill=(255, 255, 255))
    draw.rectangle(box, outline=250, width=5)
    draw.rectangle((x0 + thick, y0 + thick, x1 - thick, y1 - thick), outline=250, width=4)
    pitch = (x1 - x0) / bays
    middle = (y0 + y1) / 2 + roll.uniform(-40, 40)
    walls: list[Box] = [(x0 + thick, middle - 8, x1 - thick, middle + 8)]
    for wall in range(2, bays, 2):
        x = x0 + pitch * wall
        upper = roll.random() < 0.5
        walls.append(
            (x - 8, y0 + thick, x + 8, middle) if upper else (x - 8, middle, x + 8, y1 - thick)
        )
    for inner in walls:
        tint.rectangle(inner, fill=(222, 120, 110))
        draw.rectangle(inner, outline=240, width=3)
    for bay in range(bays):
        cx = x0 + pitch * (bay + 0.5)
        for y in (y0, y1 - thick):
            opening = (cx - pitch * 0.2, y, cx + pitch * 0.2, y + thick)
            tint.rectangle(opening, fill=(255, 255, 255))
            draw.rectangle(opening, outline=250, fill=0, width=3)
            draw.line([(opening[0], y + thick / 2), (opening[2], y + thick / 2)], fill=200, width=2)
    for wall in range(1, bays, 3):
        x, r = x0 + pitch * wall, pitch * 0.34
        draw.rectangle((x, middle - 10, x + r, middle + 10), fill=0)
        draw.arc((x - r, middle - r, x + r, middle + r), 270, 360, fill=200, width=3)
        draw.line([(x, middle), (x, middle - r)], fill=220, width=3)
    stove = x0 + pitch * (bays // 2)
    draw.ellipse((stove - 30, middle - 84, stove + 30, middle - 24), outline=230, width=4)


def _measures(lines: Image.Image, front: Box, plan: Box, bays: int) -> None:
    draw = ImageDraw.Draw(lines)
    hand = Hand(10, 0.2, 0.14, 1.0, 0, "measure")
    x0, _, x1, y1 = plan
    for y, marks in ((y1 + 56, bays), (y1 + 106, 1)):
        draw.line([(x0, y), (x1, y)], fill=190, width=2)
        for mark in range(marks + 1):
            x = x0 + (x1 - x0) * mark / marks
            draw.line([(x - 9, y + 9), (x + 9, y - 9)], fill=230, width=4)
        for mark in range(marks):
            value = f"{(x1 - x0) / marks / 84:.2f}".replace(".", ",")
            middle = (x0 + (x1 - x0) * (mark + 0.5) / marks) / 2
            script.write(lines, (middle - 14, y / 2 - 6), value, hand)
    draw.line([(front[0] - 90, front[1]), (front[0] - 90, front[3])], fill=190, width=2)
    for y in (front[1], front[3]):
        draw.line([(front[0] - 99, y + 9), (front[0] - 81, y - 9)], fill=230, width=4)
    value = f"{(front[3] - front[1]) / 84:.2f}".replace(".", ",")
    script.write(lines, (front[0] / 2 - 92, (front[1] + front[3]) / 4), value, hand)


def _lettering(lines: Image.Image, picture: Picture) -> None:
    title = Hand(23, 0.28, 0.18, 1.05, 0, picture.key)
    small = Hand(12.5, 0.28, 0.15, 1.0, 0.02, picture.key)
    script.write(lines, (110, 118), picture.title, title)
    for number, line in enumerate(picture.text.split("\n")):
        script.write(lines, (112, 166 + number * 38), line, small)
    script.write(
        lines,
        (130, 706),
        "Plan af bottenvåningen" if picture.year < 1907 else "Plan av bottenvåningen",
        small,
    )


def _pooled(wash: Image.Image) -> Image.Image:
    flat = wash.reduce(2)
    soft = flat.filter(ImageFilter.GaussianBlur(2.2))
    return Image.blend(flat, soft, 0.5)
