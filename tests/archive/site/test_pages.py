"""Every public page: there, in two languages, whole, and the same for all that is not there."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import Engine, event

from archive import db

PAGES = (
    "/",
    "/search",
    "/search?q=torget",
    "/search?q=zebra",
    "/search?q=torget&view=grid&type=photograph",
    "/records/item0x0",
    "/records/item0x5",
    "/records/item0x8",
    "/records/fonds0",
    "/records/series1",
    "/collections",
    "/collections/bron",
    "/timeline",
    "/map",
    "/archives",
    "/archives/SE/LSA/001",
    "/archives/SE/LSA/001?open=series0",
    "/plans",
    "/plans/SA",
    "/services",
    "/about",
    "/accessibility",
    "/privacy",
)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_in_both_languages(room: FlaskClient, path: str, language: str) -> None:
    answer = room.get(path if language == "sv" else "/en" + path)
    assert answer.status_code == 200
    page = html.document_fromstring(answer.text)
    assert page.get("lang") == language
    assert len(page.xpath("//h1")) == 1
    assert page.findtext(".//title")
    assert page.xpath("//a[@class='skip'][@href='#main']")
    assert not page.xpath("//script[not(@src)] | //style | //@style | //@onclick")
    assert not page.xpath("//img[not(@alt)]")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", PAGES)
def test_every_field_has_a_label_and_every_link_stays_here(room: FlaskClient, path: str) -> None:
    page = html.document_fromstring(room.get(path).text)
    labelled = set(page.xpath("//label/@for"))
    fields = page.xpath("//input[not(@type='hidden')] | //select | //textarea")
    assert [f.get("name") for f in fields if f.get("id") not in labelled] == []
    sources = page.xpath("//@src | //link/@href | //form/@action | //use/@href")
    assert [s for s in sources if "//" in s and not s.startswith("http://127.0.0.1")] == []


@pytest.mark.parametrize("path", ["/search?q=bro&type=map&from=1700", "/records/item0x0"])
def test_the_language_switch_keeps_page_and_query(room: FlaskClient, path: str) -> None:
    page = html.document_fromstring(room.get(path).text)
    [switch] = page.xpath("//a[@class='language']/@href")
    assert switch == "/en" + path
    back = html.document_fromstring(room.get(switch).text)
    assert back.xpath("//a[@class='language']/@href") == [path]


def test_what_cannot_be_shown_and_what_never_was_get_the_same_answer(room: FlaskClient) -> None:
    answers = [room.get(f"/records/{pid}") for pid in ("neverwas", "x" * 300, "item0x0%00", "..")]
    bodies = {re.sub(r'href="[^"]*"', "", a.text) for a in answers if a.status_code == 404}
    assert {a.status_code for a in answers} == {404}
    assert len(bodies) == 1
    assert all("ETag" not in a.headers for a in answers)


@pytest.mark.parametrize("path", ["/", "/search?q=torget", "/records/item0x3", "/archives"])
def test_a_page_that_has_not_changed_is_not_sent_again(room: FlaskClient, path: str) -> None:
    first = room.get(path)
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers
    again = room.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("path", "most"),
    [("/records/item0x3", 7), ("/records/series0", 7), ("/search?q=protokoll", 5), ("/", 6)],
)
def test_a_page_asks_the_database_a_constant_number_of_times(
    room: FlaskClient, path: str, most: int
) -> None:
    asked: list[str] = []

    def count(conn: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    engine: Engine = db.edition.engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        room.get(path)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    assert len(asked) <= most
