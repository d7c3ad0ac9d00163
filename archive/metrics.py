"""What a monitoring system asks for: counts and ages, never a name, a path or a question.

Two sources. *Requests* are counted by the processes that answer them; since gunicorn has several,
they write to shared files (`prometheus_client`'s multiprocess mode) and every process can tell
the sum. *How the house is* is read from the databases when asked, so it needs no process to be
alive but the one that answers. The public half has no key to the archive and tells what the
counter says only. Begin at `metrics`.
"""

from __future__ import annotations

import ipaddress
import os
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from flask import Blueprint, Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts.permissions import public
from archive.counter import queries as counter
from archive.holdings import stale
from archive.jobs import queries as jobs
from archive.jobs.models import JobState
from archive.keeping import journal
from archive.mail import queries as mail
from archive.storage import queries as storage

# Read by prometheus_client when it is imported; `running.serve` sets it before gunicorn starts.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")

_own = CollectorRegistry()
_requests = Counter(
    "stadsarkiv_requests",
    "Requests answered, by endpoint (a name of the code, never a path).",
    ["endpoint", "method", "status"],
    registry=_own,
)
_seconds = Histogram(
    "stadsarkiv_request_seconds",
    "Seconds until the answer began, by endpoint.",
    ["endpoint"],
    registry=_own,
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)

watch = Blueprint("watch", __name__)


@watch.get("/-/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Give the figures to a program on this machine; for everybody else there is nothing here."""
    if not _is_from_here():
        abort(404)
    registry = CollectorRegistry()
    registry.register(_House())
    shared = _own
    if os.environ.get(SHARED):
        shared = CollectorRegistry()
        multiprocess.MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    body = generate_latest(shared) + generate_latest(registry)
    answer = Response(body, content_type=CONTENT_TYPE_LATEST)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def install(app: Flask) -> None:
    """Count every answer of the application. To be called before other hooks, to time them too."""
    app.before_request(_begin)
    app.after_request(_count)


def _is_from_here() -> bool:
    """Return whether the asker is a program on this machine, itself and not for somebody else.

    A proxy on this machine calls from loopback as well: a request that says it was passed on is
    not from here, whatever address it names; the address itself is never believed.
    """
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return address.is_loopback


def _begin() -> None:
    g.begun = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    method = request.method if request.method in _METHODS else "other"
    _requests.labels(endpoint, method, str(response.status_code)).inc()
    begun = g.get("begun")
    if begun is not None:
        _seconds.labels(endpoint).observe(time.perf_counter() - begun)
    return response


class _House(Collector):
    """How the house is, read from the databases at the moment of asking."""

    def collect(self) -> Iterable[GaugeMetricFamily]:
        """Return the figures; that a database does not answer is a figure too."""
        up = GaugeMetricFamily(
            "stadsarkiv_database_up", "1 if the database answers.", labels=["database"]
        )
        figures = _read("counter", up, _of_the_counter)
        if db.archive.is_open:
            figures += _read("archive", up, _of_the_archive)
        return [up, *figures]


Reading = Callable[[Session], Iterable[GaugeMetricFamily]]


def _read(name: str, up: GaugeMetricFamily, reading: Reading) -> list[GaugeMetricFamily]:
    try:
        with getattr(db, name).reading() as session:
            figures = list(reading(session))
    except SQLAlchemyError:
        figures = []
    up.add_metric([name], 1 if figures else 0)
    return figures


def _of_the_counter(session: Session) -> Iterator[GaugeMetricFamily]:
    yield _gauge("counter_waiting", "Requests and messages to collect.", counter.waiting(session))


def _of_the_archive(session: Session) -> Iterator[GaugeMetricFamily]:
    states = GaugeMetricFamily("stadsarkiv_jobs", "Jobs, by state.", labels=["state"])
    counts = jobs.counts(session)
    for state in JobState:
        states.add_metric([state.value], counts.get(state.value, 0))
    yield states
    late, checked = jobs.oldest_due(session), storage.oldest_check(session)
    yield _gauge("oldest_job_seconds", "How long the longest due job has waited.", _age(late))
    yield _gauge("worker_awake", "1 if a worker gave a sign of life.", jobs.has_worker(session))
    yield _gauge(
        "stale_records", "Records that index and edition lag behind.", stale.count(session)
    )
    yield _gauge("journal_rows", "Changes the store does not hold yet.", journal.waiting(session))
    yield _gauge("letters", "Letters that have not gone yet.", mail.waiting(session))
    yield _gauge("objects", "Objects in the store.", storage.count(session))
    yield _gauge("damaged_objects", "Objects damaged and not repaired.", storage.damaged(session))
    yield _gauge(
        "oldest_check_seconds", "Age of the longest unchecked object's check.", _age(checked)
    )


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"stadsarkiv_{name}", text, value=value)


def _age(moment: datetime | None) -> float:
    return max((clock.now() - moment).total_seconds(), 0.0) if moment else 0.0
