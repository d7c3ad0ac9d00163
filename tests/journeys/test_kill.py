"""A worker killed in the middle of an ingest: nothing lost, nothing half-visible."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive import clock, db
from archive.audit import queries as audits
from archive.config import ROOT, Config
from archive.holdings.models import Aip, Description, File
from archive.jobs import worker
from archive.jobs.models import Job, JobState
from archive.storage.store import open_store
from ingest import receive
from ingest.build import BuildFile
from ingest.models import State, Transfer
from tests import factories

FILES = 120


@pytest.mark.parametrize("seconds", [0.25, 0.6, 1.0, 1.5])
def test_a_killed_worker_leaves_all_or_nothing_and_the_next_one_finishes(
    city: Config, tmp_path: Path, seconds: float
) -> None:
    leaves = [
        factories.minutes(f"Akt {n}", key=f"akt{n}", reference=f"SE/LSA/T1/A1:{n}")
        for n in range(FILES)
    ]
    files = tuple(
        BuildFile(f"{leaf.key}.txt", f"{leaf.key}\n".encode() * 500, leaf.key) for leaf in leaves
    )
    path = factories.package(tmp_path, factories.spec(*leaves, files=files))
    declared = receive.Declared()
    transfer, _ = receive.receive(
        path, "x.zip", declared, quarantine=city.quarantine, actor=factories.SYSTEM
    )
    _work_and_kill(city, seconds)
    assert _counts() in {(0, 0, 0), (FILES + 2, FILES, FILES)}
    _give_up_leases()
    worker.run_until_idle()
    assert _counts() == (FILES + 2, FILES, FILES)
    with db.archive.reading() as session:
        assert session.get_one(Transfer, transfer.id).state == State.ACCESSIONED
        assert not list(audits.verify(session))
        aips = list(session.scalars(select(Aip)))
    store = open_store(city)
    assert all(store.check(aip.object_id, aip.inventory_digest) == [] for aip in aips[::10])


def _environment(city: Config) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "STADSARKIV_DATA_DIR": str(city.data_dir),
        "STADSARKIV_DATABASE_URL": city.database_url,
        "STADSARKIV_EDITION_URL": city.edition_url,
        "STADSARKIV_COUNTER_URL": city.counter_url,
        "STADSARKIV_DEMO": "1",
        "STADSARKIV_SECRET_KEY": "test",
    }


def _work_and_kill(city: Config, seconds: float) -> None:
    env = _environment(city)
    process = subprocess.Popen([sys.executable, "-m", "wsgi", "worker"], cwd=ROOT, env=env)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not _has_begun():
        time.sleep(0.02)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()


def _has_begun() -> bool:
    with db.archive.reading() as session:
        return (
            session.scalars(select(Job.id).where(Job.state != JobState.QUEUED)).first() is not None
        )


def _give_up_leases() -> None:
    """Let the dead worker's lease run out now instead of in two minutes."""
    with db.archive.transaction() as session:
        for job in session.scalars(select(Job).where(Job.state == JobState.RUNNING)):
            job.lease_until = clock.now()


def _counts() -> tuple[int, ...]:
    with db.archive.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Description, File, Aip)
        )


def test_a_killed_worker_is_followed_by_another_and_the_pages_stay(city: Config) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "wsgi", "start", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=_environment(city))
    try:
        first = _worker_of(process.pid)
        os.kill(first, signal.SIGKILL)
        assert _worker_of(process.pid, other_than=first) != first
        assert process.poll() is None
    finally:
        process.terminate()
        assert process.wait(60) == 0


def _worker_of(parent: int, other_than: int = 0) -> int:
    """Return the pid of the worker that a process has started, once it has one."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"worker" in words and int(pid) != other_than:
                return int(pid)
        time.sleep(0.1)
    raise AssertionError("no worker came")
