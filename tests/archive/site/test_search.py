"""The search page: a good page for every question, however it is asked."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from lxml import html

from archive import clock, db
from archive.edition import actions, indexing, queries
from tests.archive import reading_room


def page_of(room: FlaskClient, query: dict[str, object] | str) -> html.HtmlElement:
    answer = room.get("/search", query_string=query)
    assert answer.status_code == 200
    return html.document_fromstring(answer.text)


def total_of(page: html.HtmlElement) -> int:
    return int(page.xpath("string(//h2[@id='found'])").split()[0])


def tabs_of(page: html.HtmlElement) -> dict[str, int]:
    tabs = page.xpath("//ul[@class='tabs']//a")
    return {tab.text.strip(): int(tab.xpath("string(span)")) for tab in tabs}


@pytest.mark.parametrize(
    "words",
    [
        "(((((" * 50,
        '"',
        "* * *",
        "a" * 10_000,
        "\x00\x00bro",
        "\u202ebro",
        "' OR 1=1; --",
        "<script>alert(1)</script>",
        "%",
        "_",
        "AND OR NOT",
        "år:1700 TO",
        "😀" * 300,
        "\udcff",
    ],
)
def test_no_question_is_an_error(room: FlaskClient, words: str) -> None:
    answer = room.get("/search", query_string={"q": words.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "from=x",
        "from=1900&to=1800",
        "to=99999",
        "sort=sideways",
        "page=0",
        "page=-1",
        "page=1e9",
        "place=torget&place=backen",
        "&".join(f"place=p{n}" for n in range(1000)),
    ],
)
def test_a_filter_that_cannot_be_used_is_said_and_left_out(room: FlaskClient, query: str) -> None:
    page = page_of(room, query)
    assert page.xpath("//div[contains(@class, 'notice--warning')]//li")


def test_nothing_found_is_told_honestly_and_leads_to_a_request(room: FlaskClient) -> None:
    page = page_of(room, {"q": "zebra"})
    assert "Det betyder inte att det inte finns" in page.text_content()
    assert page.xpath("//a[@href='/requests/new?subject=zebra']")


def test_a_chip_takes_away_its_own_filter_and_no_other(room: FlaskClient) -> None:
    page = page_of(room, "q=torget&type=photograph&from=1600")
    links = page.xpath("//a[@class='chip']/@href")
    assert links == ["/search?q=torget&from=1600", "/search?q=torget&type=photograph"]


def test_each_filter_is_sent_with_all_the_others(room: FlaskClient) -> None:
    page = page_of(room, "q=torget&type=photograph&from=1600")
    [years] = page.xpath("//form[.//input[@id='from']]")
    kept = {(i.get("name"), i.get("value")) for i in years.xpath(".//input[@type='hidden']")}
    assert kept == {("q", "torget"), ("type", "photograph")}


def test_hits_that_cannot_be_seen_can_be_asked_for(room: FlaskClient) -> None:
    page = page_of(room, {"q": "Inskrivningsbok"})
    assert page.xpath("//li[@class='hit']//a[contains(@href, '/requests/new?record=item0x5')]")


def test_words_are_marked_where_they_stand_in_the_text(room: FlaskClient) -> None:
    page = page_of(room, {"q": "brobygget"})
    assert "brobygget" in page.xpath("//p[@class='hit__snippet']/mark/text()")


def test_counts_beside_a_choice_are_those_that_the_choice_gives(room: FlaskClient) -> None:
    page = page_of(room, {"q": "torget"})
    counts = tabs_of(page)
    chosen = page_of(room, {"q": "torget", "type": "photograph"})
    assert total_of(chosen) == counts["Fotografier"]
    assert tabs_of(chosen) == counts


@pytest.mark.parametrize("query", [{}, {"q": "torget"}, {"type": "photograph"}, {"from": "1700"}])
def test_the_tab_of_all_counts_what_is_found_without_a_kind(
    room: FlaskClient, query: dict[str, object]
) -> None:
    counts = tabs_of(page_of(room, query))
    without = {name: value for name, value in query.items() if name != "type"}
    assert counts["Alla"] == total_of(page_of(room, without))


def test_archives_and_series_among_the_hits_are_told_from_the_records(room: FlaskClient) -> None:
    page = page_of(room, {})
    said = page.xpath("string(//p[contains(@class, 'results__parts')])")
    records, structure = (int(number) for number in re.findall(r"\d+", said))
    assert records + structure == total_of(page)
    with db.edition.reading() as session:
        assert records == queries.totals(session, clock.today()).records


def test_no_kind_is_offered_twice(room: FlaskClient) -> None:
    page = page_of(room, {})
    offered = [*tabs_of(page), *page.xpath("//input[@name='type']/../label/text()[1]")]
    names = [name.strip() for name in offered if name.strip() != "Alla"]
    assert len(names) == len(set(names)) > 0


def test_a_decade_of_the_timeline_has_as_many_records_as_its_search_finds(
    room: FlaskClient,
) -> None:
    timeline = html.document_fromstring(room.get("/timeline").text)
    for link in timeline.xpath("//table//a"):
        shown = link.xpath("string(../../td)")
        page = html.document_fromstring(room.get(link.get("href")).text)
        parts = page.xpath("string(//p[contains(@class, 'results__parts')])")
        found = re.search(r"\d+", parts or page.xpath("string(//h2[@id='found'])"))
        assert found is not None and found[0] == shown, link.get("href")


def test_a_slip_of_the_pen_gets_a_suggestion(room: FlaskClient) -> None:
    page = page_of(room, {"q": "magistratenz"})
    assert page.xpath("//p[@class='did-you-mean']/a")


def test_closed_contents_cannot_be_found_by_their_words(room: FlaskClient) -> None:
    with db.edition.transaction() as session:
        row = reading_room.record("shut", text="hemligtord", contents_until=date(2030, 1, 1))
        actions.put(session, [row])
    indexing.write(["shut"])
    page = page_of(room, {"q": "hemligtord"})
    assert page.xpath("string(//h2[@id='found'])").startswith("0 ")
    actions.withdraw_now(["shut"])


def test_without_its_index_the_search_says_that_it_is_limited(room: FlaskClient) -> None:
    folder = db.settings().public_index_dir
    aside = folder.with_name("aside")
    folder.rename(aside)
    try:
        page = page_of(room, {"q": "torget", "type": "photograph"})
        assert "Sökningen är begränsad" in page.text_content()
        assert len(page.xpath("//li[@class='hit']")) == 6
    finally:
        aside.rename(folder)
