"""Change many records at the desk: choose, look at what would come of it, apply."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from wtforms import Field, SelectField

from archive import clock, db
from archive.accounts.permissions import Permission, requires
from archive.describing import bulk
from archive.describing.blueprint import describing
from archive.describing.forms import BulkForm, taken
from archive.errors import Invalid
from archive.holdings.models import Description
from archive.plans import queries as plans


@describing.get("/desk/holdings/many")
@requires(Permission.HOLDINGS_DESCRIBE)
def many() -> ResponseReturnValue:
    """Choose what to change in the picked records or the branch."""
    with db.archive.reading() as session:
        records = _chosen(session)
        rows = _rows(session, records)
    return _page(BulkForm(formdata=None), records, rows)


@describing.post("/desk/holdings/many/preview")
@requires(Permission.HOLDINGS_DESCRIBE)
def preview() -> ResponseReturnValue:
    """Show what the change would do to each record, and change nothing."""
    form = BulkForm()
    with db.archive.reading() as session:
        records = _chosen(session)
        if not _is_whole(form):
            return _page(form, records, _rows(session, records)), 422
        seen = bulk.preview(session, records, _changes(form), form.reason.data or "")
        return render_template(
            "describing/preview.html",
            seen=seen,
            shown=seen.lines[:200],
            carried=[(k, v) for k, v in request.form.items(multi=True) if k != "csrf_token"],
        )


@describing.post("/desk/holdings/many/again")
@requires(Permission.HOLDINGS_DESCRIBE)
def many_again() -> ResponseReturnValue:
    """Show the form once more after the look, with what was written in it."""
    with db.archive.reading() as session:
        records = _chosen(session)
        rows = _rows(session, records)
    return _page(BulkForm(), records, rows)


@describing.post("/desk/holdings/many")
@requires(Permission.HOLDINGS_DESCRIBE)
def change_many() -> ResponseReturnValue:
    """Change all the records or none, as they were looked at."""
    form = BulkForm()
    if not _is_whole(form):
        raise Invalid("choose at least one field to change")
    with db.archive.transaction() as session:
        changed = bulk.apply(
            session,
            _chosen(session),
            _changes(form),
            digest=request.form.get("digest", ""),
            reason=form.reason.data or "",
            viewer=g.user,
        )
    flash(_("Ändrade poster: %(n)d. Allt kan ångras på en gång här.", n=len(changed)))
    if not changed:
        return redirect(url_for("holdings.index"))
    return redirect(url_for("describing.history", pid=changed[0].pid))


def _chosen(session: Session) -> list[Description]:
    asked = request.values
    return bulk.chosen(
        session, asked.getlist("pid"), asked.get("branch", ""), asked.get("level", ""), g.user
    )


def _rows(session: Session, records: list[Description]) -> list[tuple[str, str]]:
    """Return the rows that may be chosen, of the plans that the records lie under."""
    found: dict[str, str] = {}
    for unit_id in {record.plan_unit_id for record in records}:
        plan = plans.in_force(session, unit_id, clock.today())
        found |= {rule.code: rule.record_type for rule in (plan.plan.rules if plan else ())}
    return sorted(found.items())


def _page(form: BulkForm, records: list[Description], rows: list[tuple[str, str]]) -> str:
    return render_template(
        "describing/many.html",
        form=form,
        names=bulk.FIELDS,
        used=request.form.getlist("use"),
        records=records,
        rows=rows,
        pids=request.values.getlist("pid"),
        branch=request.values.get("branch", ""),
        level=request.values.get("level", ""),
        levels=bulk.levels_in(records),
    )


def _is_whole(form: BulkForm) -> bool:
    """Return whether all that is ticked can be read; what is written but not ticked is told."""
    form.validate()
    used = {*request.form.getlist("use"), "reason", "csrf_token"}
    for name in bulk.FIELDS:
        if name not in used:
            form[name].errors = []
            if _is_filled(form[name]):
                form[name].errors = [_("Kryssa för fältet om det ska ändras, eller töm det.")]
    if not used & set(bulk.FIELDS):
        form.form_errors = [_("Välj minst ett fält att ändra.")]
    return not form.errors


def _is_filled(field: Field) -> bool:
    """Return whether somebody wrote in a field: it says another thing than an empty form does.

    A choice that the browser never sent was not written by anybody.
    """
    if field.name not in request.form:
        return False
    written = request.form[field.name].strip()
    return written != (field.choices[0].value if isinstance(field, SelectField) else "")


def _changes(form: BulkForm) -> dict[str, Any]:
    used = request.form.getlist("use")
    return taken(form, tuple(name for name in bulk.FIELDS if name in used))
