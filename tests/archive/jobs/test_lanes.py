"""What nobody waits for is done behind: it never stands before a delivery."""

from __future__ import annotations

import threading
import time

import pytest

from archive import db
from archive.config import Config
from archive.jobs import actions, queries, worker
from archive.jobs.models import Job, JobState, Priority
from archive.jobs.worker import Running


@pytest.fixture
def done(city: Config) -> list[str]:
    """The names of the jobs that have been run, in order; each job is called by its argument."""
    names: list[str] = []

    @worker.handler("test.note")
    def note(running: Running) -> None:
        names.append(running.args["what"])

    return names


def ask(what: str, priority: int, name: str = "test.note") -> None:
    with db.archive.transaction() as session:
        actions.enqueue(session, name, priority=priority, what=what)


def test_the_most_urgent_is_taken_first_and_what_is_behind_only_when_asked(
    done: list[str],
) -> None:
    ask("read", Priority.LAST)
    ask("tiles", Priority.BEHIND)
    ask("delivery", Priority.FRONT)
    worker.run_until_idle()
    assert done == ["delivery"]
    worker.run_until_idle(behind=True)
    assert done == ["delivery", "tiles", "read"]


def test_a_delivery_does_not_wait_for_a_page_that_is_being_read(done: list[str]) -> None:
    reading, may_end = threading.Event(), threading.Event()

    @worker.handler("test.slow")
    def slow(running: Running) -> None:
        reading.set()
        may_end.wait(20)

    ask("page", Priority.LAST, "test.slow")
    stop = threading.Event()
    house = threading.Thread(target=worker.run, kwargs={"stop": stop, "idle_seconds": 0.05})
    house.start()
    try:
        assert reading.wait(10)
        ask("delivery", Priority.FRONT)
        deadline = time.monotonic() + 10
        while not done and time.monotonic() < deadline:
            time.sleep(0.02)
        assert done == ["delivery"] and not may_end.is_set()
    finally:
        may_end.set()
        stop.set()
        house.join(20)
    assert not house.is_alive()


def test_what_was_asked_for_after_a_job_can_be_called_off(done: list[str]) -> None:
    ask("kept", Priority.LAST)
    with db.archive.reading() as session:
        number = queries.newest(session)
    ask("delivery", Priority.FRONT)
    ask("not", Priority.LAST)
    with db.archive.transaction() as session:
        assert actions.call_off(session, after=number) == 1
        assert session.get_one(Job, queries.newest(session)).state == JobState.CANCELLED
    worker.run_until_idle(behind=True)
    assert done == ["delivery", "kept"]
