"""The edition for programs: `/api/v1/…`, and the answers that keep a service alive.

Reads only; the same records as the site, never more. Begin at `record`.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from archive import clock, db
from archive.api import contract
from archive.edition import describing, queries
from archive.edition.models import EditionState
from archive.pages import absolute

api = Blueprint("api", __name__)


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


@api.after_request
def _fresh(response: Response) -> Response:
    response.headers.setdefault("Cache-Control", "no-cache")
    response.headers.setdefault("Access-Control-Allow-Origin", "*")
    return response
