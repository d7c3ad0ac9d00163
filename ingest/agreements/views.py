"""Agreements at the desk: what is due, one agreement with its deliveries, and its terms."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from archive import db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, requires
from archive.errors import Conflict, Invalid, NotFound
from ingest.agreements import actions, queries
from ingest.agreements.forms import AgreementForm
from ingest.agreements.models import Agreement
from ingest.formats import rules
from ingest.formats.forms import WORDS

agreements = Blueprint("agreements", __name__)


@agreements.get("/desk/agreements")
@requires(Permission.INGEST_READ)
def index() -> ResponseReturnValue:
    """Show the agreements, those whose delivery is late first."""
    with db.archive.reading() as session:
        rows = queries.standings(session, g.user.units(Permission.INGEST_READ))
    return render_template("agreements/index.html", standings=rows)


@agreements.route("/desk/agreements/new", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_KEEP)
def new() -> ResponseReturnValue:
    """Draw up an agreement."""
    return _edited(None)


@agreements.get("/desk/agreements/<int:agreement_id>")
@requires(Permission.INGEST_READ)
def show(agreement_id: int) -> ResponseReturnValue:
    """Show one agreement: its terms, what has come under it and what is due."""
    with db.archive.reading() as session:
        agreement = _agreement(session, agreement_id)
        standing = queries.standing(agreement, queries.came_under(session, agreement))
        transfers = queries.deliveries(session, agreement)
        formats = rules.of_agreement(session, agreement.number)
    return render_template(
        "agreements/show.html",
        agreement=agreement,
        standing=standing,
        transfers=transfers,
        formats=formats,
        format_words=WORDS,
        may_keep=g.user.may(Permission.AGREEMENTS_KEEP, agreement.unit_id),
    )


@agreements.route("/desk/agreements/<int:agreement_id>/edit", methods=["GET", "POST"])
@requires(Permission.AGREEMENTS_KEEP)
def edit(agreement_id: int) -> ResponseReturnValue:
    """Change the terms of an agreement."""
    return _edited(agreement_id)


@agreements.post("/desk/agreements/<int:agreement_id>/approve-test")
@requires(Permission.AGREEMENTS_KEEP)
def approve_test(agreement_id: int) -> ResponseReturnValue:
    """Say that the test delivery was good."""
    with db.archive.transaction() as session:
        agreement = _agreement(session, agreement_id)
        actions.approve_test(session, agreement, viewer=g.user)
    flash(_("Provleveransen är godkänd."))
    return redirect(url_for("agreements.show", agreement_id=agreement_id))


def _edited(agreement_id: int | None) -> ResponseReturnValue:
    """Keep what the form says of a new or known agreement, or show the form and what is wrong."""
    with db.archive.transaction() as session:
        agreement = _agreement(session, agreement_id) if agreement_id is not None else None
        form = AgreementForm(data=_as_form(agreement) if agreement else None)
        _choose_units(session, form)
        if form.validate_on_submit():
            try:
                kept = _keep(session, agreement, _terms(session, form))
                flash(_("Överenskommelsen är sparad."))
                return redirect(url_for("agreements.show", agreement_id=kept.id))
            except (Invalid, Conflict) as error:
                session.rollback()
                form.form_errors.append(str(error))
        status = 422 if request.method == "POST" else 200
        return render_template("agreements/edit.html", form=form, agreement=agreement), status


def _keep(session: Session, agreement: Agreement | None, terms: actions.Terms) -> Agreement:
    if agreement is None:
        return actions.draw_up(session, terms, viewer=g.user)
    actions.change(session, agreement, terms, viewer=g.user)
    return agreement


def _agreement(session: Session, agreement_id: int) -> Agreement:
    agreement = queries.need(session, agreement_id)
    if not g.user.may(Permission.INGEST_READ, agreement.unit_id):
        raise NotFound(f"there is no agreement {agreement_id}")
    return agreement


def _choose_units(session: Session, form: AgreementForm) -> None:
    units = [
        unit
        for unit in session.scalars(accounts.units())
        if g.user.may(Permission.AGREEMENTS_KEEP, unit.id)
    ]
    form.unit.choices = [SelectChoice(unit.code, f"{unit.name} ({unit.code})") for unit in units]


def _terms(session: Session, form: AgreementForm) -> actions.Terms:
    return actions.Terms(
        number=(form.number.data or "").strip(),
        title=(form.title.data or "").strip(),
        unit_id=accounts.need_unit(session, form.unit.data).id,
        contact=(form.contact.data or "").strip() or None,
        valid_from=form.valid_from.data,
        valid_to=form.valid_to.data,
        first_due=form.first_due.data,
        every_months=form.every_months.data,
        rows=_lines(form.rows.data),
        profiles=tuple(form.profiles.data or ()),
        checksum=form.checksum.data or None,
        needs_test=bool(form.needs_test.data),
    )


def _as_form(agreement: Agreement) -> dict[str, object]:
    kept = ("number", "title", "contact", "valid_from", "valid_to", "first_due", "every_months",
            "profiles", "checksum", "needs_test")  # fmt: skip
    more = {"rows": "\n".join(agreement.rows), "unit": agreement.unit.code}
    return {name: getattr(agreement, name) for name in kept} | more


def _lines(text: str | None) -> tuple[str, ...]:
    """Return the values on the lines of a field, each once, in their order."""
    words = (line.strip().rstrip(",;") for line in (text or "").splitlines())
    return tuple(dict.fromkeys(word for word in words if word))
