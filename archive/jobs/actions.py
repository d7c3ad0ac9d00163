"""Change the queue: ask for work, take it, finish it, give it back.

Each function is one step of a job's life and runs in the caller's transaction. Begin at
`enqueue`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from archive import clock
from archive.jobs.models import Job, JobState, Priority, WorkerBeat

LEASE = timedelta(minutes=2)


def enqueue(
    session: Session,
    name: str,
    *,
    lock_key: str | None = None,
    run_after: datetime | None = None,
    once: bool = False,
    priority: int = Priority.FRONT,
    is_held: bool = False,
    **args: Any,
) -> Job:
    """Ask for work by name; it exists if and only if the caller's change does.

    With `once`, a queued job with the same name and lock_key is returned instead of a second. What
    `is_held` waits until it is released.
    """
    if once:
        waiting = session.scalars(
            select(Job).where(
                Job.name == name, Job.lock_key == lock_key, Job.state == JobState.QUEUED
            )
        ).first()
        if waiting is not None:
            return waiting
    now = clock.now()
    job = Job(
        name=name,
        args=args,
        lock_key=lock_key,
        priority=priority,
        state=JobState.PAUSED if is_held else JobState.QUEUED,
        run_after=run_after or now,
        created_at=now,
    )
    session.add(job)
    session.flush()
    return job


def call_off(session: Session, *, after: int) -> int:
    """Cancel the background jobs that were asked for after this job's number; return how many."""
    result = session.execute(
        update(Job)
        .where(Job.id > after, Job.state == JobState.QUEUED, Job.priority >= Priority.BEHIND)
        .values(state=JobState.CANCELLED, finished_at=clock.now())
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def hold(session: Session, lock_key: str) -> None:
    """Let nothing more be done under a lock: what waits is paused, what runs is asked to rest.

    A running handler rests where it next tells its progress; the job is then run from its
    beginning when it is released.
    """
    mine = update(Job).where(Job.lock_key == lock_key)
    session.execute(mine.where(Job.state == JobState.QUEUED).values(state=JobState.PAUSED))
    session.execute(mine.where(Job.state == JobState.RUNNING).values(is_asked_to_rest=True))


def release(session: Session, lock_key: str) -> None:
    """Let the work under a lock go on."""
    mine = update(Job).where(Job.lock_key == lock_key)
    session.execute(
        mine.where(Job.state == JobState.PAUSED).values(
            state=JobState.QUEUED, run_after=clock.now()
        )
    )
    session.execute(mine.where(Job.state == JobState.RUNNING).values(is_asked_to_rest=False))


def call_off_locked(session: Session, lock_key: str) -> None:
    """Cancel what waits, rests or has failed under a lock; what runs is not touched."""
    over = (JobState.QUEUED, JobState.PAUSED, JobState.FAILED)
    session.execute(
        update(Job)
        .where(Job.lock_key == lock_key, Job.state.in_(over))
        .values(state=JobState.CANCELLED, finished_at=clock.now())
    )


def is_asked_to_rest(session: Session, job_id: int) -> bool:
    """Return whether somebody wants the running job held."""
    return bool(session.scalar(select(Job.is_asked_to_rest).where(Job.id == job_id)))


def rest(session: Session, job_id: int, worker: str) -> None:
    """Pause a running job that was asked to rest, unless it was released in the meantime."""
    job = session.get_one(Job, job_id)
    if job.worker != worker or job.state != JobState.RUNNING:
        return
    job.state = JobState.PAUSED if job.is_asked_to_rest else JobState.QUEUED
    job.is_asked_to_rest, job.lease_until = False, None
    job.attempts -= 1  # a rest is no failure


def in_lane(*, behind: bool) -> ColumnElement[bool]:
    """Return the condition on a job of one lane: what is waited for, or what nobody waits for."""
    return Job.priority >= Priority.BEHIND if behind else Job.priority < Priority.BEHIND


def is_due(now: datetime) -> ColumnElement[bool]:
    """Return the condition on a queued job that its time has come, whatever the clock has done.

    Asked for at once means at once, and a rest after a failure that was counted from a moment
    that lies ahead of us is over: the clock was wrong then and has been set back since.
    """
    at_once, set_back = Job.run_after <= Job.created_at, Job.started_at > now
    return or_(Job.run_after <= now, at_once, set_back)


def is_lost(now: datetime) -> ColumnElement[bool]:
    """Return the condition on a running job that its worker is dead.

    A lease that ends later than any can was given before the clock was set back.
    """
    return or_(Job.lease_until < now, Job.lease_until > now + 2 * LEASE)


def claim(session: Session, worker: str, *, behind: bool = False) -> Job | None:
    """Take, under a lease, the first job of a lane that is due and whose lock is free, if any is.

    The most urgent first, then the oldest.
    """
    now = clock.now()
    _give_back_lost(session, now)
    locked = select(Job.lock_key).where(Job.state == JobState.RUNNING, Job.lock_key.is_not(None))
    job = session.scalars(
        select(Job)
        .where(
            Job.state == JobState.QUEUED,
            is_due(now),
            in_lane(behind=behind),
            or_(Job.lock_key.is_(None), Job.lock_key.not_in(locked)),
        )
        .order_by(Job.priority, Job.run_after, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if job is not None:
        job.state, job.worker, job.lease_until = JobState.RUNNING, worker, now + LEASE
        job.attempts += 1
        job.started_at, job.error = now, None
        session.flush()
    return job


def extend(
    session: Session, job_id: int, worker: str, *, done: int, total: int, message: str | None
) -> bool:
    """Renew the lease and show progress. False when the job is no longer this worker's."""
    result = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.worker == worker, Job.state == JobState.RUNNING)
        .values(
            lease_until=clock.now() + LEASE,
            done=done,
            total=total,
            message=message[:300] if message else None,
        )
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def finish(session: Session, job_id: int, worker: str) -> bool:
    """Mark the job done, in the same transaction as its result. False when it is lost to us."""
    result = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.worker == worker, Job.state == JobState.RUNNING)
        .values(state=JobState.DONE, finished_at=clock.now(), lease_until=None)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]


def give_up(session: Session, job_id: int, error: str, *, final: bool) -> None:
    """Record a failure: try again later (30 s, 2 min, 8 min …), or stop when tries are used up."""
    job = session.get_one(Job, job_id)
    job.error, job.lease_until = error[:4000], None
    if final or job.attempts >= job.max_attempts:
        job.state, job.finished_at = JobState.FAILED, clock.now()
    else:
        job.state = JobState.QUEUED
        job.run_after = clock.now() + timedelta(seconds=30 * 4 ** (job.attempts - 1))


def retry(session: Session, job: Job) -> None:
    """Queue a failed job anew, with all its tries."""
    job.state, job.attempts, job.run_after = JobState.QUEUED, 0, job.created_at
    job.finished_at = None


def beat(session: Session, worker: str) -> None:
    """Leave a sign of life."""
    row = session.get(WorkerBeat, worker)
    if row is None:
        session.add(WorkerBeat(name=worker, at=clock.now()))
    else:
        row.at = clock.now()


def _give_back_lost(session: Session, now: datetime) -> None:
    """Queue again what a dead worker held; a job that kills its worker each time fails at last."""
    lost = session.scalars(
        select(Job)
        .where(Job.state == JobState.RUNNING, is_lost(now))
        .with_for_update(skip_locked=True)
    )
    for job in lost:
        give_up(session, job.id, "the worker stopped while it ran this job", final=False)
        if job.state is JobState.QUEUED:
            job.run_after = job.created_at
            job.state = JobState.PAUSED if job.is_asked_to_rest else job.state
            job.is_asked_to_rest = False
    session.flush()
