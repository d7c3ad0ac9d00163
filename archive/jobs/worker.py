"""Take jobs and run their handlers, until told to stop.

A handler does its slow work first, then one transaction in which it also calls
`running.finish(session)`; it must be safe to repeat, for a killed worker's job is run again.
Work that nobody waits for (`Priority.BEHIND` and later) has a lane, and a thread, of its own, so
that no delivery and no publication stands in line behind it. Begin at `run`; register handlers
with `@handler("room.verb")`.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from archive import clock, db
from archive.errors import Invalid, NotFound, Refused
from archive.jobs import actions, periodic, queries
from archive.jobs.models import Job

log = logging.getLogger(__name__)

_handlers: dict[str, Callable[[Running], None]] = {}
_ticks: list[_Tick] = []


@dataclass(slots=True)
class Running:
    """A job in a worker's hands: its arguments, and the way to show progress and to finish."""

    id: int
    name: str
    args: dict[str, Any]
    worker: str
    is_finished: bool = field(default=False)
    _shown_at: float = field(default=0.0)

    def progress(self, done: int, total: int, message: str | None = None) -> None:
        """Show progress and renew the lease, at most once a second.

        :raises Rested: if the job is to be held; what is half-done is done again later.
        """
        if time.monotonic() - self._shown_at < 1.0 and done != total:
            return
        self._shown_at = time.monotonic()
        with db.archive.transaction() as session:
            if not actions.extend(
                session, self.id, self.worker, done=done, total=total, message=message
            ):
                raise LostLease(self.id)
            is_asked = actions.is_asked_to_rest(session, self.id)
        if is_asked:
            raise Rested(self.id)

    def finish(self, session: Session) -> None:
        """Mark the job done in the transaction that stores its result.

        :raises LostLease: if another worker has taken it over; the transaction must not commit.
        """
        if not actions.finish(session, self.id, self.worker):
            raise LostLease(self.id)
        self.is_finished = True


class LostLease(RuntimeError):
    """The lease ran out and the job is somebody else's; what was done here is thrown away."""


class Rested(Exception):
    """The job was asked to rest, and does; no handler catches this."""


def handler(name: str) -> Callable[[Callable[[Running], None]], Callable[[Running], None]]:
    """Register a function as the handler of the jobs with this name."""

    def register(function: Callable[[Running], None]) -> Callable[[Running], None]:
        _handlers[name] = function
        return function

    return register


@dataclass(slots=True)
class _Tick:
    """A drain, the seconds it rests after it had something to do, and when that was."""

    function: Callable[[], bool]
    rest_seconds: float
    worked_at: float = float("-inf")

    def run(self, *, is_patient: bool) -> bool:
        if is_patient and time.monotonic() - self.worked_at < self.rest_seconds:
            return False
        has_worked = self.function()
        if has_worked:
            self.worked_at = time.monotonic()
        return has_worked


def on_tick(function: Callable[[], bool], *, rest_seconds: float = 0.0) -> None:
    """Register a drain that every round of the worker calls; it returns whether it did anything.

    A living worker lets it rest so many seconds after it did, so that changes that come one by
    one are gathered; `run_until_idle` never waits.
    """
    if all(tick.function is not function for tick in _ticks):
        _ticks.append(_Tick(function, rest_seconds))


def run(*, stop: threading.Event | None = None, idle_seconds: float = 0.4) -> None:
    """Work until `stop` is set: drains, recurring jobs, then the next job; both lanes."""
    stop, name = stop or threading.Event(), worker_name()
    lane = threading.Thread(target=_run_behind, args=(stop, max(idle_seconds, 2.0)), daemon=True)
    lane.start()
    beaten_at = 0.0
    while not stop.is_set():
        is_time = time.monotonic() - beaten_at > 10
        if is_time:
            beaten_at = time.monotonic()
        if not _run_safely(name, beat=is_time):
            stop.wait(idle_seconds)
    lane.join()
    for tick in _ticks:
        if tick.rest_seconds:  # what is gathered is not left behind by a worker that ends
            tick.function()


def _run_behind(stop: threading.Event, idle_seconds: float) -> None:
    name = worker_name()
    while not stop.is_set():
        if not _run_safely(name, behind=True):
            stop.wait(idle_seconds)


def _run_safely(name: str, *, beat: bool = False, behind: bool = False) -> bool:
    """Run one round; what fails is told and tried again, and the worker lives on.

    A drain may meet a full disk, and every step a database server that is being restarted.
    """
    try:
        if beat:
            with db.archive.transaction() as session:
                actions.beat(session, name)
                periodic.ask(session)
        return run_once(name, is_patient=True, behind=behind)
    except Exception:
        log.exception("a round of the worker failed")
        return False


def run_until_idle(*, drains: bool = True, behind: bool = False) -> int:
    """Run every job that is due, and the drains, until nothing is left; return how many rounds.

    Without `drains` the shadows wait: who loads much lets them be drawn once, at the end. With
    `behind`, what nobody waits for is run as well, in turn with the rest.
    """
    name, count = worker_name(), 0
    while run_once(name, drains=drains) or (behind and run_once(name, behind=True)):
        count += 1
    return count


def run_once(
    worker: str, *, drains: bool = True, is_patient: bool = False, behind: bool = False
) -> bool:
    """Drain, then run one job of a lane; return whether there was anything to do.

    The lane behind does not drain: publication is the work of the one in front. One worker
    drains at a time: of two, the slower would put an older state over a newer one.
    """
    busy = _drain(is_patient=is_patient) if drains and not behind else False
    job = _claim(worker, behind=behind)
    if job is None:
        return busy
    _work(job, worker)
    return True


def _drain(*, is_patient: bool) -> bool:
    with db.archive.alone("drains") as mine:
        due = list(_ticks) if mine else []
        busy = [tick.run(is_patient=is_patient) for tick in due]  # each gets its turn
        return any(busy)


def worker_name() -> str:
    """Return a name that no other living worker has."""
    return f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident() % 100_000}"


def _claim(worker: str, *, behind: bool) -> Job | None:
    # Looking takes no write lock; an idle worker must not stand in the way of the desk.
    with db.archive.reading() as session:
        if not queries.is_anything_due(session, behind=behind):
            return None
    try:
        with db.archive.transaction() as session:
            return actions.claim(session, worker, behind=behind)
    except IntegrityError:
        return None  # another worker took a job with the same lock in the same instant


def _work(job: Job, worker: str) -> None:
    running = Running(job.id, job.name, dict(job.args), worker)
    try:
        with _KeptAlive(running):
            _handlers[job.name](running)
        if not running.is_finished:
            with db.archive.transaction() as session:
                running.finish(session)
    except Rested:
        with db.archive.transaction() as session:
            actions.rest(session, job.id, worker)
    except LostLease:
        log.warning("job %s was lost to another worker", job.id)
    except Exception as error:
        _fail(job, error)


def _fail(job: Job, error: Exception) -> None:
    # Refusals do not become right by trying again; everything else may be a passing fault.
    final = isinstance(error, (Invalid, NotFound, Refused, KeyError))
    log.exception("job %s (%s) failed", job.id, job.name)
    with db.archive.transaction() as session:
        actions.give_up(session, job.id, f"{type(error).__name__}: {error}", final=final)


class _KeptAlive:
    """Renew a job's lease from a thread while its handler is busy with something long."""

    def __init__(self, running: Running) -> None:
        self._running, self._end = running, threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *exc: object) -> None:
        self._end.set()
        self._thread.join()

    def _renew(self) -> None:
        every = (actions.LEASE / 4) / timedelta(seconds=1)
        while not self._end.wait(every):
            try:
                with db.archive.transaction() as session:
                    _renew_lease(session, self._running)
            except Exception:
                log.warning("the lease of job %s could not be renewed", self._running.id)


def _renew_lease(session: Session, running: Running) -> None:
    job = session.get(Job, running.id)
    if job is not None and job.worker == running.worker:
        job.lease_until = clock.now() + actions.LEASE
