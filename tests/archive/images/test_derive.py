"""Copies for use: upright, bare of metadata, and never at the cost of the house."""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFont

from archive.config import ROOT
from archive.images import derive, sandbox
from archive.images.open import FORMATS, Undecodable, opened
from archive.images.sandbox import Limits
from tests.archive.images.conftest import drawing


def test_a_photograph_gets_an_access_copy_and_a_thumb(tmp_path: Path) -> None:
    drawing(3000, 1500).save(tmp_path / "photo.png")
    made = derive.make_copies(tmp_path / "photo.png", "image/png", tmp_path / "out")
    sizes = {copy.role: (copy.width, copy.height) for copy in made.copies}
    assert sizes == {"access": (2000, 1000), "thumb": (480, 240)}
    for copy in made.copies:
        assert Image.open(copy.path).size == (copy.width, copy.height)
        assert copy.size_bytes == copy.path.stat().st_size
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "photo.png"]


def test_where_and_by_whom_a_picture_was_taken_stays_in_the_archive(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x013B] = "HEMLIG-FOTOGRAF"
    exif.get_ifd(0x8825)[1] = "N"
    drawing(300, 200).save(
        tmp_path / "p.jpg", exif=exif, comment=b"HEMLIG-KOMMENTAR", icc_profile=b"HEMLIG-PROFIL"
    )
    made = derive.make_copies(tmp_path / "p.jpg", "image/jpeg", tmp_path / "out")
    for copy in made.copies:
        assert b"HEMLIG" not in copy.path.read_bytes()
        assert not Image.open(copy.path).getexif()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_the_way_it_was_taken(tmp_path: Path, orientation: int) -> None:
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # how the camera was held, undone by EXIF
    image = drawing(400, 200)
    if orientation > 1:
        image = image.transpose(Image.Transpose(turns[orientation]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    image.save(tmp_path / "p.jpg", exif=exif, quality=95)
    upright = opened(tmp_path / "p.jpg")
    assert upright.size == (400, 200)
    red, green, _ = upright.getpixel((20, 20))
    assert red > 180 and green < 60


def test_sixteen_bits_a_pixel_are_not_all_white(tmp_path: Path) -> None:
    wide = Image.linear_gradient("L").convert("I").point(lambda v: v * 200)
    wide.convert("I;16").save(tmp_path / "w.tif")
    assert opened(tmp_path / "w.tif").getpixel((0, 128)) in range(90, 110)


def test_what_is_transparent_is_white_paper(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 20), (0, 0, 0, 0)).save(tmp_path / "t.png")
    assert opened(tmp_path / "t.png").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("side", [13_000, 17_000])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, side: int) -> None:
    Image.new("1", (side, side)).save(tmp_path / "bomb.png")
    start = time.perf_counter()
    made = derive.make_copies(tmp_path / "bomb.png", "image/png", tmp_path / "out")
    assert made.problem
    assert time.perf_counter() - start < 2
    assert list((tmp_path / "out").iterdir()) == []


def test_only_named_formats_are_opened_whatever_the_file_is_called(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    drawing(20, 20).save(tmp_path / "p.bmp")
    drawing(20, 20).save(tmp_path / "p.jp2")
    for name in ("p.png", "p.bmp", "p.jp2"):
        with pytest.raises(Undecodable):
            opened(tmp_path / name)
    assert opened(tmp_path / "p.jp2", formats=[*FORMATS, "JPEG2000"]).size == (20, 20)


def test_a_truncated_picture_is_an_answer(tmp_path: Path) -> None:
    drawing(500, 500).save(tmp_path / "whole.png")
    (tmp_path / "half.png").write_bytes((tmp_path / "whole.png").read_bytes()[:900])
    made = derive.make_copies(tmp_path / "half.png", "image/png", tmp_path / "out")
    assert made.problem and made.copies == ()


def test_a_decoder_that_takes_too_long_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sandbox.LIMITS, "image", Limits(memory=1536, seconds=0, output=50))
    drawing(100, 100).save(tmp_path / "p.png")
    made = derive.make_copies(tmp_path / "p.png", "image/png", tmp_path / "out")
    assert "seconds" in (made.problem or "")


def test_the_decoder_sees_none_of_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STADSARKIV_SECRET_KEY", "s3cret")
    assert "s3cret" not in str(sandbox._ENVIRONMENT)
    child = os.fork()
    if child == 0:
        sandbox.lower_limits("image")
        soft, _ = resource.getrlimit(resource.RLIMIT_AS)
        os._exit(0 if soft == 1536 * sandbox.MEGABYTE else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_pdf_gives_its_first_page_and_all_its_words(tmp_path: Path) -> None:
    page = Image.new("RGB", (600, 800), "white")
    page.save(tmp_path / "two.pdf", save_all=True, append_images=[page])
    made = derive.make_copies(tmp_path / "two.pdf", "application/pdf", tmp_path / "out")
    assert made.problem is None
    assert {copy.role for copy in made.copies} == {"access", "thumb"}
    (tmp_path / "none.pdf").write_bytes(b"%PDF-1.4 nothing more")
    bad = derive.make_copies(tmp_path / "none.pdf", "application/pdf", tmp_path / "out2")
    assert "PDF" in (bad.problem or "")


@pytest.mark.skipif(not derive.can_read(), reason="Tesseract with Swedish is not installed")
def test_a_typed_page_is_read_with_the_place_of_each_word(tmp_path: Path) -> None:
    page = Image.new("L", (1600, 400), 255)
    font = ImageFont.load_default(size=60)
    ImageDraw.Draw(page).text((60, 120), "Protokoll den 5 maj 1885 på Rådhuset", 0, font)
    page.save(tmp_path / "page.png")
    reading = derive.read_text(tmp_path / "page.png")
    assert reading is not None
    assert "Protokoll den 5 maj 1885" in reading.text
    assert b"<alto" in reading.alto and b'CONTENT="Protokoll"' in reading.alto


def test_what_cannot_be_decoded_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "page.png").write_bytes(b"no picture")
    assert derive.read_text(tmp_path / "page.png") is None


def expected(corpus: Path) -> dict[str, str]:
    with (corpus / "EXPECTED.tsv").open() as file:
        return {row["file"]: row["pillow13_result"] for row in csv.DictReader(file, delimiter="\t")}


@pytest.mark.corpus
def test_real_and_damaged_pictures_never_stop_the_house(corpus: Path, tmp_path: Path) -> None:
    refused = []
    for number, (name, verdict) in enumerate(expected(corpus).items()):
        start = time.perf_counter()
        made = derive.make_copies(corpus / name, "image/any", tmp_path / str(number))
        assert time.perf_counter() - start < 10, name
        if made.problem:
            refused.append(name)
            assert "stopped" not in made.problem, f"{name}: {made.problem}"
        else:
            # Of an MPO the first picture is enough; the damage lies in the second.
            assert verdict == "loads" or name.endswith(".mpo"), f"{name}: {verdict}"
    shown_elsewhere = {"tiff/dibco_PR7_bilevel.tif"}  # a BMP by another name: not on our list
    loads = {name for name, verdict in expected(corpus).items() if verdict == "loads"}
    assert loads & set(refused) == shown_elsewhere


@pytest.mark.corpus
def test_real_and_damaged_pdfs_never_stop_the_house(corpus: Path, tmp_path: Path) -> None:
    with (corpus / "EXPECTED_pdf.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for number, row in enumerate(rows):
        made = derive.make_copies(corpus / row["file"], "application/pdf", tmp_path / str(number))
        assert "stopped" not in (made.problem or ""), f"{row['file']}: {made.problem}"
        if row["file"].startswith("pdf_govdocs/"):
            assert len(made.text or "") > 0.8 * int(row["text_chars"]), row["file"]


def test_the_text_of_a_pdf_is_kept_page_by_page(tmp_path: Path) -> None:
    document = pypdfium2.PdfDocument.new()
    for _ in range(3):
        document.new_page(200, 200)
    document.save(tmp_path / "three.pdf")
    made = derive.make_copies(tmp_path / "three.pdf", "application/pdf", tmp_path / "out")
    assert (made.text or "").count("\f") == 2
    assert io.BytesIO(made.copies[0].path.read_bytes()).read(2) == b"\xff\xd8"


def test_a_full_disk_says_nothing_of_the_picture_and_is_told_as_what_it_is(tmp_path: Path) -> None:
    source, target = tmp_path / "a.png", tmp_path / "out"
    Image.new("RGB", (40, 30)).save(source)
    target.mkdir()
    (target / "access.jpg").symlink_to("/dev/full")
    answer = subprocess.run(
        [sys.executable, "-m", "archive.images.child", "image", str(source), str(target)],
        capture_output=True, check=True, cwd=ROOT,
    ).stdout  # fmt: skip
    assert "unwritten" in json.loads(answer)
