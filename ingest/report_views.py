"""A delivery's report for its supplier, as JSON and PDF, to whoever may read the delivery."""

from __future__ import annotations

import json

from flask import Blueprint, g, request
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from archive import db, pages
from archive.accounts.permissions import Permission, requires
from ingest import queries, report, report_pdf

reports = Blueprint("delivery_reports", __name__)


@reports.get("/desk/ingest/<pid>/report.json")
@requires(Permission.INGEST_READ)
def as_json(pid: str) -> ResponseReturnValue:
    """Hand out the whole report, in both languages."""
    made = _report(pid)
    content = json.dumps(made.as_dict(), ensure_ascii=False, indent=1)
    return _handed_out(content.encode(), "application/json", made, "json")


@reports.get("/desk/ingest/<pid>/report.pdf")
@requires(Permission.INGEST_READ)
def as_pdf(pid: str) -> ResponseReturnValue:
    """Hand out the report on A4, in `language` or that of the page."""
    made = _report(pid)
    content = report_pdf.pdf(made, request.args.get("language") or pages.language())
    return _handed_out(content, "application/pdf", made, "pdf")


def _report(pid: str) -> report.Report:
    with db.archive.reading() as session:
        return report.of_transfer(session, queries.readable(session, pid, g.user))


def _handed_out(content: bytes, kind: str, made: report.Report, ending: str) -> Response:
    answer = Response(content, mimetype=kind)
    name = f"leverans-{made.delivered.number}-rapport.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
