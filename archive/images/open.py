"""The only place that opens a picture: named formats, limits, and no surprise decoders.

Runs in the child process (`child`). Traps: PROMISES section 6, items 10-12.
"""

from __future__ import annotations

import warnings
from pathlib import Path

from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "WEBP", "JPEG2000")
MAX_PIXELS = 250_000_000

warnings.simplefilter("error", Image.DecompressionBombWarning)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Undecodable(Exception):
    """The picture cannot be shown, and why, in one sentence."""


def opened(path: Path, *, for_size: int | None = None) -> Image.Image:
    """Return the picture, upright, in RGB or grey, without any of its metadata.

    With `for_size` a JPEG is read only as finely as that many pixels need.

    :raises Undecodable: for another format, too many pixels, or damaged bytes.
    """
    try:
        with path.open("rb") as stream:
            image = Image.open(stream, formats=list(FORMATS))
            if image.width * image.height > MAX_PIXELS:
                raise Undecodable(f"{image.width} x {image.height} pixels are too many")
            if for_size is not None:
                image.draft("RGB", (for_size, for_size))
            image.load()
            upright = ImageOps.exif_transpose(image)
    except Undecodable:
        raise
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Warning) as error:
        raise Undecodable(str(error)[:200]) from error
    mode = "L" if upright.mode in {"1", "L", "I;16", "I"} else "RGB"
    return _bare(upright.convert(mode))


def _bare(image: Image.Image) -> Image.Image:
    image.info.clear()
    return image
