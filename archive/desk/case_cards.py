"""The dashboard card of the cases."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import clock, pages
from archive.accounts.permissions import Permission, Viewer
from archive.cases import queries
from archive.cases.models import Case
from archive.desk.cards import Card, Task

SHOWN = 5


def cards(session: Session, viewer: Viewer) -> Iterator[Card]:
    """Yield how many cases are open, due today and overdue, to those who handle them."""
    if not viewer.may(Permission.CASES_READ):
        return
    total, due, overdue = queries.counts(session)
    waiting = [case for case in queries.listed(session) if case.first_answer_at is None]
    yield Card(
        title=_("Öppna ärenden"),
        value=str(total),
        text=_("%(due)d ska få svar idag, %(overdue)d är försenade.", due=due, overdue=overdue),
        href=url_for("cases.index"),
        tone="alarm" if overdue else "warn" if due else "calm",
        tasks=tuple(_task(case) for case in waiting[:SHOWN]),
    )


def _task(case: Case) -> Task:
    today = clock.today()
    if case.due_on < today:
        note = _("försenat sedan %(day)s", day=pages.day(case.due_on, "medium"))
    elif case.due_on == today:
        note = _("svar idag")
    else:
        note = _("svar senast %(day)s", day=pages.day(case.due_on, "medium"))
    subject = case.question.split("\n", 1)[0][:70]
    return Task(f"{case.case_no} {subject}", url_for("cases.show", pid=case.pid), note)
