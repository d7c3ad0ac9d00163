"""What an address of the IIIF Image API 3.0 asks for: which part, how large, turned how.

Reads the five words of the address against the size of the picture; whatever is not one of the
specification's forms, or would be too much, is `Invalid`. Begin at `asked`.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from archive.errors import Invalid

MAX_AREA = 9_000_000
MAX_SIDE = 65_000  # a JPEG can be no longer
QUALITIES = ("default", "color", "gray", "bitonal")
FORMATS = {"jpg": "image/jpeg", "png": "image/png"}
_WHOLE = r"[0-9]{1,9}"
_PART = r"[0-9]{1,9}(?:\.[0-9]{1,10})?"
_PIXELS = re.compile(rf"({_WHOLE}),({_WHOLE}),({_WHOLE}),({_WHOLE})")
_PERCENT = re.compile(rf"pct:({_PART}),({_PART}),({_PART}),({_PART})")
_SIZE = re.compile(
    rf"(?P<up>\^)?(?:(?P<max>max)|pct:(?P<pct>{_PART})|(?P<fit>!)?(?P<w>{_WHOLE})?,(?P<h>{_WHOLE})?)"
)
_ROTATION = re.compile(rf"(!?)({_PART})")

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """A picture to be made: `box` is (left, top, width, height) in pixels of the whole.

    `degrees` is 0, 90, 180 or 270, clockwise, after the mirror.
    """

    box: Box
    width: int
    height: int
    mirrored: bool
    degrees: int
    quality: str
    format: str
    canonical: str


def asked(
    whole: tuple[int, int], region: str, size: str, rotation: str, last: str, *, grey: bool = False
) -> Asked:
    """Return what is asked of a picture of the size `whole`; `last` is "quality.format".

    :raises Invalid: for what the specification does not know, or answers with 400.
    """
    quality, _, form = last.partition(".")
    if quality not in QUALITIES or form not in FORMATS:
        raise Invalid("quality is default, color, gray or bitonal; format is jpg or png")
    box = _box(whole, region)
    width, height = _size(box, size)
    mirrored, degrees = _turn(rotation)
    if quality == ("gray" if grey else "color"):
        quality = "default"
    canonical = "/".join(
        (
            "full" if box == (0, 0, *whole) else ",".join(map(str, box)),
            _canonical_size(box, width, height),
            f"{'!' if mirrored else ''}{degrees}",
            f"{quality}.{form}",
        )
    )
    return Asked(box, width, height, mirrored, degrees, quality, form, canonical)


def largest(width: int, height: int, *, enlarged: bool = False) -> tuple[int, int]:
    """Return the largest size of this shape that is rendered: its own if that is not too much."""
    scale = min(math.sqrt(MAX_AREA / (width * height)), MAX_SIDE / width, MAX_SIDE / height)
    if scale >= 1 and not enlarged:
        return width, height
    return max(1, math.floor(width * scale)), max(1, math.floor(height * scale))


def _box(whole: tuple[int, int], region: str) -> Box:
    width, height = whole
    if region == "full":
        return 0, 0, width, height
    if region == "square":
        side = min(width, height)
        return (width - side) // 2, (height - side) // 2, side, side
    if found := _PIXELS.fullmatch(region):
        left, top, wide, high = (int(part) for part in found.groups())
    elif found := _PERCENT.fullmatch(region):
        x, y, w, h = (float(part) / 100 for part in found.groups())
        left, top = round(x * width), round(y * height)
        wide, high = round((x + w) * width) - left, round((y + h) * height) - top
    else:
        raise Invalid("region is full, square, x,y,w,h or pct:x,y,w,h")
    wide, high = min(wide, width - left), min(high, height - top)
    if wide < 1 or high < 1:
        raise Invalid("the region has nothing of the picture in it")
    return left, top, wide, high


def _size(box: Box, size: str) -> tuple[int, int]:
    found = _SIZE.fullmatch(size)
    if found is None:
        raise Invalid("size is max, w,  ,h  pct:n  w,h or !w,h, with ^ before it to enlarge")
    enlarged = found["up"] is not None
    if found["max"]:
        return largest(box[2], box[3], enlarged=enlarged)
    width, height = _wanted(box, found, enlarged=enlarged)
    if width < 1 or height < 1:
        raise Invalid("the size has no pixels")
    if not enlarged and (width > box[2] or height > box[3]):
        raise Invalid("larger than the region; put ^ before the size to enlarge")
    if width * height > MAX_AREA or max(width, height) > MAX_SIDE:
        raise Invalid(f"more than {MAX_AREA} pixels, or {MAX_SIDE} on one side")
    return width, height


def _wanted(box: Box, found: re.Match[str], *, enlarged: bool) -> tuple[int, int]:
    wide, high = box[2], box[3]
    w, h = int(found["w"] or 0), int(found["h"] or 0)
    if found["pct"]:
        share = float(found["pct"]) / 100
        if share > 1 and not enlarged:
            raise Invalid("larger than the region; put ^ before the size to enlarge")
        return (max(1, round(wide * share)), max(1, round(high * share))) if share else (0, 0)
    if found["fit"]:
        if not (found["w"] and found["h"]):
            raise Invalid("!w,h wants both")
        return _within(wide, high, w, h, enlarged=enlarged)
    if found["w"] and found["h"]:
        return w, h
    if found["w"]:
        return w, max(1, round(high * w / wide)) if w else 0
    if found["h"]:
        return max(1, round(wide * h / high)) if h else 0, h
    raise Invalid("a size without numbers")


def _within(wide: int, high: int, w: int, h: int, *, enlarged: bool) -> tuple[int, int]:
    """Return the largest size of the region's shape in a box, and within what is rendered."""
    if not (w and h):
        return 0, 0
    most = largest(wide, high, enlarged=enlarged)
    scale = min(w / wide, h / high)
    width, height = max(1, round(wide * scale)), max(1, round(high * scale))
    return most if width > most[0] or height > most[1] else (min(width, w), min(height, h))


def _turn(rotation: str) -> tuple[bool, int]:
    found = _ROTATION.fullmatch(rotation)
    if found is None or float(found[2]) not in {0.0, 90.0, 180.0, 270.0, 360.0}:
        raise Invalid("rotation is 0, 90, 180 or 270, with ! before it to mirror")
    return found[1] == "!", int(float(found[2])) % 360


def _canonical_size(box: Box, width: int, height: int) -> str:
    if (width, height) == largest(box[2], box[3]):
        return "max"
    up = "^" if width > box[2] or height > box[3] else ""
    return f"{up}{width},{height}"
