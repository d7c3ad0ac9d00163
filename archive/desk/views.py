"""Dashboard, jobs, audit, what is due for disposal, and the first figures."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, requires
from archive.audit import actions as audit_log
from archive.audit import queries as audits
from archive.desk import cards, figures, shares, subjects
from archive.errors import NotFound
from archive.jobs import actions as job_actions
from archive.jobs import queries as job_queries
from archive.jobs.models import Job, JobState
from archive.jobs.periodic import listed

desk = Blueprint("desk", __name__)


@desk.get("/desk")
@requires(Permission.DESK_SEE)
def dashboard() -> ResponseReturnValue:
    """Show what waits for this person."""
    with db.archive.reading() as session:
        shown = cards.for_viewer(session, g.user)
        awake = job_queries.has_worker(session)
        recent = []
        if g.user.may(Permission.AUDIT_READ):
            recent = list(session.scalars(audits.latest(8)))
        names = accounts.names(session, [event.actor for event in recent])
    return render_template(
        "desk/dashboard.html", cards=shown, awake=awake, events=recent, names=names
    )


@desk.get("/desk/jobs")
@requires(Permission.JOBS_READ)
def jobs() -> ResponseReturnValue:
    """Show the queue: what runs, waits and failed."""
    state = request.args.get("state", "")
    chosen = JobState(state) if state in set(JobState) else None
    with db.archive.reading() as session:
        rows = list(session.scalars(job_queries.recent(chosen)))
        counts = job_queries.counts(session)
        awake = job_queries.has_worker(session)
        about = {job.id: subjects.of_job(job.args) or "" for job in rows}
        called = subjects.names(session, g.user, about.values())
    return render_template(
        "desk/jobs.html",
        rows=rows,
        counts=counts,
        state=chosen,
        awake=awake,
        periodic=listed(),
        about=about,
        called=called,
    )


@desk.post("/desk/jobs/<int:job_id>/retry")
@requires(Permission.JOBS_MANAGE)
def retry_job(job_id: int) -> ResponseReturnValue:
    """Queue a failed job anew."""
    with db.archive.transaction() as session:
        job = session.get(Job, job_id)
        if job is None or job.state != JobState.FAILED:
            raise NotFound("there is no failed job with that number")
        job_actions.retry(session, job)
        audit_log.record(session, "job.retry", f"job:{job.id}", actor=g.user)
    flash(_("Körningen står i kön igen."))
    return redirect(url_for("desk.jobs"))


@desk.get("/desk/audit")
@requires(Permission.AUDIT_READ)
def audit() -> ResponseReturnValue:
    """Show who did what, newest first, or about one subject."""
    before = min(request.args.get("before", 2**31 - 1, type=int), 2**31 - 1)
    subject = request.args.get("subject", "").strip()
    with db.archive.reading() as session:
        query = audits.events_about(subject).limit(500) if subject else audits.latest(100, before)
        events = list(session.scalars(query))
        names = accounts.names(session, [event.actor for event in events])
        notes = audits.notes_of(session, [event.seq for event in events])
        head = audits.head(session)
        called = subjects.names(session, g.user, [subject, *(event.subject for event in events)])
    return render_template(
        "desk/audit.html",
        events=events,
        names=names,
        notes=notes,
        head=head,
        subject=subject,
        called=called,
    )


@desk.get("/desk/disposal")
@requires(Permission.DISPOSAL_READ)
def disposal() -> ResponseReturnValue:
    """Show which records are due for disposal, by row of the plan. Nothing is destroyed here."""
    today = clock.today()
    with db.archive.reading() as session:
        units = g.user.units(Permission.DISPOSAL_READ)
        rows = figures.due_for_disposal(session, today, units)
    return render_template("desk/disposal.html", rows=rows, today=today)


@desk.get("/desk/reports")
@requires(Permission.REPORTS_READ)
def reports() -> ResponseReturnValue:
    """Show what the archive holds, shows and has received."""
    units = g.user.units(Permission.REPORTS_READ)
    with db.archive.reading() as session:
        numbers = figures.holdings(session, units)
        formats = shares.by_format(session, units)
    drawing = shares.drawn(formats, _("inte fastställt"))
    return render_template("desk/reports.html", numbers=numbers, formats=formats, drawing=drawing)
