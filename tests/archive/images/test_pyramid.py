"""One file per picture for the viewer: tiles that any TIFF reader reads, and that need none."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from archive.errors import NotFound
from archive.images import derive, pyramid
from archive.images.tiles import Pyramid
from tests.archive.images.conftest import drawing


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("size", [(1300, 700), (512, 512), (513, 1), (1, 1)])
def test_the_tiles_are_the_picture_at_every_size(
    tmp_path: Path, mode: str, size: tuple[int, int]
) -> None:
    image = drawing(*size, mode=mode)
    levels = pyramid.write(image, tmp_path / "p.tif")
    with Pyramid.open(tmp_path / "p.tif") as tiled:
        assert len(tiled.levels) == levels
        here = image
        for number, level in enumerate(tiled.levels):
            assert (level.width, level.height) == here.size
            assert difference(_joined(tiled, number, mode), here) < 4
            here = here.reduce(2)


def test_other_programs_read_the_file_too(tmp_path: Path) -> None:
    image = drawing(1300, 700)
    levels = pyramid.write(image, tmp_path / "p.tif")
    with Image.open(tmp_path / "p.tif") as read:
        assert read.n_frames == levels
        assert difference(read.convert("RGB"), image) < 4
        read.seek(1)
        assert read.size == (650, 350)


def test_a_tile_at_the_edge_says_how_much_of_it_is_picture(tmp_path: Path) -> None:
    pyramid.write(drawing(600, 520), tmp_path / "p.tif")
    with Pyramid.open(tmp_path / "p.tif") as tiled:
        tile = tiled.tile(0, 1, 1)
        assert (tile.width, tile.height) == (88, 8)
        for place in ((1, 0, 0), (0, 0, 0)):
            assert tiled.tile(*place).jpeg[:2] == b"\xff\xd8"
        for place in ((2, 0, 0), (0, 2, 0), (0, 0, -1), (-1, 0, 0)):
            with pytest.raises(NotFound):
                tiled.tile(*place)


def test_what_is_no_pyramid_of_ours_is_refused(tmp_path: Path) -> None:
    drawing(50, 50).save(tmp_path / "plain.tif")
    pyramid.write(drawing(600, 600), tmp_path / "p.tif")
    whole = (tmp_path / "p.tif").read_bytes()
    places = {"plain.tif": None, "empty": b"", "junk": b"II*\0" + b"\xff" * 50, "cut": whole[:-40]}
    for name, content in places.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(ValueError):
            Pyramid.open(tmp_path / name)


def test_any_byte_may_be_wrong_and_the_reader_still_answers(tmp_path: Path) -> None:
    pyramid.write(drawing(600, 300), tmp_path / "p.tif")
    whole = bytearray((tmp_path / "p.tif").read_bytes())
    tables = len(whole) - 400  # the directories lie last
    answers = Counter(_answer(tmp_path / "x.tif", whole, at)
                      for at in [*range(8), *range(tables, len(whole))])  # fmt: skip
    assert answers["refused"] >= 100 and answers["tile"] >= 10


def test_a_pyramid_is_made_in_the_child(tmp_path: Path) -> None:
    drawing(1100, 900).save(tmp_path / "map.tif")
    made = derive.make_pyramid(tmp_path / "map.tif", tmp_path / "out")
    (copy,) = made.copies
    assert (copy.role, copy.width, copy.height) == ("pyramid", 1100, 900)
    with Pyramid.open(copy.path) as tiled:
        assert len(tiled.levels) == 3


def _answer(place: Path, whole: bytes, at: int) -> str:
    """Turn one byte round; return what the reader says then, "tile" or "refused"."""
    changed = bytearray(whole)
    changed[at] ^= 0xFF
    place.write_bytes(changed)
    try:
        with Pyramid.open(place) as tiled:
            return "tile" if tiled.tile(0, 0, 0).jpeg else "nothing"
    except (ValueError, NotFound):
        return "refused"


def _joined(tiled: Pyramid, number: int, mode: str) -> Image.Image:
    level = tiled.levels[number]
    whole = Image.new(mode, (level.width, level.height))
    for row in range(level.rows):
        for column in range(level.columns):
            tile = tiled.tile(number, column, row)
            picture = Image.open(io.BytesIO(tile.jpeg)).crop((0, 0, tile.width, tile.height))
            whole.paste(picture, (column * level.tile, row * level.tile))
    return whole


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return the mean absolute difference of two pictures."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)
