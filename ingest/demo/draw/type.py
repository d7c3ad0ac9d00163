"""Set type: the fonts that are at hand and text broken into lines.

DejaVu where the system has it, else the one face that comes with Pillow. Begin at `face`.
"""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

_FILES = {
    "serif": "DejaVuSerif.ttf",
    "serif-bold": "DejaVuSerif-Bold.ttf",
    "sans": "DejaVuSans.ttf",
    "sans-bold": "DejaVuSans-Bold.ttf",
    "mono": "DejaVuSansMono.ttf",
    "mono-bold": "DejaVuSansMono-Bold.ttf",
}


@lru_cache(maxsize=128)
def face(name: str, size: int) -> Font:
    """Return a font of our six, or Pillow's own where the system has none."""
    try:
        return ImageFont.truetype(_FILES[name], size)
    except OSError:
        return ImageFont.load_default(size)


def wrap(text: str, font: Font, width: float) -> list[str]:
    """Return the text broken into lines; an empty line stays an empty line."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and font.getlength(longer) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def column(
    mask: Image.Image,
    at: tuple[float, float],
    text: str,
    font: Font,
    *,
    width: float,
    leading: float,
    justify: bool = True,
) -> float:
    """Set a column of text into a mask; return the y below its last line."""
    draw = ImageDraw.Draw(mask)
    x, y = at
    lines = wrap(text, font, width)
    for number, line in enumerate(lines):
        last = number + 1 == len(lines) or not lines[number + 1]
        words = line.split()
        if justify and not last and len(words) > 2:
            gap = (width - sum(font.getlength(w) for w in words)) / (len(words) - 1)
            across = x
            for word in words:
                draw.text((across, y), word, font=font, fill=255)
                across += font.getlength(word) + gap
        else:
            draw.text((x, y), line, font=font, fill=255)
        y += leading if line else leading * 0.6
    return y


def centred(
    mask: Image.Image, middle: float, y: float, text: str, font: Font, *, fill: int = 255
) -> None:
    """Set one line centred on `middle`, its top at y."""
    ImageDraw.Draw(mask).text((middle - font.getlength(text) / 2, y), text, font=font, fill=fill)
