"""A citizen asks without a name, an officer tests and decides, the citizen fetches the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import db
from archive.cases import actions, queries, tasks
from archive.cases.models import Case, Outcome
from archive.config import Config
from archive.counter import actions as counter
from archive.counter import seal
from archive.errors import Conflict, Invalid, NotFound, Refused
from archive.jobs import worker
from tests import factories

QUESTION = "Jag undrar om akten om kvarnen"


def _ask(app: Flask, record: str) -> str:
    """Ask through the public pages, anonymously, and return the case's own link."""
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    page = client.post("/requests/new", data={"question": QUESTION, "record": record})
    so_far = re.search(r'name="so_far"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    assert so_far is not None
    page = client.post("/requests/check", data={"so_far": so_far[1]})
    so_far = re.search(r'name="so_far"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    assert so_far is not None and QUESTION in page.get_data(as_text=True)
    page = client.post("/requests/send", data={"so_far": so_far[1]})
    link = re.search(r"/requests/[A-Za-z0-9_-]{40,}", page.get_data(as_text=True))
    assert link is not None
    return link[0]


@pytest.fixture
def asked(app: Flask, city: Config, tmp_path: Path) -> tuple[str, str]:
    """A secret record that somebody has asked for: (link, case pid)."""
    leaves = (factories.minutes(), factories.secret_file())
    factories.take_in(city, factories.package(tmp_path, factories.spec(*leaves)))
    link = _ask(app, "SE/LSA/T1/F1:1")
    worker.run_until_idle()
    with db.archive.reading() as session:
        return link, session.scalars(select(Case.pid)).one()


def _decide(pid: str, role: str, outcome: Outcome, **words: str) -> None:
    with db.archive.transaction() as session:
        case = queries.by_pid(session, pid)
        viewer = factories.viewer(role)
        actions.decide_item(session, case, case.items[0], outcome, viewer=viewer, **words)  # type: ignore[arg-type]
    worker.run_until_idle()


def test_the_item_carries_the_verdict_and_the_answer_reaches_only_the_asker(
    app: Flask, asked: tuple[str, str], login: Callable[[str], FlaskClient]
) -> None:
    link, pid = asked
    page = login("case_officer").get(f"/desk/cases/{pid}").get_data(as_text=True)
    assert "26 kap. 1 §" in page and "anonym" in page
    with pytest.raises(Invalid):
        _decide(pid, "case_officer", Outcome.RELEASE, reason="")
    _decide(pid, "case_officer", Outcome.RELEASE, reason="Samtycke från den enskilde.")
    citizen = app.test_client()
    page = citizen.get(link).get_data(as_text=True)
    assert "Lämnas ut" in page and factories.SECRET not in page
    file = re.search(rf"{re.escape(link)}/files/[a-z0-9]+", page)
    assert file is not None
    answer = citizen.get(file[0])
    assert answer.data == factories.picture(note=b"hemlig")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert citizen.get(file[0].replace(link, link[:-3] + "aaa")).status_code == 404


def test_a_refusal_without_delegation_is_stopped(asked: tuple[str, str]) -> None:
    _, pid = asked
    with pytest.raises(Refused):
        _decide(pid, "case_officer", Outcome.REFUSE, reason="skäl", clause="26 kap. 1 § OSL")
    with pytest.raises(Invalid):
        _decide(pid, "city_archivist", Outcome.REFUSE, reason="skäl", clause="")


def test_a_refusal_names_its_clause_and_how_to_appeal(app: Flask, asked: tuple[str, str]) -> None:
    link, pid = asked
    _decide(pid, "city_archivist", Outcome.REFUSE, reason="Till men.", clause="26 kap. 1 § OSL")
    with db.archive.transaction() as session:
        actions.close(session, queries.by_pid(session, pid), viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    page = app.test_client().get(link).get_data(as_text=True)
    assert "Avslagen" in page and "kammarrätten" in page and "tre veckor" in page


def test_an_item_is_decided_once(asked: tuple[str, str]) -> None:
    _, pid = asked
    _decide(pid, "case_officer", Outcome.RELEASE, reason="prövad")
    with pytest.raises(Conflict):
        _decide(pid, "city_archivist", Outcome.REFUSE, reason="nej", clause="26:1")


def test_asking_for_a_fonds_does_not_hand_out_the_secrets_below_it(
    app: Flask, city: Config, asked: tuple[str, str]
) -> None:
    link = _ask(app, "SE/LSA/T1")
    worker.run_until_idle()
    with db.archive.reading() as session:
        pid = session.scalars(select(Case.pid).order_by(Case.id.desc())).first()
    assert pid is not None
    _decide(pid, "case_officer", Outcome.RELEASE, reason="öppen förteckning")
    page = app.test_client().get(link).get_data(as_text=True)
    assert "akt.jpg" in page and "hemlig.jpg" not in page


def test_no_one_but_the_asker_can_read_what_lies_on_the_counter(
    city: Config, asked: tuple[str, str]
) -> None:
    _, pid = asked
    _decide(pid, "case_officer", Outcome.RELEASE, reason="Samtyckesordet")
    for path in (city.data_dir / "counter").rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert QUESTION.encode() not in data, path
            assert b"Samtyckesordet" not in data and factories.picture()[:40] not in data, path


def test_a_kill_between_collecting_and_clearing_makes_no_second_case(
    app: Flask, city: Config
) -> None:
    _ask(app, "SE/LSA/X")
    with db.counter.reading() as session:
        waiting = counter.waiting(session)
    with db.archive.transaction() as session:
        actions.receive(session, waiting[0])
    assert tasks.collect()
    with db.archive.reading() as session:
        assert len(session.scalars(select(Case)).all()) == 1


def test_a_message_and_a_withdrawal_reach_the_case(app: Flask, asked: tuple[str, str]) -> None:
    link, pid = asked
    client = app.test_client()
    client.post(f"{link}/messages", data={"body": "Gäller även 1989 <script>"})
    worker.run_until_idle()
    assert "Gäller även 1989 &lt;script&gt;" in client.get(link).get_data(as_text=True)
    client.post(f"{link}/withdraw")
    worker.run_until_idle()
    with db.archive.reading() as session:
        assert queries.by_pid(session, pid).state == "withdrawn"


def test_a_wrong_token_is_the_same_nothing_as_any_other_page(app: Flask, city: Config) -> None:
    client = app.test_client()
    wrong = client.get("/requests/" + "a" * 43)
    assert wrong.status_code == 404
    assert client.get("/nowhere").status_code == 404


def test_a_seal_opens_for_its_token_and_shows_every_change() -> None:
    token, other = seal.new_token(), seal.new_token()
    sealed = seal.seal(seal.public_key_of(token), b"hemligt svar")
    assert seal.unseal(token, sealed).decode() == "hemligt svar"
    for broken in (sealed[:-1], sealed[:40], sealed[:-5] + b"xxxxx", b""):
        with pytest.raises(NotFound):
            seal.unseal(token, broken)
    with pytest.raises(NotFound):
        seal.unseal(other, sealed)
