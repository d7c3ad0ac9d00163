"""Orders of scans at the desk: the list, one order with its scans, and its steps."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, requires
from archive.errors import ArchiveError, Invalid, NotFound, Refused
from archive.holdings import queries as holdings
from archive.holdings.models import Description, File
from archive.pages import number_asked
from archive.scanning import actions, lists, queries, words
from archive.scanning.forms import OrderForm
from archive.scanning.models import NEXT, OPEN, WITH_THE_FIRM, OrderState, ScanOrder
from archive.scanning.queries import Filters
from archive.telling import told

scanning = Blueprint("scanning", __name__)
scanning.app_context_processor(
    lambda: {"scan_words": words, "scan_due": due_tone, "scan_open": OPEN}
)


def due_tone(order: ScanOrder) -> tuple[str, str]:
    """Return how a deadline looks and what it says: ("bad", "3 dagar sen"); ("", "") if none."""
    if order.due_on is None or order.state not in WITH_THE_FIRM:
        return "", ""
    days = (order.due_on - clock.today()).days
    if days < 0:
        return "bad", _("%(n)d dagar sen", n=-days) if days < -1 else _("1 dag sen")
    if days == 0:
        return "warn", _("ska vara här idag")
    if days <= queries.SOON_DAYS:
        return "warn", _("om %(n)d dagar", n=days) if days > 1 else _("i morgon")
    return "", ""


@scanning.get("/desk/scanning")
@requires(Permission.HOLDINGS_READ)
def index() -> ResponseReturnValue:
    """List the orders, by state, unit and what is late."""
    with db.archive.reading() as session:
        filters = _filters(session)
        number = number_asked()
        page = queries.page(session, _units(), filters, number)
        reach = _units()
        units = [u for u in session.scalars(accounts.units()) if reach is None or u.id in reach]
        return render_template(
            "scanning/index.html", page=page, units=units, states=list(OrderState), asked=filters
        )


@scanning.get("/desk/scanning/list.csv")
@requires(Permission.HOLDINGS_READ)
def given_out() -> ResponseReturnValue:
    """Send the same list as CSV, for whoever fetches and whoever scans."""
    with db.archive.reading() as session:
        query = queries.matching(_units(), _filters(session))
        text = lists.ordered(session, session.scalars(query).all())
    return _sent(text, "skanning.csv", "text/csv")


@scanning.get("/desk/scanning/<pid>")
@requires(Permission.HOLDINGS_READ)
def show(pid: str) -> ResponseReturnValue:
    """Show an order, what came of it, and what is wrong with it, the worst first."""
    with db.archive.reading() as session:
        order = _order(session, pid, Permission.HOLDINGS_READ)
        rows = queries.scans(session, order)
        number = number_asked()
        shown, pages = queries.shown(session, rows, number)
        return render_template(
            "scanning/show.html",
            order=order,
            shown=shown,
            pages=pages,
            page=min(max(number, 1), pages),
            tally=queries.tally(rows),
            story=queries.story(session, order),
            following=NEXT[OrderState(order.state)],
            may_order=g.user.may(Permission.HOLDINGS_DESCRIBE, order.record.unit_id),
        )


@scanning.get("/desk/scanning/<pid>/letter.<form>")
@requires(Permission.HOLDINGS_READ)
def letter(pid: str, form: str) -> ResponseReturnValue:
    """Send what is wrong with the scans: a letter as text, or every finding as CSV."""
    with db.archive.reading() as session:
        order = _order(session, pid, Permission.HOLDINGS_READ)
        rows, name = queries.scans(session, order), f"skanning-{order.number}"
        if form == "csv":
            return _sent(lists.faults(order, rows), f"{name}.csv", "text/csv")
        if form != "txt":
            raise NotFound("there is no such order of scans")
        returned = [s.entry for s in queries.story(session, order) if s.entry.kind == "returned"]
        text = lists.letter(order, rows, returned[-1] if returned else None)
    return _sent(text, f"{name}.txt", "text/plain")


@scanning.route("/desk/holdings/<pid>/scan", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def order(pid: str) -> ResponseReturnValue:
    """Order scans of a record."""
    form = OrderForm()
    with db.archive.transaction() as session:
        record = _record(session, pid, Permission.HOLDINGS_DESCRIBE)
        if form.validate_on_submit():
            try:
                made = actions.order(session, record, form.terms(), viewer=g.user)
                flash(_("Skanningen är beställd."))
                return redirect(url_for("scanning.show", pid=made.pid))
            except ArchiveError as error:
                form.form_errors.append(told(error))
        before = queries.of_record(session, record)
        page = render_template("scanning/order.html", record=record, form=form, before=before)
    return page, 422 if request.method == "POST" else 200


@scanning.route("/desk/scanning/<pid>/edit", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def edit(pid: str) -> ResponseReturnValue:
    """Change what is ordered."""
    with db.archive.transaction() as session:
        found = _order(session, pid, Permission.HOLDINGS_DESCRIBE)
        form = OrderForm(obj=found)
        if form.validate_on_submit():
            try:
                actions.change(session, found, form.terms(), viewer=g.user)
                flash(_("Beställningen är ändrad."))
                return redirect(url_for("scanning.show", pid=pid))
            except ArchiveError as error:
                form.form_errors.append(told(error))
        page = render_template("scanning/edit.html", order=found, form=form)
    return page, 422 if request.method == "POST" else 200


@scanning.post("/desk/scanning/<pid>/step")
@requires(Permission.HOLDINGS_DESCRIBE)
def step(pid: str) -> ResponseReturnValue:
    """Take an order to its next state."""
    with db.archive.transaction() as session:
        found = _order(session, pid, Permission.HOLDINGS_DESCRIBE)
        try:
            to = OrderState(request.form.get("to", ""))
        except ValueError as error:
            raise Invalid("choose what happens with the order") from error
        reason = request.form.get("reason", "")[:4000]
        actions.step(session, found, to, reason=reason, viewer=g.user)
        flash(_("Beställningen är nu %(state)s.", state=str(words.STATES[to.value])))
    return redirect(url_for("scanning.show", pid=pid))


@scanning.post("/desk/scanning/<pid>/files")
@requires(Permission.HOLDINGS_DESCRIBE)
def tie(pid: str) -> ResponseReturnValue:
    """Say by hand which record's files are the scans."""
    with db.archive.transaction() as session:
        found = _order(session, pid, Permission.HOLDINGS_DESCRIBE)
        record = _record(session, request.form.get("record", ""), Permission.HOLDINGS_READ)
        count = actions.tie(session, found, record, viewer=g.user)
    flash(_("%(n)d filer hör nu till beställningen. De granskas i bakgrunden.", n=count))
    return redirect(url_for("scanning.show", pid=pid))


@scanning.post("/desk/scanning/<pid>/files/<file_pid>/untie")
@requires(Permission.HOLDINGS_DESCRIBE)
def untie(pid: str, file_pid: str) -> ResponseReturnValue:
    """Say that a file is no scan of the order."""
    with db.archive.transaction() as session:
        found = _order(session, pid, Permission.HOLDINGS_DESCRIBE)
        file = session.scalars(select(File).where(File.pid == file_pid)).first()
        if file is None:
            raise NotFound("there is no such file")
        actions.untie(session, found, file, viewer=g.user)
    flash(_("Filen hör inte längre till beställningen."))
    return redirect(url_for("scanning.show", pid=pid))


def _filters(session: Session) -> Filters:
    asked: Any = request.args
    state = asked.get("state", "")
    code = asked.get("unit", "")
    unit = accounts.unit_by_code(session, code) if code else None
    late: date | None = clock.today() if asked.get("late") else None
    known = state if state == "open" or state in set(OrderState) else ""
    return Filters(known, unit.id if unit else None, late)


def _sent(text: str, name: str, mimetype: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    mark = "\ufeff" if mimetype == "text/csv" else ""  # else spreadsheets take it for Latin-1
    return Response(mark + text, mimetype=mimetype, headers=headers)


def _units() -> frozenset[int] | None:
    units: frozenset[int] | None = g.user.units(Permission.HOLDINGS_READ)
    return units


def _order(session: Session, pid: str, permission: Permission) -> ScanOrder:
    """Return the order if it exists and the person may do this with its record: else one answer."""
    try:
        found = queries.by_pid(session, pid)
        g.user.demand(permission, found.record.unit_id)
    except Refused as error:
        raise NotFound("there is no such order of scans") from error
    return found


def _record(session: Session, name: str, permission: Permission) -> Description:
    try:
        record = holdings.by_ref(session, name)
        g.user.demand(permission, record.unit_id)
    except Refused as error:
        raise NotFound(f"there is no record {name!r}") from error
    return record
