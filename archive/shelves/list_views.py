"""The list of places: taken in, with every fault by its row, and given out."""

from __future__ import annotations

import tempfile
from pathlib import Path

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from archive import db
from archive.accounts.permissions import Permission, requires
from archive.errors import Invalid
from archive.shelves import lists
from archive.shelves.forms import ListForm
from archive.shelves.views import shelves
from archive.telling import told

__all__ = ["shelves"]


@shelves.get("/desk/shelves/list.csv")
@requires(Permission.HOLDINGS_READ)
def given_out() -> ResponseReturnValue:
    """Send the list of places as CSV."""
    with db.archive.reading() as session:
        text = lists.written(session, g.user)
    headers = {"Content-Disposition": 'attachment; filename="hyllor.csv"'}
    return Response("\ufeff" + text, mimetype="text/csv", headers=headers)


@shelves.route("/desk/shelves/list", methods=["GET", "POST"])
@requires(Permission.HOLDINGS_DESCRIBE)
def taken_in() -> ResponseReturnValue:
    """Take in a list of places; with any fault nothing of it, and every fault is shown."""
    form, faults = ListForm(), list[lists.Fault]()
    if form.validate_on_submit():
        try:
            rows, faults = _read(form.file.data)
        except Invalid as error:
            form.file.errors = [told(error)]
        else:
            with db.archive.transaction() as session:
                more, records = lists.faults_against(session, rows, g.user)
                faults = sorted([*faults, *more], key=lambda fault: fault.number)
                if not faults:
                    places, placed = lists.take_in(session, rows, records, viewer=g.user)
                    flash(_("%(p)d platser och %(r)d handlingar togs in.", p=places, r=placed))
                    return redirect(url_for("shelves.index"))
    page = render_template("shelves/list.html", form=form, faults=faults, columns=lists.COLUMNS)
    return page, 422 if request.method == "POST" else 200


def _read(file: FileStorage) -> tuple[list[lists.Row], list[lists.Fault]]:
    ending = ".xlsx" if (file.filename or "").lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{ending}"
        file.save(path)
        return lists.read_list(path)
