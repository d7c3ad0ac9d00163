"""The only place that opens a picture: named formats, limits, and no surprise decoders.

Runs in the child process (`child`). Traps: PROMISES section 6, items 10-12. Begin at `opened`.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

FORMATS = ("PNG", "JPEG", "TIFF", "GIF", "WEBP")
JPEG2000 = "JPEG2000"
MAX_PIXELS = 250_000_000
MAX_BYTES = 4 * 1024**3
# A real scan never shrinks so far; a picture of nothing at all, made to fill memory, does.
BOMB_PIXELS, BOMB_RATIO = 20_000_000, 500

warnings.simplefilter("error", Image.DecompressionBombWarning)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Undecodable(Exception):
    """The picture cannot be shown, and why, in one sentence."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says of itself: pixels, mode, and dots an inch where the file states them."""

    width: int
    height: int
    mode: str
    dpi: tuple[float, float] | None


def opened(
    path: Path, *, for_size: int | None = None, formats: Collection[str] = FORMATS
) -> Image.Image:
    """Return the first picture of a file: upright, in sRGB or grey, without its metadata.

    With `for_size` it is no larger than that many pixels a side, and a JPEG is read only as
    finely as that needs. JPEG 2000 is opened only where `formats` names it.

    :raises Undecodable: for another format, too many pixels, or damaged bytes.
    """
    try:
        with path.open("rb") as stream:
            image = Image.open(stream, formats=list(formats))
            _refuse_bombs(image, path.stat().st_size)
            if for_size is not None:
                image.draft(None, (for_size, for_size))
            image.load()
    except Undecodable:
        raise
    except Exception as error:  # decoders fail in every way there is; each is the same answer
        raise Undecodable(f"{type(error).__name__}: {error}"[:200]) from error
    if for_size is not None:
        image.thumbnail((for_size, for_size), Image.Resampling.LANCZOS)
    return _bare(_upright(image))


def as_it_is(path: Path, form: str) -> Image.Image:
    """Return the first picture of a file of this format, pixels and metadata untouched.

    :raises Undecodable: for another format, too many pixels, or damaged bytes.
    """
    try:
        image = Image.open(path, formats=[form])
        _refuse_bombs(image, path.stat().st_size)
        image.load()
    except Undecodable:
        raise
    except MemoryError:
        raise
    except Exception as error:  # decoders fail in every way there is; each is the same answer
        raise Undecodable(f"{type(error).__name__}: {error}"[:200]) from error
    return image


def header_of(path: Path, formats: Collection[str] = FORMATS) -> Header:
    """Return what a file says of its first picture; no pixel is decoded.

    :raises Undecodable: for another format, or a header that cannot be read.
    """
    try:
        with path.open("rb") as stream:
            image = Image.open(stream, formats=list(formats))
            return Header(image.width, image.height, image.mode, _stated_dpi(image))
    except Exception as error:  # decoders fail in every way there is; each is the same answer
        raise Undecodable(f"{type(error).__name__}: {error}"[:200]) from error


_X_RESOLUTION = 0x011A
_LEAST_DPI = 10  # a file of one dot an inch says nothing: that is what programs write for "unknown"


def _stated_dpi(image: Image.Image) -> tuple[float, float] | None:
    """Return the resolution that the file states; where EXIF is silent Pillow makes up 72."""
    is_told = image.info.get("jfif_unit") in {1, 2} or _X_RESOLUTION in image.getexif()
    if image.format == "JPEG" and not is_told:
        return None
    found = image.info.get("dpi")
    if found is None:
        return None
    across, down = (float(each) for each in found)
    return (across, down) if min(across, down) >= _LEAST_DPI else None


def _refuse_bombs(image: Image.Image, size_bytes: int) -> None:
    pixels = image.width * image.height
    if size_bytes > MAX_BYTES:
        raise Undecodable(f"{size_bytes} bytes are too many for one picture")
    if pixels > MAX_PIXELS:
        raise Undecodable(f"{image.width} x {image.height} pixels are too many")
    if pixels > BOMB_PIXELS and pixels * len(image.getbands()) > size_bytes * BOMB_RATIO:
        raise Undecodable(f"{pixels} pixels in {size_bytes} bytes: a decompression bomb")


def _upright(image: Image.Image) -> Image.Image:
    with suppress(Exception):  # damaged EXIF must not hide a picture that can be read
        ImageOps.exif_transpose(image, in_place=True)
    return image


def _bare(image: Image.Image) -> Image.Image:
    """Return only the pixels, in grey or sRGB; EXIF, GPS, comments and profiles stay behind."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):
        plain = _eight_bits(image)
    elif image.mode in {"1", "L", "F"}:
        plain = image.convert("L")
    elif "A" in image.getbands() or "transparency" in image.info:
        seen = image.convert("RGBA")
        plain = Image.new("RGB", image.size, "white")
        plain.paste(seen, mask=seen.getchannel("A"))
    else:
        plain = _in_srgb(image, profile)
    plain.info.clear()
    plain.getexif().clear()
    return plain


def _eight_bits(image: Image.Image) -> Image.Image:
    wide = image.convert("I")
    _, brightest = wide.getextrema()
    assert not isinstance(brightest, tuple)  # one band, one pair
    depth = max(8, int(brightest).bit_length())
    return wide.point(lambda value: value * (1 / (1 << (depth - 8)))).convert("L")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile and image.mode in {"RGB", "CMYK"}:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            found = ImageCms.profileToProfile(
                image, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if found is not None:
                return found
    return image if image.mode == "RGB" else image.convert("RGB")


def opened_tile(jpeg: bytes, side: int) -> Image.Image:
    """Return one tile of a pyramid of our own making: the only picture the web process decodes.

    :raises ValueError: if it is no JPEG of just that size.
    """
    try:
        tile = Image.open(io.BytesIO(jpeg), formats=["JPEG"])
        if tile.size != (side, side) or tile.mode not in {"L", "RGB"}:
            raise ValueError(f"a tile of {tile.size} in {tile.mode}; expected {side} a side")
        tile.load()
    except (OSError, SyntaxError) as error:
        raise ValueError(f"the tile cannot be read: {error}") from error
    return tile
