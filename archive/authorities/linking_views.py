"""Merge authority records, and name them in records. Begin at `merge` and `names`."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import db
from archive.accounts.permissions import Permission, requires
from archive.authorities import actions, merging, queries
from archive.authorities.models import AuthorityMerge
from archive.authorities.queries import TERM_KINDS, Asked
from archive.authorities.views import authorities
from archive.errors import NotFound, Refused
from archive.holdings import queries as holdings
from archive.holdings.models import Agent, Description, Term

__all__ = ["authorities"]


@authorities.get("/desk/authorities/<pid>/merge")
@requires(Permission.HOLDINGS_DESCRIBE)
def merge(pid: str) -> ResponseReturnValue:
    """Choose what a record is to be merged into, and see beforehand what would happen."""
    chosen = request.args.get("into", "")
    with db.archive.reading() as session:
        loser = queries.by_pid(session, pid, _units())
        actions.demand(session, loser, g.user)
        kind = loser.kind if loser.kind in TERM_KINDS else ""
        asked = Asked(request.args.get("q", "")[:200], kind)
        winner = queries.by_pid(session, chosen, _units()) if chosen else None
        return render_template(
            "authorities/merge.html",
            loser=loser,
            winner=winner,
            asked=asked,
            preview=merging.preview(session, loser, winner) if winner else None,
            alike=queries.alike(session, loser, _units()),
            listed=queries.found(session, asked, _units()) if asked.words else None,
        )


@authorities.post("/desk/authorities/<pid>/merge")
@requires(Permission.HOLDINGS_DESCRIBE)
def merge_into(pid: str) -> ResponseReturnValue:
    """Merge a record into the chosen one."""
    with db.archive.transaction() as session:
        loser = queries.by_pid(session, pid, _units())
        winner = queries.by_pid(session, request.form.get("into", ""), _units())
        done = merging.merge(session, loser, winner, viewer=g.user)
        count = len(done.moved) + len(done.joined)
    flash(_("Sammanslagna. %(count)d handlingar nämner nu det här namnet.", count=count))
    return redirect(url_for("authorities.show", pid=winner.pid))


@authorities.post("/desk/authorities/merges/<merge_pid>/undo")
@requires(Permission.HOLDINGS_DESCRIBE)
def undo_merge(merge_pid: str) -> ResponseReturnValue:
    """Part two records that were merged."""
    with db.archive.transaction() as session:
        done = _merge(session, merge_pid)
        merging.undo(session, done, viewer=g.user)
        loser = done.loser
    flash(_("Sammanslagningen är ångrad. Var och en har sina handlingar igen."))
    return redirect(url_for("authorities.show", pid=loser))


@authorities.get("/desk/holdings/<pid>/names")
@requires(Permission.HOLDINGS_DESCRIBE)
def names(pid: str) -> ResponseReturnValue:
    """Show whom, which places and which subjects a record names, and find more to name."""
    with db.archive.reading() as session:
        record = _record(session, pid)
        page = holdings.page_of(session, record, children=0)
        asked = Asked(request.args.get("q", "")[:200], request.args.get("kind", ""))
        listed = queries.found(session, asked, _units()) if asked.words.strip() else None
    return render_template(
        "authorities/names.html", record=record, page=page, asked=asked, listed=listed
    )


@authorities.post("/desk/holdings/<pid>/names")
@requires(Permission.HOLDINGS_DESCRIBE)
def link(pid: str) -> ResponseReturnValue:
    """Name a chosen authority in the record, or a new one that is made at once."""
    asked = request.form
    with db.archive.transaction() as session:
        record = _record(session, pid)
        if asked.get("authority"):
            chosen = queries.by_pid(session, asked["authority"], _units())
        else:
            kind, name = (
                asked.get("kind") or "person",
                " ".join(asked.get("name", "").split())[:200],
            )
            model = Term if kind in TERM_KINDS else Agent
            facts = {"kind": kind, "name" if model is Agent else "value": name}
            chosen = actions.make(session, model, facts, viewer=g.user)
        actions.link(session, record, chosen, role=asked.get("role", ""), viewer=g.user)
    flash(_("Handlingen nämner nu namnet."))
    return redirect(url_for("authorities.names", pid=pid))


@authorities.post("/desk/holdings/<pid>/names/remove")
@requires(Permission.HOLDINGS_DESCRIBE)
def unlink(pid: str) -> ResponseReturnValue:
    """Take a name from the record."""
    with db.archive.transaction() as session:
        record = _record(session, pid)
        chosen = queries.by_pid(session, request.form.get("authority", ""), _units())
        role = request.form.get("role", "")
        actions.unlink(session, record, chosen, role=role, viewer=g.user)
    flash(_("Handlingen nämner inte längre namnet."))
    return redirect(url_for("authorities.names", pid=pid))


def _units() -> queries.Units:
    return queries.reach(g.user)


def _merge(session: Session, pid: str) -> AuthorityMerge:
    done = queries.merge_by_pid(session, pid)
    if done is None:
        raise NotFound("there is no such merge")
    return done


def _record(session: Session, pid: str) -> Description:
    try:
        record = holdings.by_ref(session, pid)
        g.user.demand(Permission.HOLDINGS_DESCRIBE, record.unit_id)
    except Refused as error:
        raise NotFound(f"there is no record {pid!r}") from error
    return record
