"""The pen at the desk: edit beside the image, look at the history, take back."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive import db
from archive.accounts.permissions import Permission, requires
from archive.describing import editing, queries, recoding, undo, words
from archive.describing.blueprint import describing
from archive.describing.forms import DescribeForm, shown, taken
from archive.errors import Conflict, Invalid
from archive.history import queries as histories
from archive.holdings import actions as holdings
from archive.holdings.forms import ReasonForm
from archive.holdings.models import Description
from archive.telling import told


@describing.get("/desk/holdings/<pid>/edit")
@requires(Permission.HOLDINGS_DESCRIBE)
def edit(pid: str) -> ResponseReturnValue:
    """Show a record's description to be written, beside its pictures."""
    with db.archive.reading() as session:
        record = queries.need(session, pid, Permission.HOLDINGS_DESCRIBE, g.user)
        desk = queries.desk_of(session, record, g.user)
        form = DescribeForm(formdata=None, data=shown(editing.values_of(record)))
        sight = editing.sight_of(record)
    return render_template("describing/edit.html", desk=desk, form=form, sight=sight, clashes={})


@describing.post("/desk/holdings/<pid>/edit")
@requires(Permission.HOLDINGS_DESCRIBE)
def save(pid: str) -> ResponseReturnValue:
    """Change a description; what somebody else changed meanwhile is kept or shown."""
    form = DescribeForm()
    with db.archive.transaction() as session:
        record = queries.need(session, pid, Permission.HOLDINGS_DESCRIBE, g.user)
        desk = queries.desk_of(session, record, g.user)
        sight, given = request.form.get("sight", ""), _given(form)
        met = editing.meet(record, given, sight)
        if not form.validate() or met.clashes:
            _show_theirs(form, record, given, met)
            clashes = {name: words.value(name, said) for name, said in met.clashes.items()}
            page = render_template(
                "describing/edit.html", desk=desk, form=form, clashes=clashes,
                sight=editing.sight_of(record) if sight else "",
            )  # fmt: skip
            return page, 409 if met.clashes else 422
        holdings.describe(session, record, met.changes, actor=g.user)
    _tell(met)
    return redirect(_onward(desk))


@describing.post("/desk/holdings/<pid>/code")
@requires(Permission.HOLDINGS_DESCRIBE)
def recode(pid: str) -> ResponseReturnValue:
    """Give a record that holds nothing yet another reference code."""
    wanted = request.form.get("reference", "")
    try:
        with db.archive.transaction() as session:
            record = queries.need(session, pid, Permission.HOLDINGS_DESCRIBE, g.user)
            recoding.recode(session, record, wanted, viewer=g.user)
    except (Conflict, Invalid) as error:
        flash(told(error), "error")
        typed = wanted[: recoding.LONGEST]
        return redirect(url_for("describing.edit", pid=pid, code=typed, _anchor="recode"))
    flash(_("Referenskoden är ändrad. Den gamla koden leder hit."))
    return redirect(url_for("describing.edit", pid=pid))


@describing.get("/desk/holdings/<pid>/history")
@requires(Permission.HOLDINGS_READ)
def history(pid: str) -> ResponseReturnValue:
    """Show what a record said before, who changed it and when."""
    with db.archive.reading() as session:
        record = queries.need(session, pid, Permission.HOLDINGS_READ, g.user)
        entries = queries.history_of(session, record, g.user)
    return render_template("describing/history.html", record=record, entries=entries)


@describing.post("/desk/holdings/<pid>/history/<change>/undo")
@requires(Permission.HOLDINGS_DESCRIBE)
def take_back(pid: str, change: str) -> ResponseReturnValue:
    """Give back what the record, and all that changed with it, said before."""
    reason = ReasonForm().reason.data or ""
    with db.archive.transaction() as session:
        record = queries.need(session, pid, Permission.HOLDINGS_DESCRIBE, g.user)
        changes = histories.bundle_of(session, record.pid, change)
        touched = undo.take_back(session, changes, reason=reason, viewer=g.user)
    flash(_("Ångrat. Poster som fick tillbaka sina tidigare uppgifter: %(n)d.", n=len(touched)))
    return redirect(url_for("describing.history", pid=pid))


def _given(form: DescribeForm) -> dict[str, object]:
    """Return what was sent; a field that the sender did not have is left alone."""
    said = taken(form)
    boxes = {"is_register"} if request.form.get("sight") else set()
    return {name: said[name] for name in said if name in request.form or name in boxes}


def _show_theirs(
    form: DescribeForm, record: Description, given: dict[str, object], met: editing.Meeting
) -> None:
    """Let the form show what it was not sent, and what somebody else alone has changed."""
    for name, value in shown(editing.values_of(record)).items():
        if name not in given or name in met.others:
            form[name].data = value


def _tell(met: editing.Meeting) -> None:
    flash(_("Beskrivningen är sparad.") if met.changes else _("Inget var ändrat."))
    if met.others:
        names = ", ".join(words.field(name) for name in met.others)
        flash(_("Någon annan ändrade under tiden: %(names)s. Det är kvar.", names=names))


def _onward(desk: queries.Desk) -> str:
    """Return where the writer wanted to go."""
    there = {"next": desk.next, "previous": desk.previous, "stay": desk.record.pid}
    pid = there.get(request.form.get("then", ""))
    return (
        url_for("describing.edit", pid=pid)
        if pid
        else url_for("holdings.show", pid=desk.record.pid)
    )
