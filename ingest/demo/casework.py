"""Play the demo's cases through the real verbs: registered, taken, answered, decided, closed.

Each happens on its own day before the loading, by the demo's own staff, so that the desk looks
as it would on a working day: one case waits for its first answer, none is late. Begin at `play`.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.permissions import Viewer
from archive.cases import actions
from archive.cases.models import Case, CaseItem, Outcome
from ihp.terms import Outcome as Law
from ingest.demo import scenario
from ingest.demo.scenario import DemoCase

_CLOSED = frozenset({"released", "partly_released", "closed"})


def play(institution: str) -> None:
    """Make the demo's cases, the oldest first, each as far as its story has come."""
    for story in sorted(scenario.cases(), key=lambda each: -each.days_ago):
        with clock.frozen(_moment(story)), db.archive.transaction() as session:
            _play(session, story, institution)


def _moment(story: DemoCase) -> datetime:
    day = clock.today() - timedelta(days=story.days_ago)
    nine = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9)
    return min(nine, clock.now())  # built before nine in the morning, today's case came just now


def _play(session: Session, story: DemoCase, institution: str) -> None:
    officer = _staff(session, "case_officer")
    asked = actions.Asked(
        kind=story.kind,
        channel=story.channel,
        question=f"{story.subject}\n\n{story.text}",
        requester=story.name,
        contact=story.email,
        references=[f"{institution}/{reference}" for reference in story.references],
    )
    case = actions.register(session, asked, actor=officer)
    if story.state == "received":
        return
    actions.take(session, case, viewer=officer)
    if story.answer:
        actions.write(session, case, story.answer, internal=False, viewer=officer)
    if story.state in _CLOSED:
        _decide(session, case, officer)
        actions.close(session, case, viewer=officer)


def _decide(session: Session, case: Case, officer: Viewer) -> None:
    """Release what the law opens; what needs a test the city archivist refuses, with clause."""
    items = session.scalars(select(CaseItem).where(CaseItem.case_id == case.id)).all()
    for item in items:
        verdict = item.verdict or {}
        if verdict.get("outcome") == Law.ALLOW.value:
            actions.decide_item(session, case, item, Outcome.RELEASE, reason="", viewer=officer)
            continue
        clauses = [reason["clause"] for reason in verdict.get("reasons", []) if reason["clause"]]
        actions.decide_item(
            session,
            case,
            item,
            Outcome.REFUSE if clauses else Outcome.NOT_HELD,
            reason="Uppgiften omfattas av bestämmelsen och kan inte lämnas ut."
            if clauses
            else "Handlingen finns inte i arkivet.",
            clause=clauses[0] if clauses else "",
            viewer=_staff(session, "city_archivist"),
        )


def _staff(session: Session, role: str) -> Viewer:
    return accounts.viewer_by_email(session, f"{role}@demo.example", clock.today())
