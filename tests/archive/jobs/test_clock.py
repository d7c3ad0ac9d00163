"""A clock that was wrong and is set back: what was asked for is done, and not before its day."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from archive import clock, db
from archive.config import Config
from archive.jobs import actions, periodic, queries
from archive.jobs.models import Job

YEAR = timedelta(days=365)


def _claim() -> Job | None:
    with db.archive.transaction() as session:
        return actions.claim(session, "worker")


def _ask(**named: object) -> None:
    with db.archive.transaction() as session:
        actions.enqueue(session, "test.work", **named)  # type: ignore[arg-type]


def test_what_was_asked_for_a_year_ahead_is_done_when_the_clock_is_set_back(city: Config) -> None:
    with clock.frozen(clock.now() + YEAR):
        _ask()
    with db.archive.reading() as session:
        assert queries.is_anything_due(session) and queries.pending(session) == 1
    assert _claim() is not None


def test_what_is_asked_for_on_a_day_to_come_waits_for_it_whatever_the_clock_does(
    city: Config,
) -> None:
    now = clock.now()
    with clock.frozen(now):
        _ask(run_after=now + timedelta(days=30))
    with clock.frozen(now - timedelta(seconds=5)):
        assert _claim() is None
    with clock.frozen(now + timedelta(days=31)):
        assert _claim() is not None


def test_a_lease_given_a_year_ahead_ends_when_the_clock_is_set_back(city: Config) -> None:
    _ask()
    with clock.frozen(clock.now() + YEAR):
        assert _claim() is not None
    found = _claim()
    assert found is not None and found.attempts == 2


def test_a_lease_of_a_living_worker_survives_a_clock_set_back_by_a_minute(city: Config) -> None:
    _ask()
    assert _claim() is not None
    with clock.frozen(clock.now() - timedelta(minutes=1)):
        assert _claim() is None


def test_a_rest_after_a_failure_a_year_ahead_is_over_when_the_clock_is_set_back(
    city: Config,
) -> None:
    _ask()
    with clock.frozen(clock.now() + YEAR):
        job = _claim()
        assert job is not None
        with db.archive.transaction() as session:
            actions.give_up(session, job.id, "the disk is full", final=False)
    assert _claim() is not None


def test_what_recurs_is_asked_for_again_when_the_clock_is_set_back(city: Config) -> None:
    def count() -> int:
        with db.archive.transaction() as session:
            periodic.ask(session)
            named = select(func.count()).select_from(Job).where(Job.name == "storage.sweep")
            return session.scalar(named) or 0

    with clock.frozen(clock.now() + YEAR):
        assert count() == 1
        job = _claim()
        while job is not None:
            with db.archive.transaction() as session:
                actions.finish(session, job.id, "worker")
            job = _claim()
    assert count() == 2
    assert count() == 2


def test_a_sign_of_life_from_a_time_to_come_is_none(city: Config) -> None:
    with clock.frozen(clock.now() + YEAR), db.archive.transaction() as session:
        actions.beat(session, "dead")
    with db.archive.reading() as session:
        assert not queries.has_worker(session)
