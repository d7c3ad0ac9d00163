"""The record's page and its other forms: what is open is shown, what is closed is explained."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from lxml import etree, html

from archive.ead import EAD3
from archive.edition.models import PublicRecord
from archive.site import presenting


def words(room: FlaskClient, path: str) -> str:
    return " ".join(html.document_fromstring(room.get(path).text).text_content().split())


def test_an_open_record_shows_picture_text_and_downloads(room: FlaskClient) -> None:
    page = html.document_fromstring(room.get("/records/item0x0").text)
    assert page.xpath("//figure[@class='picture']//img")
    said = page.text_content()
    assert "Ja. Hela handlingen visas här" in " ".join(said.split())
    assert "Anno detta åhr" in said
    assert page.xpath("//a[@download]")


def test_a_closed_record_shows_why_and_until_when_and_how_to_ask(room: FlaskClient) -> None:
    page = html.document_fromstring(room.get("/records/item0x5").text)
    said = " ".join(page.text_content().split())
    assert "Innehållet får inte visas på webben" in said
    assert "OSL 23:2" in said
    assert "1 maj 2041" in said
    assert page.xpath("//a[contains(@href, '/requests/new?record=item0x5')]")
    assert not page.xpath("//figure | //a[@download]")
    assert page.xpath("//meta[@name='robots'][@content='noindex']")


def test_an_archive_speaks_for_its_finding_aid_and_not_for_what_lies_in_it(
    room: FlaskClient,
) -> None:
    said = words(room, "/records/fonds0")
    assert "Det här gäller förteckningen själv" in said
    assert "Innehållet får visas på webben" not in said
    assert "Kan jag se den på plats? Delvis. Öppna handlingar" in said


def test_the_reason_is_told_in_the_language_of_the_page(room: FlaskClient) -> None:
    assert "Pupil health records may be secret" in words(room, "/en/records/item0x5")


def test_a_record_says_where_it_stands(room: FlaskClient) -> None:
    page = html.document_fromstring(room.get("/records/item0x3").text)
    assert page.xpath("//ol[@class='place']/li/a/text()") == [
        "Magistratens arkiv",
        "A Protokoll och handlingar",
    ]
    assert page.xpath("//a[@rel='prev']/@href") == ["/records/item0x2"]
    assert page.xpath("//a[@rel='next']/@href") == ["/records/item0x4"]


def test_json_ld_tells_no_more_than_the_page(room: FlaskClient) -> None:
    opened = room.get("/records/item0x0.json")
    assert opened.mimetype == "application/ld+json"
    assert opened.get_json(force=True)["associatedMedia"]
    closed = room.get("/records/item0x5.json").get_json(force=True)
    assert closed["isAccessibleForFree"] is False
    assert "associatedMedia" not in closed
    assert "thumbnailUrl" not in closed


def test_ead3_holds_the_record_inside_its_archive(room: FlaskClient) -> None:
    root = etree.XML(room.get("/records/item0x0.xml").data)  # our own bytes, of a test
    names = {"e": EAD3}
    assert root.xpath("string(e:archdesc/@level)", namespaces=names) == "fonds"
    path = "string(e:archdesc/e:dsc/e:c/e:c/e:did/e:unitid)"
    assert root.xpath(path, namespaces=names) == "SE/LSA/001/A/1"


def test_a_citation_fits_a_reference_manager(room: FlaskClient) -> None:
    bib = room.get("/records/item0x1.bib")
    assert bib.text.startswith("@misc{item0x1,")
    ris = room.get("/records/item0x1.ris").text
    assert ris.startswith("TY  - ARCHIVE\n")
    assert ris.endswith("ER  - \n")


def test_other_forms_of_what_is_not_there_are_not_there(room: FlaskClient) -> None:
    for ending in (".json", ".xml", ".bib", ".ris"):
        assert room.get(f"/records/nobody{ending}").status_code == 404


def test_a_file_is_sent_in_parts_and_only_when_it_has_changed(room: FlaskClient) -> None:
    page = html.document_fromstring(room.get("/records/item0x0").text)
    [path] = page.xpath("//figure[@class='picture']//img/@src")
    whole = room.get(path)
    assert whole.mimetype == "image/jpeg"
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    part = room.get(path, headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.data == whole.data[10:20]
    beyond = room.get(path, headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416
    again = room.get(path, headers={"If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304


def test_a_file_address_that_leads_nowhere_is_a_plain_404(room: FlaskClient) -> None:
    for name in ("0" * 32, "../edition.db", "%2e%2e%2fedition.db", "x" * 2000):
        assert room.get(f"/files/{name}").status_code == 404


def test_the_sitemap_leaves_out_records_that_name_persons(room: FlaskClient) -> None:
    listed = room.get("/sitemap.xml").text
    assert "/records/item0x0<" in listed
    assert "/records/item0x5<" not in listed


def test_the_feed_gives_the_newest_first(room: FlaskClient) -> None:
    root = etree.XML(room.get("/feed.atom").data)  # our own bytes, of a test
    titles = root.xpath("//*[local-name()='entry']/*[local-name()='title']/text()")
    assert "1677" in titles[0] or "1940" in titles[0] or "1982" in titles[0]


@pytest.mark.parametrize(
    ("written", "in_swedish", "in_english"),
    [
        ("1898-09-24", "24 september 1898", "24 September 1898"),
        ("1751-1923", "1751–1923", "1751–1923"),
        ("1707/1711", "1707–1711", "1707–1711"),
        ("ca 1750-talet", "ca 1750-talet", "ca 1750-talet"),
        ("före 1850", "före 1850", "före 1850"),
        ("1920", "1920", "1920"),
    ],
)
def test_a_date_is_kept_as_written_and_a_code_is_put_in_words(
    app: Flask, written: str, in_swedish: str, in_english: str
) -> None:
    row = PublicRecord(date_text=written, date_words="1750–1759")
    for path, expected in (("/", in_swedish), ("/en/", in_english)):
        with app.test_request_context(path):
            app.preprocess_request()
            assert presenting.dates(row) == expected
