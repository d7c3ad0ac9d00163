"""Describe something new at the desk, one after another or many in a row."""

from __future__ import annotations

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from archive import db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, requires
from archive.config import Config
from archive.describing import actions, queries, references, starting, words
from archive.describing.actions import Identity
from archive.describing.blueprint import describing
from archive.describing.forms import NewForm, taken
from archive.errors import ArchiveError, Conflict, Invalid, NotFound, Refused
from archive.holdings.models import Description, Level
from archive.telling import told


@describing.get("/desk/holdings/new")
@describing.get("/desk/holdings/<pid>/new")
@requires(Permission.HOLDINGS_DESCRIBE)
def new(pid: str | None = None) -> ResponseReturnValue:
    """Show the form of a new record, filled with what can be guessed."""
    with db.archive.reading() as session:
        start = _start(session, pid)
        form = _form(start, NewForm(formdata=None, data=start.values))
    return render_template("describing/new.html", start=start, form=form)


@describing.post("/desk/holdings/new")
@describing.post("/desk/holdings/<pid>/new")
@requires(Permission.HOLDINGS_DESCRIBE)
def create(pid: str | None = None) -> ResponseReturnValue:
    """Add a record, or many in a row, and lead on to the next or to what was made."""
    with db.archive.reading() as session:
        start = _start(session, pid)
        form = _form(start, NewForm())
        is_whole = _is_whole(session, form)
    if not is_whole:
        return render_template("describing/new.html", start=start, form=form), 422
    try:
        with db.archive.transaction() as session:
            made = _make(session, pid, form)
    except (Conflict, Invalid, NotFound, Refused) as error:
        _tell_beside(form, error)
        return render_template("describing/new.html", start=start, form=form), error.status
    span = made[0].reference if len(made) == 1 else f"{made[0].reference} – {made[-1].reference}"
    flash(_("Beskrivet: %(what)s.", what=span))
    if request.form.get("then") == "another":
        return redirect(url_for("describing.new", pid=pid, like=made[-1].pid))
    return redirect(url_for("holdings.show", pid=made[0].pid if len(made) == 1 else pid))


def _tell_beside(form: NewForm, error: ArchiveError) -> None:
    """Tell an error beside the field that it is about, else above the form."""
    if (isinstance(error, Refused) and error.decision is not None) or "no row" in str(error):
        form.rule.errors = [*form.rule.errors, told(error)]
    else:
        form.form_errors = [told(error)]


def _start(session: Session, pid: str | None) -> starting.Start:
    parent = _parent(session, pid)
    return starting.start_of(session, _config(), parent, request.args.get("like"), g.user)


def _parent(session: Session, pid: str | None) -> Description | None:
    return queries.need(session, pid, Permission.HOLDINGS_DESCRIBE, g.user) if pid else None


def _form(start: starting.Start, form: NewForm) -> NewForm:
    form.level.choices = [SelectChoice(one.value, words.LEVELS[one.value]) for one in start.levels]
    form.unit.choices = [SelectChoice(one.code, f"{one.name} ({one.code})") for one in start.units]
    form.plan_unit.choices = [
        SelectChoice(one.code, f"{one.name} ({one.code})") for one in start.plan_units
    ]
    return form


def _is_whole(session: Session, form: NewForm) -> bool:
    """Return whether everything can be read and the references are free: all errors at once."""
    is_valid = form.validate()
    wanted = form.reference.data or ""
    try:
        codes = references.following(wanted.strip(), form.count.data or 1)
        occupied = references.taken(session, codes)
    except Invalid as error:
        form.reference.errors = [*form.reference.errors, told(error)]
        return False
    if occupied:
        said = _("%(code)s är upptagen. Välj en annan.", code=", ".join(occupied[:5]))
        form.reference.errors = [*form.reference.errors, said]
    return is_valid and not occupied


def _make(session: Session, pid: str | None, form: NewForm) -> list[Description]:
    identity = Identity(
        level=Level(form.level.data or ""),
        references=references.following((form.reference.data or "").strip(), form.count.data or 1),
        unit=accounts.need_unit(session, form.unit.data or ""),
        plan_unit=accounts.need_unit(session, form.plan_unit.data or ""),
        rule_code=(form.rule.data or "").strip(),
        custody_on=form.custody_on.data,
    )
    return actions.describe_new(
        session,
        _parent(session, pid),
        identity,
        taken(form),
        reason=form.reason.data,
        viewer=g.user,
    )


def _config() -> Config:
    config: Config = current_app.config["STADSARKIV"]
    return config
