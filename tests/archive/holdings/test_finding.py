"""The search among the holdings is narrowed by any field, and counts only what one may read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive import db
from archive.config import Config
from archive.holdings import finding
from archive.holdings.finding import Found
from tests import factories

Login = Callable[[str], FlaskClient]


@pytest.fixture
def house(city: Config, tmp_path: Path) -> Config:
    """A city with two minutes of different years and kinds, and a secret file."""
    leaves = [
        factories.minutes(genre="protokoll"),
        factories.minutes("Karta över staden", key="b", reference="SE/LSA/T1/A1:2",
                          genre="karta", date_text="1790"),
        factories.secret_file(),
    ]  # fmt: skip
    factories.take_in(city, factories.package(tmp_path, factories.spec(*leaves)))
    return city


def _find(city: Config, role: str = "archivist", **asked: str) -> Found:
    with db.archive.reading() as session:
        return finding.find(session, city, asked, factories.viewer(role))


def _counts(found: Found, field: str) -> dict[str, int]:
    return dict(next(choice.values for choice in found.choices if choice.field == field))


def test_each_filter_tells_how_many_records_it_would_leave(house: Config) -> None:
    found = _find(house)
    assert not found.is_asked and found.tops and not found.records
    counts = _counts(found, "kind")
    assert counts["protokoll"] == counts["karta"] == 1
    for value, count in counts.items():
        assert _find(house, type=value).total == count


def test_filters_years_and_words_narrow_together(house: Config) -> None:
    (record,) = _find(house, type="karta").records
    assert record.title == "Karta över staden"
    assert _find(house, type="karta", q="protokoll").total == 0
    assert _find(house, type="karta", **{"from": "1780", "to": "1799"}).total == 1
    assert _find(house, type="karta", **{"from": "1500", "to": "1510"}).total == 0
    nothing = _find(house, type="finns inte")
    assert nothing.total == 0 and _counts(nothing, "kind")["finns inte"] == 0


def test_a_unit_is_offered_no_value_of_anothers_records(house: Config) -> None:
    found = _find(house, role="admin")
    assert found.total == 0
    assert not [value for choice in found.choices for value, _count in choice.values]


def test_the_page_keeps_what_was_chosen(login: Login, house: Config) -> None:
    page = login("archivist").get("/desk/holdings?type=karta&from=1780").text
    assert re.search(r'<option value="karta" selected>karta \(1\)', page)
    assert 'name="from" inputmode="numeric" maxlength="4" size="5" value="1780"' in page
    assert "Karta över staden" in page and "1 träff" in page
    wrong = login("archivist").get("/desk/holdings?from=nyss&level=%00&type=" + "x" * 5000)
    assert wrong.status_code == 200
