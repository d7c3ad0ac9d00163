"""Real worker processes: killed at random while deliveries come in, and two of them at once.

`make crashtest` kills two hundred times; `make test` three. The seed is printed and may be given
by CRASHTEST_SEED.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select, update

from archive import clock, db
from archive.audit import queries as audits
from archive.config import ROOT, Config
from archive.holdings.models import Aip, Description
from archive.jobs import actions as jobs
from archive.jobs.models import Job, JobState
from archive.storage.models import StoredObject
from archive.storage.store import open_store
from ingest.models import State, Transfer
from tests import factories
from tests.crash import house
from tests.crash.conftest import WHOLE

KILLS = 200 if WHOLE else 3
LEAVES = 4


@contextmanager
def living_worker(config: Config) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker as an operator does; it is dead after the block."""
    settings = {
        "STADSARKIV_DATA_DIR": config.data_dir,
        "STADSARKIV_DATABASE_URL": config.database_url,
        "STADSARKIV_EDITION_URL": config.edition_url,
        "STADSARKIV_COUNTER_URL": config.counter_url,
    }
    env = {name: str(value) for name, value in settings.items()}
    env |= {"PATH": os.environ["PATH"], "STADSARKIV_DEMO": "1", "STADSARKIV_SECRET_KEY": "test"}
    process = subprocess.Popen(
        [sys.executable, "-m", "wsgi", "worker"], cwd=ROOT, env=env, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _package(folder: Path, number: int) -> Path:
    """Build a delivery of its own: a volume number, and some records with pictures."""
    leaves = [
        factories.minutes(
            f"Akt {number}-{n}", key=f"akt{n}", reference=f"SE/LSA/T1/A1:{number}-{n}"
        )
        for n in range(LEAVES)
    ]
    what = factories.spec(*leaves, object_id=f"prov{number}")
    return factories.package(folder, what)


def _hand_in(config: Config, folder: Path, number: int) -> None:
    house.hand_in(config, _package(folder, number))


def _wait_until_idle(seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with db.archive.reading() as session:
            busy = session.scalar(
                select(func.count())
                .select_from(Job)
                .where(
                    Job.name.startswith("ingest."),
                    Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
                    Job.priority == 0,
                )
            )
        if not busy:
            return
        time.sleep(0.1)
    raise AssertionError("the deliveries are not in after all that time")


def _as_after_two_minutes() -> None:
    """Let dead workers' leases run out now; a person lets failed jobs be tried again."""
    with db.archive.transaction() as session:
        session.execute(
            update(Job)
            .where(Job.state == JobState.RUNNING)
            .values(lease_until=clock.now() - jobs.LEASE)
        )
        for job in session.scalars(select(Job).where(Job.state == JobState.FAILED)):
            jobs.retry(session, job)
        for job in session.scalars(select(Job).where(Job.state == JobState.QUEUED)):
            job.run_after = min(job.run_after, clock.now())


def _wrong(config: Config, deliveries: int) -> list[str]:
    """Return what is lost, doubled, half or damaged, after every delivery has come in."""
    with db.archive.reading() as session:
        states = list(session.scalars(select(Transfer.state)))
        records = session.scalar(
            select(func.count()).select_from(Description).where(Description.level == "file")
        )
        known = {row.object_id: row.digest for row in session.scalars(select(StoredObject))}
        aips = set(session.scalars(select(Aip.object_id)))
        found = [str(each) for each in audits.verify(session)]
    if states != [State.ACCESSIONED] * deliveries:
        found.append(f"states: {states}")
    if records != deliveries * LEAVES or len(aips) != deliveries * LEAVES:
        found.append(f"records: {records}, objects of records: {len(aips)}")
    store = open_store(config)
    found += [f"{name}: {p}" for name, digest in known.items() for p in store.check(name, digest)]
    found += [f"row without object: {name}" for name in known.keys() - set(store.objects())]
    return found


def test_random_kills_of_a_worker_lose_nothing_of_the_deliveries_that_come_in(
    city: Config, tmp_path: Path
) -> None:
    seed = int(os.environ.get("CRASHTEST_SEED", random.randrange(10**6) if WHOLE else 1))
    print(f"CRASHTEST_SEED={seed}")
    chance, deliveries = random.Random(seed), 0
    for kill in range(KILLS):
        if kill % 3 == 0:
            for _ in range(2):
                _hand_in(city, tmp_path, deliveries)
                deliveries += 1
        with living_worker(city) as process:
            time.sleep(chance.uniform(0.6, 3.0))
            assert process.poll() is None, "the worker ended by itself"
        _all_or_nothing()
        _as_after_two_minutes()
    with living_worker(city):
        _wait_until_idle(120 + deliveries)
    assert _wrong(city, deliveries) == [], f"CRASHTEST_SEED={seed}"


def _all_or_nothing() -> None:
    with db.archive.reading() as session:
        rows = session.execute(
            select(Description.transfer_pid, func.count())
            .where(Description.level == "file")
            .group_by(Description.transfer_pid)
        )
        assert {count for _, count in rows} <= {LEAVES}
        assert not list(audits.verify(session))


def test_two_workers_on_the_same_deliveries_take_each_in_once(city: Config, tmp_path: Path) -> None:
    deliveries = 12 if WHOLE else 4
    for number in range(deliveries):
        _hand_in(city, tmp_path, number)
    with living_worker(city), living_worker(city):
        _wait_until_idle(60 + 10 * deliveries)
    assert _wrong(city, deliveries) == []
    with db.archive.reading() as session:
        attempts = session.scalars(select(Job.attempts).where(Job.name == "ingest.accession")).all()
    assert list(attempts) == [1] * deliveries
