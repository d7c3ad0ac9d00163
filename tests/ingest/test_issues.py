"""Newspaper issues and scanned volumes with a METS of their own: order, words, structure."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from archive import db
from archive.config import Config
from archive.holdings.models import File, RecordText
from ingest import build, read
from tests import factories
from tests.ingest import paged


def test_an_issue_is_read_page_by_page_in_the_order_of_its_structure(tmp_path: Path) -> None:
    paged.issue(tmp_path, pages=3)
    package = read.read(tmp_path)
    assert package.profile == "mets" and package.findings == ()
    (issue,) = package.drafts
    assert issue.text == "Sida 1 av bladet\fSida 2 av bladet\fSida 3 av bladet"
    assert [f.path for f in package.files][:3] == ["bild/1.jpg", "bild/2.jpg", "bild/3.jpg"]


def test_an_issue_bears_its_title_number_and_day_and_its_articles_lie_in_it(
    tmp_path: Path,
) -> None:
    paged.issue(tmp_path, pages=1, articles=("Branden vid bron", "", "Untitled"))
    issue, article = read.read(tmp_path).drafts
    assert (issue.title, issue.level) == ("Östgöta Provblad nr 38, 1855-09-22", "file")
    assert (issue.date_text, issue.extent) == ("1855-09-22", "1 sida")
    assert (article.title, article.level, article.parent) == ("Branden vid bron", "item", issue.key)
    assert article.date_text == issue.date_text


def test_a_page_that_the_issue_names_and_lacks_is_told(tmp_path: Path) -> None:
    paged.issue(tmp_path, pages=2)
    (tmp_path / "bild" / "2.jpg").unlink()
    found = read.examine(tmp_path)
    assert [f.code for f in found.findings] == ["FILE-MISSING"]
    assert found.package is not None
    assert found.package.drafts[0].text == "Sida 1 av bladet\fSida 2 av bladet"


def test_a_bag_with_a_mets_inside_is_read_as_its_mets_says(tmp_path: Path) -> None:
    bag = _bag(tmp_path, "Ocrd-Identifier: prov\n")
    package = read.read(bag)
    assert (package.profile, package.object_id) == ("bagit", "prov")
    assert package.drafts[0].text == "Sida 1 av bladet\fSida 2 av bladet"
    names = [f.path for f in package.files]
    assert names[:2] == ["data/bild/1.jpg", "data/bild/2.jpg"]
    assert read.examine(bag).is_valid


def test_a_bag_that_is_a_part_says_what_its_mets_names_and_it_lacks(tmp_path: Path) -> None:
    part = _bag(tmp_path / "a", "Ocrd-Manifestation-Depth: partial\n", without="bild/2.jpg")
    assert [f.code for f in read.examine(part).findings] == ["BAG-PARTIAL"]
    whole = _bag(tmp_path / "b", "", without="bild/2.jpg")
    assert [f.code for f in read.examine(whole).findings] == ["FILE-MISSING"]


def test_an_issue_comes_in_with_its_words_and_its_pages_in_order(
    city: Config, tmp_path: Path
) -> None:
    paged.issue(tmp_path / "blad", pages=2, articles=("Branden",), day="1655-09-22")
    path = build.pack_zip(tmp_path / "blad", tmp_path / "blad.zip")
    transfer = factories.take_in(city, path, unit="HA", record_type="HA-A")
    assert (transfer.state, transfer.record_count) == ("accessioned", 2)
    with db.archive.reading() as session:
        (text,) = session.scalars(select(RecordText).where(RecordText.source == "transcription"))
        assert text.body.split("\f") == ["Sida 1 av bladet", "Sida 2 av bladet"]
        kept = session.scalars(
            select(File).where(File.description_id == text.description_id).order_by(File.sequence)
        ).all()
    assert [f.original_name for f in kept] == ["1.jpg", "2.jpg", "1.xml", "2.xml"]


def _bag(folder: Path, tags: str, *, without: str = "") -> Path:
    payload = folder / "data"
    paged.issue(payload, pages=2)
    if without:
        (payload / without).unlink()
    paged.write(folder / "bag-info.txt", tags)
    paged.write(folder / "bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    lines = "".join(
        f"{paged.sha256(p)}  {p.relative_to(folder).as_posix()}\n"
        for p in sorted(payload.rglob("*"))
        if p.is_file()
    )
    paged.write(folder / "manifest-sha256.txt", lines)
    return folder
