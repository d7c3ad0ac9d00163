"""A closing day is kept by the reads themselves, even if every worker is dead."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive import db
from archive.edition import actions, catalogue, finding, queries
from archive.edition.models import Collection
from archive.search import Query
from tests.archive.reading_room import picture, record

LAST = date(2026, 2, 28)
AFTER = date(2026, 3, 1)


@pytest.fixture
def branch(edition: Path) -> Path:
    """Publish a fonds that stays and a map in it that is open until the end of February."""
    top = record("top", level="fonds", title="Arkivet", fonds_pid="top")
    leaf = record(
        "leaf",
        title="Kartan",
        parent_pid="top",
        fonds_pid="top",
        kind="map",
        place="x",
        places=["Torget"],
        year_min=1880,
        year_max=1880,
        open_until=LAST,
        ancestors=[{"pid": "top", "title": "Arkivet", "level": "fonds", "reference": "x"}],
    )
    with db.edition.transaction() as session:
        actions.put(session, [top, picture(leaf, edition)])
        session.add(Collection(slug="c", title_sv="C", pids=["leaf"]))
    return edition


@pytest.mark.parametrize(("day", "count"), [(LAST, 1), (AFTER, 0)])
def test_no_read_serves_a_record_after_its_last_day(branch: Path, day: date, count: int) -> None:
    with db.edition.reading() as session:
        leaf = queries.record(session, "leaf", LAST)
        assert leaf is not None
        curated = catalogue.collection(session, "c", day)
        assert curated is not None
        seen = [
            queries.record(session, "leaf", day),
            queries.by_reference(session, leaf.reference, day),
            queries.of_pids(session, ["leaf"], day),
            queries.file(session, leaf.files[0].id, day),
            queries.children(session, "top", day),
            queries.children_of(session, ["top"], day, limit=9),
            queries.child_counts(session, ["top"], day),
            queries.newest(session, day),
            queries.kinds(session, day),
            queries.decades(session, day),
            queries.places(session, day),
            queries.totals(session, day).records,
            queries.fonds(session, day)[0][1],
            [r for r in queries.page_of_pids(session, day, after="", limit=9) if r.pid == "leaf"],
            curated[1],
            finding.find(session, Query(text="Kartan"), day).total,
        ]
    assert [bool(each) for each in seen] == [bool(count)] * len(seen)


def test_contents_may_close_before_the_description(edition: Path) -> None:
    row = picture(record("a", contents_until=LAST), edition)
    with db.edition.transaction() as session:
        actions.put(session, [row])
    with db.edition.reading() as session:
        found = queries.record(session, "a", AFTER)
        assert found is not None
        assert not queries.contents_open(found, AFTER)
        assert queries.file(session, found.files[0].id, LAST) is not None
        assert queries.file(session, found.files[0].id, AFTER) is None


def test_files_of_a_record_whose_contents_are_closed_are_never_served(edition: Path) -> None:
    with db.edition.transaction() as session:
        actions.put(session, [picture(record("a", contents_open=False), edition)])
    with db.edition.reading() as session:
        found = queries.record(session, "a", LAST)
        assert found is not None
        assert all(queries.file(session, f.id, LAST) is None for f in found.files)


def test_an_ancestor_that_was_withdrawn_is_not_named_by_its_children(branch: Path) -> None:
    actions.withdraw_now(["top"])
    with db.edition.reading() as session:
        leaf = queries.record(session, "leaf", LAST)
        assert leaf is not None
        assert queries.ancestors(session, leaf, LAST) == []


def test_neighbours_follow_the_archives_own_order(edition: Path) -> None:
    rows = [record(f"r{n}", parent_pid="top", sort_key=f"A:{9 - n}") for n in range(3)]
    with db.edition.transaction() as session:
        actions.put(session, rows)
    with db.edition.reading() as session:
        middle = queries.record(session, "r1", LAST)
        assert middle is not None
        beside = queries.neighbours(session, middle, LAST)
        assert (beside.before and beside.before.pid, beside.after and beside.after.pid) == (
            "r2",
            "r0",
        )
