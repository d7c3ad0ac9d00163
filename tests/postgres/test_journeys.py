"""The stories that matter most, on PostgreSQL; `TEST_DATABASE=postgres make test` runs them all."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from archive import backup, db
from archive.cases import queries as cases
from archive.cases import tasks
from archive.config import ROOT, Config
from archive.counter.models import Incoming
from archive.errors import Invalid
from archive.holdings import actions as holdings
from archive.holdings import queries
from archive.jobs import actions as jobs
from archive.jobs import worker
from archive.jobs.models import Job, JobState
from tests import databases, factories
from tests.journeys import test_delivery, test_kill, test_rebuild, test_request, test_search
from tests.journeys.test_request import asked  # noqa: F401 - a fixture

pytestmark = pytest.mark.postgres
OPEN = "SE/LSA/T1/A1:1"


def test_a_delivery_is_taken_in_published_found_and_withdrawn(
    app: Flask, city: Config, tmp_path: Path
) -> None:
    test_search.test_a_year_in_the_question_narrows_the_time(app, city, tmp_path, "kvarn 1634")
    record = factories.record(OPEN)
    page = app.test_client().get(f"/records/{record.pid}")
    assert page.status_code == 200 and "borgmästaren" in page.get_data(as_text=True)
    with db.archive.transaction() as session:
        again = queries.by_ref(session, OPEN)
        holdings.withdraw(session, again, reason="fel", viewer=factories.viewer("archivist"))
    assert app.test_client().get(f"/records/{record.pid}").status_code == 404


def test_what_no_row_of_the_plan_names_waits_for_a_person(city: Config, tmp_path: Path) -> None:
    test_delivery.test_an_unknown_record_type_waits_until_a_person_names_it_with_a_reason(
        city, tmp_path
    )


def test_a_secret_record_is_asked_for_tested_and_handed_out(
    app: Flask,
    city: Config,
    asked: tuple[str, str],  # noqa: F811
    login: Callable[[str], FlaskClient],
) -> None:
    _, pid = asked
    test_request.test_a_refusal_without_delegation_is_stopped(asked)
    test_request.test_the_item_carries_the_verdict_and_the_answer_reaches_only_the_asker(
        app, asked, login
    )
    with db.archive.reading() as session:
        assert cases.by_pid(session, pid).items[0].outcome == "release"
    secret = factories.record("SE/LSA/T1/F1:1")
    assert app.test_client().get(f"/records/{secret.pid}").status_code == 404


def test_a_question_that_was_collected_lies_in_no_file_of_the_counter(
    app: Flask, city: Config
) -> None:
    test_request._ask(app, "SE/LSA/X")
    with db.counter.reading() as session:
        assert test_request.QUESTION in str(session.scalars(select(Incoming.payload)).one())
    assert test_request.QUESTION.encode() in _table_file("incoming")
    assert tasks.collect()
    assert test_request.QUESTION.encode() not in _table_file("incoming")
    with db.counter.reading() as reader:  # who is not waited for
        assert reader.scalars(select(Incoming)).all() == []
        db.counter.forget_deleted(Incoming)


def _table_file(table: str) -> bytes:
    with db.counter.engine.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        where = connection.scalar(select(func.pg_relation_filepath(table)))
    return (databases.cluster().folder / "data" / str(where)).read_bytes()


def test_the_store_gives_back_what_the_database_knew(city: Config, tmp_path: Path) -> None:
    test_rebuild.test_the_store_gives_back_what_the_database_knew(city, tmp_path)


def test_a_killed_worker_leaves_all_or_nothing_and_the_next_one_finishes(
    city: Config, tmp_path: Path
) -> None:
    test_kill.test_a_killed_worker_leaves_all_or_nothing_and_the_next_one_finishes(
        city, tmp_path, 0.6
    )


def test_two_workers_share_the_jobs_and_live_on_when_the_server_is_restarted(
    city: Config,
) -> None:
    with db.archive.transaction() as session:
        for number in range(40):
            jobs.enqueue(session, "cases.expire", lock_key=f"thing:{number % 5}")
    with _workers(city, 2) as workers:
        _wait_for_done(10)
        db.unbind()
        databases.cluster().restart()
        db.bind(city)
        with db.archive.transaction() as session:
            jobs.enqueue(session, "cases.expire", lock_key="thing:after")
        test_kill._give_up_leases()
        _wait_for_done(41)
        assert [process.poll() for process in workers] == [None, None]
        for process in workers:
            process.terminate()
        assert [process.wait(20) for process in workers] == [0, 0]
    with db.archive.reading() as session:
        done = list(session.scalars(select(Job).where(Job.lock_key.like("thing:%"))))
    runs = sorted((job.lock_key, job.started_at, job.finished_at) for job in done)
    for (key, _, ended), (next_key, begun, _) in pairwise(runs):
        assert key != next_key or ended <= begun, "two jobs on the same thing ran at once"


@contextmanager
def _workers(city: Config, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start workers, and leave none behind whatever the test finds."""
    started = [_start_worker(city) for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


def _start_worker(city: Config) -> subprocess.Popen[bytes]:
    env = {
        "PATH": os.environ["PATH"],
        "STADSARKIV_DATA_DIR": str(city.data_dir),
        "STADSARKIV_SECRET_KEY": "test",
        "STADSARKIV_DEMO": "1",
        "STADSARKIV_DATABASE_URL": city.database_url,
        "STADSARKIV_EDITION_URL": city.edition_url,
        "STADSARKIV_COUNTER_URL": city.counter_url,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "wsgi", "worker"], cwd=ROOT, env=env, stderr=subprocess.DEVNULL
    )


def _wait_for_done(count: int) -> None:
    deadline = time.monotonic() + 60
    query = select(func.count()).select_from(Job).where(Job.lock_key.startswith("thing:"))
    found = 0
    while time.monotonic() < deadline:
        with db.archive.reading() as session:
            found = session.scalar(query.where(Job.state == JobState.DONE)) or 0
        if found >= count:
            return
        time.sleep(0.05)
    raise AssertionError(f"{found} of {count} jobs were done in a minute")


def test_a_backup_says_that_a_server_is_backed_up_otherwise(city: Config, tmp_path: Path) -> None:
    target = tmp_path / "backup"
    with pytest.raises(Invalid, match="pg_dump"):
        backup.back_up(city, target)
    assert not target.exists()
    with pytest.raises(Invalid):
        backup.restore(city, tmp_path)
    worker.run_until_idle()
