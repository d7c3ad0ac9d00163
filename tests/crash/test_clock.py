"""A clock that is a year ahead, or set back, while a delivery comes in: nothing lost."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import clock, db
from archive.config import Config
from archive.jobs import actions as jobs
from archive.jobs import periodic, worker
from archive.jobs.models import Job, JobState
from archive.storage.store import open_store
from ingest import submission
from tests.crash import house

YEAR = timedelta(days=365)


def _step(name: str = "worker") -> bool:
    return worker.run_once(name, is_patient=True)


@pytest.mark.parametrize("steps", [0, 1, 2, 4])
@pytest.mark.parametrize("jump", [YEAR, -YEAR], ids=["ahead", "back"])
def test_a_clock_that_jumps_after_any_step_and_is_set_right_later_holds_nothing_up(
    city: Config, tmp_path: Path, steps: int, jump: timedelta
) -> None:
    path = house.package(tmp_path)
    now = clock.now()
    with clock.frozen(now + jump if steps == 0 else now):
        house.hand_in(city, path)
    for _ in range(steps - 1):
        _step()
    with clock.frozen(now + jump):
        with db.archive.transaction() as session:
            periodic.ask(session)
        _step()
    with clock.frozen(now + timedelta(minutes=5)):
        house.work()
        house.publish()
        house.work()
    assert house.complaints(city) + house.unfinished(city) + house.strays(city) == []


def test_a_worker_that_died_while_the_clock_was_ahead_is_noticed_when_it_is_set_back(
    city: Config, tmp_path: Path
) -> None:
    house.hand_in(city, house.package(tmp_path))
    with clock.frozen(clock.now() + YEAR), db.archive.transaction() as session:
        assert jobs.claim(session, "dead") is not None
    house.work()
    house.publish()
    house.work()
    assert house.complaints(city) + house.unfinished(city) == []


def test_the_sweep_of_a_wrong_clock_takes_nothing_that_is_about_to_have_its_row(
    city: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.hand_in(city, house.package(tmp_path))
    put_all = submission.store_submission

    def put_and_sweep(*given: object) -> object:
        stored = put_all(*given)  # type: ignore[arg-type]
        with clock.frozen(clock.now() + YEAR):
            _sweep_as_another()
        return stored

    monkeypatch.setattr(submission, "store_submission", put_and_sweep)
    house.work()
    house.publish()
    house.work()
    assert house.complaints(city) + house.unfinished(city) + house.strays(city) == []


def _sweep_as_another() -> None:
    """Let a second worker do the day's work, as one whose lease is good."""
    with db.archive.transaction() as session:
        periodic.ask(session)
        for job in session.scalars(select(Job).where(Job.state == JobState.RUNNING)):
            job.lease_until = clock.now() + jobs.LEASE  # as the living worker's thread does
    while worker.run_once("another", drains=False):
        pass


@pytest.mark.parametrize("is_ahead", [True, False])
def test_a_draft_that_a_wrong_clock_sweeps_is_told_and_written_again(
    city: Config, is_ahead: bool
) -> None:
    store = open_store(city)
    root = store.roots[0]
    with root.draft() as draft, clock.frozen(clock.now() + YEAR) if is_ahead else nullcontext():
        root.sweep(7 * 86400)
        assert draft.exists() != is_ahead
