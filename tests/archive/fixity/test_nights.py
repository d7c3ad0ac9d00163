"""Every night a share, within the budget; what is found says in which copy."""

from __future__ import annotations

import dataclasses
import email
from collections.abc import Callable
from datetime import timedelta
from email.policy import default
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import clock, db
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.errors import Unavailable
from archive.fixity import tasks as letters
from archive.jobs import periodic, worker
from archive.jobs.models import Job, Priority
from archive.mail import tasks as mail
from archive.storage import actions, fixity, queries
from archive.storage.fixity import Pace
from archive.storage.models import FixityFinding, FixityRound, StoredObject
from archive.storage.store import Store, open_store
from tests.archive.storage.conftest import FILES
from tests.archive.storage.test_fixity import add_a_file, content, flip_a_bit, remove_a_file
from tests.command_line import Command, command

__all__ = ["command"]

PLENTY = 10**12
SIZE = 2 * sum(len(data) for _, data in FILES)  # of one object, in both copies


@pytest.fixture
def store(city: Config) -> Store:
    """Return the store of a house, without what the demo's units and plans left in it."""
    store = open_store(city)
    with db.archive.transaction() as session:
        for object_id in queries.known_ids(session):
            store.purge(object_id, decision="test")
            actions.record_purged(session, object_id)
    return store


def keep(store: Store, object_id: str, *, days_ago: float = 0) -> None:
    with clock.frozen(clock.now() - timedelta(days=days_ago)):
        stored = store.put(object_id, FILES, message="m", user=("a", None))
        with db.archive.transaction() as session:
            actions.record_stored(session, stored)


def nights() -> list[FixityRound]:
    with db.archive.reading() as session:
        return list(queries.rounds(session))


def found() -> list[tuple[str, str, str | None]]:
    with db.archive.reading() as session:
        rows = session.scalars(select(FixityFinding).order_by(FixityFinding.id))
        return [(row.copy, row.what, row.repaired_from) for row in rows]


def state_of(object_id: str) -> str:
    with db.archive.reading() as session:
        return session.get_one(StoredObject, object_id).state


@pytest.mark.parametrize("damage", [flip_a_bit, remove_a_file, add_a_file])
@pytest.mark.parametrize("copy", [0, 1])
def test_a_finding_names_the_damaged_copy_and_the_copy_that_mended_it(
    store: Store, damage: Callable[[Path], None], copy: int
) -> None:
    keep(store, "urn:a")
    damage(store.roots[copy].folder_of("urn:a"))
    assert fixity.check_night(store, Pace(90, PLENTY)).is_whole
    bad, good = str(store.roots[copy]), str(store.roots[1 - copy])
    assert [(where, source) for where, _, source in found()] == [(bad, good)]
    assert state_of("urn:a") == "repaired"
    with db.archive.reading() as session:
        query = select(AuditEvent).where(AuditEvent.action == "fixity.repaired")
        problem = session.scalars(query).one().details["problems"][0]
    assert (problem["copy"], problem["from"]) == (bad, good)


def test_the_same_file_damaged_in_both_copies_is_said_of_both_and_mended_from_none(
    store: Store,
) -> None:
    keep(store, "urn:a")
    for root in store.roots:
        flip_a_bit(root.folder_of("urn:a"))
    assert not fixity.check_night(store, Pace(90, PLENTY)).is_whole
    assert {(where, source) for where, _, source in found()} == {
        (str(root), None) for root in store.roots
    }
    assert state_of("urn:a") == "damaged"
    assert [(night.damaged, night.repaired) for night in nights()] == [(1, 0)]


def test_a_round_of_nights_reads_everything_and_no_night_reads_much_more_than_its_share(
    store: Store,
) -> None:
    for number in range(20):
        keep(store, f"urn:{number:02}")
    begun = clock.now()
    for night in range(10):
        with clock.frozen(begun + timedelta(days=night, hours=1)):
            fixity.check_night(store, Pace(10, PLENTY))
    assert {night.objects for night in nights()} == {2}
    with db.archive.reading() as session:
        assert all(row.last_checked_at > begun for row in session.scalars(select(StoredObject)))


def test_a_budget_smaller_than_one_object_still_moves_on(store: Store) -> None:
    for number in range(3):
        keep(store, f"urn:{number}", days_ago=100 - number)
    read = []
    for night in range(3):
        with clock.frozen(clock.now() + timedelta(days=night)):
            assert fixity.check_night(store, Pace(90, 1)).checked == 1
            with db.archive.reading() as session:
                newest = select(StoredObject.object_id).order_by(
                    StoredObject.last_checked_at.desc()
                )
                read.append(session.scalars(newest).first())
    assert read == ["urn:0", "urn:1", "urn:2"]


def test_no_night_reads_more_than_its_budget_even_when_all_is_overdue(store: Store) -> None:
    for number in range(5):
        keep(store, f"urn:{number}", days_ago=200)
    outcome = fixity.check_night(store, Pace(90, 2 * SIZE + 1))
    assert (outcome.checked, outcome.bytes) == (2, 2 * SIZE)
    assert nights()[0].needed_bytes == 5 * SIZE


def test_a_night_that_was_killed_half_way_goes_on_and_reads_nothing_twice(store: Store) -> None:
    for number in range(6):
        keep(store, f"urn:{number}", days_ago=100)

    class Killed(BaseException):
        pass

    def kill(done: int, total: int) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        fixity.check_night(store, Pace(90, 4 * SIZE), say=kill)
    assert [(night.objects, night.ended_at) for night in nights()] == [(2, None)]
    assert fixity.check_night(store, Pace(90, 4 * SIZE)).checked == 2
    assert [(night.objects, night.read_bytes) for night in nights()] == [(4, 4 * SIZE)]
    assert nights()[0].ended_at is not None


def test_after_the_clock_was_set_back_nothing_is_passed_over_night_after_night(
    store: Store,
) -> None:
    for number in range(4):
        keep(store, f"urn:{number}", days_ago=-400)  # written by a clock a year ahead
    flip_a_bit(store.roots[0].folder_of("urn:3"))
    with db.archive.reading() as session:
        now = queries.standing(session, 90, PLENTY, 2)
    assert now.is_undated and now.is_late and now.age_days is None
    for _ in range(4):
        fixity.check_night(store, Pace(90, SIZE))
    assert state_of("urn:3") == "repaired"
    with db.archive.reading() as session:
        assert not queries.standing(session, 90, PLENTY, 2).is_undated


def test_an_object_that_no_disk_gives_does_not_stop_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        keep(store, f"urn:{number}", days_ago=100 - number)
    check = store.check

    def broken(object_id: str, recorded: str | None = None) -> object:
        if object_id == "urn:0":
            raise Unavailable("input/output error")
        return check(object_id, recorded)

    monkeypatch.setattr(store, "check", broken)
    outcome = fixity.check_night(store, Pace(90, PLENTY))
    assert (outcome.checked, outcome.unread, outcome.is_whole) == (2, ("urn:0",), False)
    assert nights()[0].unread == 1
    with db.archive.reading() as session:  # first in line again tomorrow
        assert queries.standing(session, 90, PLENTY, 2).oldest.object_id == "urn:0"  # type: ignore[union-attr]


def test_what_is_taken_in_does_not_stand_in_line_behind_the_reading(store: Store) -> None:
    with db.archive.transaction() as session:
        periodic.ask(session)
        job = session.scalars(select(Job).where(Job.name == "storage.fixity")).one()
        assert job.priority == Priority.BEHIND


def test_who_wants_to_know_is_written_to_and_the_letter_says_nothing_of_what_it_was(
    store: Store, city: Config
) -> None:
    told = dataclasses.replace(city, fixity_mail="drift@exempel.se, arkiv@exempel.se")
    letters.install(told)
    mail.install(told)
    keep(store, "urn:hemlig")
    flip_a_bit(store.roots[0].folder_of("urn:hemlig"))
    fixity.check_night(store, Pace(90, PLENTY))
    worker.run_until_idle()
    laid = [
        email.message_from_bytes(path.read_bytes(), policy=default)
        for path in sorted((city.data_dir / "mail").glob("*.eml"))
    ]
    assert {letter["To"] for letter in laid} == {"drift@exempel.se", "arkiv@exempel.se"}
    text = laid[0].get_body().get_content()  # type: ignore[union-attr]
    assert "/desk/fixity" in text and "hemlig" not in text


def test_a_night_without_findings_writes_no_letter(store: Store, city: Config) -> None:
    letters.install(dataclasses.replace(city, fixity_mail="drift@exempel.se"))
    keep(store, "urn:a")
    fixity.check_night(store, Pace(90, PLENTY))
    worker.run_until_idle()
    assert not list((city.data_dir / "mail").glob("*.eml"))


def test_the_page_says_which_copy_was_damaged_and_which_mended_it(
    store: Store, login: Callable[[str], FlaskClient]
) -> None:
    keep(store, "urn:a")
    flip_a_bit(store.roots[1].folder_of("urn:a"))
    fixity.check_night(store, Pace(90, PLENTY))
    page = login("archivist").get("/desk/fixity").get_data(as_text=True)
    assert "urn:a" in page and "filen har ändrats" in page
    assert page.index("andra exemplaret") < page.index("första exemplaret")


def test_the_card_names_the_oldest_and_warns_when_the_budget_is_too_small(
    store: Store, app: Flask, login: Callable[[str], FlaskClient]
) -> None:
    keep(store, "urn:old", days_ago=12)
    client = login("archivist")
    page = client.get("/desk").get_data(as_text=True)
    assert "12 dygn" in page and "urn:old" in page
    app.config["STADSARKIV"] = dataclasses.replace(
        app.config["STADSARKIV"], fixity_bytes=1, fixity_days=30
    )
    page = client.get("/desk").get_data(as_text=True)
    assert "Nattens läsning räcker inte" in page


def test_the_command_line_says_the_same(store: Store, command: Command) -> None:
    keep(store, "urn:a")
    assert command("fixity", "status").code == 0
    flip_a_bit(store.roots[0].folder_of("urn:a"))
    answer = command("fixity", "object", "urn:a")
    assert answer.code == 0 and f"mended from {store.roots[1]}" in answer.out
    for root in store.roots:
        content(root.folder_of("urn:a"))[0].unlink()
    assert command("fixity", "night").code == 1
    assert "damaged and not repaired: 1" in command("fixity", "status").out


@pytest.mark.parametrize(
    ("name", "value"), [("FIXITY_DAYS", "0"), ("FIXITY_BYTES", "0"), ("FIXITY_BYTES", "1 PB")]
)
def test_a_pace_that_cannot_be_is_refused_at_the_start(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ValueError, match=name):
        Config.from_env({"STADSARKIV_DATA_DIR": str(tmp_path), f"STADSARKIV_{name}": value})
