"""A plan is tried before it comes into force: what it would open, close, destroy and withdraw."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from archive import clock, db
from archive.accounts import queries as accounts
from archive.audit.actions import SYSTEM
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.errors import Invalid
from archive.holdings import access, actions, queries
from archive.oversight import actions as oversight
from archive.oversight.simulation import Simulation, Withdrawal, simulate
from archive.plans import actions as plan_actions
from archive.plans import queries as plans
from ihp import exchange
from tests import factories
from tests.command_line import Command
from tests.counting import statements

DAY = date(2027, 1, 1)
_RETENTION = {
    "mode": "after_period", "value": 10, "unit": "year", "trigger": "created",
    "rounding": "end_of_calendar_year",
}  # fmt: skip
DISPOSED = {
    "disposition": "gallras", "retention": _RETENTION, "gallring_basis": "LiSA-F 2021:6",
    "delivery": None,
}  # fmt: skip


@pytest.fixture
def published(city: Config, tmp_path: Path) -> Config:
    """An open record, published, in a series that is published too."""
    path = factories.package(tmp_path, factories.spec(factories.minutes()))
    assert factories.take_in(city, path).state == "accessioned"
    with db.archive.transaction() as session:
        record = queries.by_ref(session, "SE/LSA/T1/A1:1")
        actions.publish(session, record, viewer=factories.viewer("archivist"))
    return city


def _draft(row: str, changes: Mapping[str, Any], unit: str = "HA") -> int:
    """Draft the next version of a unit's plan with one row changed; return its number."""
    with db.archive.transaction() as session:
        org = accounts.need_unit(session, unit)
        found = plans.in_force(session, org.id, clock.today())
        assert found is not None
        rows = exchange.to_document(found.plan)["rows"]
        rows = [each | changes if each["row_id"] == row else each for each in rows]
        return plan_actions.draft(
            session, org, rows, title="Ny", authority="KS", actor=SYSTEM
        ).number


def _simulate(number: int, on: date = DAY, unit: str = "HA") -> Simulation:
    with db.archive.reading() as session:
        org = accounts.need_unit(session, unit)
        version = plans.version(session, org.id, number)
        assert version is not None
        return simulate(session, version, on)


def test_a_plan_that_changes_nothing_changes_no_record(published: Config) -> None:
    done = _simulate(_draft("HA-A", {"note": "omformulerad"}))
    assert done.records >= 1 and done.affected == ()


def test_a_row_that_closes_withdraws_what_was_published_under_it(published: Config) -> None:
    done = _simulate(_draft("HA-A", {"public_view": "metadata"}))
    [each] = done.affected
    assert (each.reference, each.changes) == ("SE/LSA/T1/A1:1", ("publish",))
    assert each.withdrawal is Withdrawal.CONTENTS
    assert done.counts() == {"publish: allow → deny": 1}


def test_a_row_under_new_secrecy_takes_the_record_itself_away(published: Config) -> None:
    secrecy = [{"rule": "OSL-21-7", "phase": "alltid", "note": ""}]
    done = _simulate(_draft("HA-A", {"secrecy": secrecy}))
    [each] = done.withdrawn
    assert each.withdrawal is Withdrawal.RECORD and "open_from" in each.changes


def test_a_new_class_and_a_disposal_are_told_with_their_day(published: Config) -> None:
    classes = {"classification": {"K": 0, "R": 3, "T": 3}}
    [each] = _simulate(_draft("HA-A", DISPOSED | classes)).affected
    assert set(each.changes) == {"dispose", "dispose_from", "security_class"}
    assert each.after.dispose_from == date(1645, 1, 1) and not each.is_held


def test_a_held_record_is_told_as_held_and_stays(published: Config) -> None:
    with db.archive.transaction() as session:
        record = queries.by_ref(session, "SE/LSA/T1")
        actions.place_hold(session, record, reason="tvist", actor=factories.viewer("archivist"))
    done = _simulate(_draft("HA-A", DISPOSED))
    assert [each.reference for each in done.held] == ["SE/LSA/T1/A1:1"]
    assert done.held[0].after.dispose.value == "deny"


def test_nothing_is_written_by_a_simulation(published: Config, command: Command) -> None:
    number = _draft("HA-A", {"public_view": "none"})
    with db.archive.reading() as session:
        before = session.scalar(select(func.count()).select_from(AuditEvent))
    answer = command("ihp", "simulate", number, "--unit", "HA", "--on", DAY)
    assert answer.code == 0 and "SE/LSA/T1/A1:1 (contents)" in answer.out
    with db.archive.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == before
        assert queries.by_ref(session, "SE/LSA/T1/A1:1").access == "allow"


def test_what_was_simulated_is_what_comes_to_pass(
    published: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _draft("HA-A", DISPOSED | {"public_view": "metadata"})
    [told] = _simulate(number).affected
    with db.archive.transaction() as session:
        org = accounts.need_unit(session, "HA")
        version = plans.version(session, org.id, number)
        assert version is not None
        plan_actions.consult(session, version, actor=SYSTEM)
        viewer = factories.viewer("city_archivist")
        plan_actions.decide(session, version, dnr="KS 2026-1", in_force_from=DAY, viewer=viewer)
    assert _simulate(number).affected == (told,)
    monkeypatch.setattr(clock, "today", lambda: DAY)
    with db.archive.transaction() as session:
        version = plans.version(session, org.id, number)
        assert version is not None
        access.refresh_ids(session, oversight.enter(session, version))
    record = factories.record("SE/LSA/T1/A1:1")
    assert record.access == told.after.publish.value
    assert record.dispose_after == told.after.dispose_from


def test_a_version_in_force_is_not_simulated(published: Config) -> None:
    with pytest.raises(Invalid, match="in_force"):
        _simulate(1)


def test_many_records_cost_no_more_questions_each(published: Config) -> None:
    number = _draft("HA-A", {"public_view": "metadata"})
    asked = []
    for count in (50, 350):
        factories.grow("SE/LSA/T1/A1", count, rule_code="HA-A", plan_unit_id=_unit("HA"))
        with statements() as sent:
            done = _simulate(number)
        asked.append(len(sent))
    assert len(done.affected) == 401 and asked[0] == asked[1] < 20


def test_the_answer_for_machines_has_every_record(published: Config, command: Command) -> None:
    _draft("HA-A", {"public_view": "metadata"})
    form = json.loads(command("ihp", "simulate", "--unit", "HA", "--json").out)
    assert form["withdrawn"] == ["SE/LSA/T1/A1:1"] and form["old"] == "HA v1"
    assert form["affected"][0]["before"]["publish"] == "allow"
    assert command("ihp", "simulate", "9", "--unit", "HA").code == 1
    assert command("ihp", "simulate", "--unit", "HA", "--on", "snart").code == 2
    assert command("ihp", "simulate", "--unit", "SA").code == 1


def _unit(code: str) -> int:
    with db.archive.reading() as session:
        return accounts.need_unit(session, code).id
