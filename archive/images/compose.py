"""Make a picture that an address asks for from the tiles of a pyramid, in limited memory.

A request that is just a stored tile gets its bytes as they lie; all others are put together from
the level that fits. Only tiles of our own making are decoded. Begin at `picture`.
"""

from __future__ import annotations

import io
import math
import threading

from PIL import Image

from archive.errors import Unavailable
from archive.images.open import opened_tile
from archive.images.region import Asked, Box
from archive.images.tiles import Level, Pyramid

QUALITY = 85
# More than is rendered, for what is shrunk a little is sharper than what is enlarged.
MOST_DECODED, _ALWAYS_DECODED = 16_000_000, 1_000_000
# A picture at work takes up to 100 MB; a third one waits for its turn, not for ever.
_PATIENCE = 10.0
_turns = threading.BoundedSemaphore(2)


def picture(pyramid: Pyramid, wanted: Asked) -> bytes:
    """Return the picture in the format that is asked for.

    :raises Unavailable: if too many large pictures are being made already.
    """
    stored = stored_tile(pyramid, wanted)
    if stored is not None:
        return stored
    if not _turns.acquire(timeout=_PATIENCE):
        raise Unavailable("too many pictures are being made at this moment")
    try:
        return _encoded(_turned(_scaled(pyramid, wanted), wanted), wanted)
    finally:
        _turns.release()


def stored_tile(pyramid: Pyramid, wanted: Asked) -> bytes | None:
    """Return the bytes of the tile that is just what is asked for, or None.

    A tile at the edge holds more than the picture, so it is none.
    """
    if wanted.mirrored or wanted.degrees or (wanted.quality, wanted.format) != ("default", "jpg"):
        return None
    left, top, wide, high = wanted.box
    for number, level in enumerate(pyramid.levels):
        side = level.tile << number
        if {wanted.width, wanted.height} != {level.tile} or {wide, high} != {side}:
            continue
        if left % side or top % side:
            return None
        tile = pyramid.tile(number, left // side, top // side)
        return tile.jpeg if (tile.width, tile.height) == (level.tile, level.tile) else None
    return None


def _scaled(pyramid: Pyramid, wanted: Asked) -> Image.Image:
    number = _fitting(pyramid, wanted)
    level, whole, each = pyramid.levels[number], pyramid.levels[0], 1 << number
    left, top, right, bottom = _sides(wanted.box)
    # The last pixel of a level stands for fewer of the whole than the others; it is taken entire.
    exact = (
        left / each,
        top / each,
        level.width if right == whole.width else right / each,
        level.height if bottom == whole.height else bottom / each,
    )
    covering = (left // each, top // each, math.ceil(exact[2]), math.ceil(exact[3]))
    part = _part(pyramid, number, level, covering)
    inside = (
        exact[0] - covering[0],
        exact[1] - covering[1],
        exact[2] - covering[0],
        exact[3] - covering[1],
    )
    if part.size == (wanted.width, wanted.height) and inside == (0, 0, *part.size):
        return part
    size = (wanted.width, wanted.height)
    return part.resize(size, Image.Resampling.BICUBIC, box=inside, reducing_gap=2.0)


def _fitting(pyramid: Pyramid, wanted: Asked) -> int:
    """Return the smallest level that still has a pixel for each one asked for, within measure.

    A region that is squeezed in one direction only would take in far more than it shows.
    """
    wide, high = wanted.box[2], wanted.box[3]
    reduction = min(wide / wanted.width, high / wanted.height)
    most = min(MOST_DECODED, max(4 * wanted.width * wanted.height, _ALWAYS_DECODED))
    number = 0
    while number + 1 < len(pyramid.levels) and (
        (2 << number) <= reduction or (wide >> number) * (high >> number) > most
    ):
        number += 1
    return number


def _sides(box: Box) -> Box:
    left, top, wide, high = box
    return left, top, left + wide, top + high


def _part(pyramid: Pyramid, number: int, level: Level, box: Box) -> Image.Image:
    """Return the pixels of a level between left, top, right and bottom, a tile at a time."""
    left, top, right, bottom = box
    made: Image.Image | None = None
    for row in range(top // level.tile, -(-bottom // level.tile)):
        for column in range(left // level.tile, -(-right // level.tile)):
            tile = opened_tile(pyramid.tile(number, column, row).jpeg, level.tile)
            if made is None:
                made = Image.new(tile.mode, (right - left, bottom - top))
            made.paste(tile, (column * level.tile - left, row * level.tile - top))
    assert made is not None  # a region has at least one pixel
    return made


def _turned(image: Image.Image, wanted: Asked) -> Image.Image:
    if wanted.quality in {"gray", "bitonal"}:
        image = image.convert("L")
    if wanted.quality == "bitonal":
        image = image.convert("1")
    if wanted.mirrored:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    turns = {
        90: Image.Transpose.ROTATE_270,  # Pillow turns against the clock
        180: Image.Transpose.ROTATE_180,
        270: Image.Transpose.ROTATE_90,
    }
    return image.transpose(turns[wanted.degrees]) if wanted.degrees else image


def _encoded(image: Image.Image, wanted: Asked) -> bytes:
    made = io.BytesIO()
    if wanted.format == "png":
        image.save(made, "PNG", compress_level=3)
    else:
        image = image.convert("L") if image.mode == "1" else image
        image.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
