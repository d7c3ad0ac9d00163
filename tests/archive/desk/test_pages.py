"""The desk tells what happened, in the reader's language, and loses nothing that was written."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from lxml import html

from archive import clock, db, warming
from archive.accounts import actions as staff
from archive.accounts import queries as accounts
from archive.accounts.models import Role
from archive.audit.actions import SYSTEM
from archive.cases import actions as cases
from archive.cases.models import Case
from archive.config import Config
from archive.jobs import worker
from ingest import queries
from ingest.demo import load
from ingest.queries import Shown
from tests import factories

Login = Callable[[str], FlaskClient]


def _hand_in(client: FlaskClient, path: Path, record_type: str = "") -> str:
    form = {"file": (io.BytesIO(path.read_bytes()), path.name), "record_type": record_type}
    answer = client.post("/desk/ingest", data=form, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_the_same_bytes_again_are_told_by_number_and_day_and_what_was_not_used(
    login: Login, tmp_path: Path
) -> None:
    client = login("city_archivist")
    path = factories.package(tmp_path, factories.spec(factories.minutes()))
    assert "redan leverans nr" not in _hand_in(client, path)
    said = _hand_in(client, path, "SA-005")
    assert re.search(r"redan leverans nr 1, mottagen \d+ \w+ \d{4}\.", said)
    assert "Det du angav nu har inte använts: handlingstypen." in said


def test_what_one_rule_found_is_said_once_with_all_its_places() -> None:
    found = [
        Shown("CSIP72", "error", f"METS.xml:{n}", f"fil {n}", "Rätta.", "CSIP") for n in range(5)
    ]
    other = Shown("CSIP4", "warning", "", "annat", "Gör.", "CSIP")
    first, second = queries.by_rule([*found, other])
    assert (first.code, len(first.found), second.code) == ("CSIP72", 5, "CSIP4")


def _case(city: Config, tmp_path: Path) -> Case:
    leaves = (factories.minutes(), factories.secret_file())
    factories.take_in(city, factories.package(tmp_path, factories.spec(*leaves)))
    with db.archive.transaction() as session:
        asked = cases.Asked("disclosure", "phone", "Akten", references=["SE/LSA/T1/F1:1"])
        return cases.register(session, asked, actor=factories.viewer("case_officer"))


def test_an_officer_who_may_not_refuse_is_told_and_keeps_what_was_written(
    login: Login, city: Config, tmp_path: Path
) -> None:
    case = _case(city, tmp_path)
    client = login("case_officer")
    page = html.document_fromstring(client.get(f"/desk/cases/{case.pid}").text)
    [form] = page.xpath("//form[contains(@action, '/decision')]")
    assert not form.xpath(".//input[@checked]"), "no decision is made beforehand"
    name = form.xpath("string(.//textarea/@name)").removesuffix("reason")
    written = {f"{name}outcome": "refuse", f"{name}reason": "Uppgifter om hälsa."}
    answer = client.post(form.get("action").partition("#")[0], data=written)
    assert answer.status_code == 403
    assert "Ett avslag beslutas av någon som har delegation att avslå." in answer.text
    assert "Uppgifter om hälsa." in answer.text
    answer = client.post(form.get("action").partition("#")[0], data={})
    assert answer.status_code == 422 and "Välj ett beslut." in answer.text


def test_the_dashboard_names_the_cases_that_wait_for_their_first_answer(
    login: Login, city: Config, tmp_path: Path
) -> None:
    case = _case(city, tmp_path)
    page = html.document_fromstring(login("case_officer").get("/desk").text)
    assert any(case.case_no in task for task in page.xpath("//ul[@class='tasks']//a/text()"))


def test_the_desk_writes_dates_and_deeds_in_british_english(login: Login) -> None:
    client = login("city_archivist")
    client.get("/desk?lang=en")
    log = client.get("/desk/audit").text
    assert "decided a plan" in log and "beslutade" not in log
    assert "14 June 2021" in client.get("/desk/plans/SA/1").text


def test_warming_leaves_pages_ready_and_nothing_changed(app: Flask, city: Config) -> None:
    worker.run_until_idle()
    warming.walk(app)
    assert {"site/search.html", "site/home.html"} <= {
        name for (_loader, name) in app.jinja_env.cache or ()
    }


def test_a_hold_is_not_lifted_without_a_reason(login: Login, city: Config, tmp_path: Path) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    page = f"/desk/holdings/{factories.record('SE/LSA/T1/A1:1').pid}"
    client = login("archivist")
    client.post(f"{page}/holds", data={"reason": "Tvist om tomten"})
    assert "Spärrad mot gallring" in client.get(page).text
    lift = html.document_fromstring(client.get(page).text).xpath(
        "string(//form[contains(@action, '/lift')]/@action)"
    )
    told = {"Referer": f"http://localhost{page}"}
    said = client.post(lift, data={"reason": " "}, headers=told, follow_redirects=True).text
    assert "Skriv varför spärren hävs" in said
    client.post(lift, data={"reason": "Tvisten är över"})
    assert "Spärrad mot gallring" not in client.get(page).text


def test_a_unit_reads_the_figures_of_its_own_holdings_only(
    login: Login, city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    with db.archive.transaction() as session:
        unit = accounts.need_unit(session, "LK")
        person = staff.add_user(session, "lk@demo.example", "Lo", load.PASSWORD, actor=SYSTEM)
        staff.grant(session, person, Role.UNIT_CUSTODIAN, unit=unit, actor=SYSTEM,
                    valid_from=clock.today())  # fmt: skip
    assert "Övertagna" in login("archivist").get("/desk/reports").text
    own = login("lk").get("/desk/reports").text
    assert "Övertagna" not in own and '<p class="stat">0</p>' in own
    assert "Rådstuguprotokoll" not in login("lk").get("/desk/holdings?q=protokoll").text
