"""Convert a picture without losing a pixel, and prove it: what was written is read again.

Runs in the child process (`child`). Turning is left as it is; ICC profile, EXIF and resolution
follow. Other metadata stays in the original, which is kept. Begin at `convert`.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from PIL import Image

from archive.images.conversions import Conversion
from archive.images.open import Undecodable, as_it_is


def convert(conversion: Conversion, source: Path, target: Path) -> dict[str, Any]:
    """Write `picture` with the conversion's suffix into the folder, and return what it is.

    :raises Undecodable: if the source is damaged or has several pictures, or if what was written
        does not have the very same pixels.
    """
    image = as_it_is(source, conversion.source)
    frames = getattr(image, "n_frames", 1)
    if frames != 1:
        raise Undecodable(f"{frames} pictures in one file; only the first would be kept")
    before = _pixels(image)
    place = target / f"picture{conversion.suffix}"
    _save(image, place, conversion.target)
    made = as_it_is(place, conversion.target)
    if made.size != image.size or _pixels(made) != before:
        raise Undecodable("what was written does not have the same pixels")
    return {"path": place.name, "width": made.width, "height": made.height, "pixels": before}


def _save(image: Image.Image, place: Path, form: str) -> None:
    follows = {name: image.info[name] for name in ("icc_profile", "dpi") if image.info.get(name)}
    exif = image.getexif()
    if exif:
        follows["exif"] = exif.tobytes() if form == "PNG" else exif
    try:
        image.save(place, form, **follows)
    except (ValueError, TypeError, KeyError, SyntaxError) as error:
        raise Undecodable(f"cannot be written as {form}: {error}"[:200]) from error


def _pixels(image: Image.Image) -> str:
    """Return the digest of the pixels as they are seen, whatever a palette calls them."""
    seen = image if image.mode.startswith(("I", "F")) else image.convert("RGBA")
    return hashlib.sha256(f"{image.size}".encode() + seen.tobytes()).hexdigest()
