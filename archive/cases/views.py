"""The case desk: what is due, one case at a time, and a new one from the telephone."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm.exc import StaleDataError

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, requires
from archive.cases import actions, queries
from archive.cases.forms import DecideForm, ItemForm, NewForm, WriteForm
from archive.cases.models import OPEN, Outcome
from archive.errors import Conflict, Invalid, Refused
from archive.telling import told

cases = Blueprint("cases", __name__)


@cases.errorhandler(StaleDataError)
def somebody_was_first(error: StaleDataError) -> ResponseReturnValue:
    """Tell the second of two officers that the first has changed the case."""
    raise Conflict(_("Någon annan ändrade ärendet samtidigt. Läs det på nytt.")) from error


@cases.get("/desk/cases")
@requires(Permission.CASES_READ)
def index() -> ResponseReturnValue:
    """Show the open cases by due day, or those of a state."""
    state = request.args.get("state", "")
    mine = g.user.user_id if request.args.get("mine") else None
    with db.archive.reading() as session:
        rows = queries.listed(session, state=state, mine=mine)
        numbers = queries.counts(session)
    return render_template(
        "cases/index.html", cases=rows, counts=numbers, today=clock.today(), state=state
    )


@cases.route("/desk/cases/new", methods=["GET", "POST"])
@requires(Permission.CASES_HANDLE)
def new() -> ResponseReturnValue:
    """Register a case that did not come over the counter."""
    form = NewForm()
    if not form.validate_on_submit():
        page = render_template("cases/new.html", form=form)
        return page, 422 if request.method == "POST" else 200
    with db.archive.transaction() as session:
        case = actions.register(session, form.asked(), actor=g.user)
        actions.take(session, case, viewer=g.user)
    flash(_("Ärendet %(number)s är registrerat.", number=case.case_no))
    return redirect(url_for("cases.show", pid=case.pid))


@cases.get("/desk/cases/<pid>")
@requires(Permission.CASES_READ)
def show(pid: str) -> ResponseReturnValue:
    """Show a case: the question, each item with what the law says, and the messages."""
    return _page(pid)


def _page(pid: str, item_pid: str = "", form: DecideForm | None = None) -> str:
    """Return the case's page; the form of one item may come back with what was wrong in it."""
    with db.archive.reading() as session:
        case = queries.by_pid(session, pid)
        records = queries.records_of(session, case)
        files = queries.files_of(session, list(records.values()))
        below = {key: queries.below(session, record, limit=20) for key, record in records.items()}
        actors = [m.by for m in case.messages] + [i.decided_by or "" for i in case.items]
        names = accounts.names(session, [*actors, f"user:{case.officer_id or 0}"])
    return render_template(
        "cases/show.html",
        case=case,
        records=records,
        with_files={file.description_id for file in files},
        below=below,
        names=names,
        is_open=case.state in OPEN,
        is_decided=all(item.outcome for item in case.items),
        today=clock.today(),
        decide_forms={
            item.pid: form if form and item.pid == item_pid else _blank(item.pid)
            for item in case.items
        },
        write_form=WriteForm(formdata=None),
        item_form=ItemForm(formdata=None),
    )


def _blank(item_pid: str) -> DecideForm:
    return DecideForm(formdata=None, prefix=f"{item_pid}-")


@cases.post("/desk/cases/<pid>/take")
@requires(Permission.CASES_HANDLE)
def take(pid: str) -> ResponseReturnValue:
    """Answer for a case from now on."""
    with db.archive.transaction() as session:
        actions.take(session, queries.by_pid(session, pid), viewer=g.user)
    return redirect(url_for("cases.show", pid=pid))


@cases.post("/desk/cases/<pid>/messages")
@requires(Permission.CASES_HANDLE)
def write(pid: str) -> ResponseReturnValue:
    """Write to the requester, or a note."""
    form = WriteForm()
    with db.archive.transaction() as session:
        case = queries.by_pid(session, pid)
        actions.write(
            session, case, form.body.data or "", internal=bool(form.internal.data), viewer=g.user
        )
    flash(_("Sparat."))
    return redirect(url_for("cases.show", pid=pid))


@cases.post("/desk/cases/<pid>/items")
@requires(Permission.CASES_HANDLE)
def add_item(pid: str) -> ResponseReturnValue:
    """Add a record that is asked for."""
    form = ItemForm()
    if not form.validate():
        raise Invalid(_("Ange en referenskod."))
    with db.archive.transaction() as session:
        case = queries.by_pid(session, pid)
        if case.state not in OPEN:
            raise Conflict(_("Ärendet är avslutat."))
        actions.add_item(session, case, form.reference.data or "")
    return redirect(url_for("cases.show", pid=pid))


@cases.post("/desk/cases/<pid>/items/<item_pid>/decision")
@requires(Permission.CASES_DECIDE)
def decide(pid: str, item_pid: str) -> ResponseReturnValue:
    """Decide one item; what is wrong is told beside it, and nothing that was written is lost."""
    form = DecideForm(prefix=f"{item_pid}-")
    if not form.validate():
        return _page(pid, item_pid, form), 422
    try:
        with db.archive.transaction() as session:
            case = queries.by_pid(session, pid)
            actions.decide_item(
                session,
                case,
                queries.item_by_pid(session, case, item_pid),
                Outcome(form.outcome.data),
                reason=form.reason.data or "",
                clause=form.clause.data or "",
                viewer=g.user,
            )
    except (Invalid, Refused) as error:
        wrong = form.outcome if isinstance(error, Refused) else form.reason
        wrong.errors = [told(error)]
        return _page(pid, item_pid, form), error.status
    flash(_("Beslutet är fattat."), "success")
    return redirect(url_for("cases.show", pid=pid))


@cases.post("/desk/cases/<pid>/close")
@requires(Permission.CASES_DECIDE)
def close(pid: str) -> ResponseReturnValue:
    """Close a case whose items are all decided."""
    with db.archive.transaction() as session:
        actions.close(session, queries.by_pid(session, pid), viewer=g.user)
    flash(_("Ärendet är avslutat."))
    return redirect(url_for("cases.show", pid=pid))
