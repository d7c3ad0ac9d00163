"""The inbox: what a waiting delivery seems to be and why, and many decided at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from archive import clock, db
from archive.accounts import actions as people
from archive.accounts import queries as accounts
from archive.accounts.models import Role
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.errors import Invalid, NotFound, Refused
from archive.jobs import worker
from archive.plans import queries as plans
from ingest import bulk, inbox, pipeline, queries, suggest
from ingest.agreements import actions as agreements
from ingest.agreements.actions import Terms
from ingest.models import State, Transfer
from ingest.package import Restriction
from ingest.suggest import Suggestion, Why
from tests import factories
from tests.counting import statements

Login = Callable[[str], FlaskClient]


def _waiting(
    city: Config, folder: Path, name: str = "ett", *, unit: str | None = "HA", **changes: object
) -> Transfer:
    """Hand in a delivery whose record names no row, so that it waits for a person."""
    leaf = factories.minutes(**({"record_type": None, "reference": f"SE/LSA/T1/{name}"} | changes))
    made = factories.spec(leaf, object_id=name)
    path = factories.package(folder, replace(made, unit=unit, label=f"Leverans {name}"))
    return factories.take_in(city, path, unit=unit)


def _suggested(transfer: Transfer) -> list[Suggestion]:
    with db.archive.reading() as session:
        return suggest.for_page(session, [transfer], None).get(transfer.id, [])


def _why(suggestion: Suggestion) -> set[Why]:
    return {reason.why for reason in suggestion.reasons}


def _now(transfer: Transfer) -> Transfer:
    with db.archive.reading() as session:
        return queries.by_pid(session, transfer.pid)


def _staff(email: str, role: Role, unit: str) -> None:
    with db.archive.transaction() as session:
        user = people.add_user(session, email, "Vera Tänkt", "lösenord-lösenord", actor=SYSTEM)
        org = accounts.need_unit(session, unit)
        people.grant(session, user, role, unit=org, actor=SYSTEM)


def test_a_title_suggests_the_row_that_its_words_name(city: Config, tmp_path: Path) -> None:
    with db.archive.reading() as session:
        unit = accounts.need_unit(session, "HA").id
        row = plans.all_in_force(session, clock.today())[unit].rules[1]
    first = _suggested(_waiting(city, tmp_path, title=f"{row.record_type} 1634"))[0]
    assert first.row.code == row.code and Why.TITLE in _why(first)


def test_a_declared_code_goes_before_the_words_of_a_title(city: Config, tmp_path: Path) -> None:
    with db.archive.reading() as session:
        unit = accounts.need_unit(session, "HA").id
        title = plans.all_in_force(session, clock.today())[unit].rules[1].record_type
    said = (Restriction("record_type", "HA-A"), Restriction("record_type", "HA-B"))
    transfer = _waiting(city, tmp_path, title=title)
    with db.archive.transaction() as session:
        row = session.get_one(Transfer, transfer.id)
        row.clues = dict(row.clues or {}) | {"codes": [r.value for r in said[1:]]}
    first = _suggested(_now(transfer))[0]
    assert first.row.code == "HA-B" and Why.DECLARED in _why(first)


def test_a_delivery_that_continues_a_series_is_suggested_its_row(
    city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    found = _suggested(_waiting(city, tmp_path, title="Zzz"))
    assert found[0].row.code == "HA-A" and Why.SERIES in _why(found[0])
    assert any(reason.about == "SE/LSA/T1/A1" for reason in found[0].reasons)


def test_an_agreement_and_an_earlier_delivery_speak_for_their_row(
    city: Config, tmp_path: Path
) -> None:
    with db.archive.transaction() as session:
        unit = accounts.need_unit(session, "HA").id
        terms = Terms("ÖK 9", "Kartor", unit, clock.today(), rows=("HA-B",))
        agreements.draw_up(session, terms, viewer=factories.viewer("archivist"))
    transfer = _waiting(city, tmp_path, title="Zzz")
    with db.archive.transaction() as session:
        session.get_one(Transfer, transfer.id).agreement = "ÖK 9"
    assert Why.AGREED in _why(next(s for s in _suggested(_now(transfer)) if s.row.code == "HA-B"))
    with db.archive.transaction() as session:
        row = session.get_one(Transfer, transfer.id)
        pipeline.assign(
            session, row, unit_code="HA", record_type="HA-B", reason="Sett.",
            viewer=factories.viewer("archivist"),
        )  # fmt: skip
    worker.run_until_idle()
    assert _now(transfer).state == State.ACCESSIONED
    later = _suggested(_waiting(city, tmp_path, "två", title="Qqq"))
    assert Why.EARLIER not in {w for s in later for w in _why(s)}  # "Leverans två" is another kind
    third = _waiting(city, tmp_path, "tre", title="Ppp")
    with db.archive.transaction() as session:
        other = session.get_one(Transfer, third.id)
        other.label = "Leverans ett 2027"
    assert Why.EARLIER in _why(_suggested(_now(other))[0])


def test_a_row_whose_time_does_not_hold_the_records_is_not_offered(
    city: Config, tmp_path: Path
) -> None:
    transfer = _waiting(city, tmp_path)
    with db.archive.reading() as session:
        unit = accounts.need_unit(session, "HA").id
        plan = plans.all_in_force(session, clock.today())[unit]
        offered = suggest.rows_in_force(session, unit, suggest.stored(transfer))
    day = suggest.stored(transfer).days[0]
    assert {row.code for row in offered} == {r.code for r in plan.rules if r.covers(day)}
    narrow = replace(plan.rules[0], code="X", records_from=clock.today())
    shut = suggest._rows(replace(plan, rules=(narrow,)), suggest.stored(transfer))
    assert shut == []


def test_the_page_has_the_row_chosen_and_needs_no_script(
    login: Login, city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    transfer = _waiting(city, tmp_path)
    client = login("archivist")
    page = client.get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert re.search(r'<option selected value="HA-A"', page)
    other = client.get(f"/desk/ingest/{transfer.pid}?unit=SA").get_data(as_text=True)
    assert 'value="SA-001"' in other and 'name="unit" value="SA"' in other


def test_a_row_that_the_plan_does_not_have_is_refused(city: Config, tmp_path: Path) -> None:
    transfer = _waiting(city, tmp_path)
    with db.archive.transaction() as session, pytest.raises(Invalid):
        pipeline.assign(
            session, session.get_one(Transfer, transfer.id), unit_code="HA", record_type="SA-001",
            reason="Fel.", viewer=factories.viewer("archivist"),
        )  # fmt: skip


def test_a_suggestion_is_accepted_with_one_press_and_its_reason_is_kept(
    login: Login, city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    transfer = _waiting(city, tmp_path)
    client = login("archivist")
    answer = client.post(
        "/desk/ingest/decide", data={"accept": f"{transfer.pid}|HA|HA-A", "deed": "reject"}
    )
    assert answer.status_code == 302
    worker.run_until_idle()
    now = _now(transfer)
    assert now.state == State.ACCESSIONED and now.record_type == "HA-A"
    assert "SE/LSA/T1/A1" in (now.assigned_reason or "")


def test_many_are_decided_at_once_and_those_that_may_not_go_are_told_one_by_one(
    login: Login, city: Config, tmp_path: Path
) -> None:
    one, two = _waiting(city, tmp_path), _waiting(city, tmp_path, "två")
    gone = factories.take_in(
        city, factories.package(tmp_path, factories.spec(factories.minutes(), object_id="tre"))
    )
    client = login("archivist")
    form = {"pid": [one.pid, gone.pid, two.pid], "deed": "reject", "reason": "Fel leverans."}
    answer = client.post("/desk/ingest/decide", data=form)
    page = answer.get_data(as_text=True)
    assert (
        answer.status_code == 409 and f"{gone.number}. " in page and f"{one.number}. " not in page
    )
    assert _now(one).state == _now(two).state == State.REJECTED
    assert _now(one).assigned_reason == "Fel leverans." and _now(gone).state == State.ACCESSIONED


def test_nothing_is_done_without_a_reason_or_a_choice(city: Config, tmp_path: Path) -> None:
    transfer, viewer = _waiting(city, tmp_path), factories.viewer("archivist")
    for pids, reason in (([transfer.pid], " "), ([], "Skäl.")):
        with pytest.raises(Invalid):
            bulk.decide(pids, bulk.Order(bulk.Deed.REJECT, reason), viewer=viewer)
    accepted = bulk.decide([transfer.pid], bulk.Order(bulk.Deed.ACCEPT, "Ja."), viewer=viewer)
    assert accepted[0].error is not None and _now(transfer).state == State.REVIEW


def test_the_check_gives_the_delivery_its_unit_and_strangers_neither_see_nor_accept_it(
    city: Config, tmp_path: Path
) -> None:
    made = replace(factories.spec(factories.minutes(record_type=None)), unit="HA")
    transfer = factories.take_in(city, factories.package(tmp_path, made), unit=None)
    assert transfer.state == State.REVIEW and transfer.unit_id is not None
    _staff("annan@demo.example", Role.ARCHIVIST, "EK")
    with db.archive.reading() as session:
        stranger = accounts.viewer_by_email(session, "annan@demo.example", clock.today())
        with pytest.raises(NotFound):
            queries.readable(session, transfer.pid, stranger)
        page = inbox.page(session, stranger.units("ingest:read"), inbox.Filters())
        assert page.total == 0 and not page.suppliers
    with db.archive.transaction() as session, pytest.raises(Refused):
        row = session.get_one(Transfer, transfer.id)
        pipeline.assign(
            session, row, unit_code="EK", record_type="", reason="Vår.", viewer=stranger
        )
    told = bulk.decide([transfer.pid], bulk.Order(bulk.Deed.REJECT, "Nej."), viewer=stranger)
    assert isinstance(told[0].error, NotFound) and _now(transfer).state == State.REVIEW


def test_a_delivery_under_an_agreement_belongs_to_the_agreements_unit(
    city: Config, tmp_path: Path
) -> None:
    with db.archive.transaction() as session:
        unit = accounts.need_unit(session, "HA").id
        terms = Terms("ÖK 9", "Protokoll", unit, clock.today())
        agreements.draw_up(session, terms, viewer=factories.viewer("archivist"))
    made = replace(factories.spec(factories.minutes()), unit=None)
    transfer = factories.take_in(
        city, factories.package(tmp_path, made), unit=None, agreement="ÖK 9"
    )
    assert transfer.unit_id == unit


def test_a_delivery_that_is_nobodys_waits_for_those_who_may_say_whose_it_is(
    login: Login, city: Config, tmp_path: Path
) -> None:
    leaf = factories.minutes(title="Räkenskaper 1634", record_type=None)
    made = replace(factories.spec(leaf), unit=None, label="Ingens")
    transfer = factories.take_in(city, factories.package(tmp_path, made), unit=None)
    assert transfer.state == State.REVIEW and transfer.unit_id is None
    assert "Ingens" in login("archivist").get("/desk/ingest").get_data(as_text=True)
    assert "Ingens" not in login("unit_custodian").get("/desk/ingest").get_data(as_text=True)
    with db.archive.reading() as session:
        mine = frozenset({accounts.need_unit(session, "HA").id})
        found = suggest.for_page(session, [transfer], mine)[transfer.id]
    assert found[0].row.code == "HA-G" and {each.unit.code for each in found} == {"HA"}


def test_the_list_is_filtered_and_asks_the_same_few_questions_however_long(
    login: Login, city: Config, tmp_path: Path
) -> None:
    client, first = login("archivist"), _waiting(city, tmp_path)
    client.get("/desk/ingest")
    with statements() as few:
        client.get("/desk/ingest")
    for name in ("två", "tre"):
        _waiting(city, tmp_path, name)
    with statements() as more:
        client.get("/desk/ingest")
    assert len(more) == len(few)
    shown = client.get("/desk/ingest?state=rejected").get_data(as_text=True)
    assert "Inga leveranser stämmer" in shown
    shown = client.get("/desk/ingest?state=review&unit=HA&age=week&supplier=").get_data(
        as_text=True
    )
    assert "Leverans ett" in shown and first.pid in shown
    assert "Inga leveranser stämmer" in client.get("/desk/ingest?age=older").get_data(as_text=True)


def test_a_long_list_has_pages(
    city: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ett", "två", "tre"):
        _waiting(city, tmp_path, name)
    monkeypatch.setattr(inbox, "SIZE", 2)
    with db.archive.reading() as session:
        second = inbox.page(session, None, inbox.Filters(), 2)
        beyond = inbox.page(session, None, inbox.Filters(), 99)
    assert (second.pages, len(second.rows), second.total) == (2, 1, 3)
    assert beyond.number == 2
