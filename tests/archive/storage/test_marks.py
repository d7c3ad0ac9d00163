"""A disk that is not the one the archive knows is neither written to nor believed."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import backup, db, migrate
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.errors import Unavailable
from archive.jobs import worker
from archive.jobs.models import Job
from archive.keeping import journal
from archive.keeping.rebuild import rebuild
from archive.storage import actions, fixity, queries
from archive.storage.models import StoreRoot
from archive.storage.store import Store, open_store
from tests import databases, factories
from tests.archive.storage.conftest import FILES, ID, complaints, put
from tests.command_line import Command, command
from tests.conftest import config_in

__all__ = ["command"]


def keep(store: Store) -> None:
    stored = put(store)
    with db.archive.transaction() as session:
        actions.record_stored(session, stored)


def unmount(city: Config, name: str = "copy") -> Path:
    """Take a root's disk away as `umount` does: root, staging and mark, all at once."""
    away = city.data_dir / "disk"
    away.mkdir(exist_ok=True)
    for path in list(city.data_dir.glob(f"{name}*")):
        path.rename(away / path.name)
    return away


def mount(city: Config) -> None:
    for path in list((city.data_dir / "disk").iterdir()):
        path.rename(city.data_dir / path.name)


def forget_marks(city: Config) -> None:
    """Make the house one of a release that knew no marks."""
    with db.archive.transaction() as session:
        for row in session.scalars(select(StoreRoot)):
            session.delete(row)
    for path in city.data_dir.glob("*.mark"):
        path.unlink()


def marks(city: Config) -> list[str]:
    return [path.read_text() for path in sorted(city.data_dir.glob("*.mark"))]


@pytest.mark.parametrize("name", ["store", "copy"])
def test_a_disk_that_is_not_mounted_is_told_and_nothing_is_written_in_its_place(
    city: Config, name: str
) -> None:
    keep(open_store(city))
    unmount(city, name)
    store = open_store(city)
    with pytest.raises(Unavailable, match="stadsarkiv store adopt"):
        store.put("urn:new", FILES, message="m", user=("a", None))
    with pytest.raises(Unavailable, match="adopt"):
        fixity.check_round(store)
    with pytest.raises(Unavailable, match="adopt"):
        store.sweep(set())
    with pytest.raises(Unavailable, match="adopt"):
        store.purge(ID, decision="KS 1")
    assert list(city.data_dir.glob(f"{name}*")) == []
    assert store.read(ID, "metadata/records.json") == b"{}"
    assert ID in set(store.objects()) and store.exists(ID)
    mount(city)
    assert open_store(city).put("urn:new", FILES, message="m", user=("a", None))


def test_a_disk_that_goes_while_the_store_is_open_is_not_written_past(city: Config) -> None:
    store = open_store(city)
    unmount(city)
    for folder in ("copy", "copy.staging"):
        (city.data_dir / folder).mkdir()
    with pytest.raises(Unavailable, match="adopt"):
        put(store)
    assert list((city.data_dir / "copy").rglob("*")) == []


def test_an_empty_root_that_an_earlier_release_made_at_the_mount_point_is_refused(
    city: Config,
) -> None:
    keep(open_store(city))
    forget_marks(city)
    shutil.rmtree(city.data_dir / "copy")
    (city.data_dir / "copy").mkdir()
    with pytest.raises(Unavailable, match="adopt"):
        put(open_store(city))
    assert list((city.data_dir / "copy").iterdir()) == []


def test_another_archives_disk_is_refused_though_it_is_a_store(
    city: Config, tmp_path: Path
) -> None:
    keep(open_store(city))
    other = config_in(tmp_path / "other")
    db.unbind()
    open_store(other)
    db.bind(city)
    unmount(city)
    for path in list(other.data_dir.glob("copy*")):
        path.rename(city.data_dir / path.name)
    with pytest.raises(Unavailable, match="another"):
        put(open_store(city))


def test_disks_that_have_changed_places_are_refused(city: Config) -> None:
    keep(open_store(city))
    turned = dataclasses.replace(
        city, storage_url=city.storage_copy_url, storage_copy_url=city.storage_url
    )
    with pytest.raises(Unavailable, match="another"):
        put(open_store(turned))


def test_a_store_of_an_earlier_release_gets_its_marks_and_stays_a_valid_ocfl_root(
    city: Config,
) -> None:
    keep(open_store(city))
    forget_marks(city)
    store = open_store(city)
    assert len(set(marks(city))) == 2
    with db.archive.reading() as session:
        assert {row.mark for row in session.scalars(select(StoreRoot))} == set(marks(city))
    assert complaints(store) == []


def test_a_root_that_was_moved_without_its_mark_is_known_by_what_it_holds(city: Config) -> None:
    keep(open_store(city))
    before = marks(city)
    (city.data_dir / "copy.mark").unlink()
    keep(open_store(city))
    assert len(marks(city)) == 2 and marks(city)[1] == before[1]


def test_a_new_disk_is_filled_when_the_operator_says_that_it_is_new(
    city: Config, command: Command
) -> None:
    keep(open_store(city))
    shutil.rmtree(unmount(city))
    shown = command("store", "status")
    assert shown.code == 1 and "adopt" in shown.out
    place = city.data_dir / "copy"
    assert command("store", "adopt", "/nowhere").code == 1
    assert command("store", "adopt", place).code == 0
    store = open_store(city)
    assert fixity.check_round(store).is_whole
    assert store.roots[1].folder_of(ID).is_dir() and complaints(store) == []
    assert command("store", "status").code == 0
    assert "fits already" in command("store", "adopt", place).err
    with db.archive.reading() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "store.adopt"))
        assert [event.details["place"] for event in events] == [str(place)]


def test_a_new_disk_puts_every_object_first_in_line_for_the_nights(
    city: Config, command: Command
) -> None:
    keep(open_store(city))
    shutil.rmtree(unmount(city))
    assert command("store", "adopt", city.data_dir / "copy").code == 0
    fixity.check_night(open_store(city), fixity.Pace(90, 10**12))
    with db.archive.reading() as session:
        known = queries.known_ids(session)
    store = open_store(city)
    assert all(store.roots[1].folder_of(name).is_dir() for name in known)


def test_no_empty_disk_is_taken_where_no_other_copy_is_left(city: Config, command: Command) -> None:
    keep(open_store(city))
    for name in ("store", "copy"):
        unmount(city, name)
    answer = command("store", "adopt", city.data_dir / "copy")
    assert answer.code == 1 and "no other copy" in answer.err
    assert list(city.data_dir.glob("copy*")) == []


def test_the_journal_waits_and_the_dashboard_says_why(
    city: Config, login: Callable[[str], FlaskClient]
) -> None:
    keep(open_store(city))
    unmount(city)
    page = login("archivist").get("/desk").text
    assert "Disk som saknas" in page and str(city.data_dir / "copy") in page
    with db.archive.transaction() as session:
        factories.accounts.need_unit(session, "HA").name = "Hamnarkivet"
    with db.archive.reading() as session:
        before = journal.waiting(session)
    assert before
    with pytest.raises(Unavailable, match="adopt"):
        journal.write_all(open_store(city))
    with db.archive.reading() as session:
        assert journal.waiting(session) == before


def test_a_delivery_waits_with_the_reason_until_the_disk_is_back(
    city: Config, tmp_path: Path
) -> None:
    worker.run_until_idle()
    unmount(city)
    package = factories.package(tmp_path, factories.spec(factories.minutes()))
    factories.take_in(city, package)
    with db.archive.reading() as session:
        job = session.scalars(select(Job).where(Job.name == "ingest.accession")).one()
    assert job.state == "queued" and "adopt" in (job.error or "")
    assert list(city.data_dir.glob("copy*")) == []


@pytest.mark.skipif(databases.ON_POSTGRES, reason="the database is a file here")
def test_a_lost_database_takes_the_marks_of_the_store_that_it_is_rebuilt_from(
    city: Config,
) -> None:
    worker.run_until_idle()
    before = marks(city)
    _lose_the_database(city)
    assert rebuild(open_store(city), say=lambda line: None).problems == ()
    with db.archive.reading() as session:
        assert sorted(row.mark for row in session.scalars(select(StoreRoot))) == sorted(before)


@pytest.mark.skipif(databases.ON_POSTGRES, reason="the database is a file here")
def test_a_lost_database_and_a_disk_that_is_away_come_back_from_the_other_disk(
    city: Config, command: Command
) -> None:
    worker.run_until_idle()
    shutil.rmtree(unmount(city, "store"))
    _lose_the_database(city)
    assert rebuild(open_store(city), say=lambda line: None).problems == ()
    assert list(city.data_dir.glob("store*")) == []
    assert command("store", "adopt", city.data_dir / "store").code == 0
    assert fixity.check_round(open_store(city)).is_whole
    keep(open_store(city))


@pytest.mark.skipif(databases.ON_POSTGRES, reason="a server is backed up with its own tools")
@pytest.mark.parametrize("name", ["store", "copy"])
def test_a_backup_is_taken_from_the_disk_that_is_there_and_restored_to_both(
    city: Config, tmp_path: Path, name: str
) -> None:
    keep(open_store(city))
    unmount(city, name)
    backup.back_up(city, tmp_path / "backup")
    db.unbind()
    fresh = config_in(tmp_path / "fresh")
    backup.restore(fresh, tmp_path / "backup")
    db.bind(fresh)
    store = open_store(fresh)
    assert fixity.check_round(store).found == () and complaints(store) == []
    keep(store)


def _lose_the_database(city: Config) -> None:
    db.unbind()
    databases.lose(city.database_url)
    db.bind(city)
    migrate.upgrade()
