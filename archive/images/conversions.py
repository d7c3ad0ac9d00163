"""The conversions of pictures that the house can make without losing a pixel, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conversion:
    """From one format to another, as Pillow calls them, and the suffix of what is made."""

    source: str
    target: str
    suffix: str


# By the kind of work that the child process is asked for. Nothing that loses pixels stands here.
CONVERSIONS: Mapping[str, Conversion] = {
    "gif-png": Conversion("GIF", "PNG", ".png"),
    "webp-png": Conversion("WEBP", "PNG", ".png"),
    "bmp-tiff": Conversion("BMP", "TIFF", ".tif"),
    "png-tiff": Conversion("PNG", "TIFF", ".tif"),
    "jp2-tiff": Conversion("JPEG2000", "TIFF", ".tif"),
}
