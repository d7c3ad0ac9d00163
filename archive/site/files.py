"""The bytes of the edition: pictures and documents that everyone may fetch.

The only place that sends a file. Range and conditional requests are answered; the ETag is of
the published copy, never of the stored original. Begin at `file`.
"""

from __future__ import annotations

import re
from pathlib import Path

from flask import Response, request, send_file
from flask.typing import ResponseReturnValue

from archive import clock, db
from archive.edition import queries, shelf
from archive.edition.models import FileRole, PublicFile
from archive.errors import NotFound
from archive.site.blueprint import site

# Shown in the page; everything else is handed over as a download, whatever it claims to be.
_SHOWN = {"image/jpeg", "image/png", "image/webp", "application/pdf", "text/plain"}
_IN_MANIFEST = {FileRole.ACCESS, FileRole.THUMB, FileRole.TEXT}
_FILE_CSP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@site.get("/files/<file_id>")
def file(file_id: str) -> ResponseReturnValue:
    """Send a published file; one that is not open today is as one that never was."""
    with db.edition.reading() as session:
        found = queries.file(session, file_id, clock.today())
        path = shelf.locate(found.path) if found else None
        if found is None or path is None:
            raise NotFound("no such file")
        return _send(found, path)


def _send(found: PublicFile, path: Path) -> Response:
    shown = found.media_type in _SHOWN and "download" not in request.args
    # Viewers of other sites show what the manifest names; a whole document is not put in a page.
    is_alto, in_manifest = found.role == FileRole.TEXT, found.role in _IN_MANIFEST
    response = send_file(
        path,
        mimetype=found.media_type
        if found.media_type in _SHOWN or is_alto
        else "application/octet-stream",
        as_attachment=not shown,
        download_name=_name(found),
        conditional=True,
        etag=f"{found.sha256[:32]}",
        max_age=60,
    )
    response.headers["Content-Security-Policy"] = _FILE_CSP
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = (
        "cross-origin" if in_manifest else "same-origin"
    )
    if in_manifest:
        response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _name(found: PublicFile) -> str:
    """Return a name for the reader's disk, made of the label and the format, never of a path."""
    word = re.sub(r"[^\w.-]+", "-", found.label or found.pid).strip("-.")[:80] or found.pid
    subtype = found.media_type.rpartition("/")[2]
    ending = {"jpeg": "jpg", "plain": "txt", "tiff": "tif"}.get(subtype, subtype)
    return word if word.lower().endswith("." + ending) else f"{word}.{ending}"
