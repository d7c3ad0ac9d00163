"""Move a record in the tree, and the order of those below one: look first, then change."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import db
from archive.accounts.permissions import Permission, requires
from archive.describing import moving, ordering, queries
from archive.describing.blueprint import describing
from archive.describing.forms import MoveForm
from archive.errors import Conflict, Invalid, Refused
from archive.holdings.models import Description
from archive.pages import number_asked
from archive.telling import told

_PER_PAGE = 200


@describing.get("/desk/holdings/<pid>/move")
@requires(Permission.HOLDINGS_DESCRIBE)
def move(pid: str) -> ResponseReturnValue:
    """Find where the record shall lie, by reference code or words of the title."""
    with db.archive.reading() as session:
        record = _need(session, pid)
        return _page(session, record, MoveForm(formdata=None))


@describing.post("/desk/holdings/<pid>/move/preview")
@requires(Permission.HOLDINGS_DESCRIBE)
def move_preview(pid: str) -> ResponseReturnValue:
    """Show what the move would do, and change nothing."""
    form = MoveForm()
    with db.archive.reading() as session:
        record = _need(session, pid)
        if not form.validate():
            return _page(session, record, form), 422
        parent, code = _need(session, form.to.data or ""), form.reference.data or ""
        try:
            seen = moving.preview(session, record, parent, code, g.user)
        except (Conflict, Invalid, Refused) as error:
            form.form_errors = [told(error)]
            return _page(session, record, form), error.status
        return render_template("describing/move_preview.html", record=record, seen=seen, form=form)


@describing.post("/desk/holdings/<pid>/move")
@requires(Permission.HOLDINGS_DESCRIBE)
def move_there(pid: str) -> ResponseReturnValue:
    """Move the record with its branch, as it was looked at."""
    form = MoveForm()
    with db.archive.transaction() as session:
        record = _need(session, pid)
        if not form.validate():
            return _page(session, record, form), 422
        parent = _need(session, form.to.data or "")
        moving.move(
            session, record, parent, reference=form.reference.data or "",
            reason=form.reason.data or "", digest=request.form.get("digest", ""), viewer=g.user,
        )  # fmt: skip
        where = parent.reference
    flash(_("Flyttad till %(where)s. Flytten kan ångras i historiken.", where=where))
    return redirect(url_for("holdings.show", pid=pid))


@describing.get("/desk/holdings/<pid>/order")
@requires(Permission.HOLDINGS_DESCRIBE)
def order(pid: str) -> ResponseReturnValue:
    """Show what lies below a record in its order, with buttons to change it."""
    start = number_asked("start", least=0)
    with db.archive.reading() as session:
        record = _need(session, pid)
        rows, count = ordering.children(session, record, g.user, start=start, limit=_PER_PAGE)
    return render_template(
        "describing/order.html", record=record, rows=rows, count=count, start=start,
        per_page=_PER_PAGE, moved=request.args.get("moved", ""),
        wanted=request.args.get("step", ""),
    )  # fmt: skip


@describing.post("/desk/holdings/<pid>/order")
@requires(Permission.HOLDINGS_DESCRIBE)
def shift(pid: str) -> ResponseReturnValue:
    """Put one record in another place among those beside it."""
    try:
        step = ordering.Step(request.form.get("step", ""))
    except ValueError as error:
        raise Invalid("the form is not whole; open the page again") from error
    with db.archive.transaction() as session:
        parent, record = _need(session, pid), _need(session, request.form.get("record", ""))
        number = ordering.shift(session, parent, record, step, viewer=g.user)
        moved = record.pid
    flash(_("%(what)s har nu plats %(n)d.", what=record.reference, n=number + 1))
    start = number // _PER_PAGE * _PER_PAGE
    # No fragment: with one a browser would not give the button the focus again.
    there = url_for("describing.order", pid=pid, start=start, moved=moved, step=step.value)
    return redirect(there)


def _need(session: Session, pid: str) -> Description:
    return queries.need(session, pid, Permission.HOLDINGS_DESCRIBE, g.user)


def _page(session: Session, record: Description, form: MoveForm) -> str:
    wanted = request.values.get("q", "").strip()[:200]
    places = moving.places_for(session, record, wanted, g.user)
    above = session.get(Description, record.parent_id) if record.parent_id else None
    return render_template(
        "describing/move.html", record=record, form=form, wanted=wanted, places=places,
        above=above, most=moving.MOST_PLACES,
    )  # fmt: skip
