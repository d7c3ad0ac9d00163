"""The order of records beside each other is changed by one button at a time, and taken back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import db
from archive.accounts import queries as accounts
from archive.accounts.models import Role
from archive.accounts.permissions import Viewer
from archive.config import Config
from archive.describing import ordering, undo
from archive.describing.ordering import Step
from archive.errors import Invalid, Refused
from archive.history import queries as histories
from archive.holdings import queries
from archive.holdings.models import Description
from tests import factories

VOLUME = "SE/LSA/T1/A1:1"


@pytest.fixture
def held(city: Config, tmp_path: Path) -> Config:
    """A file of minutes with four leaves."""
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    factories.grow(VOLUME, 4)
    return city


def _leaves() -> list[str]:
    with db.archive.reading() as session:
        parent = queries.by_ref(session, VOLUME)
        rows, count = ordering.children(session, parent, factories.viewer("archivist"))
        assert count == len(rows)
        return [row.pid for row in rows]


def _shift(pid: str, step: Step) -> int:
    with db.archive.transaction() as session:
        parent, record = queries.by_ref(session, VOLUME), queries.by_ref(session, pid)
        who = factories.viewer("archivist")
        return ordering.shift(session, parent, record, step, viewer=who)


STEPS = [
    (0, Step.UP, "abcd"), (3, Step.DOWN, "abcd"), (0, Step.FIRST, "abcd"), (1, Step.UP, "bacd"),
    (1, Step.DOWN, "acbd"), (2, Step.UP, "acbd"), (2, Step.FIRST, "cabd"), (0, Step.LAST, "bcda"),
]  # fmt: skip


@pytest.mark.parametrize("step_between", [1, 0], ids=["numbered", "all with one number"])
def test_each_step_gives_its_order(held: Config, step_between: int) -> None:
    for which, step, order in STEPS:
        before = _leaves()
        with db.archive.transaction() as session:
            for number, pid in enumerate(before):
                queries.by_ref(session, pid).position = 7 + number * step_between
        before = _leaves()
        names = dict(zip(before, "abcd", strict=True))
        number = _shift(before[which], step)
        after = _leaves()
        assert "".join(names[pid] for pid in after) == order, (which, step)
        assert after[number] == before[which]


def test_a_step_is_one_change_and_is_taken_back_as_one(held: Config) -> None:
    before = _leaves()
    _shift(before[2], Step.UP)
    with db.archive.transaction() as session:
        newest = session.scalars(histories.of_record(before[2])).first()
        assert newest is not None and newest.deed == "order"
        changes = histories.bundle_of(session, before[2], newest.pid)
        assert len(changes) == 2
        undo.take_back(session, changes, reason="", viewer=factories.viewer("archivist"))
    assert _leaves() == before


def test_a_record_that_lies_elsewhere_and_a_stranger_change_nothing(held: Config) -> None:
    before = _leaves()
    with db.archive.transaction() as session:
        fonds, leaf = queries.by_ref(session, "SE/LSA/T1"), queries.by_ref(session, before[0])
        with pytest.raises(Invalid, match="look again"):
            ordering.shift(session, fonds, leaf, Step.DOWN, viewer=factories.viewer("archivist"))
        other = next(u for u in session.scalars(accounts.units()) if u.code != "HA")
        stranger = Viewer(1, "a@demo.example", "A", "sv", {Role.ARCHIVIST: frozenset({other.id})})
        parent = queries.by_ref(session, VOLUME)
        with pytest.raises(Refused):
            ordering.shift(session, parent, leaf, Step.DOWN, viewer=stranger)
        assert ordering.children(session, parent, stranger) == ([], 0)
    assert _leaves() == before


def test_the_buttons_work_without_script(held: Config, login: Callable[[str], FlaskClient]) -> None:
    client, pid = login("archivist"), factories.record(VOLUME).pid
    before = _leaves()
    page = client.get(f"/desk/holdings/{pid}/order").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    sent = {"csrf_token": html.unescape(token[1]), "record": before[0], "step": "down"}
    answer = client.post(f"/desk/holdings/{pid}/order", data=sent)
    assert answer.status_code == 302 and "step=down" in answer.location
    page = client.get(answer.location).text
    assert "har nu plats 2" in page and page.count(" autofocus ") == 1
    assert _leaves()[:2] == [before[1], before[0]]
    assert client.post(f"/desk/holdings/{pid}/order", data=sent | {"step": "x"}).status_code == 422


def test_the_first_of_many_pages_is_as_short_as_a_page_is(held: Config) -> None:
    with db.archive.reading() as session:
        parent = queries.by_ref(session, VOLUME)
        who = factories.viewer("archivist")
        rows, count = ordering.children(session, parent, who, start=3, limit=2)
        last = session.scalars(
            select(Description.pid).where(Description.parent_id == parent.id)
            .order_by(Description.position.desc(), Description.id.desc()).limit(1)
        ).one()  # fmt: skip
    assert count == 4 and [row.pid for row in rows] == [last]
