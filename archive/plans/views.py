"""The plans at the desk: which are in force, what a version says, and its way to a decision."""

from __future__ import annotations

import json

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, requires
from archive.errors import Invalid, NotFound
from archive.plans import actions, queries
from archive.plans.forms import DecideForm, ImportForm
from archive.plans.models import PlanVersion
from ihp import check, diff

plans = Blueprint("plans", __name__)


@plans.get("/desk/plans")
@requires(Permission.PLANS_READ)
def index() -> ResponseReturnValue:
    """Show every unit with its plan in force, or that it has none."""
    with db.archive.reading() as session:
        units = list(session.scalars(accounts.units()))
        versions = {unit.id: list(session.scalars(queries.versions_of(unit.id))) for unit in units}
    form = ImportForm(formdata=None)
    form.unit.choices = _choices(units)
    return render_template("plans/index.html", units=units, versions=versions, form=form)


@plans.post("/desk/plans/import")
@requires(Permission.PLANS_DRAFT)
def upload() -> ResponseReturnValue:
    """Take in rows as a new draft."""
    form = ImportForm()
    with db.archive.reading() as session:
        form.unit.choices = _choices(list(session.scalars(accounts.units())))
    if not form.validate():
        raise Invalid(_("Välj en fil och en enhet."))
    rows = _rows(form.file.data.read())
    with db.archive.transaction() as session:
        unit = accounts.need_unit(session, form.unit.data or "")
        g.user.demand(Permission.PLANS_DRAFT, unit.id)
        version = actions.draft(
            session,
            unit,
            rows,
            title=form.title.data or f"Informationshanteringsplan {unit.name}",
            authority=form.authority.data or "",
            actor=g.user,
        )
    flash(_("Utkastet finns nu."))
    return redirect(url_for("plans.show", unit=unit.code, number=version.number))


@plans.get("/desk/plans/<unit>/<int:number>")
@requires(Permission.PLANS_READ)
def show(unit: str, number: int) -> ResponseReturnValue:
    """Show a version: its rows, what is wrong with it, and what differs from the one before."""
    with db.archive.reading() as session:
        org = accounts.need_unit(session, unit)
        version = queries.version(session, org.id, number)
        if version is None:
            raise NotFound("there is no such version")
        before = queries.version(session, org.id, number - 1)
        names = accounts.names(session, [version.drafted_by, version.decided_by or ""])
    plan = queries.as_plan(version)
    changes = diff.compare(queries.as_plan(before) if before else None, plan)
    return render_template(
        "plans/show.html",
        unit=org,
        version=version,
        plan=plan,
        findings=check.check(plan),
        changes=changes.rows if before else (),
        names=names,
        form=DecideForm(formdata=None),
        today=clock.today(),
    )


@plans.post("/desk/plans/<unit>/<int:number>/consult")
@requires(Permission.PLANS_DRAFT)
def consult(unit: str, number: int) -> ResponseReturnValue:
    """Send a draft to consultation."""
    with db.archive.transaction() as session:
        version = _version(session, unit, number)
        g.user.demand(Permission.PLANS_DRAFT, version.unit_id)
        actions.consult(session, version, actor=g.user)
    flash(_("Planen är på samråd."))
    return redirect(url_for("plans.show", unit=unit, number=number))


@plans.post("/desk/plans/<unit>/<int:number>/decide")
@requires(Permission.PLANS_DECIDE)
def decide(unit: str, number: int) -> ResponseReturnValue:
    """Decide a plan."""
    form = DecideForm()
    if not form.validate() or form.in_force_from.data is None:
        raise Invalid(_("Ange diarienummer och från vilken dag planen gäller."))
    with db.archive.transaction() as session:
        version = _version(session, unit, number)
        actions.decide(
            session,
            version,
            dnr=form.dnr.data or "",
            in_force_from=form.in_force_from.data,
            viewer=g.user,
        )
    flash(_("Planen är beslutad."))
    return redirect(url_for("plans.show", unit=unit, number=number))


def _choices(units: list[OrgUnit]) -> list[SelectChoice]:
    """Return the units that the person may draft a plan for."""
    return [
        SelectChoice(unit.code, f"{unit.name} ({unit.code})")
        for unit in units
        if g.user.may(Permission.PLANS_DRAFT, unit.id)
    ]


def _version(session: Session, unit: str, number: int) -> PlanVersion:
    org = accounts.need_unit(session, unit)
    version = queries.version(session, org.id, number)
    if version is None:
        raise NotFound("there is no such version")
    return version


def _rows(raw: bytes) -> list[dict[str, object]]:
    try:
        form = json.loads(raw.decode("utf-8-sig"))
    except ValueError as error:
        raise Invalid(f"the file is no JSON: {error}") from error
    rows = form.get("rows") if isinstance(form, dict) else form
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid("the file has no list of rows")
    return rows
