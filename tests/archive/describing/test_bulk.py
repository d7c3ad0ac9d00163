"""Many records are changed at once, as they were looked at, and undone as one."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from archive import db
from archive.audit import queries as audits
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.describing import bulk, undo
from archive.edition.models import PublicRecord
from archive.errors import Conflict, Invalid, Refused
from archive.history import queries as histories
from archive.history.models import Change
from archive.holdings import access, queries
from archive.holdings import actions as holdings
from archive.holdings.models import Description
from archive.jobs import worker
from tests import counting, factories

VOLUME = "SE/LSA/T1/A1:1"


@pytest.fixture
def held(city: Config, tmp_path: Path) -> Config:
    """A file of minutes with five leaves, published."""
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    factories.grow(VOLUME, 5)
    with db.archive.transaction() as session:
        fonds = queries.by_ref(session, "SE/LSA/T1")
        access.refresh_branch(session, fonds)
        holdings.publish_branch(session, fonds, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    return city


def _look(changes: dict[str, Any], reference: str = VOLUME, level: str = "") -> bulk.Preview:
    with db.archive.reading() as session:
        branch = queries.by_ref(session, reference).pid
        viewer = factories.viewer("archivist")
        records = bulk.chosen(session, [], branch, level, viewer)
        return bulk.preview(session, records, changes, "städning")


def _apply(changes: dict[str, Any], digest: str, reason: str = "städning") -> int:
    with db.archive.transaction() as session:
        viewer = factories.viewer("archivist")
        records = bulk.chosen(session, [], queries.by_ref(session, VOLUME).pid, "", viewer)
        made = bulk.apply(session, records, changes, digest=digest, reason=reason, viewer=viewer)
        return len(made)


def _genres() -> set[str | None]:
    with db.archive.reading() as session:
        below = Description.path.startswith(queries.by_ref(session, VOLUME).path)
        return set(session.scalars(select(Description.genre).where(below)))


def _on_the_web() -> int:
    with db.edition.reading() as session:
        return session.scalar(select(func.count()).select_from(PublicRecord)) or 0


def test_the_look_tells_before_and_after_and_changes_nothing(held: Config) -> None:
    seen = _look({"genre": "minutes"})
    assert (len(seen.lines), seen.unchanged) == (5, 1)
    assert seen.lines[0].changes == [("Genre", "", "minutes")]
    assert (seen.closes, seen.withdraws) == ([], [])
    assert _genres() == {"minutes", None}


def test_the_look_tells_what_would_close_and_what_would_leave_the_web(held: Config) -> None:
    before = _on_the_web()
    seen = _look({"rights": "in_copyright"}, level="file")
    assert len(seen.lines) == 1
    assert len(seen.closes) == 6, "what a file says holds for the leaves in it"
    assert len(seen.withdraws) == 6
    assert _on_the_web() == before


def test_what_was_looked_at_is_done_as_one_and_undone_as_one(held: Config) -> None:
    seen = _look({"rights": "in_copyright", "genre": "x"})
    assert _apply({"rights": "in_copyright", "genre": "x"}, seen.digest) == 6
    assert _genres() == {"x"}
    with db.archive.reading() as session:
        record = queries.by_ref(session, VOLUME)
        assert record.access != "allow"
        newest = session.scalars(histories.of_record(record.pid)).first()
        assert newest is not None and newest.reason == "städning"
        changes = histories.bundle_of(session, record.pid, newest.pid)
        assert len(changes) == 6
        told = select(func.count()).where(AuditEvent.action == "record.bulk")
        assert session.scalar(told) == 6 and not list(audits.verify(session))
    with db.archive.transaction() as session:
        changes = histories.bundle_of(session, record.pid, newest.pid)
        undo.take_back(session, changes, reason="", viewer=factories.viewer("archivist"))
    assert _genres() == {"minutes", None}
    assert factories.record(VOLUME).access == "allow"


def test_one_record_with_a_newer_change_stops_the_undo_of_all(held: Config) -> None:
    seen = _look({"genre": "x"})
    _apply({"genre": "x"}, seen.digest)
    with db.archive.transaction() as session:
        leaf = session.scalars(select(Description).where(Description.level == "item")).first()
        assert leaf is not None
        holdings.describe(session, leaf, {"genre": "y"}, actor=factories.viewer("archivist"))
        pid = leaf.pid
    with db.archive.transaction() as session:
        first = session.scalars(select(Change).where(Change.deed == "bulk")).first()
        assert first is not None
        changes = histories.bundle_of(session, first.record_pid, first.pid)
        with pytest.raises(Conflict):
            undo.take_back(session, changes, reason="", viewer=factories.viewer("archivist"))
        session.rollback()
    assert pid and _genres() == {"x", "y"}


def test_what_changed_since_the_look_is_not_run_over(held: Config) -> None:
    seen = _look({"genre": "x"})
    with db.archive.transaction() as session:
        record = queries.by_ref(session, VOLUME)
        holdings.describe(session, record, {"genre": "y"}, actor=factories.viewer("archivist"))
    with pytest.raises(Conflict, match="look again"):
        _apply({"genre": "x"}, seen.digest)
    assert "x" not in _genres()


def test_a_row_that_the_plan_does_not_know_is_told_in_the_look_and_refused(held: Config) -> None:
    seen = _look({"rule_code": "HA-FINNS-EJ"})
    assert len(seen.refused) == 6
    with pytest.raises(Invalid, match="no row HA-FINNS-EJ"):
        _apply({"rule_code": "HA-FINNS-EJ"}, seen.digest)
    assert factories.record(VOLUME).rule_code == "HA-A"


def test_no_field_no_reason_and_no_permission_change_nothing(held: Config) -> None:
    with pytest.raises(Invalid, match="at least one field"):
        _look({})
    with pytest.raises(Invalid, match="say why"):
        _apply({"genre": "x"}, _look({"genre": "x"}).digest, reason=" ")
    with db.archive.reading() as session, pytest.raises(Refused):
        pid = queries.by_ref(session, VOLUME).pid
        bulk.chosen(session, [pid], "", "", factories.viewer("unit_manager"))


def test_many_records_cost_no_more_questions_than_few(held: Config) -> None:
    with counting.statements() as few:
        _look({"rights": "unknown"})
    factories.grow(VOLUME, 60)
    with counting.statements() as many:
        _look({"rights": "unknown"})
    assert len(many) <= len(few) + 2


def test_the_pages_lead_from_the_list_by_the_look_to_the_change(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client, pid = login("archivist"), factories.record(VOLUME).pid
    assert "/desk/holdings/many" in client.get("/desk/holdings").get_data(as_text=True)
    page = client.get("/desk/holdings/many", query_string={"branch": pid}).get_data(as_text=True)
    assert "6 poster är valda" in page
    form = {"branch": pid, "use": ["genre", "language"], "genre": "protokoll", "language": "sv"}
    wrong = client.post("/desk/holdings/many/preview", data=form | {"use": [], "reason": ""})
    assert wrong.status_code == 422 and "Välj minst ett fält" in wrong.get_data(as_text=True)
    form["reason"] = "städning"
    look = client.post("/desk/holdings/many/preview", data=form).get_data(as_text=True)
    assert "6 poster ändras" in look
    digest = look.split('name="digest" value="')[1].split('"')[0]
    answer = client.post("/desk/holdings/many", data=form | {"digest": digest})
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/history")
    assert _genres() == {"protokoll"}
    history = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Ångra för alla 6 poster" in history


def test_what_is_written_but_not_ticked_is_told_and_the_look_leads_back_with_what_was_written(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client, pid = login("archivist"), factories.record(VOLUME).pid
    empty = {"extent": "", "rights": "unknown", "living_persons": "unknown", "personal_data": ""}
    form = empty | {"branch": pid, "use": ["genre"], "genre": "protokoll", "reason": "städning"}
    left_out = client.post("/desk/holdings/many/preview", data=form | {"extent": "3 blad"})
    assert left_out.status_code == 422
    assert "Omfång: Kryssa för fältet" in left_out.text and "3 blad" in left_out.text
    chosen = client.post("/desk/holdings/many/preview", data=form | {"rights": "free"})
    assert chosen.status_code == 422 and "Upphovsrätt: Kryssa för" in chosen.text
    look = client.post("/desk/holdings/many/preview", data=form)
    title = html.escape(factories.record(VOLUME).title)
    assert look.status_code == 200 and f">{title}</td>" in look.text
    back = client.post("/desk/holdings/many/again", data=form)
    assert back.status_code == 200 and 'value="protokoll"' in back.text
    assert re.search(r'id="use-genre"[^>]* checked', back.text)
    assert _genres() != {"protokoll"}, "to go back changes nothing"
