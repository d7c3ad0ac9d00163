"""Offers at the desk: the list, a new one, and one with its story and what may be done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, requires
from archive.config import Config
from archive.errors import Conflict, Invalid, Refused
from archive.pages import number_asked
from archive.plans import queries as plans
from archive.telling import told
from ihp.plan import Rule
from ihp.terms import Medium
from ingest.offers import actions, arrival, checklist, lists, queries
from ingest.offers.forms import OfferForm
from ingest.offers.models import OfferState, Way

offers = Blueprint("offers", __name__)
READ, SUBMIT, ACCEPT = Permission.INGEST_READ, Permission.INGEST_SUBMIT, Permission.INGEST_ACCEPT


@offers.get("/desk/offers")
@requires(Permission.INGEST_READ)
def index() -> ResponseReturnValue:
    """Show what is offered, what waits for somebody first."""
    state = request.args.get("state", "")
    with db.archive.reading() as session:
        is_archive, number = g.user.may(ACCEPT), number_asked()
        page = queries.page(session, g.user.units(READ), state, number, for_archive=is_archive)
    return render_template("offers/index.html", page=page, state=state, states=list(OfferState))


@offers.route("/desk/offers/new", methods=["GET", "POST"])
@requires(Permission.INGEST_SUBMIT)
def new() -> ResponseReturnValue:
    """Offer records: the unit first, then what is offered from the rows of its plan."""
    with db.archive.transaction() as session:
        units = _units(session)
        unit = next((u for u in units if u.code == request.values.get("unit")), None)
        unit = units[0] if len(units) == 1 else unit
        rows = _rows(session, unit)
        form = OfferForm(formdata=request.form if request.method == "POST" else None)
        form.row.choices = [SelectChoice(r.code, f"{r.code} {r.record_type}") for r in rows]
        if unit is not None and form.validate_on_submit():
            try:
                made = actions.offer(session, _terms(form, unit), viewer=g.user)
                flash(_("Erbjudandet är skickat till arkivet."))
                return redirect(url_for("offers.show", pid=made.pid))
            except Invalid as error:
                session.rollback()
                form.form_errors.append(told(error))
        status = 422 if request.method == "POST" else 200
        page = render_template("offers/new.html", form=form, units=units, unit=unit, rows=rows)
        return page, status


@offers.get("/desk/offers/<pid>")
@requires(Permission.INGEST_READ)
def show(pid: str) -> ResponseReturnValue:
    """Show one offer: what it is, what the plan says, its story, and what may be done now."""
    with db.archive.reading() as session:
        return _shown(session, pid)


def _shown(session: Session, pid: str) -> str:
    found = queries.readable(session, pid, g.user)
    row = queries.row_of(session, found.unit_id, found.row_code, found.date_text)
    return render_template(
        "offers/show.html",
        offer=found,
        row=row,
        story=queries.story(session, found),
        delivery=queries.delivery_of(session, found),
        series=queries.series_of(session, found),
        items=checklist.items_for(Way(found.way), row),
        faults=len(lists.errors_of(found.list_kind, found.rows)) if found.rows else 0,
        kinds=lists.KINDS,
        today=clock.today(),
        institution=_config().institution,
        may_submit=g.user.may(SUBMIT, found.unit_id),
        may_accept=g.user.may(ACCEPT, found.unit_id),
    )


@offers.post("/desk/offers/<pid>/appraise")
@requires(Permission.INGEST_ACCEPT)
def appraise(pid: str) -> ResponseReturnValue:
    """Accept, ask or decline, in words."""
    said = _text("verdict")
    verdict = OfferState(said) if said in set(OfferState) else OfferState.OFFERED
    return _do(pid, ACCEPT, actions.appraise, verdict=verdict, reason=_text("reason"))


@offers.post("/desk/offers/<pid>/say")
@requires(Permission.INGEST_READ)
def say(pid: str) -> ResponseReturnValue:
    """Write a message to the other side."""
    return _do(pid, READ, actions.say, body=_text("body"))


@offers.post("/desk/offers/<pid>/prepare")
@requires(Permission.INGEST_SUBMIT)
def prepare(pid: str) -> ResponseReturnValue:
    """Keep what of the checklist is done."""
    return _do(pid, SUBMIT, actions.tick, done=request.form.getlist("done"))


@offers.post("/desk/offers/<pid>/boxes")
@requires(Permission.INGEST_SUBMIT)
def boxes(pid: str) -> ResponseReturnValue:
    """Keep what is ticked, and say on which day the boxes come."""
    _keep_ticks(pid)
    return _do(
        pid, SUBMIT, actions.hand_in_boxes, on=request.form.get("on", type=date.fromisoformat)
    )


@offers.post("/desk/offers/<pid>/package")
@requires(Permission.INGEST_SUBMIT)
def package(pid: str) -> ResponseReturnValue:
    """Keep what is ticked, and tie a delivery that was handed in to the offer."""
    _keep_ticks(pid)
    return _do(pid, SUBMIT, actions.hand_in_delivery, number=_text("number"))


def _keep_ticks(pid: str) -> None:
    """Keep the ticks that came with the form, also where the rest of it is refused."""
    if "ticks" not in request.form:
        return
    with db.archive.transaction() as session:
        found = queries.readable(session, pid, g.user, SUBMIT)
        if found.state == OfferState.ACCEPTED:
            actions.tick(session, found, request.form.getlist("done"), viewer=g.user)


@offers.post("/desk/offers/<pid>/back")
@requires(Permission.INGEST_ACCEPT)
def back(pid: str) -> ResponseReturnValue:
    """Give a paper delivery back to the unit, to mend."""
    return _do(pid, ACCEPT, actions.send_back, reason=_text("reason"))


@offers.post("/desk/offers/<pid>/withdraw")
@requires(Permission.INGEST_SUBMIT)
def withdraw(pid: str) -> ResponseReturnValue:
    """Take the offer back."""
    return _do(pid, SUBMIT, actions.withdraw, reason=_text("reason"))


@offers.post("/desk/offers/<pid>/arrive")
@requires(Permission.INGEST_ACCEPT)
def arrive(pid: str) -> ResponseReturnValue:
    """Take the boxes in: the list becomes records."""
    config = _config()
    place = arrival.Place(_text("series"), _text("title"), config.institution, config.finding_aid)
    return _do(pid, ACCEPT, arrival.arrive, place=place, reason=_text("reason"))


def _do(
    pid: str, permission: Permission, deed: Callable[..., object], **said: object
) -> ResponseReturnValue:
    """Do something with an offer, in one transaction, and lead back to its page.

    What may not be done is told on the page, with what was typed still in its fields.
    """
    with db.archive.transaction() as session:
        found = queries.readable(session, pid, g.user, permission)
        try:
            deed(session, found, viewer=g.user, **said)
        except (Invalid, Conflict, Refused) as error:
            session.rollback()
            flash(told(error), "error")
            return _shown(session, pid), error.status
    return redirect(url_for("offers.show", pid=pid))


def _text(name: str) -> str:
    return request.form.get(name, "").strip()


def _units(session: Session) -> list[OrgUnit]:
    """Return the units that the viewer may offer for, and that have a plan in force."""
    planned = plans.all_in_force(session, clock.today())
    return [
        unit
        for unit in session.scalars(accounts.units())
        if unit.id in planned and g.user.may(SUBMIT, unit.id)
    ]


def _rows(session: Session, unit: OrgUnit | None) -> tuple[Rule, ...]:
    found = plans.in_force(session, unit.id, clock.today()) if unit is not None else None
    by_code = {rule.code: rule for rule in found.plan.rules} if found else {}
    return tuple(by_code.values())


def _terms(form: OfferForm, unit: OrgUnit) -> actions.Terms:
    return actions.Terms(
        unit_id=unit.id,
        row_code=form.row.data,
        title=(form.title.data or "").strip(),
        date_text=(form.date_text.data or "").strip(),
        extent=(form.extent.data or "").strip(),
        medium=form.medium.data or Medium.PAPER.value,
        way=Way(form.way.data),
        secrecy=(form.secrecy.data or "").strip() or None,
        system=(form.system.data or "").strip() or None,
        about=(form.about.data or "").strip() or None,
    )


def _config() -> Config:
    config: Config = current_app.config["STADSARKIV"]
    return config
