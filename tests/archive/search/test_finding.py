"""Questions and answers: references, facets, order, pages, days, marking, suggestions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from archive.search import Query, SearchDoc, SearchIndex, highlight, parse
from archive.search.segment import Segment
from tests.archive.search.conftest import TODAY, Ask


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SE/LSA/0001/A1:2", ["minutes"]),
        ("se/lsa/0001/a1:2", ["minutes"]),
        ("0001/A1:2", ["minutes"]),
        ("A1:2", ["minutes"]),
        ("A1:3", []),
        ("A1", []),
        ("B1", ["drawing"]),
        ("ref:SE/LSA/0002*", ["drawing", "photo"]),
        ('"kartan öfver staden"', ["minutes"]),
        ('"karta över stad"', ["minutes"]),
        ('"staden kartan"', []),
        ('"Carl Larsson"', ["minutes"]),
        ("skolor -linköping", ["drawing"]),
        ("bygg*", ["drawing", "photo"]),
        ("by*", []),
        ("skola OR kartan", ["photo", "drawing", "minutes"]),
        ("skola ELLER kartan", ["photo", "drawing", "minutes"]),
        ("title:skolor", ["photo"]),
        ("titel:kartan", []),
        ("place:linköping skola", ["photo"]),
        ("ort:linköping", ["minutes", "photo"]),
        ("person:karl", ["minutes"]),
        ("year:1880-1885", ["drawing"]),
        ("skola 1902", ["photo"]),
        ("Linkoping", ["photo", "minutes"]),
        ("folkskolan", ["drawing", "photo"]),
        ("far", ["photo"]),
        ("vaktslottet", []),
        ("finnsinte:skola", []),
    ],
)
def test_one_box_understands(ask: Ask, text: str, found: list[str]) -> None:
    assert sorted(ask(text)) == sorted(found)


def test_the_word_itself_comes_before_the_head_of_the_compound(ask: Ask) -> None:
    assert ask("folkskolan") == ["drawing", "photo"]


def test_an_empty_question_shows_everything_newest_first(ask: Ask) -> None:
    assert ask() == ["drawing", "photo", "minutes", "sheep"]


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("date", ["minutes", "drawing", "photo", "sheep"]),
        ("-date", ["photo", "drawing", "minutes", "sheep"]),
        ("title", ["drawing", "sheep", "minutes", "photo"]),
        ("reference", ["minutes", "drawing", "photo", "sheep"]),
        ("newest", ["drawing", "photo", "minutes", "sheep"]),
    ],
)
def test_results_come_in_the_order_asked_for(ask: Ask, sort: str, found: list[str]) -> None:
    assert ask(sort=sort) == found


def test_what_is_closed_from_today_is_in_no_list_count_facet_or_suggestion(
    city: SearchIndex,
) -> None:
    everything = city.search(Query(), today=TODAY)
    assert everything.total == 4
    assert "closed" not in everything.ids
    assert ("Vaktslottet", 1) not in everything.facets["place"]
    assert city.suggest("vakt", today=TODAY) == []
    assert city.search(Query(text="vaktslotet"), today=TODAY).did_you_mean is None
    assert city.search(Query(text="vaktslottet"), today=date(2026, 1, 1)).ids == ["closed"]
    assert any("no longer open" in line for line in city.explain("closed", "hund", today=TODAY))


def test_each_facet_is_counted_without_its_own_filter(city: SearchIndex) -> None:
    found = city.search(Query(kind="photograph", place="Linköping"), today=TODAY)
    assert found.ids == ["photo"]
    assert found.facets["kind"] == [("minutes", 1), ("photograph", 1)]
    assert found.facets["place"] == [("Linköping", 1), ("Roxen", 1)]
    assert found.facets["decade"] == [("1900", 1)]
    assert found.facets["digitized"] == [("yes", 1)]


def test_years_overlap_and_the_undated_are_left_out(ask: Ask) -> None:
    assert ask(year_from=1885, year_to=1900, sort="date") == ["drawing", "photo"]
    assert ask(year_to=1800) == ["minutes"]


def test_pages_follow_each_other_without_gap(city: SearchIndex) -> None:
    pages = [
        city.search(Query(sort="reference", page=n, per_page=1), today=TODAY).ids
        for n in range(1, 6)
    ]
    assert pages == [["minutes"], ["drawing"], ["photo"], ["sheep"], []]


def test_a_mistake_gets_did_you_mean_and_a_reference_never_does(city: SearchIndex) -> None:
    assert city.search(Query(text="magistarten"), today=TODAY).did_you_mean == "magistraten"
    assert city.search(Query(text="A1:9"), today=TODAY).did_you_mean is None


def test_suggestions_are_labels_first_then_words(city: SearchIndex) -> None:
    assert city.suggest("lin", today=TODAY)[0] == "Linköping"
    assert city.suggest("en skå", today=TODAY) == ["en skåpet"]
    assert city.suggest("", today=TODAY) == city.suggest("\0", today=TODAY) == []
    assert len(city.suggest("s", 3, today=TODAY)) <= 3


def test_a_record_says_why_it_is_a_hit(city: SearchIndex) -> None:
    assert "bro in parts" in " ".join(city.explain("minutes", "bro", today=TODAY))
    assert "is not a hit" in city.explain("minutes", "skola", today=TODAY)[-1]
    assert city.explain("nobody", "skola", today=TODAY) == ["nobody: not in this index"]


def test_old_spelling_and_compounds_are_marked_as_they_were_written() -> None:
    text = "Hvad som skedde vid Stångebron <b>i</b> Linkiöping."
    marked = highlight(text, ["vad", "bro", "linköping"])
    assert [piece for piece, mark in marked if mark] == ["Hvad", "Stångebron", "Linkiöping"]
    assert "".join(piece for piece, _ in marked) == text


def test_a_long_text_is_cut_to_where_the_words_stand() -> None:
    text = "tomt prat " * 500 + "om kartan över kvarnen " + "mera prat " * 500
    marked = highlight(text, ["karta", "kvarn"], width=120)
    assert [piece for piece, mark in marked if mark] == ["kartan", "kvarnen"]
    assert marked[0] == ("… ", False)
    assert sum(len(piece) for piece, _ in marked) <= 130


def test_words_cut_in_two_by_a_line_break_are_found(city: SearchIndex) -> None:
    city.write([SearchDoc("scan", body="Proto-\nkoll öfver bygg-\r\nnadsplanen")])
    assert city.search(Query(text="byggnadsplan"), today=TODAY).ids == ["scan"]


def test_an_address_becomes_a_query_and_names_what_it_could_not_use() -> None:
    query, problems = parse(
        {"q": "  skola\0 ", "type": ["map", "photograph"], "from": "1880", "to": "sen",
         "page": "-1", "sort": "price", "digitized": "ja", "utm": "x"}
    )  # fmt: skip
    assert query == Query(text="skola", kind="map", year_from=1880, digitized=True)
    assert problems == ("type", "to", "sort", "page")


def test_too_long_a_question_is_cut_and_said_so() -> None:
    query, problems = parse({"q": "x" * 10_000, "page": "99999999999999999999", "from": "٣"})
    assert len(query.text) == 200
    assert problems == ("q", "from", "page")


def test_reading_whole_blocks_gives_what_the_engines_own_interface_gives(
    city: SearchIndex,
) -> None:
    """The one use of the engine's inner parts, checked against its public way."""
    city.write(SearchDoc(f"n{i}", title="karta " * (i % 3 + 1)) for i in range(2_500))
    city.optimise()
    city.search(Query(), today=TODAY)
    assert city._snapshot is not None
    segment: Segment = city._snapshot.segments[0]
    numbers, weights = segment.postings("title", "kart")
    matcher = segment._reader.postings("title", b"kart")
    public = []
    while matcher.is_active():
        public.append((matcher.id(), matcher.weight()))
        matcher.next()
    assert len(public) == 2_500
    assert np.array_equal(numbers, [n for n, _ in public])
    assert np.allclose(weights, [w for _, w in public])


def test_what_was_meant_is_the_word_that_finds_most_in_all_its_forms(tmp_path: Path) -> None:
    bridges = [SearchDoc(f"bridge{n}", f"b{n}", title="Bilden", body="bron") for n in range(3)]
    names = [SearchDoc(f"name{n}", f"n{n}", title="Räkenskap", body="broo") for n in range(2)]
    once = SearchDoc("one", "o", title="En bro")
    index = SearchIndex(tmp_path / "index")
    index.write([*bridges, *names, once])
    assert index.search(Query(text="brro"), today=TODAY).did_you_mean == "bro"


@pytest.mark.parametrize("text", ["⁰⁴⁵", "₀₁₂", "år:⁰⁴⁵", "year:²-³", "⁰⁴⁵*", "٣٤٥"])
def test_figures_that_are_no_number_are_words(city: SearchIndex, text: str) -> None:
    assert city.search(Query(text=text), today=TODAY).ids == []


def test_who_leaves_out_the_cathedral_leaves_out_no_other_church(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index")
    index.write([SearchDoc("lars", "l", title="S:t Lars kyrka"),
                 SearchDoc("dom", "d", title="Kyrkan", body="Domkyrkan från söder")])  # fmt: skip
    assert index.search(Query(text="kyrka -domkyrkan"), today=TODAY).ids == ["lars"]


def test_a_search_within_units_tells_nothing_of_others(tmp_path: Path) -> None:
    index = SearchIndex(tmp_path / "index")
    index.write([SearchDoc(f"{unit}{n}", title="Plan", unit=unit)
                 for unit in ("Ena", "Andra") for n in range(3)])  # fmt: skip
    found = index.search(Query(text="plan", within=frozenset({"Ena"}), per_page=2), today=TODAY)
    assert found.total == 3 and len(found.ids) == 2
    assert dict(found.facets["unit"]) == {"Ena": 3}
    nothing = index.search(Query(text="plan", within=frozenset()), today=TODAY)
    assert nothing.total == 0
