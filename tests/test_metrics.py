"""The figures for a monitoring system: complete, told on this machine only, and without names."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive import app as house
from archive import clock, db
from archive.audit.actions import SYSTEM
from archive.config import ROOT, Config
from archive.jobs import actions as jobs
from ingest import receive
from tests import factories


def _figures(client: FlaskClient) -> dict[str, float]:
    answer = client.get("/-/metrics")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    return _read(answer.get_data(as_text=True))


def _read(text: str) -> dict[str, float]:
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_what_waits_and_what_failed_can_be_watched(
    app: Flask, city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    before = _figures(app.test_client())
    assert before["stadsarkiv_objects"] >= 1 and before["stadsarkiv_damaged_objects"] == 0
    assert before["stadsarkiv_stale_records"] == before["stadsarkiv_journal_rows"] == 0
    with clock.frozen(clock.now() + timedelta(days=3)):
        with db.archive.transaction() as session:
            jobs.enqueue(session, "x.y")
            failed = jobs.enqueue(session, "x.z")
            jobs.give_up(session, failed.id, "why", final=True)
        open_package = factories.package(tmp_path, factories.spec(object_id="b"))
        declared = receive.Declared()
        receive.receive(open_package, "b", declared, quarantine=city.quarantine, actor=SYSTEM)
        with clock.frozen(clock.now() + timedelta(hours=1)):
            figures = _figures(app.test_client())
    assert figures['stadsarkiv_jobs{state="failed"}'] == 1
    queued = 'stadsarkiv_jobs{state="queued"}'
    assert figures[queued] == before.get(queued, 0) + 2
    assert figures["stadsarkiv_oldest_job_seconds"] == 3600
    assert figures["stadsarkiv_oldest_check_seconds"] > 3 * 86400
    assert figures["stadsarkiv_journal_rows"] > 0
    assert figures['stadsarkiv_database_up{database="archive"}'] == 1


def test_requests_are_counted_by_the_name_of_the_page_and_its_status(app: Flask) -> None:
    client = app.test_client()
    one = 'stadsarkiv_requests_total{endpoint="site.search",method="GET",status="200"}'
    before = _figures(client).get(one, 0)
    client.get("/search?q=qwxandersson")
    client.get("/records/qwxhemligt")
    client.get("/qwxingenstans")
    client.open("/search", method="QWXGET")
    text = client.get("/-/metrics").get_data(as_text=True)
    figures = _read(text)
    assert figures[one] == before + 1
    assert figures['stadsarkiv_requests_total{endpoint="none",method="GET",status="404"}'] >= 1
    assert figures['stadsarkiv_request_seconds_count{endpoint="site.search"}'] >= 1
    assert "qwx" not in text.lower() and "/search" not in text and "@" not in text


def test_only_a_program_on_this_machine_is_answered(app: Flask) -> None:
    client = app.test_client()

    def status(address: str, **headers: str) -> int:
        where = {"REMOTE_ADDR": address}
        return client.get("/-/metrics", environ_overrides=where, headers=headers).status_code

    assert status("127.0.0.1") == status("::1") == 200
    for address in ("203.0.113.9", "10.0.0.1", "192.168.1.4", "2001:db8::1", "", "nonsense"):
        assert status(address) == 404, address
    # A stranger who says that it comes from here, and a proxy here that passes a stranger on.
    assert status("203.0.113.9", **{"X-Forwarded-For": "127.0.0.1"}) == 404
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert status("127.0.0.1", **{name: "127.0.0.1"}) == 404, name
    away = client.get("/-/metrics", environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    assert b"stadsarkiv_" not in away.data


def test_the_public_half_tells_its_own_figures_without_the_archive(city: Config) -> None:
    made = house.create_app(city, desk_too=False)
    assert not db.archive.is_open
    figures = _figures(made.test_client())
    assert 'stadsarkiv_database_up{database="archive"}' not in figures
    assert not any(name.startswith("stadsarkiv_jobs") for name in figures)
    assert figures["stadsarkiv_counter_waiting"] == 0


def test_a_database_that_does_not_answer_is_a_figure_and_not_a_breakdown(
    app: Flask, city: Config
) -> None:
    db.archive.open(f"sqlite:///{city.data_dir}/empty.db")
    figures = _figures(app.test_client())
    assert figures['stadsarkiv_database_up{database="archive"}'] == 0
    assert figures['stadsarkiv_database_up{database="counter"}'] == 1


@pytest.fixture
def served(city: Config) -> Iterator[int]:
    """The real server with its two processes; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    env = os.environ | {
        "STADSARKIV_DATA_DIR": str(city.data_dir),
        "STADSARKIV_SECRET_KEY": city.secret_key,
        "STADSARKIV_DEMO": "1",
    }
    command = [sys.executable, "-m", "wsgi", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL)
    try:
        _until(lambda: _get(port, "/-/health")[0] == 200)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def _until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "the server did not come up"
        time.sleep(0.2)


def test_several_processes_count_together(served: int) -> None:
    one = 'stadsarkiv_requests_total{endpoint="site.robots",method="GET",status="200"}'
    for _ in range(30):
        assert _get(served, "/robots.txt")[0] == 200
    told = [_read(_get(served, "/-/metrics")[1]) for _ in range(10)]
    assert {figures[one] for figures in told} == {30}
    assert all(figures["stadsarkiv_worker_awake"] == 0 for figures in told)
    text = _get(served, "/-/metrics")[1]
    assert not re.search(r'pid="', text)
