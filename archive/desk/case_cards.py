"""The dashboard card of the cases."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive.accounts.permissions import Permission, Viewer
from archive.cases import queries
from archive.desk.cards import Card


def cards(session: Session, viewer: Viewer) -> Iterator[Card]:
    """Yield how many cases are open, due today and overdue, to those who handle them."""
    if not viewer.may(Permission.CASES_READ):
        return
    total, due, overdue = queries.counts(session)
    yield Card(
        title=_("Öppna ärenden"),
        value=str(total),
        text=_("%(due)d ska få svar idag, %(overdue)d är försenade.", due=due, overdue=overdue),
        href=url_for("cases.index"),
        tone="alarm" if overdue else "warn" if due else "calm",
    )
