"""Write a picture as one pyramidal TIFF of JPEG tiles: each tile is a whole JPEG by itself.

So a tile can be sent as it lies in the file, undecoded; `tiles` reads them. Levels halve until
one tile holds the picture. TIFF 6.0 with Technical Note 2 (compression 7). Begin at `write`.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from PIL import Image

TILE = 512
QUALITY = 85
_SHORT, _LONG = 3, 4
_FORMAT = {_SHORT: "H", _LONG: "I"}


@dataclass(slots=True)
class _Level:
    width: int
    height: int
    offsets: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)


def write(image: Image.Image, path: Path) -> int:
    """Write a grey or RGB picture to a new file and return the number of levels.

    :raises ValueError: for another mode.
    """
    if image.mode not in {"L", "RGB"}:
        raise ValueError(f"a picture in mode {image.mode} cannot be tiled; convert it first")
    levels: list[_Level] = []
    with path.open("xb") as file:
        file.write(struct.pack("<2sHI", b"II", 42, 0))
        here = image
        while True:
            levels.append(_write_tiles(file, here))
            if max(here.size) <= TILE:
                break
            here = here.reduce(2)
        _write_directories(file, levels, colour=image.mode == "RGB")
    return len(levels)


def _write_tiles(file: BinaryIO, image: Image.Image) -> _Level:
    level = _Level(image.width, image.height)
    for top in range(0, image.height, TILE):
        for left in range(0, image.width, TILE):
            encoded = io.BytesIO()
            _tile_at(image, left, top).save(encoded, "JPEG", quality=QUALITY, subsampling="4:2:0")
            level.offsets.append(file.tell())
            level.counts.append(file.write(encoded.getbuffer()))
            if file.tell() % 2:
                file.write(b"\0")
    return level


def _tile_at(image: Image.Image, left: int, top: int) -> Image.Image:
    """Return a whole tile; beyond the picture its last row and column are repeated.

    TIFF wants whole tiles. Black beyond the edge would ring into the pixels that are seen.
    """
    right, bottom = min(left + TILE, image.width), min(top + TILE, image.height)
    seen = image.crop((left, top, right, bottom))
    if seen.size == (TILE, TILE):
        return seen
    tile = Image.new(image.mode, (TILE, TILE))
    tile.paste(seen)
    width, height = seen.size
    if width < TILE:
        edge = seen.crop((width - 1, 0, width, height))
        tile.paste(edge.resize((TILE - width, height)), (width, 0))
    if height < TILE:
        edge = tile.crop((0, height - 1, TILE, height))
        tile.paste(edge.resize((TILE, TILE - height)), (0, height))
    return tile


def _write_directories(file: BinaryIO, levels: list[_Level], *, colour: bool) -> None:
    pointer = 4  # where the address of the next directory is written
    for number, level in enumerate(levels):
        tags = _tags(level, colour=colour, reduced=number > 0)
        values = {tag: struct.pack(f"<{len(v)}{_FORMAT[kind]}", *v) for tag, kind, v in tags}
        places = {}
        for tag, value in values.items():
            if len(value) > 4:
                places[tag] = file.tell()
                file.write(value + b"\0" * (len(value) % 2))
        start = file.tell()
        file.seek(pointer)
        file.write(struct.pack("<I", start))
        file.seek(start)
        file.write(struct.pack("<H", len(tags)))
        for tag, kind, v in tags:
            inline = (
                struct.pack("<I", places[tag]) if tag in places else values[tag].ljust(4, b"\0")
            )
            file.write(struct.pack("<HHI", tag, kind, len(v)) + inline)
        pointer = file.tell()
        file.write(struct.pack("<I", 0))


def _tags(level: _Level, *, colour: bool, reduced: bool) -> list[tuple[int, int, list[int]]]:
    """Return (tag, type, values) in ascending order, as TIFF wants them."""
    samples = 3 if colour else 1
    tags = [
        (254, _LONG, [1 if reduced else 0]),  # NewSubfileType
        (256, _LONG, [level.width]),
        (257, _LONG, [level.height]),
        (258, _SHORT, [8] * samples),  # BitsPerSample
        (259, _SHORT, [7]),  # Compression: JPEG
        (262, _SHORT, [6 if colour else 1]),  # PhotometricInterpretation: YCbCr or grey
        (277, _SHORT, [samples]),
        (284, _SHORT, [1]),  # PlanarConfiguration: chunky
        (322, _LONG, [TILE]),
        (323, _LONG, [TILE]),
        (324, _LONG, level.offsets),
        (325, _LONG, level.counts),
    ]
    return [*tags, (530, _SHORT, [2, 2])] if colour else tags  # YCbCrSubSampling
