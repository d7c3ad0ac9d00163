"""The words of a page: line by line, in reading order, and every word that a line breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import pagetext, read
from tests.ingest import paged


def test_a_word_split_over_two_lines_stands_as_written_and_is_known_whole(tmp_path: Path) -> None:
    page = tmp_path / "1.xml"
    page.write_text(paged.alto(("Bron vid kvar", "nen brann"), split="kvarnen"), "utf-8")
    found = pagetext.read(page)
    assert found.text == "Bron vid kvar\nnen brann"
    assert found.split_words == ("kvarnen",)


def test_a_hyphen_without_the_whole_word_joins_the_two_halves(tmp_path: Path) -> None:
    page = tmp_path / "1.xml"
    page.write_text(paged.alto(("Bron vid kvar", "nen brann"), split=""), "utf-8")
    assert pagetext.read(page).split_words == ("kvarnen",)


def test_lines_of_a_transcription_that_end_in_a_hyphen_are_joined_too(tmp_path: Path) -> None:
    page = tmp_path / "1.xml"
    page.write_text(paged.page((("r1", ("Rådstugu¬", "rätten satt", "den 3-")),)), "utf-8")
    assert pagetext.read(page).split_words == ("Rådstugurätten",)


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
