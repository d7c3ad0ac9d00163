"""The word on formats at the desk: the program's list, the house's own rules, a change of them."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from archive import db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Permission, requires
from archive.pages import language
from ingest.formats import policy, rules
from ingest.formats.forms import LIST, WORDS, RuleForm
from ingest.formats.policy import Verdict

formats = Blueprint("formats", __name__)


@formats.get("/desk/formats")
@requires(Permission.INGEST_READ)
def index() -> ResponseReturnValue:
    """Show which formats the house takes, wishes away and refuses."""
    number = request.args.get("agreement", "")[:80]
    return _shown(RuleForm(formdata=None, data={"agreement": number}), 200)


@formats.post("/desk/formats")
@requires(Permission.FORMATS_MANAGE)
def change() -> ResponseReturnValue:
    """Say what holds for a format from now on."""
    form = RuleForm()
    if not form.validate():
        return _shown(form, 422)
    with db.archive.transaction() as session:
        rules.set_rule(
            session,
            form.subject.data or "",
            None if form.verdict.data == LIST else Verdict(form.verdict.data),
            agreement=form.agreement.data or "",
            reason=form.reason.data or "",
            viewer=g.user,
        )
    flash(_("Regeln gäller leveranser som prövas från och med nu."))
    return redirect(url_for("formats.index"))


def _shown(form: RuleForm, status: int) -> ResponseReturnValue:
    # A unit reads what holds for all, not what was agreed with another unit.
    may_change = g.user.may(Permission.FORMATS_MANAGE)
    sees_all = may_change or g.user.units(Permission.INGEST_READ) is None
    with db.archive.reading() as session:
        own = rules.listed(session, agreements_too=sees_all)
        names = accounts.names(session, [rule.changed_by for rule in own])
    page = render_template(
        "formats/index.html",
        form=form,
        rules=own,
        people=names,
        names=policy.names(),
        groups=[(g_.en if language() == "en" else g_.sv, g_) for g_ in policy.default_groups()],
        words=WORDS,
        rest=policy.default_rules(),
        may_change=may_change,
    )
    return page, status
