"""The edition for programs: `/api/v1/…`, and the answers that keep a service alive.

Reads only; the same records as the site, never more. Begin at `record`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from archive import clock, db
from archive.api import contract, iiif_image, iiif_presentation, iiif_search, oai
from archive.api.blueprint import api
from archive.edition import describing, finding, queries
from archive.edition.models import EditionState
from archive.pages import absolute
from archive.search import Query
from archive.search.query import MAX_PAGE

__all__ = ["api", "iiif_image", "iiif_presentation", "iiif_search", "oai"]


@api.get("/api/v1/records/<pid>")
def record(pid: str) -> ResponseReturnValue:
    """Give a record as JSON-LD; what cannot be shown is as what never was."""
    today = clock.today()
    with db.edition.reading() as session:
        row = queries.record(session, pid, today)
        if row is None:
            return jsonify({"error": "not found"}), 404
        address = absolute(url_for("site.record", pid=row.pid, lang="sv"))
        return jsonify(describing.json_ld(row, today, address))


@api.get("/api/v1/search")
def search() -> ResponseReturnValue:
    """Give one page of what was found, the facets, and the address of the next page."""
    query, problems = finding.read(request.args.to_dict(flat=False))
    with db.edition.reading() as session:
        found = finding.find(session, query, clock.today())
        return jsonify(
            {
                "total": found.total,
                "items": [_item(hit) for hit in found.hits],
                "facets": _facets(found),
                "next": _next(found, query),
                "not_used": list(problems),
                "limited": found.is_limited,
            }
        )


@api.get("/api/v1/facets")
def facets() -> ResponseReturnValue:
    """Give the counts of a question without its results."""
    query, _problems = finding.read(request.args.to_dict(flat=False))
    with db.edition.reading() as session:
        found = finding.find(session, query, clock.today())
        return jsonify({"total": found.total, "facets": _facets(found)})


@api.get("/api/v1/suggest")
def suggest() -> ResponseReturnValue:
    """Give words and titles that begin as what has been typed."""
    typed = request.args.get("q", "")[:80]
    return jsonify({"items": finding.suggest(typed, clock.today())})


@api.get("/api/v1/openapi.json")
def openapi() -> ResponseReturnValue:
    """Give the description of this interface (OpenAPI 3.1)."""
    return jsonify(contract.openapi(absolute("")))


@api.get("/-/health")
def health() -> ResponseReturnValue:
    """Say that the process lives."""
    return Response("ok\n", mimetype="text/plain")


@api.get("/-/ready")
def ready() -> ResponseReturnValue:
    """Say whether the edition answers; a load balancer sends visitors elsewhere if not."""
    try:
        with db.edition.reading() as session:
            session.scalars(select(EditionState).limit(1)).all()
    except (SQLAlchemyError, RuntimeError):
        return Response("the edition does not answer\n", status=503, mimetype="text/plain")
    return Response("ready\n", mimetype="text/plain")


def _item(hit: finding.Hit) -> dict[str, Any]:
    row = hit.row
    return {
        "pid": row.pid,
        "reference": row.reference,
        "level": row.level,
        "kind": row.kind,
        "title": row.title,
        "date": row.date_words or row.date_text,
        "year_min": row.year_min,
        "year_max": row.year_max,
        "snippet": "".join(text for text, _is_hit in hit.snippet) or None,
        "page": hit.page,
        "url": absolute(url_for("site.record", pid=row.pid, lang="sv")),
    }


def _facets(found: finding.Found) -> dict[str, list[dict[str, Any]]]:
    return {
        name: [{"value": value, "count": count} for value, count in counts]
        for name, counts in found.facets.items()
    }


def _next(found: finding.Found, query: Query) -> str | None:
    if query.page * query.per_page >= found.total or query.page >= MAX_PAGE:
        return None
    kept = [(n, v) for n, v in request.args.items(multi=True) if n != "page"]
    return absolute(f"{request.path}?{urlencode([*kept, ('page', query.page + 1)])}")
