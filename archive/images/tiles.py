"""Read tiles from a pyramidal TIFF of our own making, as the JPEGs that lie in it, undecoded.

Knows the few tags that `pyramid` writes and refuses everything else. Begin at `Pyramid.open`.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from archive.errors import NotFound

_WIDTH, _HEIGHT, _COMPRESSION, _TILE, _OFFSETS, _COUNTS = 256, 257, 259, 322, 324, 325
_SAMPLES = 277
_FORMAT = {3: ("H", 2), 4: ("I", 4)}
_MAX_LEVELS, _MAX_TILES = 24, 1_000_000


@dataclass(frozen=True, slots=True)
class Level:
    """One size of the picture: level 0 is full size, each further one half of that before."""

    width: int
    height: int
    tile: int
    is_grey: bool
    offsets: tuple[int, ...]
    counts: tuple[int, ...]

    @property
    def columns(self) -> int:
        """Return how many tiles lie side by side."""
        return -(-self.width // self.tile)

    @property
    def rows(self) -> int:
        """Return how many tiles lie on top of each other."""
        return -(-self.height // self.tile)


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile's JPEG, `tile` pixels a side; only `width` x `height` of them are the picture."""

    jpeg: bytes
    width: int
    height: int


class Pyramid:
    """An opened pyramidal TIFF. Use as a context; safe for several threads at once."""

    def __init__(self, handle: int, levels: tuple[Level, ...]) -> None:
        self._handle = handle
        self.levels = levels

    @classmethod
    def open(cls, path: Path) -> Pyramid:
        """Open a file that `pyramid.write` made.

        :raises ValueError: if it is something else, or damaged.
        """
        handle = os.open(path, os.O_RDONLY)
        try:
            levels = _levels(handle, os.fstat(handle).st_size)
        except (struct.error, KeyError, IndexError) as error:
            os.close(handle)
            raise ValueError(f"{path.name} is no pyramid of ours: {error!r}") from error
        except ValueError:
            os.close(handle)
            raise
        return cls(handle, levels)

    def __enter__(self) -> Pyramid:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._handle)

    def tile(self, level: int, column: int, row: int) -> Tile:
        """Return one tile.

        :raises NotFound: if the picture has no such tile.
        """
        if not 0 <= level < len(self.levels):
            raise NotFound(f"there is no level {level}")
        here = self.levels[level]
        if not (0 <= column < here.columns and 0 <= row < here.rows):
            raise NotFound(f"there is no tile {column},{row} at level {level}")
        index = row * here.columns + column
        jpeg = os.pread(self._handle, here.counts[index], here.offsets[index])
        width = min(here.tile, here.width - column * here.tile)
        return Tile(jpeg, width, min(here.tile, here.height - row * here.tile))


def _levels(handle: int, size_bytes: int) -> tuple[Level, ...]:
    magic, version, place = struct.unpack("<2sHI", os.pread(handle, 8, 0))
    if (magic, version) != (b"II", 42):
        raise ValueError("not a little-endian TIFF")
    levels: list[Level] = []
    while place:
        (count,) = struct.unpack("<H", os.pread(handle, 2, place))
        raw = os.pread(handle, count * 12 + 4, place + 2)
        tags = {tag: rest for tag, *rest in struct.iter_unpack("<HHI4s", raw[: count * 12])}
        levels.append(_level(handle, tags, size_bytes))
        (place,) = struct.unpack("<I", raw[count * 12 :])
        if len(levels) > _MAX_LEVELS:
            raise ValueError("too many levels")
    if not levels:
        raise ValueError("no levels")
    return tuple(levels)


def _level(handle: int, tags: dict[int, list[int | bytes]], size_bytes: int) -> Level:
    def values(tag: int) -> tuple[int, ...]:
        kind, count, inline = tags[tag]
        assert isinstance(kind, int) and isinstance(count, int) and isinstance(inline, bytes)
        letter, width = _FORMAT[kind]
        if count > _MAX_TILES:
            raise ValueError("too many tiles")
        if count * width <= 4:
            raw = inline[: count * width]
        else:
            raw = os.pread(handle, count * width, struct.unpack("<I", inline)[0])
        return struct.unpack(f"<{count}{letter}", raw)

    level = Level(
        values(_WIDTH)[0],
        values(_HEIGHT)[0],
        values(_TILE)[0],
        values(_SAMPLES)[0] == 1,
        values(_OFFSETS),
        values(_COUNTS),
    )
    if values(_COMPRESSION) != (7,) or not 0 < level.tile <= 4096:
        raise ValueError("not tiles of JPEG")
    if not len(level.offsets) == len(level.counts) == level.columns * level.rows:
        raise ValueError("the number of tiles does not fit the size")
    if any(o + c > size_bytes for o, c in zip(level.offsets, level.counts, strict=True)):
        raise ValueError("a tile lies beyond the end of the file")
    return level
