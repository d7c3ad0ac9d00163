"""Format migration at the desk: what is kept in formats that are wished away, and the start."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext
from sqlalchemy.orm import Session
from wtforms.fields import SelectChoice

from archive import db
from archive.accounts.permissions import Permission, requires
from archive.errors import ArchiveError
from archive.telling import told
from ingest.migration import actions, queries
from ingest.migration.converters import CONVERTERS
from ingest.migration.forms import MigrationForm
from ingest.migration.queries import Kept

migration = Blueprint("migration", __name__)


@migration.get("/desk/formats/migration")
@requires(Permission.INGEST_READ)
def index() -> ResponseReturnValue:
    """Show what is kept in formats that the house wishes away, and what can be done."""
    with db.archive.reading() as session:
        kept = _kept(session)
    return _shown(_filled(MigrationForm(formdata=None), kept), kept, 200)


@migration.post("/desk/formats/migration")
@requires(Permission.FORMATS_MANAGE)
def start() -> ResponseReturnValue:
    """Let a worker migrate the files of a format."""
    with db.archive.reading() as session:
        kept = _kept(session)
    form = _filled(MigrationForm(), kept)
    if not form.validate():
        return _shown(form, kept, 422)
    try:
        with db.archive.transaction() as session:
            count = actions.start(
                session,
                form.puid.data,
                reference=(form.reference.data or "").strip() or None,
                reason=form.reason.data or "",
                viewer=g.user,
            )
    except ArchiveError as error:
        form.reference.errors = [told(error)]
        return _shown(form, kept, 422)
    flash(ngettext("En fil omvandlas nu.", "%(num)d filer omvandlas nu.", count))
    return redirect(url_for("migration.index"))


def _kept(session: Session) -> list[Kept]:
    return queries.kept(session, g.user.units(Permission.INGEST_READ))


def _filled(form: MigrationForm, kept: list[Kept]) -> MigrationForm:
    form.puid.choices = [
        SelectChoice(one.puid, f"{one.called} ({one.puid}) → {one.converter.target}")
        for one in kept
        if one.converter is not None and one.waiting
    ]
    return form


def _shown(form: MigrationForm, kept: list[Kept], status: int) -> ResponseReturnValue:
    page = render_template(
        "migration/index.html",
        form=form,
        kept=kept,
        converters=CONVERTERS,
        may_start=g.user.may(Permission.FORMATS_MANAGE) and bool(form.puid.choices),
    )
    return page, status
