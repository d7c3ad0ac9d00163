"""The holdings at the desk: find, look, publish, withdraw, hold, mark."""

from __future__ import annotations

from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, requires
from archive.audit import actions as audit_log
from archive.audit import queries as audits
from archive.config import Config
from archive.errors import NotFound, Refused
from archive.holdings import access, actions, finding, queries
from archive.holdings.forms import AssignForm, HoldForm, MarkForm, ReasonForm
from archive.holdings.models import Derivative, Description, File, Hold, Mark
from archive.plans import queries as plans
from archive.storage.store import open_store
from ihp.terms import Action

holdings = Blueprint("holdings", __name__)


@holdings.get("/desk/holdings")
@requires(Permission.HOLDINGS_READ)
def index() -> ResponseReturnValue:
    """Find records, or browse the fonds."""
    with db.archive.reading() as session:
        found = finding.find(session, _config(), request.args, g.user)
    return render_template("holdings/index.html", found=found)


@holdings.get("/desk/holdings/<pid>")
@requires(Permission.HOLDINGS_READ)
def show(pid: str) -> ResponseReturnValue:
    """Show a record with all that belongs to it, and what the law says of it."""
    with db.archive.reading() as session:
        page = queries.page_of(session, _record(session, pid, Permission.HOLDINGS_READ))
        record = page.record
        answers = {a.value: access.decide(session, a, record).as_dict() for a in Action}
        events = list(session.scalars(audits.events_about(actions.subject_of(record)).limit(20)))
        names = accounts.names(session, [event.actor for event in events])
        notes = audits.notes_of(session, [event.seq for event in events])
    return render_template(
        "holdings/show.html",
        page=page,
        record=record,
        answers=answers,
        events=events,
        names=names,
        notes=notes,
        reason=ReasonForm(formdata=None),
        hold_form=HoldForm(formdata=None),
        mark_form=MarkForm(formdata=None),
        may_publish=g.user.may(Permission.HOLDINGS_PUBLISH, record.unit_id),
        may_describe=g.user.may(Permission.HOLDINGS_DESCRIBE, record.unit_id),
    )


@holdings.post("/desk/holdings/<pid>/publish")
@requires(Permission.HOLDINGS_PUBLISH)
def publish(pid: str) -> ResponseReturnValue:
    """Publish a record, its description only, or its whole branch as far as the law allows."""
    extent = request.form.get("extent", "full")
    with db.archive.transaction() as session:
        record = _record(session, pid, Permission.HOLDINGS_PUBLISH)
        if extent == "branch":
            done, refused = actions.publish_branch(session, record, viewer=g.user)
            said = _("%(done)d publicerade, %(refused)d fick inte.", done=done, refused=refused)
        else:
            actions.publish(session, record, viewer=g.user, full=extent == "full")
            said = _("Publicerad. Den syns för alla om någon sekund.")
    flash(said)
    return redirect(url_for("holdings.show", pid=pid))


@holdings.post("/desk/holdings/<pid>/withdraw")
@requires(Permission.HOLDINGS_PUBLISH)
def withdraw(pid: str) -> ResponseReturnValue:
    """Take a record and its branch out of the edition."""
    form = ReasonForm()
    with db.archive.transaction() as session:
        record = _record(session, pid, Permission.HOLDINGS_PUBLISH)
        count = actions.withdraw(session, record, reason=form.reason.data or "", viewer=g.user)
    flash(_("Tillbakadragna: %(count)d. De syns inte längre.", count=count))
    return redirect(url_for("holdings.show", pid=pid))


@holdings.post("/desk/holdings/<pid>/holds")
@requires(Permission.HOLDINGS_DESCRIBE)
def hold(pid: str) -> ResponseReturnValue:
    """Stop disposal of a record."""
    form = HoldForm()
    with db.archive.transaction() as session:
        record = _record(session, pid, Permission.HOLDINGS_DESCRIBE)
        actions.place_hold(
            session, record, reason=form.reason.data or "", until=form.until.data, actor=g.user
        )
    flash(_("Handlingen är spärrad mot gallring."))
    return redirect(url_for("holdings.show", pid=pid))


@holdings.post("/desk/holdings/<pid>/holds/<int:hold_id>/lift")
@requires(Permission.HOLDINGS_DESCRIBE)
def lift_hold(pid: str, hold_id: int) -> ResponseReturnValue:
    """End a hold."""
    form = ReasonForm()
    with db.archive.transaction() as session:
        record = _record(session, pid, Permission.HOLDINGS_DESCRIBE)
        held = session.get(Hold, hold_id)
        if held is None or held.description_id != record.id or held.lifted_at:
            raise NotFound("there is no such hold on this record")
        actions.lift_hold(session, held, record, reason=form.reason.data or "", actor=g.user)
    flash(_("Spärren är hävd."))
    return redirect(url_for("holdings.show", pid=pid))


@holdings.post("/desk/holdings/<pid>/marks")
@requires(Permission.HOLDINGS_DESCRIBE)
def mark(pid: str) -> ResponseReturnValue:
    """Mark a record as secret under a clause."""
    form = MarkForm()
    with db.archive.transaction() as session:
        record = _record(session, pid, Permission.HOLDINGS_DESCRIBE)
        clause = form.clause.data or ""
        actions.set_mark(session, record, clause, authority=g.user.name, actor=g.user)
    flash(_("Handlingen är sekretessmarkerad."))
    return redirect(url_for("holdings.show", pid=pid))


@holdings.post("/desk/holdings/<pid>/marks/<int:mark_id>/lift")
@requires(Permission.HOLDINGS_DESCRIBE)
def lift_mark(pid: str, mark_id: int) -> ResponseReturnValue:
    """Remove a secrecy marking, with a reason; what the plan closes stays closed."""
    form = ReasonForm()
    with db.archive.transaction() as session:
        record = _record(session, pid, Permission.HOLDINGS_DESCRIBE)
        found = session.get(Mark, mark_id)
        if found is None or found.description_id != record.id or found.lifted_at:
            raise NotFound("there is no such mark on this record")
        actions.lift_mark(session, found, record, reason=form.reason.data or "", actor=g.user)
    flash(_("Sekretessmarkeringen är hävd. Planens egen sekretess gäller som förut."))
    return redirect(url_for("holdings.show", pid=pid))


@holdings.route("/desk/holdings/<pid>/row", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def assign(pid: str) -> ResponseReturnValue:
    """Put a record under another row of a plan, with a reason."""
    with db.archive.transaction() as session:
        record = _record(session, pid, Permission.HOLDINGS_DESCRIBE)
        form = AssignForm(data={"unit": record.plan_unit.code, "rule": record.rule_code})
        form.unit.choices = [
            SelectChoice(unit.code, f"{unit.name} ({unit.code})")
            for unit in session.scalars(accounts.units())
        ]
        if not form.validate_on_submit():
            plan = plans.in_force(session, record.plan_unit_id, clock.today())
            rows = plan.plan.rules if plan else ()
            page = render_template("holdings/assign.html", record=record, form=form, rows=rows)
            return page, 422 if request.method == "POST" else 200
        unit = accounts.need_unit(session, form.unit.data or "")
        actions.assign_rule(
            session, record, unit, form.rule.data or "", reason=form.reason.data or "", actor=g.user
        )
    flash(_("Handlingen ligger nu under raden."))
    return redirect(url_for("holdings.show", pid=pid))


@holdings.get("/desk/files/<pid>/<role>")
@requires(Permission.HOLDINGS_READ)
def file(pid: str, role: str) -> ResponseReturnValue:
    """Send a file to staff; reading the original of anything but K0 and K1 is logged."""
    with db.archive.transaction() as session:
        found = session.scalars(select(File).where(File.pid == pid)).first()
        if found is None:
            raise NotFound("there is no such file")
        record = session.get_one(Description, found.description_id)
        g.user.demand(Permission.HOLDINGS_READ, record.unit_id)
        path, kind = _bytes(session, found, role)
        if role == "original":
            audit_log.record(
                session, "file.read", actions.subject_of(record), actor=g.user, file=found.pid
            )
    name = found.original_name if role == "original" else None
    answer = send_file(path, mimetype=kind, as_attachment=bool(name), download_name=name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _bytes(session: Session, found: File, role: str) -> tuple[Any, str]:
    if role == "original":
        store = open_store(_config())
        return store.path_of(*queries.object_of(session, found)), "application/octet-stream"
    copy = session.scalars(
        select(Derivative).where(Derivative.file_id == found.id, Derivative.role == role)
    ).first()
    if copy is None:
        raise NotFound("there is no such copy")
    return _config().data_dir / "derivatives" / copy.path, copy.media_type


def _record(session: Session, pid: str, permission: Permission) -> Description:
    """Return the record if it exists and the person may do this with it: else one answer."""
    try:
        record = queries.by_ref(session, pid)
        g.user.demand(permission, record.unit_id)
    except Refused as error:
        raise NotFound(f"there is no record {pid!r}") from error
    return record


def _config() -> Config:
    config: Config = current_app.config["STADSARKIV"]
    return config
