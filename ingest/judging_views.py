"""Many deliveries decided at once, and one suggestion accepted, from the inbox."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive.accounts.permissions import Permission, requires
from archive.errors import Invalid
from archive.telling import told
from ingest import bulk

judging = Blueprint("judging", __name__)


@judging.post("/desk/ingest/decide")
@requires(Permission.INGEST_ACCEPT)
def bulk_decide() -> ResponseReturnValue:
    """Decide the chosen deliveries; a page tells those that may not go, one by one."""
    pids, order = _order()
    results = bulk.decide(pids, order, viewer=g.user)
    refused = [(each, told(each.error)) for each in results if each.error is not None]
    done = len(results) - len(refused)
    if not refused:
        flash(_told(order.deed, done))
        is_shown = request.form.get("from") == "show" and len(pids) == 1
        return redirect(
            url_for("ingest.show", pid=pids[0]) if is_shown else url_for("ingest.inbox")
        )
    return render_template("ingest/decided.html", done=done, refused=refused), 409


def _told(deed: bulk.Deed, done: int) -> str:
    """Return what has been done, in words: a row that is assigned decides nothing yet."""
    is_row = deed in {bulk.Deed.SUGGESTED, bulk.Deed.ASSIGN}
    if done > 1:
        many = _("%(n)d leveranser har fått sin rad och prövas på nytt.", n=done)
        return str(many if is_row else _("%(n)d leveranser är avgjorda.", n=done))
    one = _("Raden är satt. Leveransen prövas på nytt, och här står vad som sedan återstår.")
    return str(one if is_row else _("Leveransen är avgjord."))


def _order() -> tuple[list[str], bulk.Order]:
    """Return the chosen deliveries and what is said of them: one suggestion accepted, or many."""
    accepted = request.form.get("accept", "").split("|", 2)
    if len(accepted) == 3:
        said = str(_("Förslaget godtogs."))
        return accepted[:1], bulk.Order(bulk.Deed.SUGGESTED, said, accepted[1], accepted[2])
    deed = request.form.get("deed", "")
    if deed not in set(bulk.Deed):
        raise Invalid("say what is to be done with the chosen deliveries")
    unit, _bar, row = request.form.get("row", "").partition("|")
    order = bulk.Order(bulk.Deed(deed), request.form.get("reason", ""), unit, row)
    return request.form.getlist("pid"), order
