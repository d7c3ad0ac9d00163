"""The record's page, and the same record for machines (JSON-LD, EAD3) and for footnotes.

One record, a constant number of questions to the edition. Begin at `record`.
"""

from __future__ import annotations

from flask import Response, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from archive import clock, db
from archive.edition import describing, queries
from archive.edition.models import PublicRecord
from archive.errors import NotFound
from archive.pages import absolute
from archive.site import presenting, terms
from archive.site.blueprint import page, site

CHILDREN_A_PAGE = 50


@page("/records/<pid>")
def record(pid: str) -> ResponseReturnValue:
    """Show a record: picture first, then what it is, whether it is open, and where it belongs."""
    today = clock.today()
    with db.edition.reading() as session:
        row = _found(session, pid)
        is_open = queries.contents_open(row, today)
        above = presenting.cards(queries.ancestors(session, row, today), today)
        below = queries.children(session, row.pid, today, limit=CHILDREN_A_PAGE)
        return render_template(
            "site/record.html",
            record=row,
            level=terms.level(row.level),
            is_structure=row.level in queries.STRUCTURE,
            sentence=presenting.sentence(row),
            answers=presenting.answers(row, today),
            decision=presenting.closed_decision(row, today),
            pages=presenting.pages(row) if is_open else [],
            downloads=presenting.downloads(row) if is_open else [],
            text=presenting.text_pages(row) if is_open else [],
            is_read_by_machine=presenting.is_read_by_machine(row),
            manifest=_manifest(row) if is_open and presenting.pages(row) else None,
            facts=presenting.facts(row),
            above=above,
            trail=presenting.trail(row, above),
            fonds_reference=above[0].reference if above else row.reference,
            beside=_beside(session, row),
            below=presenting.cards(below, today),
            below_count=queries.child_counts(session, [row.pid], today).get(row.pid, 0),
            cite=presenting.citation(row, _address(row)),
            address=_address(row),
        )


@site.get("/records/<pid>.json")
def record_json(pid: str) -> ResponseReturnValue:
    """Give the record as JSON-LD in the words of schema.org."""
    today = clock.today()
    with db.edition.reading() as session:
        row = _found(session, pid)
        response = jsonify(describing.json_ld(row, today, _address(row)))
    response.mimetype = "application/ld+json"
    return response


@site.get("/records/<pid>.xml")
def record_xml(pid: str) -> ResponseReturnValue:
    """Give the record as EAD3: itself, those above it, and those directly below."""
    today = clock.today()
    with db.edition.reading() as session:
        row = _found(session, pid)
        above = queries.ancestors(session, row, today)
        below = queries.children(session, row.pid, today, limit=1000)
        body = describing.ead3(row, above, below, _address(row))
    return Response(body, mimetype="application/xml")


@site.get("/records/<pid>.<any(bib, ris):style>")
def record_cite(pid: str, style: str) -> ResponseReturnValue:
    """Give the citation as a file for a reference manager."""
    key, mimetype = {
        "bib": ("bibtex", "application/x-bibtex"),
        "ris": ("ris", "application/x-research-info-systems"),
    }[style]
    with db.edition.reading() as session:
        row = _found(session, pid)
        response = Response(presenting.citation(row, _address(row))[key])
        response.headers["Content-Disposition"] = f'attachment; filename="{row.pid}.{style}"'
    response.headers["Content-Type"] = f"{mimetype}; charset=utf-8"
    return response


def _found(session: Session, pid: str) -> PublicRecord:
    row = queries.record(session, pid, clock.today())
    if row is None:
        raise NotFound("no such record")
    return row


def _address(row: PublicRecord) -> str:
    return absolute(url_for("site.record", pid=row.pid, lang="sv"))


def _manifest(row: PublicRecord) -> str:
    return absolute(url_for("api.manifest", pid=row.pid))


def _beside(session: Session, row: PublicRecord) -> dict[str, presenting.Card | None]:
    today = clock.today()
    found = queries.neighbours(session, row, today)
    return {
        "before": presenting.card(found.before, today) if found.before else None,
        "after": presenting.card(found.after, today) if found.after else None,
    }
