"""The dock at the desk: hand in, follow, and decide what waits for a person."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from archive import db, pages
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, requires
from archive.config import Config
from archive.errors import Invalid
from archive.pages import number_asked
from ihp.plan import Rule
from ingest import inbox as listing
from ingest import pipeline, queries, reach, receive, segments, steering, suggest, uploads
from ingest.clues import Clues, stored
from ingest.forms import AssignForm, ReasonForm, UploadForm
from ingest.models import Transfer
from ingest.receipts import queries as receipts

ingest = Blueprint("ingest", __name__)
UPLOAD_BYTES = 20 * 1024**3


@ingest.get("/desk/ingest")
@requires(Permission.INGEST_READ)
def inbox() -> ResponseReturnValue:
    """Show deliveries: those that wait for a person first."""
    with db.archive.reading() as session:
        return _inbox(session, _upload_form(session))


def _inbox(session: Session, form: UploadForm) -> str:
    filters = listing.Filters.of(request.args)
    number = number_asked()
    may_accept, units = g.user.may(Permission.INGEST_ACCEPT), g.user.units(Permission.INGEST_READ)
    page = listing.page(session, units, filters, number, unassigned=may_accept, own=g.user.actor_id)
    found = suggest.for_page(session, page.rows, g.user.units(Permission.INGEST_ACCEPT))
    unit = accounts.unit_by_code(session, filters.unit) if filters.unit else None
    return render_template(
        "ingest/inbox.html",
        form=form,
        page=page,
        filters=filters,
        suggested=found,
        rows=suggest.rows_in_force(session, unit.id, Clues()) if unit else [],
        mine=g.user.units(Permission.INGEST_ACCEPT),
        unfinished=uploads.unfinished(session, g.user),
        may_accept=may_accept,
        **_limits(),
    )


@ingest.post("/desk/ingest")
@requires(Permission.INGEST_SUBMIT)
def upload() -> ResponseReturnValue:
    """Take in a delivery; what becomes of it is followed on its own page."""
    with db.archive.reading() as session:
        form = _upload_form(session)
        unit = accounts.unit_by_code(session, form.unit.data) if form.unit.data else None
        if not form.validate():
            return _inbox(session, form), 422
    g.user.demand(Permission.INGEST_SUBMIT, unit.id if unit else None)
    declared = receive.Declared(
        unit_id=unit.id if unit else None,
        record_type=(form.record_type.data or "").strip() or None,
        agreement=(form.agreement.data or "").strip() or None,
        only_check=form.only_check.data,
    )
    transfer, is_new = receive.receive(
        form.file.data.stream,
        form.file.data.filename or "leverans",
        declared,
        quarantine=_config().quarantine,
        actor=g.user,
    )
    if not is_new:
        flash(_known(transfer, declared), "warning")
    return redirect(url_for("ingest.show", pid=transfer.pid))


upload.accepts_bytes = UPLOAD_BYTES  # type: ignore[attr-defined]


@ingest.get("/desk/ingest/<pid>")
@requires(Permission.INGEST_READ)
def show(pid: str) -> ResponseReturnValue:
    """Show one delivery: where it is, what was found, and what a person may do."""
    with db.archive.reading() as session:
        transfer = queries.readable(session, pid, g.user)
        findings = queries.findings(session, transfer, _language())
        job = queries.job_of(session, transfer)
        records = queries.top_records(session, transfer)
        parts = segments.standing(session, transfer)
        receipt = receipts.of(session, transfer)
        judge = _judging(session, transfer)
    return render_template(
        "ingest/show.html",
        transfer=transfer,
        findings=findings,
        rules=queries.by_rule(findings),
        reason=ReasonForm(formdata=None),
        job=job,
        records=records,
        receipt=receipt,
        parts=parts,
        pace=queries.pace(job),
        look_again=queries.look_again_after(job),
        why=queries.why_not_done(job, _language()),
        may_steer=job is not None and reach.may(g.user, Permission.INGEST_ACCEPT, transfer),
        may_submit=reach.may(g.user, Permission.INGEST_SUBMIT, transfer),
        may_accept=reach.may(g.user, Permission.INGEST_ACCEPT, transfer),
        **judge,
    )


def _judging(session: Session, transfer: Transfer) -> dict[str, object]:
    """Return what the judgement of a waiting delivery shows: suggestions, and a unit's rows.

    The page's address may name another unit than the delivery's own; its plan is shown then.
    """
    units = g.user.units(Permission.INGEST_ACCEPT)
    asked = accounts.unit_by_code(session, request.args.get("unit", ""))
    unit = asked or transfer.unit
    as_unit = unit.id if unit is not None else None
    found = suggest.for_page(session, [transfer], units, as_unit=as_unit).get(transfer.id, [])
    if unit is None and found:
        unit = found[0].unit
    form = AssignForm(formdata=None)
    form.unit.choices = _unit_choices(session, units)
    form.unit.data = unit.code if unit is not None else ""
    rows = suggest.rows_in_force(session, unit.id, stored(transfer)) if unit else []
    form.record_type.choices = _row_choices(rows)
    mine = [s for s in found if unit is not None and s.unit.id == unit.id]
    best = mine[0].row.code if mine else ""
    kept = transfer.record_type if transfer.record_type in {row.code for row in rows} else None
    form.record_type.data = kept or best
    return {"assign": form, "suggestions": found, "unit": unit}


@ingest.post("/desk/ingest/<pid>/assign")
@requires(Permission.INGEST_ACCEPT)
def assign(pid: str) -> ResponseReturnValue:
    """Say for which unit and under which row a waiting delivery comes in."""
    form = AssignForm()
    with db.archive.transaction() as session:
        transfer = queries.readable(session, pid, g.user, Permission.INGEST_ACCEPT)
        form.unit.choices = _unit_choices(session, g.user.units(Permission.INGEST_ACCEPT))
        if not form.validate():
            raise Invalid(_("Ange enhet och skäl."))
        pipeline.assign(
            session,
            transfer,
            unit_code=form.unit.data,
            record_type=form.record_type.data or "",
            reason=form.reason.data or "",
            viewer=g.user,
        )
    flash(_("Tilldelat. Leveransen prövas på nytt."))
    return redirect(url_for("ingest.show", pid=pid))


@ingest.post("/desk/ingest/<pid>/accept")
@requires(Permission.INGEST_ACCEPT)
def accept(pid: str) -> ResponseReturnValue:
    """Take in a waiting delivery, with a reason."""
    return _do(pid, Permission.INGEST_ACCEPT, pipeline.accept, _("Leveransen tas in."), **_why())


@ingest.post("/desk/ingest/<pid>/reject")
@requires(Permission.INGEST_ACCEPT)
def reject(pid: str) -> ResponseReturnValue:
    """Turn a waiting delivery away, with a reason."""
    said = _("Leveransen är avvisad.")
    return _do(pid, Permission.INGEST_ACCEPT, pipeline.reject, said, **_why())


@ingest.post("/desk/ingest/<pid>/pause")
@requires(Permission.INGEST_ACCEPT)
def pause(pid: str) -> ResponseReturnValue:
    """Hold the work on a delivery."""
    return _do(pid, Permission.INGEST_ACCEPT, steering.pause)


@ingest.post("/desk/ingest/<pid>/resume")
@requires(Permission.INGEST_ACCEPT)
def resume(pid: str) -> ResponseReturnValue:
    """Let the work on a delivery go on."""
    return _do(pid, Permission.INGEST_ACCEPT, steering.resume)


@ingest.post("/desk/ingest/<pid>/retry")
@requires(Permission.INGEST_ACCEPT)
def retry(pid: str) -> ResponseReturnValue:
    """Let the step of a delivery that failed be tried again."""
    said = _("Steget görs om.")
    return _do(pid, Permission.INGEST_ACCEPT, steering.retry, said)


@ingest.post("/desk/ingest/<pid>/cancel")
@requires(Permission.INGEST_ACCEPT)
def cancel(pid: str) -> ResponseReturnValue:
    """Break the work on a delivery off, with a reason."""
    return _do(pid, Permission.INGEST_ACCEPT, steering.cancel, _("Leveransen avbryts."), **_why())


@ingest.post("/desk/ingest/<pid>/take")
@requires(Permission.INGEST_SUBMIT)
def take(pid: str) -> ResponseReturnValue:
    """Hand in for good what has been tried."""
    said = _("Leveransen är inlämnad och prövas.")
    return _do(pid, Permission.INGEST_SUBMIT, steering.take, said)


@ingest.post("/desk/ingest/<pid>/discard")
@requires(Permission.INGEST_SUBMIT)
def discard(pid: str) -> ResponseReturnValue:
    """Throw away what has been tried."""
    with db.archive.transaction() as session:
        transfer = queries.readable(session, pid, g.user, Permission.INGEST_SUBMIT)
        steering.discard(session, transfer, viewer=g.user)
    receive.forget(_config().quarantine, transfer)
    flash(_("Leveransen är kastad."))
    return redirect(url_for("ingest.show", pid=pid))


def _do(
    pid: str, permission: Permission, deed: Callable[..., None], said: str = "", **more: str
) -> ResponseReturnValue:
    """Do something with a delivery, in one transaction, and lead back to its page."""
    with db.archive.transaction() as session:
        transfer = queries.readable(session, pid, g.user, permission)
        deed(session, transfer, viewer=g.user, **more)
    if said:
        flash(said)
    return redirect(url_for("ingest.show", pid=pid))


def _why() -> dict[str, str]:
    return {"reason": ReasonForm().reason.data or ""}


def _limits() -> dict[str, object]:
    return {
        "may_submit": g.user.may(Permission.INGEST_SUBMIT),
        "form_bytes": UPLOAD_BYTES,
        "whole_bytes": uploads.WHOLE_BYTES,
    }


def _known(transfer: Transfer, declared: receive.Declared) -> str:
    """Say that the same bytes came before, and what of the new form was not used."""
    if not reach.may(g.user, Permission.INGEST_READ, transfer):
        return str(_("Samma leverans har lämnats in förut."))
    number, on = transfer.number, pages.day(transfer.received_at)
    said = str(_("Exakt samma fil är redan leverans nr %(n)d, mottagen %(day)s.", n=number, day=on))
    words = {
        "unit_id": _("enheten"),
        "record_type": _("handlingstypen"),
        "agreement": _("överenskommelsen"),
    }
    ignored = [words[name] for name in receive.unused(transfer, declared)]
    if not ignored:
        return said
    what = str(_(" och ")).join(ignored)
    return f"{said} {_('Det du angav nu har inte använts: %(what)s.', what=what)}"


def _upload_form(session: Session) -> UploadForm:
    form = UploadForm()
    if not form.is_submitted():  # an offer leads here with its unit and row
        form.unit.data, form.record_type.data = request.args.get("to"), request.args.get("row")
    form.unit.choices = [SelectChoice("", _("anges i leveransen")), *_unit_choices(session)]
    return form


def _unit_choices(session: Session, reach: frozenset[int] | None = None) -> list[SelectChoice]:
    """Return the units to choose from; of those that a permission reaches, where it is given."""
    units = session.scalars(accounts.units())
    return [
        SelectChoice(unit.code, f"{unit.name} ({unit.code})")
        for unit in units
        if reach is None or unit.id in reach
    ]


def _row_choices(rows: Sequence[Rule]) -> list[SelectChoice]:
    named = [SelectChoice(row.code, f"{row.code} {row.record_type}") for row in rows]
    return [SelectChoice("", _("anges per handling i leveransen")), *named]


def _language() -> str:
    return "en" if str(get_locale()) == "en" else "sv"


def _config() -> Config:
    config: Config = current_app.config["STADSARKIV"]
    return config
