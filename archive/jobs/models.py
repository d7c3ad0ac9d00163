"""Tables of the queue.

A job goes queued -> running -> done | failed | cancelled; running -> queued when its lease
runs out (the worker died) or when it failed and may be tried again. Who may, holds it: queued or
running -> paused -> queued.
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import JSON, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from archive.db import ArchiveBase, UtcDateTime


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Priority(IntEnum):
    """What is taken first: the lowest number. From `BEHIND` on it never holds anybody up."""

    FIRST = -100
    FRONT = 0
    BEHIND = 100
    LAST = 200


class Job(ArchiveBase):
    """One piece of work, by name. Exists if and only if the change that asked for it does."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state_priority_run_after", "state", "priority", "run_after"),
        # Two jobs on the same thing never run at once, whatever the workers do.
        Index(
            "uq_job_running_lock_key",
            "lock_key",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    args: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[JobState] = mapped_column(String(12), default=JobState.QUEUED)
    lock_key: Mapped[str | None] = mapped_column(String(120))
    priority: Mapped[int] = mapped_column(default=Priority.FRONT, server_default="0")
    run_after: Mapped[datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=5)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    worker: Mapped[str | None] = mapped_column(String(80))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(String(300))
    error: Mapped[str | None] = mapped_column(Text)
    is_asked_to_rest: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WorkerBeat(ArchiveBase):
    """A sign of life: which workers are awake, and since when they last said so."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class PeriodicRun(ArchiveBase):
    """When a recurring job was last asked for, so that two workers do not both ask."""

    __tablename__ = "periodic_run"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
