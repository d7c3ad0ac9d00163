"""A unit offers records, the archive appraises, the unit prepares and hands in, and it arrives."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import clock, db
from archive.accounts import actions as people
from archive.accounts import queries as accounts
from archive.accounts.models import Role
from archive.accounts.permissions import Viewer
from archive.audit.actions import SYSTEM
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.edition.models import PublicRecord
from archive.errors import Conflict, Invalid, NotFound, Refused
from archive.holdings import actions as holdings
from archive.holdings import queries as records
from archive.holdings.models import Description, Publication
from archive.jobs import worker
from archive.plans import queries as plans
from ihp.terms import Disposition
from ingest import pipeline
from ingest.models import Transfer
from ingest.offers import actions, arrival, checklist, drafting, queries
from ingest.offers.actions import Terms
from ingest.offers.models import Offer, OfferState, Way
from tests import factories
from tests.counting import statements
from tests.journeys import test_rebuild

Login = Callable[[str], FlaskClient]
NUMBER = "18811218-9876"  # the tax agency's own example, a century too old to be anybody's


@pytest.fixture(autouse=True)
def _words(app: Flask) -> Iterator[None]:
    with app.test_request_context("/desk"):
        yield


def _person(email: str, role: Role, unit: str) -> Viewer:
    with db.archive.transaction() as session:
        user = people.add_user(session, email, "Vera Tänkt", "lösenord-lösenord", actor=SYSTEM)
        people.grant(session, user, role, unit=accounts.need_unit(session, unit), actor=SYSTEM)
    with db.archive.reading() as session:
        return accounts.viewer_by_email(session, email, clock.today())


def _offered(way: Way = Way.PAPER, **changes: object) -> str:
    """Offer records of the historical archives, and return the offer's pid."""
    with db.archive.transaction() as session:
        unit = accounts.need_unit(session, "HA").id
        terms = Terms(
            unit, "HA-A", "Protokoll ur källaren", "1901-1910", "3 kartonger", "papper", way
        )
        viewer = factories.viewer("unit_custodian")
        return actions.offer(session, replace(terms, **changes), viewer=viewer).pid  # type: ignore[arg-type]


def _do(pid: str, deed: Callable[..., object], who: str = "archivist", **said: object) -> None:
    with db.archive.transaction() as session:
        found = queries.readable(session, pid, factories.viewer(who))
        deed(session, found, viewer=factories.viewer(who), **said)


def _now(pid: str) -> Offer:
    with db.archive.reading() as session:
        return session.scalars(select(Offer).where(Offer.pid == pid)).one()


def _prepared(kind: str, *rows: dict[str, str], **changes: object) -> str:
    """Return an offer that is accepted, with everything ticked and its list written."""
    pid = _offered(**changes)  # type: ignore[arg-type]
    _do(pid, actions.appraise, verdict=OfferState.ACCEPTED, reason="Ska bevaras.")
    done = [item.key for item in checklist.items_for(Way.PAPER, None)] + ["disposable"]
    _do(pid, actions.tick, "unit_custodian", done=done)
    _do(pid, drafting.choose, "unit_custodian", key=kind)
    _do(pid, drafting.save, "unit_custodian", start=0, grid=rows, added=())
    return pid


def _announced(kind: str, *rows: dict[str, str], **changes: object) -> str:
    pid = _prepared(kind, *rows, **changes)
    _do(pid, actions.hand_in_boxes, "unit_custodian", on=clock.today())
    return pid


def _arrive(pid: str, city: Config, series: str = "SE/LSA/KB/F1", title: str = "Akter") -> None:
    place = arrival.Place(series, title, city.institution, city.finding_aid)
    _do(pid, arrival.arrive, place=place, reason="Räknade och rätt.")


BOX = {"volume": "1", "title": "Protokoll", "dates": "1901-1905", "remark": "fuktskadad"}


def test_records_are_offered_from_a_row_that_holds_for_their_years(city: Config) -> None:
    for changes in ({"row_code": "HA-FINNSINTE"}, {"date_text": "odaterat"}, {"date_text": "åå"}):
        with pytest.raises(Invalid):
            _offered(**changes)
    assert _now(_offered()).state == OfferState.OFFERED


def test_only_the_units_own_people_offer_and_only_the_archive_appraises(city: Config) -> None:
    pid, stranger = _offered(), _person("ek@demo.example", Role.UNIT_CUSTODIAN, "EK")
    with db.archive.reading() as session, pytest.raises(NotFound):
        queries.readable(session, pid, stranger)
    with db.archive.transaction() as session, pytest.raises(Refused):
        found = session.scalars(select(Offer)).one()
        actions.say(session, found, body="Hej", viewer=stranger)
    with pytest.raises(Refused):
        _do(
            pid, actions.appraise, "unit_custodian", verdict=OfferState.ACCEPTED, reason="Ja."
        )  # fmt: skip


def test_the_archive_asks_and_the_units_answer_gives_the_offer_back(city: Config) -> None:
    pid = _offered()
    with pytest.raises(Invalid):
        _do(pid, actions.appraise, verdict=OfferState.ASKED, reason=" ")
    _do(pid, actions.appraise, verdict=OfferState.ASKED, reason="Finns register?")
    _do(pid, actions.say, "unit_custodian", body="Ja, i volym 1.")
    assert _now(pid).state == OfferState.OFFERED
    _do(pid, actions.appraise, verdict=OfferState.DECLINED, reason="Finns redan hos oss.")
    with pytest.raises(Conflict):
        _do(pid, actions.appraise, verdict=OfferState.ACCEPTED, reason="Ändrat.")
    with db.archive.reading() as session:
        told = queries.story(session, _now(pid))
        events = set(session.scalars(select(AuditEvent.action)))
    assert [each.entry.kind for each in told] == ["offered", "asked", "offered", "declined"]
    assert told[1].entry.body == "Finns register?" and told[2].name
    assert {"offer.offered", "offer.asked", "offer.declined"} <= events


def test_boxes_do_not_come_before_all_is_prepared(city: Config) -> None:
    pid = _offered()
    tomorrow = clock.today() + timedelta(days=1)
    _do(pid, actions.appraise, verdict=OfferState.ACCEPTED, reason="Ska bevaras.")
    with pytest.raises(Invalid, match="checklist"):
        _do(pid, actions.hand_in_boxes, "unit_custodian", on=tomorrow)
    pid = _prepared("boxes", BOX | {"dates": "någon gång"})
    with pytest.raises(Invalid, match="errors"):
        _do(pid, actions.hand_in_boxes, "unit_custodian", on=tomorrow)
    _do(pid, drafting.save, "unit_custodian", start=0, grid=[BOX], added=())
    with pytest.raises(Invalid, match="which day"):
        _do(pid, actions.hand_in_boxes, "unit_custodian", on=clock.today() - timedelta(days=1))
    _do(pid, actions.hand_in_boxes, "unit_custodian", on=tomorrow)
    assert _now(pid).state == OfferState.SUBMITTED and _now(pid).boxes_on == tomorrow
    with pytest.raises(Conflict):
        _do(pid, drafting.save, "unit_custodian", start=0, grid=[], added=())


def test_the_checklist_says_what_the_row_and_the_way_ask_for() -> None:
    paper = {item.key for item in checklist.items_for(Way.PAPER, None)}
    export = {item.key for item in checklist.items_for(Way.EXPORT, None)}
    assert "boxes" in paper and "exported" not in paper and "exported" in export


def test_boxes_become_volumes_under_the_row_closed_and_in_the_archives_care(city: Config) -> None:
    pid = _announced("boxes", BOX, BOX | {"volume": "2", "dates": "1906-1910"})
    _arrive(pid, city)
    found, volume = _now(pid), factories.record("SE/LSA/KB/F1/1")
    assert found.state == OfferState.ARRIVED and found.series == "SE/LSA/KB/F1"
    assert (volume.level, volume.title, volume.rule_code) == ("volume", "Protokoll", "HA-A")
    assert volume.date_max is not None and volume.date_max.year == 1905
    assert volume.notes == ["fuktskadad"] and volume.custody_on == clock.today()
    assert volume.publication == Publication.NONE and volume.unit_id == found.unit_id
    series, fonds = factories.record("SE/LSA/KB/F1"), factories.record("SE/LSA/KB")
    assert volume.path == f"/{fonds.id}/{series.id}/{volume.id}/"
    assert fonds.plan_unit_id != fonds.unit_id  # the archive's own finding aid
    with db.archive.reading() as session:
        gates = select(AuditEvent).where(AuditEvent.action == "gate.ingest")
        assert len(session.scalars(gates).all()) == 4


def test_a_personal_number_is_never_in_a_public_title_or_a_reference(city: Config) -> None:
    row = {"volume": "1", "number": NUMBER, "name": "Karl Tänkt", "dates": "1901-1905"}
    pid = _announced("persons", row, row | {"number": "18811218-9876", "dates": "1906"})
    _arrive(pid, city)
    file = factories.record("SE/LSA/KB/F1/1/1")
    assert file.level == "file" and NUMBER in file.title
    with db.archive.reading() as session:
        for each in session.scalars(select(Description).where(Description.level != "fonds")):
            assert "9876" not in each.reference and "9876" not in (each.public_title or "")
            assert each.public_title or "9876" not in each.title
    assert file.public_title and file.public_title.endswith("volym 1, akt 1")
    assert factories.record("SE/LSA/KB/F1/1").date_text == "1901-1906"
    assert file.personal_data is not None and file.access != "allow"


def test_what_is_published_of_a_personal_file_does_not_hold_its_number(city: Config) -> None:
    row = {"volume": "1", "number": NUMBER, "name": "Karl Tänkt", "dates": "1901", "remark": NUMBER}
    _arrive(_announced("persons", row), city)
    with db.archive.transaction() as session:
        series = records.by_ref(session, "SE/LSA/KB/F1")
        holdings.publish_branch(session, series, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    with db.edition.reading() as session:
        found = {r.reference: repr(vars(r)) for r in session.scalars(select(PublicRecord))}
    assert "SE/LSA/KB/F1/1/1" in found
    assert not any("9876" in told or "Tänkt" in told for told in found.values())


def test_a_number_typed_into_the_title_of_a_box_stays_inside_too(city: Config) -> None:
    _arrive(_announced("boxes", BOX | {"title": f"Akt om {NUMBER}"}), city)
    volume = factories.record("SE/LSA/KB/F1/1")
    assert volume.public_title is not None and "9876" not in volume.public_title


@pytest.mark.parametrize(("kind", "genre"), [("maps", "map"), ("photos", "photograph")])
def test_maps_and_photographs_become_records_with_what_they_are(
    city: Config, kind: str, genre: str
) -> None:
    row = {"sheet": "17 b", "title": "Rådhuset, fasad", "dates": "1908", "count": "3"}
    more = {"scale": "1:100"} if kind == "maps" else {"technique": "glasnegativ"}
    _arrive(_announced(kind, row | more), city)
    found = factories.record("SE/LSA/KB/F1/17-b")
    assert found.level == "item" and found.genre == genre and found.extent is not None
    assert any(next(iter(more.values())) in note for note in found.notes)


def test_what_does_not_fit_the_holdings_is_refused_and_nothing_is_added(city: Config) -> None:
    pid = _announced("boxes", BOX)
    for series, title in (("F1", "x"), ("SE/LSA/KB/F1", ""), ("SE/LSA", "x")):
        with pytest.raises(Invalid):
            _arrive(pid, city, series, title)
    _arrive(pid, city)
    again = _announced("boxes", BOX | {"volume": "9"}, BOX)
    with pytest.raises(Conflict, match="taken"):
        _arrive(again, city)
    with db.archive.reading() as session:
        references = select(Description.reference).where(Description.reference.endswith("/9"))
        assert session.scalars(references).all() == []
    assert _now(again).state == OfferState.SUBMITTED
    _do(again, actions.send_back, reason="Volym 1 finns redan.")
    assert _now(again).state == OfferState.ACCEPTED and _now(again).boxes_on is None


def test_an_offer_follows_the_package_that_answers_it(city: Config, tmp_path: Path) -> None:
    pid = _offered(Way.UPLOAD)
    _do(pid, actions.appraise, verdict=OfferState.ACCEPTED, reason="Ska bevaras.")
    package = factories.package(tmp_path, factories.spec(factories.minutes()))
    transfer = factories.take_in(city, package)
    with pytest.raises(Invalid):
        _do(pid, actions.hand_in_package, "unit_custodian", transfer=transfer)
    done = [i.key for i in checklist.items_for(Way.UPLOAD, None)] + ["disposable"]
    _do(pid, actions.tick, "unit_custodian", done=done)
    _do(pid, actions.hand_in_package, "unit_custodian", transfer=transfer)
    assert _now(pid).state == OfferState.ARRIVED and _now(pid).transfer_pid == transfer.pid


def test_a_package_that_is_turned_away_gives_the_offer_back(city: Config, tmp_path: Path) -> None:
    pid = _offered(Way.UPLOAD)
    _do(pid, actions.appraise, verdict=OfferState.ACCEPTED, reason="Ska bevaras.")
    done = [i.key for i in checklist.items_for(Way.UPLOAD, None)] + ["disposable"]
    _do(pid, actions.tick, "unit_custodian", done=done)
    package = factories.package(tmp_path, factories.spec(factories.minutes(record_type=None)))
    transfer = factories.take_in(city, package)
    _do(pid, actions.hand_in_package, "unit_custodian", transfer=transfer)
    assert _now(pid).state == OfferState.SUBMITTED
    with db.archive.transaction() as session:
        row = session.get_one(Transfer, transfer.id)
        pipeline.reject(session, row, reason="Fel.", viewer=factories.viewer("archivist"))
    assert _now(pid).state == OfferState.ACCEPTED and _now(pid).transfer_pid is None


def test_the_store_gives_back_offers_lists_and_what_arrived(city: Config) -> None:
    asked = _offered()
    _do(asked, actions.appraise, verdict=OfferState.ASKED, reason="Finns register?")
    _arrive(_announced("boxes", BOX), city)
    worker.run_until_idle()
    before = test_rebuild._canonical()
    assert sum('"kind": "offer"' in line for line in before) == 2
    assert any("Finns register?" in line for line in before)
    test_rebuild._lose_the_database(city)
    assert test_rebuild._rebuild(city).problems == ()
    assert test_rebuild._canonical() == before


def test_the_whole_way_is_walked_on_the_pages(login: Login, city: Config) -> None:
    unit, archive = login("unit_custodian"), login("archivist")
    assert 'value="HA-A"' in unit.get("/desk/offers/new?unit=HA").get_data(as_text=True)
    form = {"unit": "HA", "row": "HA-A", "title": "Protokoll", "date_text": "1901-1910",
            "extent": "3 kartonger", "medium": "papper", "way": "paper"}  # fmt: skip
    wrong = unit.post("/desk/offers/new", data=form | {"date_text": "åå"})
    assert wrong.status_code == 422 and "3 kartonger" in wrong.get_data(as_text=True)
    where = unit.post("/desk/offers/new", data=form).headers["Location"]
    assert "Bedöm erbjudandet" in archive.get(where).get_data(as_text=True)
    assert "Bedöm erbjudandet" not in unit.get(where).get_data(as_text=True)
    assert "Erbjudanden som väntar" in archive.get("/desk").get_data(as_text=True)
    silent = archive.post(f"{where}/appraise", data={"verdict": "", "reason": "Ska bevaras."})
    assert silent.status_code == 422 and "Ska bevaras.</textarea>" in silent.get_data(as_text=True)
    archive.post(f"{where}/appraise", data={"verdict": "accepted", "reason": "Ska bevaras."})
    done = [i.key for i in checklist.items_for(Way.PAPER, None)] + ["disposable"]
    unit.post(f"{where}/prepare", data={"done": done})
    unit.post(f"{where}/list/kind", data={"kind": "boxes"})
    grid = {key: [BOX[key], ""] for key in BOX}
    was = re.search(r'name="was" value="(\w+)"', unit.get(f"{where}/list").get_data(as_text=True))
    assert was is not None
    unit.post(f"{where}/list", data={"start": "0", "was": was[1], **grid})
    unit.post(f"{where}/boxes", data={"on": clock.today().isoformat()})
    page = archive.get(where).get_data(as_text=True)
    assert "Kartongerna har kommit" in page and "1 rad" in page
    arrived = {"series": "SE/LSA/KB/F1", "title": "Protokoll", "reason": "Räknade."}
    again = archive.post(f"{where}/arrive", data=arrived | {"title": ""})
    assert again.status_code == 422 and 'value="SE/LSA/KB/F1"' in again.get_data(as_text=True)
    archive.post(f"{where}/arrive", data=arrived)
    assert "SE/LSA/KB/F1" in unit.get(where).get_data(as_text=True)
    assert "i arkivet" in unit.get("/desk/offers?state=arrived").get_data(as_text=True)


def test_the_list_of_offers_asks_the_same_few_questions_however_long(
    login: Login, city: Config
) -> None:
    client = login("archivist")
    _offered()
    client.get("/desk/offers")
    with statements() as few:
        client.get("/desk/offers")
    for _ in range(3):
        _offered()
    with statements() as more:
        client.get("/desk/offers")
    assert len(more) == len(few)


def test_a_row_that_is_disposed_of_is_shown_so(login: Login, city: Config) -> None:
    with db.archive.reading() as session:
        found = plans.all_in_force(session, clock.today())
        unit, row = next(
            (unit, rule)
            for unit, plan in found.items()
            for rule in plan.rules
            if rule.disposition is Disposition.DISPOSE and rule.covers(clock.today())
        )
    year = str(clock.today().year)
    pid = _offered(unit_id=unit, row_code=row.code, date_text=f"{year}-{year}")
    page = login("archivist").get(f"/desk/offers/{pid}").get_data(as_text=True)
    assert "gallras" in page and row.record_type in page


def test_all_that_is_missing_is_told_at_once_and_a_yes_needs_no_words(city: Config) -> None:
    pid = _offered()
    _do(pid, actions.appraise, verdict=OfferState.ACCEPTED, reason="")
    with pytest.raises(Invalid, match=r"checklist.*which day.*write the list"):
        _do(pid, actions.hand_in_boxes, "unit_custodian", on=None)


def test_ticks_are_kept_when_the_rest_of_the_form_is_refused(city: Config, login: Login) -> None:
    pid = _offered()
    _do(pid, actions.appraise, verdict=OfferState.ACCEPTED, reason="")
    client = login("unit_custodian")
    page = client.get(f"/desk/offers/{pid}").text
    key = re.search(r'name="done" value="(\w+)"', page)[1]  # type: ignore[index]
    told = client.post(f"/desk/offers/{pid}/boxes", data={"ticks": "1", "done": key, "on": ""})
    assert told.status_code == 422 and _now(pid).checklist == [key]


def test_a_message_waits_for_the_other_side_until_it_is_answered(city: Config) -> None:
    pid = _offered()
    _do(pid, actions.appraise, verdict=OfferState.DECLINED, reason="Finns redan.")

    def waits(*, for_archive: bool) -> tuple[int, int]:
        with db.archive.reading() as session:
            page = queries.page(session, None, for_archive=for_archive)
            return queries.waiting(session, None, for_archive=for_archive), len(page.unanswered)

    assert waits(for_archive=True) == waits(for_archive=False) == (0, 0)
    _do(pid, actions.say, "unit_custodian", body="Är ni säkra?")
    assert waits(for_archive=True) == (1, 1) and waits(for_archive=False) == (0, 0)
    _do(pid, actions.say, body="Ja.")
    assert waits(for_archive=True) == (0, 0) and waits(for_archive=False) == (1, 1)
