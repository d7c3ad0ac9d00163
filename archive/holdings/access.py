"""What the law says of records, kept beside them so that lists need not ask again.

The only writer of the cached columns. When an answer tightens, the record leaves the edition
before the change commits (rule 9: tighten now, loosen later). Begin at `verdict` and `refresh`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from archive import clock, enforce
from archive.edition import actions as edition
from archive.holdings.facts import Case, facts_of_many
from archive.holdings.models import Description, Publication
from archive.plans import queries as plans
from ihp.policy import Decision, dispose_from
from ihp.terms import Action, Outcome


@dataclass(frozen=True, slots=True)
class Verdict:
    """The law's answers for one record on one day."""

    show: Decision
    publish: Decision
    dispose_after: date | None

    @property
    def valid_until(self) -> date | None:
        """Return the first day on which any of the answers may change by itself."""
        days = [d.valid_until for d in (self.show, self.publish) if d.valid_until is not None]
        return min(days, default=None)


def verdict(session: Session, description: Description, today: date | None = None) -> Verdict:
    """Return the law's answers for one record, those above it included."""
    return verdicts(session, [description], today)[description.id]


def verdicts(
    session: Session, descriptions: Sequence[Description], today: date | None = None
) -> Mapping[int, Verdict]:
    """Return the law's answers for many records in a constant number of queries."""
    day = today or clock.today()
    cases = facts_of_many(session, descriptions)
    plans_found = {
        unit_id: plans.in_force(session, unit_id, day)
        for unit_id in {case.plan_unit_id for line in cases.values() for case in line}
    }
    found: dict[int, Verdict] = {}
    for description in descriptions:
        line = cases[description.id]
        in_force = plans_found[line[0].plan_unit_id]
        found[description.id] = Verdict(
            show=strictest([_ask(Action.SHOW, case, plans_found, day) for case in line]),
            publish=strictest([_ask(Action.PUBLISH, case, plans_found, day) for case in line]),
            dispose_after=dispose_from(line[0].facts, in_force.plan if in_force else None),
        )
    return found


def decide(session: Session, action: Action, description: Description) -> Decision:
    """Return the law's answer for any deed with one record, those above it included."""
    line = facts_of_many(session, [description])[description.id]
    if action is Action.DISPOSE:
        line = line[:1]
    return strictest(
        [enforce.decide(session, action, c.facts, plan_unit_id=c.plan_unit_id) for c in line]
    )


def strictest(decisions: Sequence[Decision]) -> Decision:
    """Return one decision for all: the strictest outcome, with the reasons that led to it.

    The first decision is the record's own; its plan version stays with the answer.
    """
    outcome = Outcome.strictest(d.outcome for d in decisions)
    reasons = [r for d in decisions if d.outcome is outcome for r in d.reasons]
    days = [d.valid_until for d in decisions if d.valid_until is not None]
    return Decision(
        outcome=outcome,
        reasons=tuple(dict.fromkeys(reasons)),
        plan_version=decisions[0].plan_version,
        valid_until=min(days, default=None),
    )


def refresh(session: Session, descriptions: Sequence[Description]) -> list[Description]:
    """Ask the law again and keep its answers; return the records that became tighter.

    What became tighter is withdrawn from the edition at once; the drain puts back as much of it
    as is still allowed.
    """
    tighter: list[Description] = []
    answers = verdicts(session, descriptions)
    for description in descriptions:
        answer = answers[description.id]
        if _is_tighter(description, answer):
            tighter.append(description)
        _keep(description, answer)
    public = [d.pid for d in tighter if d.publication != Publication.NONE]
    if public:
        edition.withdraw_now(public)
    return tighter


def refresh_branch(session: Session, description: Description) -> None:
    """Ask again for a record and everything below it, in portions."""
    ids = session.scalars(
        select(Description.id)
        .where(Description.path.startswith(description.path))
        .order_by(Description.id)
    ).all()
    refresh_ids(session, ids)


def refresh_ids(session: Session, ids: Sequence[int]) -> None:
    """Ask again for the records with these ids, in portions of 500."""
    for start in range(0, len(ids), 500):
        portion = session.scalars(
            select(Description).where(Description.id.in_(ids[start : start + 500]))
        ).all()
        refresh(session, portion)


def due(session: Session, today: date, limit: int = 500) -> Sequence[Description]:
    """Return records whose kept answer may have changed by the passing of time."""
    return session.scalars(
        select(Description)
        .where(or_(Description.decision_until <= today, Description.decided_under.is_(None)))
        .order_by(Description.id)
        .limit(limit)
    ).all()


def _ask(
    action: Action, case: Case, found: Mapping[int, plans.InForce | None], day: date
) -> Decision:
    return enforce.with_plan(action, case.facts, found[case.plan_unit_id], day)


def _is_tighter(description: Description, answer: Verdict) -> bool:
    shown, access = Outcome(description.shown), Outcome(description.access)
    return answer.show.outcome.is_stricter_than(shown) or (
        answer.publish.outcome.is_stricter_than(access)
    )


def _keep(description: Description, answer: Verdict) -> None:
    description.shown = answer.show.outcome.value
    description.access = answer.publish.outcome.value
    description.decision_until = answer.valid_until
    description.dispose_after = answer.dispose_after
    description.decided_under = answer.show.plan_version or "none"
