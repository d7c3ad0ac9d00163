"""The page where authority files are read in: first a look, then for good."""

from __future__ import annotations

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from archive import db
from archive.accounts.permissions import Permission, requires
from archive.errors import ArchiveError
from archive.telling import told
from archive.xml import XmlMalformed, XmlRefused
from ingest.authorities import actions
from ingest.authorities.actions import Line
from ingest.authorities.forms import AuthorityFileForm
from ingest.phrases import in_swedish

authority_files = Blueprint("authority_files", __name__)
BYTES = 20 * 1024 * 1024  # a file; the largest of the state's registers that was tried has 1 MB


@authority_files.route("/desk/authorities/files", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def read_in() -> ResponseReturnValue:
    """Read authority files: tried, or taken in; each file by itself."""
    form = AuthorityFileForm()
    files: list[tuple[str, list[Line] | str]] = []
    status = 200
    if form.validate_on_submit():
        for file in form.files.data:
            files.append((file.filename or "", _outcome(file, only_try=form.only_try.data)))
    elif request.method == "POST":
        status = 422
    page = render_template("authority_files/read_in.html", form=form, files=files)
    return page, status


def _outcome(file: FileStorage, *, only_try: bool) -> list[Line] | str:
    """Return a line of each record in the file, or what is wrong with it."""
    document = file.stream.read(BYTES + 1)
    if len(document) > BYTES:
        return str(_("Filen är för stor."))
    with db.archive.transaction() as session:
        try:
            lines = actions.take_in(session, document, viewer=g.user)
        except (XmlRefused, XmlMalformed) as error:
            session.rollback()
            return str(_("Rad %(line)d: %(why)s", line=error.line, why=in_swedish(error.reason)))
        except ArchiveError as error:
            session.rollback()
            return told(error)
        if only_try:
            session.rollback()
    return lines
