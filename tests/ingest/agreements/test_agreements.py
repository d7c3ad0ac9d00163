"""A delivery against its agreement, and the pages where agreements are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive import clock, db
from archive.accounts import queries as accounts
from archive.config import Config
from archive.errors import Conflict, Invalid, Refused
from ingest import pipeline, queries
from ingest.agreements import actions
from ingest.agreements import queries as agreements
from ingest.agreements.actions import Terms
from ingest.models import State, Transfer
from tests import factories

Login = Callable[[str], FlaskClient]


def _terms(**changes: object) -> Terms:
    with db.archive.reading() as session:
        unit = accounts.need_unit(session, "HA")
    terms = Terms("ÖK 2026-1", "Protokoll", unit.id, clock.today() - timedelta(days=30))
    return replace(terms, **changes)  # type: ignore[arg-type]


def _draw_up(**changes: object) -> None:
    terms = _terms(**changes)
    with db.archive.transaction() as session:
        actions.draw_up(session, terms, viewer=factories.viewer("archivist"))


def _hand_in(city: Config, folder: Path, number: str = "ÖK 2026-1") -> Transfer:
    path = factories.package(folder, factories.spec(factories.minutes()))
    return factories.take_in(city, path, agreement=number)


def _codes(transfer: Transfer) -> set[str]:
    with db.archive.reading() as session:
        return {f.code for f in session.scalars(pipeline.findings_of(transfer))}


def test_a_delivery_that_is_as_agreed_comes_in(city: Config, tmp_path: Path) -> None:
    _draw_up(rows=("HA-A",), profiles=("csip",), checksum="sha256")
    transfer = _hand_in(city, tmp_path)
    assert transfer.state == State.ACCESSIONED
    assert not {code for code in _codes(transfer) if code.startswith("AGREEMENT")}


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"rows": ("HA-B",)}, "AGREEMENT-ROW"),
        ({"profiles": ("fgs", "bagit")}, "AGREEMENT-PROFILE"),
        ({"checksum": "sha512"}, "AGREEMENT-CHECKSUM"),
        ({"needs_test": True}, "AGREEMENT-TEST"),
        ({"valid_from": date(2020, 1, 1), "valid_to": date(2021, 1, 1)}, "AGREEMENT-DATES"),
    ],
)
def test_what_is_not_as_agreed_waits_for_a_person_and_says_why(
    city: Config, tmp_path: Path, terms: dict[str, object], code: str
) -> None:
    _draw_up(**terms)
    transfer = _hand_in(city, tmp_path)
    assert transfer.state == State.REVIEW and code in _codes(transfer)
    with db.archive.transaction() as session:
        waiting = queries.by_pid(session, transfer.pid)
        viewer = factories.viewer("archivist")
        pipeline.accept(session, waiting, reason="Enheten har förklarat sig.", viewer=viewer)


def test_an_agreement_nobody_knows_is_told_and_stops_nothing(city: Config, tmp_path: Path) -> None:
    transfer = _hand_in(city, tmp_path, "ÖK okänd")
    assert transfer.state == State.ACCESSIONED and "AGREEMENT-UNKNOWN" in _codes(transfer)


def test_the_agreement_of_another_unit_is_noticed(city: Config, tmp_path: Path) -> None:
    with db.archive.reading() as session:
        other = accounts.need_unit(session, "SA").id
    _draw_up(unit_id=other)
    assert "AGREEMENT-UNIT" in _codes(_hand_in(city, tmp_path))


def test_an_approved_test_is_not_asked_for_again(city: Config, tmp_path: Path) -> None:
    _draw_up(needs_test=True)
    viewer = factories.viewer("archivist")
    with db.archive.transaction() as session:
        agreement = agreements.by_number(session, "ÖK 2026-1")
        assert agreement is not None
        actions.approve_test(session, agreement, viewer=viewer)
    with db.archive.transaction() as session, pytest.raises(Conflict):
        agreement = agreements.by_number(session, "ÖK 2026-1")
        assert agreement is not None
        actions.approve_test(session, agreement, viewer=viewer)
    assert _hand_in(city, tmp_path).state == State.ACCESSIONED


def test_terms_that_contradict_each_other_are_refused_all_at_once(city: Config) -> None:
    with pytest.raises(Invalid) as refused:
        _draw_up(valid_to=date(2020, 1, 1), every_months=12, rows=("HA-FINNSINTE",))
    told = str(refused.value)
    assert "ends before it begins" in told and "first delivery" in told
    assert "HA-FINNSINTE" in told


def test_a_number_names_one_agreement(city: Config) -> None:
    _draw_up()
    with pytest.raises(Conflict):
        _draw_up()


def test_a_unit_reads_its_agreements_and_does_not_write_them(city: Config) -> None:
    terms = _terms()
    with db.archive.transaction() as session, pytest.raises(Refused):
        actions.draw_up(session, terms, viewer=factories.viewer("unit_custodian"))


def test_a_late_delivery_shows_until_it_has_come(city: Config, tmp_path: Path) -> None:
    _draw_up(first_due=clock.today() - timedelta(days=3), every_months=12)
    with db.archive.reading() as session:
        (standing,) = agreements.standings(session, None)
    assert standing.is_overdue and standing.last is None
    _hand_in(city, tmp_path)
    with db.archive.reading() as session:
        (standing,) = agreements.standings(session, None)
    assert not standing.is_overdue and standing.last == clock.today()


def test_an_agreement_is_drawn_up_changed_and_shown_at_the_desk(login: Login) -> None:
    client = login("archivist")
    form = {"number": "ÖK 2026-9", "title": "Fotografier", "unit": "HA",
            "valid_from": "2026-01-01", "rows": "HA-K\nHA-K\n", "profiles": ["bagit"]}  # fmt: skip
    answer = client.post("/desk/agreements/new", data=form, follow_redirects=True)
    assert answer.status_code == 200 and "Fotografier" in answer.text
    assert "/desk/formats?agreement=%C3%96K+2026-9" in answer.text
    address = answer.request.path
    wrong = client.post(f"{address}/edit", data=form | {"valid_to": "2025-01-01"})
    assert wrong.status_code == 422
    changed = client.post(f"{address}/edit", data=form | {"title": "Bilder"}, follow_redirects=True)
    assert "Bilder" in changed.text
    assert "Bilder" in client.get("/desk/agreements").text


def test_what_holds_for_formats_under_an_agreement_stands_on_its_page(login: Login) -> None:
    _draw_up()
    client = login("archivist")
    rule = {"subject": "fmt/43", "verdict": "refuse", "agreement": "ÖK 2026-1", "reason": "TIFF"}
    assert client.post("/desk/formats", data=rule).status_code == 302
    with db.archive.reading() as session:
        agreement = agreements.by_number(session, "ÖK 2026-1")
    assert agreement is not None
    page = client.get(f"/desk/agreements/{agreement.id}").text
    assert "<code>fmt/43</code> tas inte emot" in page
    assert 'value="ÖK 2026-1"' in client.get("/desk/formats?agreement=ÖK 2026-1").text
