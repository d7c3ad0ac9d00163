"""Read the dock: deliveries, what was found in them, what they became."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.errors import NotFound
from archive.holdings.models import Description
from archive.jobs.models import Job, JobState
from archive.telling import in_swedish
from ingest import reach
from ingest.findings import Finding, in_order
from ingest.models import State, Transfer
from ingest.pipeline import as_finding, findings_of

_AT_WORK = (JobState.QUEUED, JobState.RUNNING, JobState.PAUSED, JobState.FAILED)
_LOOKS = ((10, 2), (60, 5), (600, 15))  # waited less than so many seconds -> look after so many
_ORDER = {
    State.CHECKED: 0,
    State.REVIEW: 0,
    State.RECEIVED: 1,
    State.UNPACKED: 1,
    State.ACCEPTED: 1,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding in words."""

    code: str
    severity: str
    where: str
    message: str
    hint: str
    source: str


def by_pid(session: Session, pid: str) -> Transfer:
    """Return a transfer with its unit, by its id or number.

    :raises NotFound: if there is none.
    """
    query = select(Transfer).options(joinedload(Transfer.unit))
    by_number = Transfer.number == int(pid) if pid.isdecimal() and len(pid) < 9 else None
    condition = Transfer.pid == pid if by_number is None else by_number
    found = session.scalars(query.where(condition)).first()
    if found is None:
        raise NotFound(f"there is no transfer {pid!r}")
    return found


def readable(
    session: Session,
    pid: str,
    viewer: Viewer,
    permission: Permission = Permission.INGEST_READ,
) -> Transfer:
    """Return a transfer that the viewer has the permission for.

    :raises NotFound: if there is none, or it is not for this viewer: which, is not said.
    """
    transfer = by_pid(session, pid)
    if not reach.may(viewer, permission, transfer):
        raise NotFound(f"there is no transfer {pid!r}")
    return transfer


def listed(
    session: Session,
    units: frozenset[int] | None,
    limit: int = 200,
    *,
    unassigned: bool = False,
    own: str | None = None,
) -> Sequence[Transfer]:
    """Return deliveries with their units: those that wait first, then the newest.

    Of those without a unit, as `reach.within` says.
    """
    rank = case(_ORDER, value=Transfer.state, else_=2)
    query = select(Transfer).options(joinedload(Transfer.unit))
    query = query.where(reach.within(units, unassigned=unassigned, own=own))
    return session.scalars(query.order_by(rank, Transfer.id.desc()).limit(limit)).all()


def names(session: Session, viewer: Viewer, pids: Sequence[str]) -> dict[str, str]:
    """Return what the deliveries are called that the viewer may read: number, and label or name."""
    rows = session.scalars(select(Transfer).where(Transfer.pid.in_(pids)))
    return {
        row.pid: f"{row.number}. {row.label or row.name}"
        for row in rows
        if reach.may(viewer, Permission.INGEST_READ, row)
    }


def findings(session: Session, transfer: Transfer, language: str, limit: int = 1000) -> list[Shown]:
    """Return what was found in a delivery, in words of the language."""
    rows = session.scalars(findings_of(transfer).limit(limit))
    found = in_order(as_finding(row) for row in rows)
    return [shown(finding, transfer.profile, language) for finding in found]


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """Everything found under one rule: said once how to mend it, and then where it is."""

    code: str
    severity: str
    hint: str
    source: str
    found: tuple[Shown, ...]


def by_rule(findings: Sequence[Shown]) -> list[RuleGroup]:
    """Return the findings gathered by rule, in the order in which each rule comes first."""
    gathered: dict[tuple[str, str], list[Shown]] = {}
    for each in findings:
        gathered.setdefault((each.code, each.hint), []).append(each)
    return [
        RuleGroup(code, found[0].severity, hint, found[0].source, tuple(found))
        for (code, hint), found in gathered.items()
    ]


def shown(finding: Finding, profile: str | None, language: str) -> Shown:
    """Return a finding of a package of the profile, in words of the language."""
    return Shown(
        code=finding.code,
        severity=finding.severity.value,
        where=finding.where,
        message=finding.message(language),
        hint=finding.hint(language),
        source=finding.source(profile, language),
    )


def job_of(session: Session, transfer: Transfer) -> Job | None:
    """Return the job that moves the transfer now, or that failed to."""
    return session.scalars(
        select(Job)
        .where(
            Job.lock_key == f"transfer:{transfer.pid}",
            Job.state.in_(_AT_WORK),
        )
        .order_by(Job.id.desc())
    ).first()


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a step has come, how fast, and how long it will take: seconds, None if unknown."""

    done: int
    total: int
    per_second: float
    seconds_left: int | None


def pace(job: Job | None) -> Pace | None:
    """Return the pace of a running job that has told its progress; None before that."""
    if job is None or job.state != JobState.RUNNING or not job.done or job.started_at is None:
        return None
    seconds = max((clock.now() - job.started_at).total_seconds(), 0.001)
    rate = job.done / seconds
    left = round((job.total - job.done) / rate) if job.total else None
    return Pace(job.done, job.total, rate, left)


def look_again_after(job: Job | None) -> int:
    """Return after how many seconds the page of a moving delivery is worth another look.

    Soon while its step runs; the longer the step has waited for its turn, the later.
    """
    if job is None or job.state == JobState.RUNNING:
        return 2
    waited = (clock.now() - job.created_at).total_seconds()
    return next((seconds for limit, seconds in _LOOKS if waited < limit), 60)


def why_not_done(job: Job | None, language: str) -> str | None:
    """Return in words why a job failed, or failed last and is tried again; None if it did not."""
    if job is None or not job.error or job.state not in {JobState.QUEUED, JobState.FAILED}:
        return None
    _kind, _colon, sentence = job.error.partition(": ")  # "Unavailable: the store cannot …"
    return (in_swedish(sentence) if language == "sv" else None) or sentence or job.error


def has_failed(session: Session, lock_key: str) -> bool:
    """Return whether the latest job under a lock has stopped for good."""
    latest = select(Job.state).where(Job.lock_key == lock_key).order_by(Job.id.desc()).limit(1)
    return session.scalar(latest) == JobState.FAILED


def top_records(session: Session, transfer: Transfer, limit: int = 50) -> Sequence[Description]:
    """Return the first records that the transfer became."""
    return session.scalars(
        select(Description)
        .where(Description.transfer_pid == transfer.pid)
        .order_by(func.length(Description.path), Description.id)
        .limit(limit)
    ).all()


def counts(
    session: Session,
    units: frozenset[int] | None = None,
    *,
    unassigned: bool = False,
    own: str | None = None,
) -> dict[str, int]:
    """Return how many deliveries of the units (None: of all) are in each state."""
    query = select(Transfer.state, func.count()).group_by(Transfer.state)
    rows = session.execute(query.where(reach.within(units, unassigned=unassigned, own=own)))
    return {str(state): number for state, number in rows}
