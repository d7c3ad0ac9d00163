"""The shelves at the desk: rooms, one place, what stands nowhere. Begin at `index`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import db
from archive.accounts.permissions import Permission, requires
from archive.errors import ArchiveError, Conflict, Invalid, NotFound, Refused
from archive.holdings import queries as holdings
from archive.holdings.models import Description
from archive.pages import number_asked
from archive.shelves import actions, queries
from archive.shelves.forms import KIND_WORDS, PlaceForm
from archive.shelves.models import PlaceKind
from archive.telling import told

shelves = Blueprint("shelves", __name__)
shelves.app_context_processor(lambda: {"shelf_kind": lambda kind: KIND_WORDS[PlaceKind(kind)]})

_BELOW = {PlaceKind.ROOM: PlaceKind.SECTION, PlaceKind.SECTION: PlaceKind.BOX}


@shelves.get("/desk/shelves")
@requires(Permission.HOLDINGS_READ)
def index() -> ResponseReturnValue:
    """Show the rooms and how full they are, and look a place up."""
    asked = request.args.get("q", "")[:200]
    with db.archive.reading() as session:
        rooms = queries.rooms(session)
        found = queries.looked_up(session, asked)
        names = queries.names_of(session, found)
        if len(found) == 1:
            return redirect(url_for("shelves.show", pid=found[0].pid))
        lacking = queries.without_place(_units()).subquery()
        record = None if found else _named(session, asked)
        stands = queries.standing(session, record) if record else None
        where = queries.names_of(session, [stands[1]])[stands[1].id] if stands else ""
        count = session.scalar(select(func.count()).select_from(lacking)) or 0
    return render_template(
        "shelves/index.html",
        rooms=rooms,
        asked=asked,
        found=found,
        names=names,
        count=count,
        record=record,
        stands=stands,
        where=where,
        assumed=queries.ASSUMED_METRES,
        form=PlaceForm(formdata=None),
        may_place=g.user.may(Permission.HOLDINGS_DESCRIBE),
    )


@shelves.get("/desk/shelves/<pid>")
@requires(Permission.HOLDINGS_READ)
def show(pid: str) -> ResponseReturnValue:
    """Show a place, what is in it and what stands there."""
    return _shown(pid)


def _shown(pid: str, wrong: Sequence[str] = ()) -> str:
    """Return the page of a place; `wrong` is what kept records from being put there."""
    with db.archive.reading() as session:
        place = queries.by_pid(session, pid)
        page = queries.page_of(session, place, _units())
    return render_template(
        "shelves/show.html",
        place=place,
        page=page,
        below=_BELOW.get(PlaceKind(place.kind)),
        form=PlaceForm(formdata=None),
        may_place=g.user.may(Permission.HOLDINGS_DESCRIBE),
        wrong=wrong,
        assumed=queries.ASSUMED_METRES,
    )


@shelves.post("/desk/shelves")
@requires(Permission.HOLDINGS_DESCRIBE)
def build() -> ResponseReturnValue:
    """Add a room, a section or a box."""
    form, parent_pid = PlaceForm(), request.form.get("parent", "")
    if not form.validate():
        flash(" ".join(str(e) for errors in form.errors.values() for e in errors), "error")
        return redirect(_page(parent_pid))
    with db.archive.transaction() as session:
        parent = queries.by_pid(session, parent_pid) if parent_pid else None
        kind = _BELOW.get(PlaceKind(parent.kind)) if parent else PlaceKind.ROOM
        if kind is None:
            raise NotFound("there is no such place on the shelves")
        actions.build(session, kind, form.facts(), parent=parent, viewer=g.user)
    flash(_("Platsen är tillagd."))
    return redirect(_page(parent_pid))


@shelves.route("/desk/shelves/<pid>/edit", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def edit(pid: str) -> ResponseReturnValue:
    """Change what is said of a place."""
    with db.archive.transaction() as session:
        place = queries.by_pid(session, pid)
        form = PlaceForm(obj=place)
        if form.validate_on_submit():
            try:
                actions.change(session, place, form.facts(), viewer=g.user)
                flash(_("Platsen är ändrad."))
                return redirect(_page(pid))
            except ArchiveError as error:
                session.rollback()
                form.form_errors.append(told(error))
        page = render_template("shelves/edit.html", place=place, form=form)
    return page, 422 if request.method == "POST" else 200


@shelves.post("/desk/shelves/<pid>/move")
@requires(Permission.HOLDINGS_DESCRIBE)
def move(pid: str) -> ResponseReturnValue:
    """Move a box or section; all in it follows."""
    with db.archive.transaction() as session:
        place = queries.by_pid(session, pid)
        target = queries.one_place(session, request.form.get("target", ""))
        actions.move(session, place, target, viewer=g.user)
    flash(_("Flyttad, med allt som står där."))
    return redirect(_page(pid))


@shelves.post("/desk/shelves/<pid>/close")
@requires(Permission.HOLDINGS_DESCRIBE)
def close(pid: str) -> ResponseReturnValue:
    """Take an empty place out of use."""
    with db.archive.transaction() as session:
        place = queries.by_pid(session, pid)
        above = queries.way_to(session, place)
        actions.close(session, place, viewer=g.user)
        back = above[-1].pid if above else ""
    flash(_("Platsen är tagen ur bruk."))
    return redirect(_page(back))


@shelves.route("/desk/shelves/unplaced", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def unplaced() -> ResponseReturnValue:
    """List the volumes that stand nowhere, and place those that are ticked."""
    page = number_asked()
    if request.method == "POST":
        return _place(request.form.getlist("record"), url_for("shelves.unplaced"))
    with db.archive.reading() as session:
        query = queries.without_place(_units())
        total = session.scalar(select(func.count()).select_from(query.subquery()))
        rows = queries.in_order(session, query, page)
    pages = -(-(total or 0) // queries.PER_PAGE)
    return render_template(
        "shelves/unplaced.html", rows=rows, total=total or 0, page=page, pages=pages
    )


@shelves.route("/desk/holdings/<pid>/shelf", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_READ)
def of_record(pid: str) -> ResponseReturnValue:
    """Show where a record stands, and place it."""
    if request.method == "POST":
        return _place([pid], url_for("shelves.of_record", pid=pid))
    with db.archive.reading() as session:
        record = _record(session, pid, Permission.HOLDINGS_READ)
        stands = queries.standing(session, record)
        name = queries.names_of(session, [stands[1]])[stands[1].id] if stands else None
    may = g.user.may(Permission.HOLDINGS_DESCRIBE, record.unit_id)
    return render_template(
        "shelves/record.html", record=record, stands=stands, name=name, may_place=may
    )


@shelves.post("/desk/shelves/<pid>/records")
@requires(Permission.HOLDINGS_DESCRIBE)
def add_records(pid: str) -> ResponseReturnValue:
    """Put the records whose references are written, or read with a scanner, in a place.

    All or none: with one wrong code nothing is placed, and what was typed stands there still.
    """
    named = request.form.get("records", "").split()
    with db.archive.reading() as session:
        wrong = [told(error) for error in _unplaceable(session, named)]
    if not wrong:
        try:
            return _place(named, _page(pid), target_pid=pid)
        except (Invalid, Conflict) as error:
            wrong = [told(error)]
    return _shown(pid, wrong), 422


def _unplaceable(session: Session, named: Sequence[str]) -> Iterator[ArchiveError]:
    """Yield an error for each name that no record has, or none that the viewer may place."""
    if not named:
        yield Invalid("write at least one reference code")
    for name in dict.fromkeys(named):
        try:
            _record(session, name, Permission.HOLDINGS_DESCRIBE)
        except NotFound as error:
            yield error


def _place(named: list[str], back: str, *, target_pid: str = "") -> ResponseReturnValue:
    form = request.form
    with db.archive.transaction() as session:
        records = [_record(session, name, Permission.HOLDINGS_DESCRIBE) for name in named]
        target = queries.by_pid(session, target_pid) if target_pid else None
        if target is None and "away" not in form:
            target = queries.one_place(session, form.get("target", ""))
        width = _metres(form.get("metres", ""))
        count = actions.place(session, records, target, metres=width, viewer=g.user)
    flash(_("Platsen är ändrad för %(count)d handlingar.", count=count))
    return redirect(back)


def _metres(text: str) -> float | None:
    said = text.replace(",", ".").strip()
    if not said:
        return None
    if not re.fullmatch(r"\d{1,4}(\.\d{1,4})?", said):
        raise Invalid("the measure is no number of metres")
    return float(said)


def _page(pid: str) -> str:
    return url_for("shelves.show", pid=pid) if pid else url_for("shelves.index")


def _units() -> frozenset[int] | None:
    units: frozenset[int] | None = g.user.units(Permission.HOLDINGS_READ)
    return units


def _named(session: Session, asked: str) -> Description | None:
    """Return the record with this reference code, if there is one that the viewer may see."""
    if not asked.strip():
        return None
    try:
        return _record(session, asked.strip(), Permission.HOLDINGS_READ)
    except NotFound:
        return None


def _record(session: Session, name: str, permission: Permission) -> Description:
    try:
        record = holdings.by_ref(session, name)
        g.user.demand(permission, record.unit_id)
    except Refused as error:
        raise NotFound(f"there is no record {name!r}") from error
    return record
