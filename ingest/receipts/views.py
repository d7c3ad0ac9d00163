"""A delivery's receipt, handed out as it was kept, to whoever may read the delivery."""

from __future__ import annotations

from flask import Blueprint, current_app, g
from flask.typing import ResponseReturnValue
from flask.wrappers import Response

from archive import db
from archive.accounts.permissions import Permission, requires
from archive.storage.store import open_store
from ingest import queries
from ingest.receipts import queries as receipts
from ingest.receipts.models import FACTS, PDF

delivery_receipts = Blueprint("delivery_receipts", __name__)


@delivery_receipts.get("/desk/ingest/<pid>/receipt.pdf")
@requires(Permission.INGEST_READ)
def as_pdf(pid: str) -> ResponseReturnValue:
    """Hand out the receipt."""
    return _handed_out(pid, PDF, "application/pdf", "pdf")


@delivery_receipts.get("/desk/ingest/<pid>/receipt.json")
@requires(Permission.INGEST_READ)
def as_json(pid: str) -> ResponseReturnValue:
    """Hand out what the receipt says, every package of it, for a program."""
    return _handed_out(pid, FACTS, "application/json", "json")


def _handed_out(pid: str, path: str, kind: str, ending: str) -> Response:
    with db.archive.reading() as session:
        transfer = queries.readable(session, pid, g.user)
        receipt = receipts.need(session, transfer)
        place, number = (receipt.object_id, path, receipt.version), transfer.number
    answer = Response(open_store(current_app.config["STADSARKIV"]).read(*place), mimetype=kind)
    name = f"leverans-{number}-kvitto.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
