"""Authority records at the desk: find, look, make and change. Begin at `index`."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, Viewer, requires
from archive.audit import queries as audits
from archive.authorities import actions, queries
from archive.authorities.forms import AgentForm, RelationForm, TermForm, with_spare_rows
from archive.authorities.queries import TERM_KINDS, Asked, Authority
from archive.authorities.words import words_of
from archive.errors import Conflict, NotFound, Refused
from archive.holdings.models import Agent, Term
from archive.holdings.naming import authorized
from archive.pages import number_asked
from archive.telling import told

authorities = Blueprint("authorities", __name__)
authorities.app_context_processor(words_of)


@authorities.get("/desk/authorities")
@requires(Permission.HOLDINGS_READ)
def index() -> ResponseReturnValue:
    """List the names in use, by words and kind."""
    asked = Asked(
        request.args.get("q", "")[:200],
        request.args.get("kind", ""),
        number_asked(),
    )
    with db.archive.reading() as session:
        listed = queries.found(session, asked, _units())
    return render_template(
        "authorities/index.html", asked=asked, listed=listed, may_describe=_may_describe()
    )


@authorities.get("/desk/authorities/suggest")
@requires(Permission.HOLDINGS_READ)
def suggest() -> ResponseReturnValue:
    """Return a few names that begin to be written, for the search field's list."""
    words, kind = request.args.get("q", "")[:100], request.args.get("kind", "")
    with db.archive.reading() as session:
        rows = queries.found(session, Asked(words, kind), _units()).rows if words.strip() else []
    return jsonify([authorized(row) for row in rows[:12]])


@authorities.get("/desk/authorities/duplicates")
@requires(Permission.HOLDINGS_READ)
def duplicates() -> ResponseReturnValue:
    """List names that may be the same."""
    kind = request.args.get("kind", "")
    with db.archive.reading() as session:
        groups = queries.suggested(session, kind, _units())
        uses = queries.uses(session, [row for group in groups for row in group])
    return render_template("authorities/duplicates.html", groups=groups, uses=uses, kind=kind)


@authorities.get("/desk/authorities/<pid>")
@requires(Permission.HOLDINGS_READ)
def show(pid: str) -> ResponseReturnValue:
    """Show an authority record, its relations and the records that name it."""
    with db.archive.reading() as session:
        try:
            authority = queries.by_pid(session, pid, _units())
        except NotFound:
            return _lead_on(session, pid)
        page = queries.page_of(session, authority, _units())
        events = list(session.scalars(audits.events_about(actions.subject_of(authority)).limit(20)))
        names = accounts.names(session, [event.actor for event in events])
        undoing = queries.last_merge(session, pid)
        may_change = _may_change(session, authority)
    return render_template(
        "authorities/show.html",
        authority=authority,
        page=page,
        events=events,
        names=names,
        undoing=undoing,
        may_change=may_change,
    )


def _lead_on(session: Session, pid: str) -> ResponseReturnValue:
    """Lead from a merged name that is out of the viewer's sight to the one in use."""
    instead = queries.used_instead(session, pid, _units())
    if instead is None:
        raise NotFound("there is no such authority record")
    flash(_("Namnet är sammanslaget med det här, som används i stället."))
    return redirect(url_for("authorities.show", pid=instead.pid))


@authorities.route("/desk/authorities/new", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def new() -> ResponseReturnValue:
    """Make an authority record."""
    kind, name = request.args.get("kind", "person"), request.args.get("q", "")
    model: type[Authority] = Term if kind in TERM_KINDS else Agent
    form = _form(model, data={"kind": kind, "name": name, "value": name, "living": "unknown"})
    if form.validate_on_submit():
        with db.archive.transaction() as session:
            try:
                made = actions.make(session, model, form.facts(), viewer=g.user)
                flash(_("Namnet är sparat."))
                return redirect(url_for("authorities.show", pid=made.pid))
            except Conflict as error:
                session.rollback()
                form.form_errors.append(told(error))
    return _edit_page(form, None)


@authorities.route("/desk/authorities/<pid>/edit", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def edit(pid: str) -> ResponseReturnValue:
    """Change an authority record; all records that name it follow."""
    with db.archive.transaction() as session:
        authority = queries.by_pid(session, pid, _units())
        actions.demand(session, authority, g.user)
        form = _form(type(authority), data=_as_form(authority))
        if form.validate_on_submit():
            try:
                actions.change(session, authority, form.facts(), viewer=g.user)
                flash(_("Namnet är sparat. Handlingarna som nämner det följer med om en stund."))
                return redirect(url_for("authorities.show", pid=pid))
            except Conflict as error:
                session.rollback()
                form.form_errors.append(told(error))
        return _edit_page(form, authority)


@authorities.route("/desk/authorities/<pid>/relations", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def relate(pid: str) -> ResponseReturnValue:
    """Say how an agent stands to another, found by name."""
    form = RelationForm()
    with db.archive.transaction() as session:
        agent = queries.agent_by_pid(session, pid, _units())
        if request.method == "POST" and form.validate():
            other = queries.agent_by_pid(session, request.form.get("other", ""), _units())
            kind, is_from = form.chosen()
            one, two = (agent, other) if is_from else (other, agent)
            actions.relate(session, one, two, kind, dates=form.dates.data, viewer=g.user)
            flash(_("Förhållandet är sparat."))
            return redirect(url_for("authorities.show", pid=pid))
        asked = Asked(request.args.get("q", "")[:200])
        listed = queries.found(session, asked, _units()) if asked.words else None
        return render_template(
            "authorities/relate.html", agent=agent, form=form, asked=asked, listed=listed
        )


@authorities.post("/desk/authorities/<pid>/relations/<relation>/end")
@requires(Permission.HOLDINGS_DESCRIBE)
def part_ways(pid: str, relation: str) -> ResponseReturnValue:
    """Take a relation away."""
    with db.archive.transaction() as session:
        agent = queries.agent_by_pid(session, pid, _units())
        actions.part_ways(session, agent, relation, viewer=g.user)
    flash(_("Förhållandet är borttaget."))
    return redirect(url_for("authorities.show", pid=pid))


def _units() -> queries.Units:
    return queries.reach(g.user)


def _may_describe() -> bool:
    viewer: Viewer = g.user
    return viewer.may(Permission.HOLDINGS_DESCRIBE)


def _may_change(session: Session, authority: Authority) -> bool:
    try:
        actions.demand(session, authority, g.user)
    except Refused:
        return False
    return True


def _form(model: type[Authority], data: dict[str, Any]) -> AgentForm | TermForm:
    return AgentForm(data=data) if model is Agent else TermForm(data=data)


def _as_form(authority: Authority) -> dict[str, Any]:
    names = actions.AGENT_FIELDS if isinstance(authority, Agent) else actions.TERM_FIELDS
    values = {name: getattr(authority, name) for name in names}
    if isinstance(authority, Agent):
        values["places"] = "\n".join(authority.places)
    return values


def _edit_page(form: AgentForm | TermForm, authority: Authority | None) -> ResponseReturnValue:
    with_spare_rows(form)
    page = render_template("authorities/edit.html", form=form, authority=authority)
    return page, 422 if request.method == "POST" else 200
