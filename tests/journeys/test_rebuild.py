"""The database is lost: the store gives back every record, relation, secrecy and event."""

from __future__ import annotations

import json
import random
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import select

from archive import backup, clock, db, migrate
from archive.audit.actions import SYSTEM
from archive.config import ROOT, Config
from archive.edition.models import PublicRecord
from archive.errors import Conflict, Unavailable
from archive.holdings import actions as holdings
from archive.holdings import queries
from archive.holdings.models import Aip, Description, Event, File
from archive.jobs import worker
from archive.keeping import earlier, journal, writing
from archive.keeping.models import Unkept
from archive.keeping.rebuild import Rebuilt, rebuild
from archive.keeping.restoring import Restorer
from archive.storage.store import open_store
from ingest.agreements import actions as agreements
from tests import databases, factories

OPEN, SECRET = "SE/LSA/T1/A1:1", "SE/LSA/T1/F1:1"


def _canonical() -> list[str]:
    with db.archive.reading() as session:
        return list(writing.everything(session))


def _law() -> dict[str, tuple[object, ...]]:
    """Return what the law answers for every record."""
    with db.archive.reading() as session:
        rows = session.scalars(select(Description)).all()
        return {
            d.pid: (d.shown, d.access, d.decision_until, d.dispose_after, d.decided_under)
            for d in rows
        }


def _public() -> dict[str, tuple[object, ...]]:
    with db.edition.reading() as session:
        rows = session.scalars(select(PublicRecord)).all()
        return {r.pid: (r.reference, r.title, r.text, r.contents_open) for r in rows}


def _lived(city: Config, tmp_path: Path) -> None:
    """Take in an open and a secret record, then edit, publish, hold and mark."""
    what = factories.spec(factories.minutes(), factories.secret_file())
    factories.take_in(city, factories.package(tmp_path, what))
    with db.archive.transaction() as session:
        record = queries.by_ref(session, OPEN)
        terms = agreements.Terms("ÖK 2026-1", "Protokoll", record.unit_id, clock.today())
        agreements.draw_up(session, terms, viewer=factories.viewer("archivist"))
        holdings.describe(session, record, {"title": "Rådstugurättens protokoll"}, actor=SYSTEM)
        holdings.publish(session, record, viewer=factories.viewer("archivist"))
        secret = queries.by_ref(session, SECRET)
        until = clock.today() + timedelta(days=30)
        holdings.place_hold(session, secret, reason="tvist", until=until, actor=SYSTEM)
        mark = holdings.set_mark(session, secret, "OSL-26-1", authority="KS", actor=SYSTEM)
        holdings.lift_mark(session, mark, secret, reason="fel", actor=SYSTEM)
    worker.run_until_idle()


def _lose_the_database(city: Config) -> None:
    db.unbind()
    databases.lose(city.database_url)
    db.bind(city)
    migrate.upgrade()


def _rebuild(city: Config) -> Rebuilt:
    return rebuild(open_store(city), say=lambda text: None)


def test_the_store_gives_back_what_the_database_knew(city: Config, tmp_path: Path) -> None:
    _lived(city, tmp_path)
    before, law, public = _canonical(), _law(), _public()
    assert any('"kind": "record"' in line for line in before)
    _lose_the_database(city)
    done = _rebuild(city)
    assert done.problems == ()
    assert _canonical() == before
    assert _law() == law
    worker.run_until_idle()
    assert _public() == public
    assert OPEN in {values[0] for values in public.values()}


@pytest.mark.parametrize("seed", range(4))
def test_a_line_waits_for_the_row_that_a_later_batch_tells_of(
    city: Config, tmp_path: Path, seed: int
) -> None:
    _lived(city, tmp_path)
    before = _canonical()
    lines = [json.loads(line) for line in before]
    random.Random(seed).shuffle(lines)
    _lose_the_database(city)
    restorer = Restorer()
    for start in range(0, len(lines), 7):
        with db.archive.transaction() as session:
            session.info[journal.SILENT] = True
            restorer.put(session, lines[start : start + 7])
    restorer.finish()
    assert restorer.problems == [] and _canonical() == before


@pytest.mark.skipif(databases.ON_POSTGRES, reason="a server is backed up with its own tools")
def test_a_backup_waits_for_the_store_to_have_the_newest_change(
    city: Config, tmp_path: Path
) -> None:
    _lived(city, tmp_path)
    with db.archive.transaction() as session:
        record = queries.by_ref(session, OPEN)
        holdings.describe(session, record, {"title": "Ändrad nyss"}, actor=SYSTEM)
    backup.back_up(city, tmp_path / "backup")
    before = _canonical()
    _lose_the_database(city)
    assert _rebuild(city).problems == () and _canonical() == before


def test_nothing_is_left_waiting_when_the_worker_rests(city: Config, tmp_path: Path) -> None:
    _lived(city, tmp_path)
    with db.archive.reading() as session:
        assert journal.waiting(session) == 0
    last = {}
    for batch in journal.batches(open_store(city)):
        last.update({(line["kind"], json.dumps(line["key"])): line for line in batch.lines})
    kept = sorted(json.dumps(line, sort_keys=True, ensure_ascii=False) for line in last.values())
    assert kept == sorted(_canonical())


def test_a_kept_answer_of_the_law_is_no_news_for_the_store(city: Config, tmp_path: Path) -> None:
    _lived(city, tmp_path)
    with db.archive.transaction() as session:
        record = queries.by_ref(session, OPEN)
        record.decision_until = date(2030, 1, 1)
    with db.archive.reading() as session:
        assert journal.waiting(session) == 0


def test_a_rebuild_never_touches_a_database_that_holds_records(
    city: Config, tmp_path: Path
) -> None:
    _lived(city, tmp_path)
    before = _canonical()
    with pytest.raises(Conflict, match="empty"):
        _rebuild(city)
    assert _canonical() == before
    assert _public()


def test_one_lost_root_is_enough_to_rebuild_from(city: Config, tmp_path: Path) -> None:
    _lived(city, tmp_path)
    before = _canonical()
    _lose_the_database(city)
    shutil.rmtree(open_store(city).roots[0].path)
    done = _rebuild(city)
    assert done.problems == ()
    assert _canonical() == before


def test_a_batch_damaged_on_every_copy_is_told_and_not_guessed(
    city: Config, tmp_path: Path
) -> None:
    _lived(city, tmp_path)
    _lose_the_database(city)
    store = open_store(city)
    day = next(name for name in store.objects() if name.startswith(journal.PREFIX))
    for root in store.roots:
        path = root.folder_of(day) / next(iter(store.inventory(day)["manifest"].values()))[0]
        path.chmod(0o600)
        path.write_text("{}\n")
    with pytest.raises(Unavailable, match="damaged on every copy"):
        _rebuild(city)


def test_a_package_that_no_batch_tells_of_is_named(city: Config, tmp_path: Path) -> None:
    _lived(city, tmp_path)
    open_store(city).put(
        "urn:stadsarkiv:strax:00001", [("content/a", b"a")], message="nyss", user=("x", None)
    )
    _lose_the_database(city)
    assert any("urn:stadsarkiv:strax:00001" in problem for problem in _rebuild(city).problems)


def test_a_clock_that_goes_back_does_not_turn_the_order(city: Config, tmp_path: Path) -> None:
    _lived(city, tmp_path)
    with clock.frozen(clock.now() - timedelta(days=3)), db.archive.transaction() as session:
        holdings.describe(
            session, queries.by_ref(session, OPEN), {"title": "Det senaste"}, actor=SYSTEM
        )
    with clock.frozen(clock.now() - timedelta(days=3)):
        assert journal.write(open_store(city))
    _lose_the_database(city)
    _rebuild(city)
    with db.archive.reading() as session:
        assert queries.by_ref(session, OPEN).title == "Det senaste"


def test_a_worker_killed_between_store_and_row_writes_the_same_again(
    city: Config, tmp_path: Path
) -> None:
    _lived(city, tmp_path)
    with db.archive.transaction() as session:
        holdings.describe(session, queries.by_ref(session, OPEN), {"extent": "1"}, actor=SYSTEM)
    with db.archive.reading() as session:
        rows = [(row.kind, row.key) for row in session.scalars(select(Unkept))]
    assert rows
    assert journal.write(open_store(city))
    with db.archive.transaction() as session:  # as if the kill came before the rows were gone
        session.add_all(Unkept(kind=kind, key=key) for kind, key in rows)
    assert journal.write(open_store(city))
    before = _canonical()
    _lose_the_database(city)
    assert _rebuild(city).problems == ()
    assert _canonical() == before


def test_a_branch_that_moved_lies_where_it_lay_at_last_also_between_two_moves(
    city: Config, tmp_path: Path
) -> None:
    _lived(city, tmp_path)
    factories.grow(OPEN, 3)
    before = _canonical()
    with db.archive.transaction() as session:  # B lies below A, then A below B
        a, b = queries.by_ref(session, "SE/LSA/T1/A1"), queries.by_ref(session, OPEN)
        fonds = queries.by_ref(session, "SE/LSA/T1")
        first = [json.loads(line) for line in before]
        b.parent_id, b.path = fonds.id, f"{fonds.path}{b.id}/"
        session.flush()
        a.parent_id, a.path = b.id, f"{b.path}{a.id}/"
    newest = {line: json.loads(line) for line in _canonical() if line not in before}
    moved = sorted(newest.values(), key=lambda line: line["row"]["reference"])
    assert len(moved) == 2
    for order in (moved, moved[::-1]):
        _lose_the_database(city)
        restorer = Restorer()
        for batch in (first, order[:1], order[1:]):
            with db.archive.transaction() as session:
                session.info[journal.SILENT] = True
                restorer.put(session, batch)
        restorer.finish()
        assert restorer.problems == []
        with db.archive.reading() as session:
            rows = {row.id: row for row in session.scalars(select(Description))}
        for row in rows.values():
            above = rows[row.parent_id].path if row.parent_id else "/"
            assert row.path == f"{above}{row.id}/", row.reference


@pytest.mark.parametrize("seed", range(5))
def test_events_of_one_instant_come_back_as_many_as_they_were(
    city: Config, tmp_path: Path, seed: int
) -> None:
    drawn = random.Random(seed)
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    moments = [clock.now() + timedelta(microseconds=n) for n in range(2)]
    with db.archive.transaction() as session:
        aips = session.scalars(select(Aip.id)).all()
        files = [*session.scalars(select(File.id)), None]
        session.add_all(
            Event(
                aip_id=drawn.choice(aips),
                file_id=drawn.choice(files),
                kind=drawn.choice(["validation", "fixity check"]),
                at=drawn.choice(moments),
                outcome=drawn.choice(["success", "failure"]),
                detail=drawn.choice([{}, {"note": "åäö"}]),
                agent=drawn.choice(["a", "b"]),
            )
            for _ in range(60)
        )
    worker.run_until_idle()
    before = _canonical()
    _lose_the_database(city)
    assert _rebuild(city).problems == () and _canonical() == before


def test_lines_of_events_that_had_no_id_yet_are_still_read_each_for_itself(
    city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    with db.archive.reading() as session:
        aip = session.scalars(select(Aip)).first()
    assert aip is not None
    row = {"aip": aip.object_id, "file": None, "kind": "validation", "outcome": "success",
           "at": "2026-01-01T00:00:00+00:00", "detail": {}, "agent": "x"}  # fmt: skip
    key = [aip.object_id, None, "validation", row["at"]]
    old = [
        {"kind": "event", "key": key, "row": row},
        {"kind": "event", "key": key, "row": row | {"outcome": "failure"}},
        {"kind": "event", "key": key, "row": row},  # written again after a kill
    ]
    restorer = Restorer()
    with db.archive.transaction() as session:
        restorer.put(session, old)
        restorer.put(session, old)
    restorer.finish()
    with db.archive.reading() as session:
        found = session.scalars(select(Event.outcome).where(Event.agent == "x")).all()
    assert restorer.problems == [] and sorted(found) == ["failure", "success"]


@pytest.mark.skipif(databases.ON_POSTGRES, reason="the migration is run on a file here")
def test_events_of_before_the_migration_get_the_ids_that_their_lines_are_read_with(
    city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    with db.archive.transaction() as session:
        aip_id = session.scalars(select(Aip.id)).first()
        moment = clock.now()
        session.add_all(
            Event(aip_id=aip_id, kind="twin", at=moment, outcome="ok", detail={"ö": 1}, agent="x")
            for _ in range(2)
        )
    worker.run_until_idle()
    _as_before("archive_0018")
    migrate.upgrade()
    with db.archive.reading() as session:
        waiting = [row.kind for row in session.scalars(select(Unkept))]
        lines = [json.loads(line) for line in writing.everything(session)]
    read = [line for line in lines if line["kind"] == "event"]
    bare = [{**line, "row": {k: v for k, v in line["row"].items() if k != "pid"}} for line in read]
    same = [
        earlier.as_today(line)["key"] == one["key"] for line, one in zip(bare, read, strict=True)
    ]
    assert same.count(False) == 1  # of two that are alike in everything the second is told anew
    assert waiting == ["event"]


def _as_before(revision: str) -> None:
    """Take the archive database back to the schema of before a migration."""
    settings = AlembicConfig(str(ROOT / "setup.cfg"))
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    settings.attributes.update(which="archive", engine=db.archive.engine)
    before = ScriptDirectory.from_config(settings).get_revision(revision).down_revision
    command.downgrade(settings, str(before))
