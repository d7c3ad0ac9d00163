"""The figures of a scan, measured in the child: lean, resolution, tone; and what cannot be."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageFilter

from archive.images import measure as in_process
from archive.images import sandbox
from archive.scanning.judge import _is_alike
from tests.archive.scanning.drawn import as_bytes, page, turned


def _measure(folder: Path, content: bytes) -> dict[str, Any]:
    """Measure in the child, as the worker does."""
    source = folder / "scan"
    source.write_bytes(content)
    return sandbox.run("scan", source, folder / "nothing")


def _here(folder: Path, content: bytes) -> dict[str, Any]:
    """Measure in this process, which is quicker by the start of a program."""
    source = folder / "scan"
    source.write_bytes(content)
    return in_process.measure(source)


def test_what_is_no_picture_or_is_cut_off_has_a_problem_and_no_figures(tmp_path: Path) -> None:
    whole = as_bytes(page(), dpi=(300, 300))
    for content in (b"", b"not a picture", whole[: len(whole) // 3]):
        answer = _measure(tmp_path, content)
        assert set(answer) == {"problem"}, content[:10]


def test_a_picture_made_to_fill_the_memory_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 0, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99))
    assert "problem" in _measure(tmp_path, bomb + chunk(b"IEND", b""))


@pytest.mark.parametrize("degrees", [-9, -4.5, -1.3, -0.5, 0, 0.4, 0.8, 2.2, 6, 10])
def test_the_lean_of_a_page_is_told_to_three_tenths_of_a_degree(
    tmp_path: Path, degrees: float
) -> None:
    found = _here(tmp_path, as_bytes(turned(page(3), degrees), quality=80))["skew"]
    assert found is not None and abs(found - degrees) <= 0.3


@pytest.mark.parametrize("mode", ["1", "L"])
def test_a_grey_and_a_one_bit_page_lean_as_much_as_one_in_colour(tmp_path: Path, mode: str) -> None:
    leaning = turned(page(5), -1.7).convert(mode)
    found = _here(tmp_path, as_bytes(leaning, "TIFF", compression="tiff_lzw"))
    assert found["mode"] == mode
    assert abs(found["skew"] + 1.7) <= 0.3


def test_where_nothing_is_written_no_lean_is_made_up(tmp_path: Path) -> None:
    noise = Image.effect_noise((900, 1200), 9).convert("RGB")
    for picture in (page(lines=0), noise.filter(ImageFilter.GaussianBlur(2))):
        found = _here(tmp_path, as_bytes(picture))
        assert found["skew"] is None
    assert _here(tmp_path, as_bytes(page(lines=0)))["ink"] == 0


@pytest.mark.parametrize(
    "form, how, expected",
    [
        ("JPEG", {"dpi": (300, 300)}, 300),
        ("PNG", {"dpi": (400, 400)}, 400),
        ("TIFF", {"dpi": (600, 600)}, 600),
        ("JPEG", {}, None),
        ("PNG", {}, None),
        ("TIFF", {}, None),
    ],
)
def test_the_resolution_is_what_the_file_says_and_unknown_where_it_says_nothing(
    tmp_path: Path, form: str, how: dict[str, Any], expected: int | None
) -> None:
    found = _here(tmp_path, as_bytes(page(lines=2, width=300, height=400), form, **how))["dpi"]
    assert (found is None) if expected is None else (round(found[0]) == round(found[1]) == expected)


def test_exif_without_a_resolution_is_not_72(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010F] = "a maker of cameras"
    assert _here(tmp_path, as_bytes(page(lines=2), exif=exif))["dpi"] is None


def test_one_page_scanned_twice_looks_alike_and_another_does_not(tmp_path: Path) -> None:
    once = page(1)
    again = turned(once, 0.2).point(lambda value: min(255, value + 9)).crop((4, 3, 848, 1195))
    looks = [
        int(_here(tmp_path, as_bytes(picture, quality=70))["look"], 16)
        for picture in (once, again, page(2), page(4))
    ]
    assert _is_alike(looks[0], looks[1])
    assert not _is_alike(looks[0], looks[2])
    assert not _is_alike(looks[2], looks[3])
