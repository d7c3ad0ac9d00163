"""A record is moved with its branch: no ring, no wrong order, the law anew, and taken back."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import clock, db, migrate
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit, Role
from archive.accounts.permissions import Viewer
from archive.audit import queries as audits
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.describing import actions, moving, undo
from archive.describing.actions import Identity
from archive.edition.models import PublicRecord
from archive.errors import Conflict, Invalid, Refused
from archive.history import queries as histories
from archive.history.models import FormerReference
from archive.holdings import access, finding, queries
from archive.holdings import actions as holdings
from archive.holdings.models import Description, Level, Stale
from archive.jobs import worker
from archive.keeping import journal, writing
from archive.keeping import rebuild as rebuilding
from archive.storage.store import open_store
from tests import counting, databases, factories

VOLUME, SECRET = "SE/LSA/T1/A1:1", "SE/LSA/T1/F1:1"
OPEN = {"rights": "free", "living_persons": "no", "personal_data": "none"}


@pytest.fixture
def held(city: Config, tmp_path: Path) -> Config:
    """A fonds with an open file of five leaves and a secret file, published; and a new series."""
    leaves = (factories.minutes(), factories.secret_file())
    factories.take_in(city, factories.package(tmp_path, factories.spec(*leaves)))
    factories.grow(VOLUME, 5)
    _describe("SE/LSA/T1", "series", "SE/LSA/T1/B1", title="Ömsom vin")
    with db.archive.transaction() as session:
        fonds = queries.by_ref(session, "SE/LSA/T1")
        access.refresh_branch(session, fonds)
        holdings.publish_branch(session, fonds, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    return city


def _describe(parent: str | None, level: str, code: str, unit: str = "HA", **given: object) -> None:
    with db.archive.transaction() as session:
        above = queries.by_ref(session, parent) if parent else None
        whose, plan = accounts.need_unit(session, unit), accounts.need_unit(session, "SA")
        row = Identity(Level(level), [code], whose, plan, "SA-007", clock.today())
        values = {"title": "Titel", "date_text": "1700-1750"} | OPEN | given
        who = factories.viewer("archivist")
        actions.describe_new(session, above, row, values, reason=None, viewer=who)


def _closed_volume() -> str:
    """Make a volume that is marked secret, beside the open file; return its reference."""
    _describe("SE/LSA/T1/B1", "volume", "SE/LSA/T1/B1:9", date_text="2020")
    with db.archive.transaction() as session:
        volume = queries.by_ref(session, "SE/LSA/T1/B1:9")
        who = factories.viewer("archivist")
        holdings.set_mark(session, volume, "OSL-26-1", authority="KS", actor=who)
    return "SE/LSA/T1/B1:9"


def _look(what: str, to: str, code: str = "", role: str = "archivist") -> moving.Preview:
    with db.archive.reading() as session:
        record, parent = queries.by_ref(session, what), queries.by_ref(session, to)
        return moving.preview(session, record, parent, code, factories.viewer(role))


def _move(what: str, to: str, code: str = "", digest: str = "", reason: str = "rätt serie") -> None:
    digest = digest or _look(what, to, code).digest
    with db.archive.transaction() as session:
        record, parent = queries.by_ref(session, what), queries.by_ref(session, to)
        moving.move(
            session, record, parent, reference=code, reason=reason, digest=digest,
            viewer=factories.viewer("archivist"),
        )  # fmt: skip


def _take_back(reference: str) -> None:
    with db.archive.transaction() as session:
        record = queries.by_ref(session, reference)
        newest = session.scalars(histories.of_record(record.pid)).first()
        assert newest is not None
        changes = histories.bundle_of(session, record.pid, newest.pid)
        undo.take_back(session, changes, reason="", viewer=factories.viewer("archivist"))


def _other_unit(session: Session) -> OrgUnit:
    return next(u for u in session.scalars(accounts.units()) if u.code not in {"HA", "SA"})


def _paths_are_right() -> None:
    with db.archive.reading() as session:
        rows = {row.id: row for row in session.scalars(select(Description))}
    for row in rows.values():
        above = rows[row.parent_id].path if row.parent_id else "/"
        assert row.path == f"{above}{row.id}/", row.reference


def _on_the_web() -> set[str]:
    with db.edition.reading() as session:
        return set(session.scalars(select(PublicRecord.reference)))


def test_a_branch_moves_whole_and_nothing_else_does(held: Config) -> None:
    seen = _look(VOLUME, "SE/LSA/T1/B1")
    assert [each.reference for each in seen.way] == ["SE/LSA/T1", "SE/LSA/T1/B1"]
    assert (seen.count, seen.changes_unit, list(seen.effects.closes)) == (6, False, [])
    assert factories.record(VOLUME).parent_id != factories.record("SE/LSA/T1/B1").id
    _move(VOLUME, "SE/LSA/T1/B1")
    moved = factories.record(VOLUME)
    assert moved.parent_id == factories.record("SE/LSA/T1/B1").id
    assert factories.record(SECRET).parent_id == factories.record("SE/LSA/T1/A1").id
    _paths_are_right()
    with db.archive.reading() as session:
        assert len(set(session.scalars(select(Stale.description_id)))) == 6
        told = select(func.count()).where(AuditEvent.action == "record.move")
        assert session.scalar(told) == 1 and not list(audits.verify(session))
        change = session.scalars(histories.of_record(moved.pid)).first()
        assert change is not None and (change.deed, change.reason) == ("move", "rätt serie")
    worker.run_until_idle()
    with db.edition.reading() as session:
        row = session.scalars(select(PublicRecord).where(PublicRecord.pid == moved.pid)).one()
        assert row.parent_pid == factories.record("SE/LSA/T1/B1").pid


def test_no_record_comes_to_lie_below_itself(held: Config) -> None:
    _describe("SE/LSA/T1/B1", "series", "SE/LSA/T1/B1/1")
    _describe("SE/LSA/T1/B1/1", "series", "SE/LSA/T1/B1/1/1")
    for below in ("SE/LSA/T1/B1", "SE/LSA/T1/B1/1", "SE/LSA/T1/B1/1/1"):
        with pytest.raises(Conflict, match="below itself"):
            _look("SE/LSA/T1/B1", below)
        with pytest.raises(Conflict, match="below itself"):
            _move("SE/LSA/T1/B1", below, digest="x")
    _paths_are_right()


@pytest.mark.parametrize(
    ("what", "to"),
    [("SE/LSA/T1/A1", VOLUME), (VOLUME, SECRET), ("SE/LSA/T1", "SE/LSA/T1/B1")],
)
def test_levels_only_go_downward(held: Config, what: str, to: str) -> None:
    with pytest.raises((Invalid, Conflict)):
        _move(what, to, digest="x")


def test_what_closes_by_a_move_has_left_the_web_before_the_move_is_done(held: Config) -> None:
    closed = _closed_volume()
    before = _on_the_web()
    assert VOLUME in before
    seen = _look(VOLUME, closed)
    assert len(seen.effects.closes) == 6 and len(seen.effects.withdraws) == 6
    assert _on_the_web() == before, "a look withdraws nothing"
    with db.archive.transaction() as session:
        record, parent = queries.by_ref(session, VOLUME), queries.by_ref(session, closed)
        moving.move(
            session, record, parent, reason="fel", digest=seen.digest,
            viewer=factories.viewer("archivist"),
        )  # fmt: skip
        assert VOLUME not in _on_the_web(), "the edition does not wait for the commit"
    assert factories.record(VOLUME).access == "deny"
    worker.run_until_idle()
    leaf = before - _on_the_web() - {VOLUME}
    assert len(leaf) == 5
    _take_back(VOLUME)
    worker.run_until_idle()
    assert _on_the_web() >= before
    _paths_are_right()


def test_the_look_tells_what_would_open(held: Config) -> None:
    closed = _closed_volume()
    _move(VOLUME, closed)
    seen = _look(VOLUME, "SE/LSA/T1/B1")
    assert len(seen.effects.opens) == 6 and not seen.effects.closes


def test_a_move_is_taken_back_to_the_place_it_came_from(held: Config) -> None:
    before = factories.record(VOLUME)
    _move(VOLUME, "SE/LSA/T1/B1")
    _take_back(VOLUME)
    after = factories.record(VOLUME)
    assert (after.path, after.parent_id, after.position) == (
        before.path, before.parent_id, before.position,
    )  # fmt: skip
    _paths_are_right()


def test_a_move_that_was_followed_by_another_cannot_be_taken_back(held: Config) -> None:
    _describe("SE/LSA/T1", "series", "SE/LSA/T1/C1")
    _move(VOLUME, "SE/LSA/T1/B1")
    with db.archive.reading() as session:
        pid = factories.record(VOLUME).pid
        first = session.scalars(histories.of_record(pid)).first()
        assert first is not None
    _move(VOLUME, "SE/LSA/T1/C1")
    with db.archive.transaction() as session, pytest.raises(Conflict, match="moved again"):
        undo.take_back(session, [first], reason="", viewer=factories.viewer("archivist"))
        session.rollback()
    _paths_are_right()


def test_a_move_goes_back_only_by_who_may_describe_where_it_goes(held: Config) -> None:
    _move(VOLUME, "SE/LSA/T1/B1")
    with db.archive.transaction() as session:
        own, other = accounts.need_unit(session, "HA"), _other_unit(session)
        queries.by_ref(session, "SE/LSA/T1/A1").unit_id = other.id
        change = session.scalars(histories.of_record(factories.record(VOLUME).pid)).first()
    narrow = Viewer(1, "a@demo.example", "A", "sv", {Role.ARCHIVIST: frozenset({own.id})})
    assert change is not None
    with db.archive.transaction() as session, pytest.raises(Refused):
        undo.take_back(session, [change], reason="", viewer=narrow)
        session.rollback()
    assert factories.record(VOLUME).parent_id == factories.record("SE/LSA/T1/B1").id


def test_the_old_place_may_not_have_come_to_lie_below_what_goes_back(held: Config) -> None:
    _describe("SE/LSA/T1/B1", "series", "SE/LSA/T1/B1/1")
    _move("SE/LSA/T1/B1/1", "SE/LSA/T1/A1")
    _move("SE/LSA/T1/B1", "SE/LSA/T1/B1/1")
    with pytest.raises(Conflict, match="below itself"):
        _take_back("SE/LSA/T1/B1/1")
    _paths_are_right()


def test_the_unit_follows_the_place_and_both_units_are_asked(held: Config) -> None:
    with db.archive.reading() as session:
        other = _other_unit(session)
    _describe(None, "fonds", "SE/LSA/9", unit=other.code)
    _describe("SE/LSA/9", "series", "SE/LSA/9/A1", unit=other.code)
    seen = _look(VOLUME, "SE/LSA/9/A1")
    assert seen.changes_unit and seen.units[1].id == other.id
    _move(VOLUME, "SE/LSA/9/A1")
    with db.archive.reading() as session:
        path = factories.record(VOLUME).path
        below = select(Description.unit_id).where(Description.path.startswith(path))
        assert set(session.scalars(below)) == {other.id}
        bundle = session.scalars(histories.of_record(factories.record(VOLUME).pid)).first()
        assert bundle is not None and histories.sizes(session, [bundle.bundle])[bundle.bundle] == 6
    _take_back(VOLUME)
    assert factories.record(VOLUME).unit_id != other.id
    _paths_are_right()


def test_who_may_describe_in_one_unit_only_can_neither_look_nor_find(held: Config) -> None:
    with db.archive.reading() as session:
        other, own = _other_unit(session), accounts.need_unit(session, "HA")
    narrow = Viewer(1, "a@demo.example", "A", "sv", {Role.ARCHIVIST: frozenset({own.id})})
    _describe(None, "fonds", "SE/LSA/9", unit=other.code, title="Hemliga fonden")
    with db.archive.reading() as session:
        record, parent = queries.by_ref(session, VOLUME), queries.by_ref(session, "SE/LSA/9")
        with pytest.raises(Refused):
            moving.preview(session, record, parent, "", narrow)
        assert moving.places_for(session, record, "Hemliga", narrow) == []
        found = moving.places_for(session, record, "SE/LSA", narrow)
        assert {each.reference for each in found} >= {"SE/LSA/T1", "SE/LSA/T1/B1"}
    with db.archive.transaction() as session, pytest.raises(Refused):
        record, parent = queries.by_ref(session, VOLUME), queries.by_ref(session, "SE/LSA/9")
        moving.move(session, record, parent, reason="x", digest="x", viewer=narrow)


def test_places_are_found_by_words_in_any_case_and_never_in_the_own_branch(held: Config) -> None:
    with db.archive.reading() as session:
        record = queries.by_ref(session, VOLUME)
        who = factories.viewer("archivist")
        found = [each.reference for each in moving.places_for(session, record, "VIN ömsom", who)]
        series = queries.by_ref(session, "SE/LSA/T1/A1")
        below = moving.places_for(session, series, "SE/LSA/T1", who)
        assert moving.places_for(session, record, "100%_", who) == []
    assert found == ["SE/LSA/T1/B1"]
    assert [each.reference for each in below] == ["SE/LSA/T1/B1"]


def test_a_new_code_is_free_and_the_old_one_still_leads_there(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    with pytest.raises(Conflict, match=f"{SECRET} is taken"):
        _look(VOLUME, "SE/LSA/T1/B1", SECRET)
    _move(VOLUME, "SE/LSA/T1/B1", "SE/LSA/T1/B1:1")
    pid = factories.record("SE/LSA/T1/B1:1").pid
    worker.run_until_idle()
    client = login("archivist")
    for asked in (VOLUME, VOLUME.lower()):
        page = client.get("/desk/holdings", query_string={"q": asked}).text
        assert f'/desk/holdings/{pid}"' in page and "1 träff" in page
    with db.archive.reading() as session:
        other = _other_unit(session)
        stranger = Viewer(1, "a@demo.example", "A", "sv", {Role.ARCHIVIST: frozenset({other.id})})
        found = finding.find(session, held, {"q": VOLUME}, stranger)
        assert (found.records, found.total) == ([], 0)
    with pytest.raises(Conflict, match="is taken"):
        _look(SECRET, "SE/LSA/T1/B1", VOLUME)
    _take_back("SE/LSA/T1/B1:1")
    assert factories.record(VOLUME).pid == pid
    with db.archive.reading() as session:
        rows = session.execute(select(FormerReference.reference, FormerReference.record_pid)).all()
    assert set(rows) == {(VOLUME, pid), ("SE/LSA/T1/B1:1", pid)}
    _move(VOLUME, "SE/LSA/T1/B1", "SE/LSA/T1/B1:1")


def test_a_delivery_that_names_the_old_code_finds_the_record_where_it_lies_now(
    held: Config, tmp_path: Path
) -> None:
    _move("SE/LSA/T1/A1", "SE/LSA/T1/B1", "SE/LSA/T1/B1/1")
    leaf = factories.minutes("Rådstuguprotokoll 1635", reference="SE/LSA/T1/A1:2", key="ny")
    what = factories.spec(leaf, object_id="nytt")
    factories.take_in(held, factories.package(tmp_path, what))
    new = factories.record("SE/LSA/T1/A1:2")
    assert new.parent_id == factories.record("SE/LSA/T1/B1/1").id
    _move(VOLUME, "SE/LSA/T1/B1", "SE/LSA/T1/B1:1")
    again = factories.minutes("En annan handling", key="annan")
    what = factories.spec(again, object_id="annan")
    transfer = factories.take_in(held, factories.package(tmp_path, what))
    assert transfer.state not in {"accepted", "accessioned"}
    _paths_are_right()


def test_what_moved_since_the_look_and_a_missing_reason_stop_the_move(held: Config) -> None:
    digest = _look(VOLUME, "SE/LSA/T1/B1").digest
    _describe("SE/LSA/T1", "series", "SE/LSA/T1/C1")
    _move("SE/LSA/T1/B1", "SE/LSA/T1/C1")
    with pytest.raises(Conflict, match="look again"):
        _move(VOLUME, "SE/LSA/T1/B1", digest=digest)
    with pytest.raises(Invalid, match="say why"):
        _move(VOLUME, "SE/LSA/T1/B1", reason=" ")
    with pytest.raises(Conflict, match="lies there already"):
        _move(VOLUME, "SE/LSA/T1/A1", digest="x")


def test_a_move_costs_as_many_questions_for_five_leaves_as_for_sixty(held: Config) -> None:
    with counting.statements() as few:
        _move(VOLUME, "SE/LSA/T1/B1")
    _take_back(VOLUME)
    factories.grow(VOLUME, 55)
    with db.archive.transaction() as session:
        access.refresh_branch(session, queries.by_ref(session, VOLUME))
    with counting.statements() as many:
        _move(VOLUME, "SE/LSA/T1/B1")
    assert len(many) <= len(few) + 4


def test_the_store_gives_back_the_whole_branch_where_it_lies_now(held: Config) -> None:
    store = open_store(held)
    journal.write_all(store)
    _move(VOLUME, "SE/LSA/T1/B1", "SE/LSA/T1/B1:1")
    journal.write_all(store)
    before = _kept()
    db.unbind()
    databases.lose(held.database_url)
    db.bind(held)
    migrate.upgrade()
    assert rebuilding.rebuild(store, say=lambda text: None).problems == ()
    assert _kept() == before and any('"former_reference"' in line for line in before)
    _paths_are_right()


def _kept() -> list[str]:
    with db.archive.reading() as session:
        return list(writing.everything(session))


def test_a_record_is_moved_at_the_desk_without_script(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client, pid = login("archivist"), factories.record(VOLUME).pid
    page = client.get(f"/desk/holdings/{pid}/move", query_string={"q": "SE/LSA/T1/B1"}).text
    to = factories.record("SE/LSA/T1/B1").pid
    assert f'value="{to}"' in page
    sent = {"csrf_token": _token(page), "reason": "rätt serie"}
    answer = client.post(f"/desk/holdings/{pid}/move/preview?q=SE/LSA/T1/B1", data=sent)
    assert answer.status_code == 422 and f'value="{to}"' in answer.text
    page = client.post(f"/desk/holdings/{pid}/move/preview", data=sent | {"to": to}).text
    assert "6 poster flyttas" in page
    digest = re.search(r'name="digest" value="(\w+)"', page)
    assert digest is not None
    last = sent | {"to": to, "digest": digest[1], "csrf_token": _token(page)}
    answer = client.post(f"/desk/holdings/{pid}/move", data=last, follow_redirects=True)
    assert "Flytten kan ångras" in answer.text
    assert factories.record(VOLUME).parent_id == factories.record("SE/LSA/T1/B1").id
    history = client.get(f"/desk/holdings/{pid}/history").text
    assert "Ligger under" in history and "SE/LSA/T1/B1" in history


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return html.unescape(found[1])
