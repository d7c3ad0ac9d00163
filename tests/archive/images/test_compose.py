"""Pictures put together from tiles: the same as cut from the whole, and never too much."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from archive.images import compose, pyramid, region
from archive.images.tiles import Pyramid
from tests.archive.images.conftest import drawing

WHOLE = (1300, 900)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pyramid]:
    path = tmp_path_factory.mktemp("tiles") / "p.tif"
    pyramid.write(drawing(*WHOLE), path)
    with Pyramid.open(path) as found:
        yield found


def made(opened: Pyramid, *words: str) -> Image.Image:
    wanted = region.asked(WHOLE, *words)
    return Image.open(io.BytesIO(compose.picture(opened, wanted)))


def test_a_stored_tile_is_sent_as_it_lies(opened: Pyramid) -> None:
    wanted = region.asked(WHOLE, "512,0,512,512", "512,512", "0", "default.jpg")
    assert compose.picture(opened, wanted) == opened.tile(0, 1, 0).jpeg
    wanted = region.asked(WHOLE, "0,0,1024,1024", "512,", "0", "default.jpg")
    assert wanted.box == (0, 0, 1024, 900)
    assert compose.stored_tile(opened, wanted) is None  # beyond the edge nothing is shown


@pytest.mark.parametrize("scale", [1, 2, 4])
def test_the_tiles_of_a_viewer_fit_together_at_every_scale(opened: Pyramid, scale: int) -> None:
    side = 512 * scale
    for left in range(0, WHOLE[0], side):
        for top in range(0, WHOLE[1], side):
            wide, high = min(side, WHOLE[0] - left), min(side, WHOLE[1] - top)
            size = (-(-wide // scale), -(-high // scale))
            part = made(opened, f"{left},{top},{wide},{high}", f"{size[0]},{size[1]}", "0",
                        "default.jpg")  # fmt: skip
            assert part.size == size


@pytest.mark.parametrize(
    "words",
    [
        ("full", "max", "0", "default.jpg"),
        ("100,90,700,600", "350,300", "0", "default.png"),
        ("pct:40,40,50,50", "max", "0", "color.png"),
        ("300,200,900,650", "^1800,1300", "0", "default.jpg"),
        ("0,0,1300,900", "333,", "0", "default.png"),
    ],
)
def test_a_part_is_what_one_would_cut_from_the_whole(opened: Pyramid, words: tuple[str]) -> None:
    wanted = region.asked(WHOLE, *words)
    left, top, wide, high = wanted.box
    whole = drawing(*WHOLE).crop((left, top, left + wide, top + high))
    expected = whole.resize((wanted.width, wanted.height), Image.Resampling.BICUBIC)
    found = made(opened, *words)
    assert found.size == expected.size
    difference = ImageStat.Stat(ImageChops.difference(found.convert("RGB"), expected))
    assert max(difference.mean) < 3


def test_mirror_turn_and_quality_are_done_in_the_order_of_the_specification(
    opened: Pyramid,
) -> None:
    plain = made(opened, "full", "130,90", "0", "default.png").convert("RGB")
    turned = made(opened, "full", "130,90", "!90", "default.png").convert("RGB")
    assert turned.size == (90, 130)
    expected = plain.transpose(Image.Transpose.FLIP_LEFT_RIGHT).rotate(-90, expand=True)
    assert ImageChops.difference(turned, expected).getbbox() is None
    assert made(opened, "full", "130,", "0", "gray.jpg").mode == "L"
    assert made(opened, "full", "130,", "0", "bitonal.png").mode == "1"
    assert set(made(opened, "full", "130,", "0", "bitonal.png").get_flattened_data()) <= {0, 255}


def test_what_is_squeezed_one_way_does_not_decode_the_whole(
    opened: Pyramid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compose, "_ALWAYS_DECODED", 1000)
    wanted = region.asked(WHOLE, "full", "1300,1", "0", "default.jpg")
    assert compose._fitting(opened, wanted) == len(opened.levels) - 1
    assert made(opened, "full", "1300,1", "0", "default.jpg").size == (1300, 1)


def test_a_grey_picture_stays_grey(tmp_path: Path) -> None:
    pyramid.write(drawing(600, 400, "L"), tmp_path / "g.tif")
    with Pyramid.open(tmp_path / "g.tif") as grey:
        assert grey.levels[0].is_grey
        wanted = region.asked((600, 400), "full", "max", "0", "gray.jpg", grey=True)
        assert wanted.canonical == "full/max/0/default.jpg"
        assert Image.open(io.BytesIO(compose.picture(grey, wanted))).mode == "L"


def test_nothing_but_our_own_tiles_is_decoded() -> None:
    from archive.images.open import opened_tile

    other = io.BytesIO()
    drawing(512, 512).save(other, "PNG")
    for data in (b"", b"no picture", other.getvalue()):
        with pytest.raises(ValueError, match="tile"):
            opened_tile(data, 512)
    wide = io.BytesIO()
    drawing(1024, 512).save(wide, "JPEG")
    with pytest.raises(ValueError, match="expected 512"):
        opened_tile(wide.getvalue(), 512)
