"""What a person may do with a delivery under way: hold it, let it go on, break it off, try it.

Held and broken off is between steps, or where a step tells its progress; each step may be done
again from its beginning. Begin at `pause`; for a dry run (`only_check`), at `take`.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.config import Config
from archive.errors import Conflict, Invalid
from archive.jobs import actions as jobs
from archive.jobs.models import Job, JobState, Priority
from archive.jobs.worker import Running
from ingest import pipeline, queries, reach, receive
from ingest.models import State, Transfer
from ingest.pipeline import move

_CANCELLABLE = {State.RECEIVED, State.UNPACKED, State.ACCEPTED}


@dataclass(frozen=True, slots=True)
class _Actor:
    actor_id: str


def pause(session: Session, transfer: Transfer, *, viewer: Viewer) -> None:
    """Hold the work on a delivery, from the next point where its step can rest.

    :raises Conflict: if nothing is being done with it.
    """
    reach.demand(viewer, Permission.INGEST_ACCEPT, transfer)
    job = queries.job_of(session, transfer)
    if transfer.paused_at is not None or job is None or job.state == JobState.FAILED:
        raise Conflict(f"nothing is being done with transfer {transfer.number}")
    transfer.paused_at = clock.now()
    jobs.hold(session, _lock(transfer))
    audit.record(session, "transfer.pause", f"transfer:{transfer.pid}", actor=viewer)


def resume(session: Session, transfer: Transfer, *, viewer: Viewer) -> None:
    """Let the work on a held delivery go on.

    :raises Conflict: if it is not held.
    """
    reach.demand(viewer, Permission.INGEST_ACCEPT, transfer)
    if transfer.paused_at is None:
        raise Conflict(f"transfer {transfer.number} is not paused")
    transfer.paused_at = None
    jobs.release(session, _lock(transfer))
    audit.record(session, "transfer.resume", f"transfer:{transfer.pid}", actor=viewer)


def retry(session: Session, transfer: Transfer, *, viewer: Viewer) -> None:
    """Let the step that failed for good be tried again, with all its tries.

    :raises Conflict: if no step has failed, or the delivery is being broken off.
    """
    reach.demand(viewer, Permission.INGEST_ACCEPT, transfer)
    job = queries.job_of(session, transfer)
    if job is None or job.state != JobState.FAILED:
        raise Conflict(f"no step of transfer {transfer.number} has failed")
    jobs.retry(session, job)
    audit.record(session, "transfer.retry", f"transfer:{transfer.pid}", actor=viewer)


def cancel(session: Session, transfer: Transfer, *, reason: str, viewer: Viewer) -> None:
    """Ask for a delivery to be rejected as soon as its step rests.

    :raises Conflict: if nothing is being done with it, or its records are being taken in.
    :raises Invalid: if the reason is missing.
    """
    reach.demand(viewer, Permission.INGEST_ACCEPT, transfer)
    if not reason.strip():
        raise Invalid("say why; the reason is kept with the delivery")
    if not _may_cancel(session, transfer):
        raise Conflict(f"transfer {transfer.number} has come too far to be cancelled")
    jobs.hold(session, _lock(transfer))
    # Under the delivery's own lock, and before all else: it runs when nothing else of it does.
    jobs.enqueue(
        session,
        "ingest.cancel",
        lock_key=_lock(transfer),
        priority=Priority.FIRST,
        transfer=transfer.pid,
        reason=reason,
        actor=viewer.actor_id,
    )


def cancel_step(config: Config, running: Running) -> None:
    """Reject a delivery whose work was broken off, unless its records went in meanwhile."""
    with db.archive.transaction() as session:
        transfer = pipeline.get(session, running.args["transfer"])
        running.finish(session)
        if not _may_cancel(session, transfer):
            transfer.paused_at = None
            jobs.release(session, _lock(transfer))
            return
        actor, reason = _Actor(running.args["actor"]), running.args["reason"]
        jobs.call_off_locked(session, _lock(transfer))
        transfer.paused_at = None
        transfer.assigned_by, transfer.assigned_reason = actor.actor_id, reason
        move(session, transfer, State.REJECTED, actor=actor)
        subject = f"transfer:{transfer.pid}"
        audit.record(session, "transfer.cancel", subject, actor=actor, note=reason)
    unpacked = receive.folder_of(config.quarantine, transfer) / "unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)


def take(session: Session, transfer: Transfer, *, viewer: Viewer) -> None:
    """Hand in for good a delivery that was tried; it is judged again, and goes the usual way.

    :raises Conflict: if it was not tried, or has errors.
    """
    reach.demand(viewer, Permission.INGEST_SUBMIT, transfer)
    _demand_checked(transfer)
    rows = session.scalars(pipeline.findings_of(transfer))
    if pipeline.has_errors(pipeline.as_finding(row) for row in rows):
        raise Conflict("a delivery with errors cannot be taken in; mend it and hand it in again")
    transfer.only_check = False
    move(session, transfer, State.UNPACKED, actor=viewer)
    audit.record(session, "transfer.take", f"transfer:{transfer.pid}", actor=viewer)
    pipeline.enqueue(session, "ingest.check", transfer)


def discard(session: Session, transfer: Transfer, *, viewer: Viewer) -> None:
    """Throw away a delivery that was tried; the caller erases its bytes (`receive.forget`).

    Its number and what was found stay. The same bytes may be handed in again.

    :raises Conflict: if it was not tried.
    """
    reach.demand(viewer, Permission.INGEST_SUBMIT, transfer)
    _demand_checked(transfer)
    move(session, transfer, State.DISCARDED, actor=viewer)
    audit.record(session, "transfer.discard", f"transfer:{transfer.pid}", actor=viewer)


def _demand_checked(transfer: Transfer) -> None:
    if transfer.state != State.CHECKED:
        raise Conflict(f"transfer {transfer.number} does not wait after a dry run")


def _may_cancel(session: Session, transfer: Transfer) -> bool:
    """Return whether nothing of the delivery is being taken in.

    Where that has failed for good nothing is in, for its rows come in one transaction at its end;
    objects that landed in the store before it are unknown there, and swept (`storage.sweep`).
    """
    begun = select(Job.id).where(
        Job.lock_key == _lock(transfer),
        Job.name == "ingest.accession",
        Job.started_at.is_not(None),
        Job.state != JobState.FAILED,
    )
    return transfer.state in _CANCELLABLE and session.scalars(begun).first() is None


def _lock(transfer: Transfer) -> str:
    return f"transfer:{transfer.pid}"
