"""Pages with columns: ledgers and rolls by hand, school registers on printed forms, tables.

Begin at `ledger`, `register` and `table`.
"""

from __future__ import annotations

from dataclasses import replace

from PIL import Image, ImageDraw

from ingest.demo.dice import dice
from ingest.demo.draw import paper, script
from ingest.demo.draw import type as setting
from ingest.demo.draw.minutes import hand_of, ink_of
from ingest.demo.draw.picture import Picture
from ingest.demo.draw.script import OVER, Hand

_TALL = (1180, 1560)
_WIDE = (1600, 1130)
_Rows = tuple[tuple[str, ...], ...]


def ledger(picture: Picture) -> Image.Image:
    """Return a ruled ledger page, every figure by hand, the sum underlined twice."""
    roll = dice("ledger", picture.key)
    hand = replace(hand_of(picture.year, roll, picture.key), size=14.5, slant=0.36)
    page = paper.sheet(_TALL, paper.stock_for(min(picture.year, 1899)), picture.key)
    mask = script.canvas(_TALL)
    heading = replace(hand, size=23, nib=hand.nib * 1.1)
    at = (_TALL[0] - script.measure(picture.title, heading)) / 2
    script.write(mask, (max(60.0, at), 120), picture.title, heading)
    step = min(74.0, (_TALL[1] - 300) / max(12, len(picture.rows)))
    edges = _columns(picture.rows, hand, 70, _TALL[0] - 60)
    _ruling(page, edges, 170, step, faint=picture.year < 1800)
    _fill(mask, picture.rows, hand, edges, (228.0, step))
    if picture.rows and picture.rows[-1][0].lower().startswith("summa"):
        y = 228 + step * (len(picture.rows) - 1)
        draw = ImageDraw.Draw(mask)
        for below in (9, 14):
            left, right = (edges[-2] + 12) * OVER, (edges[-1] - 8) * OVER
            draw.line([(left, (y + below) * OVER), (right, (y + below) * OVER)], fill=230, width=3)
    paper.ink(page, mask, ink_of(picture.year), picture.key)
    paper.gutter(page, left=roll.random() < 0.5)
    return paper.on_desk(page, picture.key)


def register(picture: Picture) -> Image.Image:
    """Return a double page of a school register: a printed form, filled in by the teacher."""
    roll = dice("register", picture.key)
    hand = replace(hand_of(picture.year, roll, picture.key), size=12.0)
    page = paper.sheet(_WIDE, paper.stock_for(picture.year), picture.key)
    mask, print_mask = script.canvas(_WIDE), Image.new("L", _WIDE)
    edges = _columns(picture.rows, hand, 60, _WIDE[0] - 50)
    step = min(52.0, (_WIDE[1] - 300) / max(14, len(picture.rows)))
    _ruling(page, edges, 190, step, faint=False)
    draw = ImageDraw.Draw(print_mask)
    setting.centred(print_mask, _WIDE[0] / 2, 56, picture.title, setting.face("serif-bold", 34))
    small = setting.face("serif", 17)
    setting.centred(print_mask, _WIDE[0] / 2, 112, picture.caption, setting.face("serif", 21))
    for left, right, head in zip(edges, edges[1:], picture.rows[0], strict=False):
        draw.text(
            (left + (right - left - small.getlength(head)) / 2, 196), head, font=small, fill=230
        )
    for x in (edges[0], edges[-1]):
        draw.line([(x, 186), (x, 186 + step * 18)], fill=230, width=3)
    for y in (186, 232):
        draw.line([(edges[0], y), (edges[-1], y)], fill=230, width=2)
    paper.ink(page, print_mask, paper.BLACK, picture.key, "print")
    _fill(mask, picture.rows[1:], hand, edges, (272.0, step))
    paper.ink(page, mask, ink_of(picture.year), picture.key)
    _fold(page)
    return paper.on_desk(page, picture.key)


def table(picture: Picture) -> Image.Image:
    """Return a printed statistical table with its heading and notes."""
    stock = paper.stock_for(picture.year)
    page = paper.sheet(_TALL, stock, picture.key)
    mask = Image.new("L", _TALL)
    setting.centred(mask, _TALL[0] / 2, 110, picture.title, setting.face("serif-bold", 33))
    setting.centred(mask, _TALL[0] / 2, 164, picture.caption, setting.face("serif", 22))
    draw = ImageDraw.Draw(mask)
    rows = picture.rows
    font, bold = setting.face("serif", 22), setting.face("serif-bold", 20)
    left, right, top = 110, _TALL[0] - 110, 232
    wide = (right - left) * 0.40
    pitch = (right - left - wide) / max(1, len(rows[0]) - 1)
    step = min(46.0, (_TALL[1] - 460) / len(rows))
    for y in (top, top + 4, top + step * 1.35, top + step * (len(rows) + 0.55)):
        draw.line([(left, y), (right, y)], fill=240, width=2)
    for number, row in enumerate(rows):
        y = top + 16 + step * number + (step * 0.3 if number else 0)
        face = bold if number == 0 or row[0].lower().startswith("summa") else font
        draw.text((left + 6, y), row[0], font=face, fill=250)
        if number and row[0].lower().startswith("summa"):
            draw.line([(left + wide, y - 7), (right, y - 7)], fill=230, width=2)
        for column, value in enumerate(row[1:], 1):
            end = left + wide + pitch * column - 10
            draw.text((end - face.getlength(value), y), value, font=face, fill=250)
    foot = top + step * (len(rows) + 1.2)
    setting.column(
        mask, (left, foot), picture.text, setting.face("serif", 19), width=right - left, leading=29
    )
    paper.ink(page, mask, paper.BLACK, picture.key)
    return paper.on_desk(page, picture.key)


def _columns(rows: _Rows, hand: Hand, left: float, right: float) -> list[float]:
    widest = [
        max(script.measure(row[c], hand) + 26 for row in rows if c < len(row))
        for c in range(len(rows[0]))
    ]
    scale = (right - left) / sum(widest)
    edges = [left]
    for width in widest:
        edges.append(edges[-1] + width * scale)
    return edges


def _ruling(page: Image.Image, edges: list[float], top: float, step: float, *, faint: bool) -> None:
    draw = ImageDraw.Draw(page, "RGBA")
    blue, red = ((90, 110, 150, 84), (176, 60, 56, 120)) if not faint else ((110, 84, 50, 56),) * 2
    y = top + step * 0.95
    while y < page.height - 70:
        draw.line([(40, y), (page.width - 36, y)], fill=blue, width=1)
        y += step
    for number, x in enumerate(edges):
        colour = red if number else blue
        draw.line([(x, top - 6), (x, page.height - 60)], fill=colour, width=2)
        if number == len(edges) - 2 and not faint:
            draw.line([(x + 4, top - 6), (x + 4, page.height - 60)], fill=colour, width=1)


def _fill(
    mask: Image.Image, rows: _Rows, hand: Hand, edges: list[float], lines: tuple[float, float]
) -> None:
    y, step = lines
    for row in rows:
        for column, value in enumerate(row):
            left, right = edges[column] + 12, edges[column + 1] - 10
            narrow = min(1.0, (right - left) / max(1.0, script.measure(value, hand)))
            pen = hand if narrow == 1.0 else replace(hand, narrow=hand.narrow * narrow)
            figures = value.replace(" ", "").replace(":", "").replace(",", "").isdigit()
            x = right - script.measure(value, pen) - 4 if figures else left
            script.write(mask, (x, y), value, pen)
        y += step


def _fold(page: Image.Image) -> None:
    draw = ImageDraw.Draw(page, "RGBA")
    middle = page.width // 2
    for away in range(60):
        shade = (40, 28, 16, int(58 * (1 - away / 60) ** 2))
        draw.line([(middle + away, 0), (middle + away, page.height)], fill=shade)
        draw.line([(middle - away, 0), (middle - away, page.height)], fill=shade)
