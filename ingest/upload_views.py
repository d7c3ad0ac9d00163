"""The drop zone's other end: tus 1.0 (core, creation, checksum, termination) for the desk.

Answers are for a script, in JSON where there is something to say; what an upload is and when it is
refused stands in `uploads`. Begin at `create`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from flask import Blueprint, current_app, flash, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from archive import db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, requires
from archive.config import Config
from archive.errors import ArchiveError, Invalid
from archive.telling import told
from ingest import queries, receive, uploads
from ingest.models import Upload, UploadState

uploading = Blueprint("uploading", __name__)
VERSION = "1.0.0"
_ALGORITHMS = ("sha256", "sha512", "sha1")  # the last one is demanded by the protocol
_PIECE = "application/offset+octet-stream"


@uploading.get("/desk/ingest/uploads")
@requires(Permission.INGEST_SUBMIT)
def listed() -> ResponseReturnValue:
    """Tell the person's unfinished uploads, and a form token that holds from now on."""
    with db.archive.reading() as session:
        found = [_told(upload) for upload in uploads.unfinished(session, g.user)]
    return jsonify(uploads=found, csrf_token=generate_csrf())


@uploading.post("/desk/ingest/uploads")
@requires(Permission.INGEST_SUBMIT)
def create() -> ResponseReturnValue:
    """Begin an upload of `Upload-Length` bytes; its name and what it is are `Upload-Metadata`."""
    said = _metadata(request.headers.get("Upload-Metadata", ""))
    with db.archive.reading() as session:
        unit = accounts.need_unit(session, said["unit"]) if said.get("unit") else None
    declared = receive.Declared(
        unit_id=unit.id if unit else None,
        record_type=said.get("record_type", "").strip()[:40] or None,
        agreement=said.get("agreement", "").strip()[:80] or None,
        only_check=said.get("only_check") == "yes",
    )
    upload = uploads.begin(
        _config(),
        declared,
        name=said.get("filename", ""),
        size_bytes=_number("Upload-Length"),
        viewer=g.user,
    )
    answer = jsonify(_told(upload))
    answer.status_code = 201
    answer.headers["Location"] = url_for("uploading.status", pid=upload.pid)
    return _placed(answer, upload)


@uploading.get("/desk/ingest/uploads/<pid>")
@requires(Permission.INGEST_SUBMIT)
def status(pid: str) -> ResponseReturnValue:
    """Tell how far an upload has come; HEAD gives the same in its headers."""
    with db.archive.reading() as session:
        upload = uploads.own(session, pid, g.user)
        has_failed = queries.has_failed(session, f"upload:{pid}")
    said = _told(upload) | {"csrf_token": generate_csrf(), "has_failed": has_failed}
    if upload.state == UploadState.SENDING and request.method == "GET":
        said["tail"] = hashlib.sha256(uploads.tail(_config(), upload)).hexdigest()
        said["tail_bytes"] = min(uploads.TAIL_BYTES, upload.received_bytes)
    return _placed(jsonify(said), upload)


@uploading.patch("/desk/ingest/uploads/<pid>")
@requires(Permission.INGEST_SUBMIT)
def append(pid: str) -> ResponseReturnValue:
    """Take in a piece at `Upload-Offset`; 204 means that it is on disk."""
    if request.mimetype != _PIECE:
        return jsonify(error=f"expected Content-Type {_PIECE}"), 415
    content = request.get_data(cache=False)
    if not _is_as_sent(content, request.headers.get("Upload-Checksum")):
        error = Invalid("the piece is not what was sent: its digest differs")
        return jsonify(error=told(error)), 460
    piece = uploads.Piece(
        offset=_number("Upload-Offset"),
        content=content,
        sender=request.headers.get("Upload-Sender", "")[:40],
        takes_over="Upload-Take-Over" in request.headers,
    )
    upload = uploads.append(_config(), pid, piece, viewer=g.user)
    return _placed(Response(status=204), upload)


append.accepts_bytes = uploads.CHUNK_BYTES  # type: ignore[attr-defined]


@uploading.delete("/desk/ingest/uploads/<pid>")
@requires(Permission.INGEST_SUBMIT)
def terminate(pid: str) -> ResponseReturnValue:
    """Throw an unfinished upload away."""
    uploads.drop(_config(), pid, viewer=g.user)
    return Response(status=204)


@uploading.post("/desk/ingest/uploads/<pid>/drop")
@requires(Permission.INGEST_SUBMIT)
def drop(pid: str) -> ResponseReturnValue:
    """Throw an unfinished upload away, from a form."""
    try:
        uploads.drop(_config(), pid, viewer=g.user)
        flash(_("Uppladdningen är kastad."))
    except ArchiveError as error:
        flash(told(error), "error")
    return redirect(url_for("ingest.inbox"))


@uploading.before_request
def _speaks_our_version() -> ResponseReturnValue | None:
    spoken = request.headers.get("Tus-Resumable")
    must_be_said = request.method in {"PATCH", "DELETE"} or spoken is not None
    if must_be_said and spoken != VERSION:
        return jsonify(error=f"expected Tus-Resumable {VERSION}"), 412
    return None


@uploading.after_request
def _tus(response: Response) -> Response:
    response.headers["Tus-Resumable"] = VERSION
    if request.method == "OPTIONS":
        response.headers["Tus-Version"] = VERSION
        response.headers["Tus-Extension"] = "creation,checksum,termination"
        response.headers["Tus-Checksum-Algorithm"] = ",".join(_ALGORITHMS)
        response.headers["Tus-Max-Size"] = str(uploads.WHOLE_BYTES)
    return response


@uploading.errorhandler(ArchiveError)
def _refused(error: ArchiveError) -> ResponseReturnValue:
    answer = jsonify(error=told(error), kind=type(error).__name__.lower())
    answer.status_code = error.status
    if isinstance(error, uploads.Misplaced):
        answer.headers["Upload-Offset"] = str(error.offset)
    return answer


def _told(upload: Upload) -> dict[str, object]:
    transfer = upload.transfer_pid
    return {
        "url": url_for("uploading.status", pid=upload.pid),
        "name": upload.name,
        "size": upload.size_bytes,
        "offset": upload.received_bytes,
        "state": upload.state,
        "delivery": url_for("ingest.show", pid=transfer) if transfer else None,
        "is_known": upload.is_known,
    }


def _placed(answer: Response, upload: Upload) -> Response:
    answer.headers["Upload-Offset"] = str(upload.received_bytes)
    answer.headers["Upload-Length"] = str(upload.size_bytes)
    return answer


def _number(header: str) -> int:
    said = request.headers.get(header, "")
    if not (said.isascii() and said.isdecimal() and len(said) < 16):
        raise Invalid(f"{header} is no number of bytes", sv=f"{header} är inget antal byte.")
    return int(said)


def _metadata(header: str) -> dict[str, str]:
    """Read tus metadata: pairs of a name and a value in base64, with commas between."""
    found = {}
    for pair in header.split(","):
        name, _space, value = pair.strip().partition(" ")
        found[name] = _plain(value).decode("utf-8", "replace")
    return found


def _is_as_sent(content: bytes, said: str | None) -> bool:
    if said is None:  # a browser without a secure context has no digests
        return True
    algorithm, _space, digest = said.partition(" ")
    if algorithm not in _ALGORITHMS:
        raise Invalid(f"{algorithm} is not known here", sv=f"{algorithm} är inte känd här.")
    return hashlib.new(algorithm, content).digest() == _plain(digest)


def _plain(value: str) -> bytes:
    try:
        return base64.b64decode(value.encode(), validate=True)
    except (binascii.Error, ValueError):
        raise Invalid("a header is not base64", sv="En rubrik är inte base64.") from None


def _config() -> Config:
    config: Config = current_app.config["STADSARKIV"]
    return config
