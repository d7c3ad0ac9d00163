"""The words of a page: line by line, in reading order, and every word that a line breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from archive import db
from archive.config import Config
from archive.holdings import access, actions
from archive.holdings.models import Description, RecordText
from archive.jobs import worker
from archive.search import tokens
from ingest import build, pagetext, read
from tests import factories
from tests.ingest import paged


@pytest.mark.parametrize("split", ["kvarnen", ""])
def test_a_word_split_over_two_lines_stands_as_written_and_its_line_is_known(
    tmp_path: Path, split: str
) -> None:
    page = tmp_path / "1.xml"
    page.write_text(paged.alto(("Bron vid kvar", "nen brann"), split=split), "utf-8")
    found = pagetext.read(page)
    assert (found.text, found.broken) == ("Bron vid kvar\nnen brann", (0,))


@pytest.mark.parametrize("text, words", [
    ("vid kvar\u00ad\nnen brann", ["kvarnen"]),
    ("Rådstugu\u00ac\nrätten satt", ["Rådstugurätten"]),
    ("Bean-\ntwortung", ["Beantwortung"]),
    ("åren 1634-\n1640 och\nsedan", ["1634", "1640", "sedan"]),
    ("slutet av kvar\u00ad\fnen brann", ["kvarnen"]),
])  # fmt: skip
def test_a_word_on_two_lines_is_searched_for_whole(text: str, words: list[str]) -> None:
    found = list(tokens.words(text))
    assert [word for word in words if tokens.plain(word) not in found] == []
    assert not set(found) & {"kvar", "nen", "twortung", "rätten"}


def test_a_word_split_over_two_lines_of_a_delivered_page_is_found(
    app: Flask, city: Config, tmp_path: Path
) -> None:
    paged.issue(tmp_path / "blad", pages=2, day="1655-09-22")
    split = paged.alto(("Bron vid kvar", "nen brann"), split="kvarnen")
    paged.write(tmp_path / "blad" / "alto" / "2.xml", split)
    path = build.pack_zip(tmp_path / "blad", tmp_path / "blad.zip")
    factories.take_in(city, path, unit="HA", record_type="HA-A")
    with db.archive.transaction() as session:
        issue = session.scalars(select(Description).where(Description.level == "file")).one()
        issue.rights, issue.personal_data, issue.living_persons = "free", "none", "no"
        access.refresh_branch(session, issue)
        actions.publish_branch(session, issue, viewer=factories.viewer("archivist"))
        stored = session.scalars(select(RecordText)).one().body
    worker.run_until_idle()
    assert stored == "Sida 1 av bladet\fBron vid kvar\u00ad\nnen brann"
    assert "Östgöta Provblad" in app.test_client().get("/search?q=kvarnen").get_data(as_text=True)


@pytest.mark.parametrize("version", ["", "2", "3", "4"])
def test_every_version_of_alto_is_read(tmp_path: Path, version: str) -> None:
    page = tmp_path / "1.xml"
    page.write_text(paged.alto(("Anno 1634",), version=version), "utf-8")
    assert pagetext.read(page).text == "Anno 1634"


def test_regions_are_read_in_the_order_that_the_file_names(tmp_path: Path) -> None:
    page = tmp_path / "1.xml"
    regions = (("höger", ("andra",)), ("vänster", ("första",)), ("foten", ("sist",)))
    page.write_text(paged.page(regions, order=("vänster", "höger")), "utf-8")
    assert pagetext.read(page).text == "första\nandra\nsist"


def test_the_first_choice_of_a_line_counts_and_not_its_words_again(tmp_path: Path) -> None:
    page = tmp_path / "1.xml"
    line = (
        '<TextLine id="l"><Word id="w"><TextEquiv><Unicode>fel</Unicode></TextEquiv></Word>'
        '<TextEquiv index="1"><Unicode>Sthock</Unicode></TextEquiv>'
        '<TextEquiv index="0"><Unicode><![CDATA[Stock & holm]]></Unicode></TextEquiv></TextLine>'
    )
    page.write_text(paged.page((("r", (line,)),)), "utf-8")
    assert pagetext.read(page).text == "Stock & holm"


def test_a_region_that_was_read_as_a_whole_gives_its_words(tmp_path: Path) -> None:
    page = tmp_path / "1.xml"
    region = "<TextEquiv><Unicode>Hela spalten</Unicode></TextEquiv>"
    page.write_text(paged.page((("r", (region,)),)), "utf-8")
    assert pagetext.read(page).text == "Hela spalten"


def test_pages_in_a_plain_folder_give_their_record_its_words_page_by_page(tmp_path: Path) -> None:
    paged.picture(tmp_path / "b" / "s2.jpg", "red")
    paged.picture(tmp_path / "b" / "s1.jpg", "navy")
    paged.picture(tmp_path / "b" / "s3.jpg", "green")
    paged.write(tmp_path / "b" / "alto" / "s3.xml", paged.alto(("tredje",)))
    paged.write(tmp_path / "b" / "s1_page.xml", paged.page((("r", ("första",)),)))
    package = read.read(tmp_path)
    assert package.drafts[0].text == "första\f\ftredje"
    names = [file.path for file in package.files]
    assert names == ["s1.jpg", "s2.jpg", "s3.jpg", "alto/s3.xml", "s1_page.xml"]
    assert {file.draft for file in package.files} == {"package"}


def test_of_two_readings_of_a_page_the_transcription_goes_before_the_machines(
    tmp_path: Path,
) -> None:
    paged.picture(tmp_path / "b" / "s1.jpg", "navy")
    paged.write(tmp_path / "b" / "s1_alto.xml", paged.alto(("maskinens",)))
    paged.write(tmp_path / "b" / "s1_page.xml", paged.page((("r", ("läsarens",)),)))
    assert read.read(tmp_path).drafts[0].text == "läsarens"


def test_a_page_that_cannot_be_read_is_told_and_its_picture_comes_in(tmp_path: Path) -> None:
    paged.issue(tmp_path / "t", pages=2)
    paged.write(tmp_path / "t" / "alto" / "2.xml", paged.alto(("halv",))[:-20])
    package = read.read(tmp_path / "t")
    assert [f.code for f in package.findings] == ["PAGE-TEXT"]
    assert package.drafts[0].text == "Sida 1 av bladet"


def test_an_index_that_is_no_number_comes_last_and_stops_nothing(tmp_path: Path) -> None:
    page = tmp_path / "1.xml"
    text = paged.page((("mitten", ("rad",)),), order=("mitten",))
    page.write_text(text.replace('index="0"', 'index="²"'), "utf-8")
    assert "²" in page.read_text("utf-8") and pagetext.read(page).text == "rad"
