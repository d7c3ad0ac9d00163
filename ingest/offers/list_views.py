"""The list of a paper delivery at the desk: a grid without script, pasting, and a file."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import FileStorage

from archive import db, spreadsheet
from archive.accounts.permissions import Permission, requires
from archive.errors import Invalid
from archive.telling import told
from ingest.offers import drafting, lists, queries
from ingest.offers.lists import ListKind
from ingest.offers.models import Offer, OfferState

offer_lists = Blueprint("offer_lists", __name__)
FILE_BYTES = 20 * 1024**2


@offer_lists.get("/desk/offers/<pid>/list")
@requires(Permission.INGEST_READ)
def edit(pid: str) -> ResponseReturnValue:
    """Show a page of the list, with what is wrong in it beside each cell."""
    with db.archive.reading() as session:
        found = queries.readable(session, pid, g.user)
        start = max(request.args.get("start", 0, int), 0) // drafting.SHOWN * drafting.SHOWN
        return _page(found, start, found.rows[start : start + drafting.SHOWN])


def _page(found: Offer, start: int, shown: Sequence[Mapping[str, str]]) -> str:
    kind = lists.kind_of(found.list_kind)
    may_write = found.state == OfferState.ACCEPTED and g.user.may(
        Permission.INGEST_SUBMIT, found.unit_id
    )
    fresh = drafting.FRESH * min(max(request.args.get("more", 1, int), 1), 5)
    rows = [*found.rows[:start], *shown, *found.rows[start + drafting.SHOWN :]]
    return render_template(
        "offers/list.html",
        offer=found,
        kind=kind,
        start=start,
        shown=shown,
        was=drafting.mark_of(found, start),
        size=drafting.SHOWN,
        fresh=fresh if may_write and start + drafting.SHOWN > len(rows) else 0,
        errors=lists.errors_of(kind.key, rows),
        may_write=may_write,
    )


@offer_lists.post("/desk/offers/<pid>/list")
@requires(Permission.INGEST_SUBMIT)
def save(pid: str) -> ResponseReturnValue:
    """Keep the grid as it is typed, and add what was pasted or sent as a file.

    Where somebody else has saved the same page meanwhile, it is shown as typed here, unsaved.
    """
    start = max(request.form.get("start", 0, int), 0)
    with db.archive.transaction() as session:
        found = queries.readable(session, pid, g.user, Permission.INGEST_SUBMIT)
        kind = lists.kind_of(found.list_kind)
        grid = _grid(kind)
        if request.form.get("was", "") != drafting.mark_of(found, start):
            flash(_overtaken(), "warning")
            return _page(found, start, [row for row in grid if any(row.values())]), 409
        added, problem = _added(kind, len(found.rows) + len(grid))
        drafting.save(session, found, start=start, grid=grid, added=added, viewer=g.user)
        _tell(found, problem)
        total = len(found.rows)
    if added:
        start = max(total - 1, 0) // drafting.SHOWN * drafting.SHOWN
    more = request.form.get("more", 1, int)
    return redirect(url_for("offer_lists.edit", pid=pid, start=start or None, more=more))


save.accepts_bytes = FILE_BYTES  # type: ignore[attr-defined]


@offer_lists.post("/desk/offers/<pid>/list/kind")
@requires(Permission.INGEST_SUBMIT)
def choose(pid: str) -> ResponseReturnValue:
    """Say which of the four lists it is."""
    with db.archive.transaction() as session:
        found = queries.readable(session, pid, g.user, Permission.INGEST_SUBMIT)
        drafting.choose(session, found, request.form.get("kind", ""), viewer=g.user)
    return redirect(url_for("offer_lists.edit", pid=pid))


def _added(kind: ListKind, there: int) -> tuple[list[dict[str, str]], str]:
    """Return the rows to add, or none and why: what cannot be read must not cost the grid."""
    try:
        rows = [*lists.rows_from_text(kind, request.form.get("pasted", "")), *_sent(kind)]
        if rows and there + len(rows) > lists.MOST:
            raise Invalid(f"a list has at most {lists.MOST} rows; divide the delivery")
    except Invalid as error:
        return [], told(error)
    return rows, ""


def _tell(found: Offer, problem: str) -> None:
    wrong = len(lists.errors_of(found.list_kind, found.rows))
    said = ngettext("%(num)s rad är sparad.", "%(num)s rader är sparade.", len(found.rows))
    faults = ngettext("%(num)s cell behöver rättas.", "%(num)s celler behöver rättas.", wrong)
    flash(f"{said} {faults}" if wrong else said, "warning" if wrong else "success")
    if problem:
        flash(problem, "error")


def _overtaken() -> str:
    return str(
        _(
            "Någon annan har sparat sidan medan du skrev. Din text står kvar här, inte sparad: "
            "spara igen om den ska gälla."
        )
    )


def _grid(kind: ListKind) -> list[dict[str, str]]:
    """Return the rows of the grid as typed: every column sends one value for each row."""
    columns = {column.key: request.form.getlist(column.key) for column in kind.columns}
    height = max((len(values) for values in columns.values()), default=0)
    if any(len(values) != height for values in columns.values()):
        raise Invalid("the grid came incomplete; nothing was changed")
    return [{key: values[n].strip() for key, values in columns.items()} for n in range(height)]


def _sent(kind: ListKind) -> list[dict[str, str]]:
    sent: FileStorage | None = request.files.get("file")
    if sent is None or not sent.filename:
        return []
    ending = Path(sent.filename).suffix.lower()
    if ending not in spreadsheet.ENDINGS:
        raise Invalid("the file is neither CSV nor XLSX")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{ending}"
        sent.save(path)
        try:
            return lists.rows_from(kind, spreadsheet.rows_of(path))
        except ValueError as error:
            raise Invalid(f"the list cannot be read: {error}") from error
