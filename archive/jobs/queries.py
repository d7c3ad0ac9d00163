"""Read the queue: what waits, runs, failed, and whether anybody works."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from archive import clock
from archive.jobs.actions import in_lane, is_due, is_lost
from archive.jobs.models import Job, JobState, WorkerBeat

AWAKE = timedelta(seconds=30)


def recent(state: JobState | None = None, limit: int = 100) -> Select[Job]:
    """Select jobs, newest first, in one state or in any."""
    query = select(Job).order_by(Job.id.desc()).limit(limit)
    return query if state is None else query.where(Job.state == state)


def counts(session: Session) -> dict[str, int]:
    """Return how many jobs are in each state."""
    rows = session.execute(select(Job.state, func.count()).group_by(Job.state))
    return {str(state): number for state, number in rows}


def has_worker(session: Session) -> bool:
    """Return whether any worker gave a sign of life in the last 30 seconds.

    One that lies ahead of us was given before the clock was set back, and proves nothing.
    """
    now = clock.now()
    return (
        session.scalar(
            select(func.count())
            .select_from(WorkerBeat)
            .where(WorkerBeat.at.between(now - AWAKE, now + AWAKE))
        )
        or 0
    ) > 0


def pending(session: Session, prefix: str = "") -> int:
    """Return how many jobs, by the beginning of their name, are queued and due or running."""
    query = select(func.count()).select_from(Job)
    due = (Job.state == JobState.RUNNING) | ((Job.state == JobState.QUEUED) & is_due(clock.now()))
    return session.scalar(query.where(due, Job.name.startswith(prefix))) or 0


def newest(session: Session) -> int:
    """Return the number of the latest job; 0 before the first."""
    return session.scalar(select(func.max(Job.id))) or 0


def oldest_due(session: Session) -> datetime | None:
    """Return since when the longest waiting job has been due; None when nobody waits."""
    due = (Job.state == JobState.QUEUED) & is_due(clock.now())
    return session.scalar(select(func.min(Job.run_after)).where(in_lane(behind=False), due))


def is_anything_due(session: Session, *, behind: bool = False) -> bool:
    """Return whether a claim could find work in a lane: a job due, or one whose worker died."""
    now = clock.now()
    due = (Job.state == JobState.QUEUED) & is_due(now)
    lost = (Job.state == JobState.RUNNING) & is_lost(now)
    found = select(Job.id).where(in_lane(behind=behind), due | lost).limit(1)
    return session.scalars(found).first() is not None


def others_running(session: Session, besides: int) -> int:
    """Return how many jobs run in the front lane of any worker, but the one named."""
    query = select(func.count()).select_from(Job).where(in_lane(behind=False))
    return session.scalar(query.where(Job.state == JobState.RUNNING, Job.id != besides)) or 0
