"""A fonds is described to its last item at the desk, and no record is without unit and row."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import clock, db
from archive.accounts import queries as accounts
from archive.config import Config
from archive.describing import actions, references
from archive.describing.actions import Identity
from archive.errors import Conflict, Invalid, Refused
from archive.history import queries as histories
from archive.holdings import queries
from archive.holdings.models import Description, Level
from tests import factories

OPEN = {"rights": "free", "living_persons": "no", "personal_data": "none"}


def _describe(
    parent: str | None, level: str, *codes: str, row: str = "HA-A", role: str = "archivist",
    unit: str = "HA", reason: str | None = None, **values: object,
) -> list[str]:  # fmt: skip
    with db.archive.transaction() as session:
        above = queries.by_ref(session, parent) if parent else None
        whose = accounts.need_unit(session, unit)
        plan = accounts.need_unit(session, "SA") if row.startswith("SA-") else whose
        identity = Identity(Level(level), codes, whose, plan, row, clock.today())
        given = {"title": "Titel", "date_text": "1700-1750"} | OPEN | values
        made = actions.describe_new(
            session, above, identity, given, reason=reason, viewer=factories.viewer(role)
        )
        return [record.reference for record in made]


def _series() -> None:
    _describe(None, "fonds", "SE/LSA/9", row="SA-007")
    _describe("SE/LSA/9", "series", "SE/LSA/9/A1", row="SA-007")


def test_a_fonds_is_described_down_to_its_items(city: Config) -> None:
    _series()
    _describe("SE/LSA/9/A1", "volume", "SE/LSA/9/A1:1")
    _describe("SE/LSA/9/A1:1", "file", "SE/LSA/9/A1:1/1")
    _describe("SE/LSA/9/A1:1/1", "item", "SE/LSA/9/A1:1/1/1")
    with db.archive.reading() as session:
        item = queries.by_ref(session, "SE/LSA/9/A1:1/1/1")
        line = [above.level for above in queries.ancestors(session, item)]
        change = session.scalars(histories.of_record(item.pid)).one()
    assert line == ["fonds", "series", "volume", "file"]
    assert (item.shown, item.access, item.publication) == ("allow", "allow", "none")
    assert change.deed == "create" and change.actor_name


@pytest.mark.parametrize("level", ["fonds", "volume", "item"])
def test_levels_go_downward_only(city: Config, level: str) -> None:
    _series()
    _describe("SE/LSA/9/A1", "item", "SE/LSA/9/A1/1")
    with pytest.raises(Invalid, match="downward"):
        _describe("SE/LSA/9/A1/1", level, "SE/LSA/9/X")


def test_no_record_without_a_row_of_the_plan_in_force(city: Config) -> None:
    _series()
    with pytest.raises(Invalid, match="row of a plan"):
        _describe("SE/LSA/9/A1", "volume", "SE/LSA/9/A1:1", row=" ")
    with pytest.raises(Refused) as refused:
        _describe("SE/LSA/9/A1", "volume", "SE/LSA/9/A1:1", row="HA-FINNS-EJ")
    assert refused.value.decision is not None
    with pytest.raises(Invalid, match="no row HA-FINNS-EJ"):
        _describe("SE/LSA/9/A1", "volume", "SE/LSA/9/A1:1", row="HA-FINNS-EJ", reason="vet bäst")
    with db.archive.reading() as session:
        assert not session.scalars(
            select(Description).where(Description.reference == "SE/LSA/9/A1:1")
        ).all()


def test_a_reference_is_unique_and_one_bad_of_many_stops_them_all(city: Config) -> None:
    _series()
    _describe("SE/LSA/9/A1", "volume", "SE/LSA/9/A1:3")
    with pytest.raises(Conflict, match="SE/LSA/9/A1:3 is taken"):
        _describe("SE/LSA/9/A1", "volume", *references.following("SE/LSA/9/A1:1", 5))
    with db.archive.reading() as session:
        assert len(session.scalars(select(Description)).all()) == 3


def test_only_who_may_describe_for_the_unit_may_add_to_it(city: Config) -> None:
    with pytest.raises(Refused):
        _describe(None, "fonds", "SE/LSA/9", row="SA-007", role="unit_manager")


def test_twelve_volumes_are_arranged_at_once(city: Config) -> None:
    _series()
    made = _describe(
        "SE/LSA/9/A1", "volume", *references.following("SE/LSA/9/A1:01", 12), title="Volym #"
    )
    assert made[0] == "SE/LSA/9/A1:01" and made[-1] == "SE/LSA/9/A1:12"
    with db.archive.reading() as session:
        series = queries.by_ref(session, "SE/LSA/9/A1")
        titles = [child.title for child in queries.page_of(session, series).children]
    assert titles == [f"Volym {n:02d}" for n in range(1, 13)]


def test_the_next_free_reference_is_suggested(city: Config) -> None:
    _series()
    with db.archive.reading() as session:
        series = queries.by_ref(session, "SE/LSA/9/A1")
        said = references.suggest(session, series, Level.VOLUME, institution="SE/LSA")
        assert said == "SE/LSA/9/A1:1"
    _describe("SE/LSA/9/A1", "volume", *references.following("SE/LSA/9/A1:8", 3))
    with db.archive.reading() as session:
        series = queries.by_ref(session, "SE/LSA/9/A1")
        fonds = queries.by_ref(session, "SE/LSA/9")
        assert references.suggest(session, series, Level.VOLUME, institution="SE/LSA") == (
            "SE/LSA/9/A1:11"
        )
        assert references.suggest(session, fonds, Level.SERIES, institution="SE/LSA") == (
            "SE/LSA/9/A2"
        )


def _form(page: str) -> dict[str, str]:
    """Return what a browser would send of the form as it was shown."""
    form = {
        html.unescape(name): html.unescape(value)
        for name, value in re.findall(r'<input[^>]*name="(\w+)"[^>]* value="([^"]*)"', page)
    }
    for name, options in re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option selected[^>]*value="([^"]*)"', options)
        first = re.search(r'value="([^"]*)"', options)
        form[name] = (chosen or first)[1]  # type: ignore[index]
    return form | {"rule": form.get("rule", "")}


def test_the_next_record_begins_with_what_stays_from_the_last(
    city: Config, login: Callable[[str], FlaskClient]
) -> None:
    client = login("archivist")
    _series()
    series = factories.record("SE/LSA/9/A1")
    address = f"/desk/holdings/{series.pid}/new"
    form = _form(client.get(address).get_data(as_text=True)) | OPEN
    assert form["reference"] == "SE/LSA/9/A1/1" or form["level"] in {"series", "volume"}
    form |= {"level": "volume", "reference": "SE/LSA/9/A1:1", "title": "Protokoll",
             "date_text": "1701", "rule": "HA-A", "unit": "HA", "plan_unit": "HA",
             "genre": "protokoll", "then": "another"}  # fmt: skip
    answer = client.post(address, data=form)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    kept = _form(page)
    assert {name: kept[name] for name in ("level", "reference", "date_text", "rule", "genre")} == {
        "level": "volume", "reference": "SE/LSA/9/A1:2", "date_text": "1701", "rule": "HA-A",
        "genre": "protokoll",
    }  # fmt: skip
    assert kept["title"] == "" and kept["rights"] == "free"
    again = client.post(address, data=kept | {"title": "Protokoll 2", "then": "show"})
    assert again.headers["Location"].endswith(factories.record("SE/LSA/9/A1:2").pid)


def test_all_errors_of_a_new_record_are_told_at_once_beside_what_was_written(
    city: Config, login: Callable[[str], FlaskClient]
) -> None:
    client = login("archivist")
    _series()
    address = f"/desk/holdings/{factories.record('SE/LSA/9').pid}/new"
    form = _form(client.get(address).get_data(as_text=True))
    form |= {"reference": "SE/LSA/9/A1", "date_text": "igår", "scope": "Skrivet länge", "title": ""}
    answer = client.post(address, data=form)
    told = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "Skrivet länge" in told
    assert "SE/LSA/9/A1 är upptagen" in told and "Datumet går inte" in told
    refused = client.post(
        address,
        data=form | {"reference": "SE/LSA/9/B1", "date_text": "", "title": "B", "rule": "X"},
    )
    assert refused.status_code == 403
    assert "Skrivet länge" in refused.get_data(as_text=True), "a refusal loses no words"
    told = refused.get_data(as_text=True)
    assert 'id="rule-error"' in told and 'href="#rule"' in told, "the row's own error, by the row"
    assert "<details open>" in told, "what would carry it over is not folded away"


@pytest.mark.parametrize(("row", "plan", "said"), [("HA-A", "HA", "HA-A"), ("SA-007", "HA", "")])
def test_the_first_below_a_series_gets_a_row_of_the_series_or_none_never_the_finding_aids(
    city: Config, login: Callable[[str], FlaskClient], row: str, plan: str, said: str
) -> None:
    _describe(None, "fonds", "SE/LSA/9", row="SA-007")
    _describe("SE/LSA/9", "series", "SE/LSA/9/K", row=row)
    address = f"/desk/holdings/{factories.record('SE/LSA/9/K').pid}/new"
    page = login("archivist").get(address).get_data(as_text=True)
    form = _form(page)
    assert (form["level"], form["reference"]) == ("volume", "SE/LSA/9/K:1")
    suggested = re.search(r'data-suggested="([^"]*)"', page)
    assert suggested and json.loads(html.unescape(suggested[1]))["file"] == "SE/LSA/9/K/1"
    assert (form["plan_unit"], form["rule"]) == (plan, said)


def test_a_billion_records_in_a_row_are_refused_before_any_is_counted() -> None:
    with pytest.raises(Invalid, match="at most 500"):
        references.following("SE/LSA/T1/A1", 10**12)
