"""Draw the scans of the demo city with nothing but Pillow and numpy.

What is drawn is invented, and looks like what it is. Begin at `scan`.
"""

from __future__ import annotations

import io
from collections.abc import Callable

from PIL import Image

from ingest.demo.draw import buildings, ledger, maps, minutes, photograph, sheets
from ingest.demo.draw.picture import Kind, Picture

__all__ = ["Kind", "Picture", "scan"]

_DRAWERS: dict[Kind, Callable[[Picture], Image.Image]] = {
    Kind.MINUTES: minutes.minutes,
    Kind.LETTER: minutes.letter,
    Kind.LEDGER: ledger.ledger,
    Kind.REGISTER: ledger.register,
    Kind.TABLE: ledger.table,
    Kind.TYPESCRIPT: sheets.typescript,
    Kind.PRINT: sheets.printed,
    Kind.OFFICE: sheets.office,
    Kind.POSTER: sheets.poster,
    Kind.VOUCHER: sheets.voucher,
    Kind.PHOTOGRAPH: photograph.photograph,
    Kind.CLASS_PHOTOGRAPH: photograph.class_photograph,
    Kind.MAP: maps.town_map,
    Kind.ELEVATION: buildings.elevation,
    Kind.BLUEPRINT: buildings.blueprint,
}


def scan(picture: Picture) -> bytes:
    """Return the picture as the JPEG that a scanner would have made, at most some 400 kB."""
    image = _DRAWERS[picture.kind](picture)
    for quality in (80, 70, 60):
        stream = io.BytesIO()
        image.save(stream, "JPEG", quality=quality, dpi=(200, 200))
        if stream.tell() <= 400_000:
            break
    return stream.getvalue()
