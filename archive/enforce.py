"""The one gate. Nothing is taken in, shown, published, released or destroyed but through here.

Finds the plan in force, asks the law (`ihp.policy.decide`), and, where a deed follows, writes
the decision into the audit. Holds no rule of its own. Begin at `decide` and `require`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from archive import clock
from archive.audit import actions as audit
from archive.audit.actions import Acting
from archive.errors import Refused
from archive.plans import queries as plans
from ihp.policy import Decision, Facts
from ihp.policy import decide as ask_the_law
from ihp.terms import Action, Outcome

# May go ahead on REVIEW when a person gives a signed reason (ARCHITECTURE, section 5).
_WITH_REASON = frozenset({Action.INGEST, Action.RELEASE})


def decide(
    session: Session, action: Action, facts: Facts, *, plan_unit_id: int, today: date | None = None
) -> Decision:
    """Return what the law says of this deed with this record today (or on a given day).

    The answer is valid at the longest until another decided plan enters into force.
    """
    day = today or clock.today()
    return with_plan(action, facts, plans.in_force(session, plan_unit_id, day), day)


def with_plan(action: Action, facts: Facts, found: plans.InForce | None, day: date) -> Decision:
    """Return the law's answer under a plan already found: for many records of few units."""
    decision = ask_the_law(action, facts, found.plan if found else None, day)
    if found is None or found.next_from is None:
        return decision
    if decision.valid_until is None or found.next_from < decision.valid_until:
        return replace(decision, valid_until=found.next_from)
    return decision


def require(
    session: Session,
    action: Action,
    facts: Facts,
    *,
    plan_unit_id: int,
    subject: str,
    actor: Acting,
    reason: str | None = None,
) -> Decision:
    """Return the decision if the deed may go ahead, and record it in the audit.

    ALLOW passes. REVIEW passes for INGEST and RELEASE with a reason, which is recorded as the
    actor's. Everything else is refused.

    :raises Refused: carrying the decision; nothing is recorded, for nothing is done.
    """
    decision = decide(session, action, facts, plan_unit_id=plan_unit_id)
    if not may_go_ahead(action, decision, reason):
        raise Refused(_why(action, decision), decision)
    audit.record(
        session,
        f"gate.{action.value}",
        subject,
        actor=actor,
        note=reason,
        **_details(decision),
    )
    return decision


@dataclass(frozen=True, slots=True)
class Asked:
    """A record before the gate: its name in the audit, its facts, and whose plan they meet."""

    subject: str
    facts: Facts
    plan_unit_id: int


def require_many(
    session: Session,
    action: Action,
    asked: Sequence[Asked],
    *,
    actor: Acting,
    reason: str | None = None,
) -> None:
    """Pass if the deed may go ahead with every record, as `require` does for one; record all.

    :raises Refused: carrying the decision of the first that may not; nothing is recorded.
    """
    day, events = clock.today(), []
    found = {
        unit_id: plans.in_force(session, unit_id, day)
        for unit_id in {each.plan_unit_id for each in asked}
    }
    for each in asked:
        decision = with_plan(action, each.facts, found[each.plan_unit_id], day)
        if not may_go_ahead(action, decision, reason):
            raise Refused(_why(action, decision), decision)
        events.append((each.subject, _details(decision)))
    audit.record_many(session, f"gate.{action.value}", events, actor=actor, note=reason)


def may_go_ahead(action: Action, decision: Decision, reason: str | None) -> bool:
    """Return whether the decision lets the deed go ahead: ALLOW, or REVIEW that is signed."""
    signed = action in _WITH_REASON and decision.outcome is Outcome.REVIEW and bool(reason)
    return signed or decision.outcome is Outcome.ALLOW


def _details(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome.value,
        "plan": decision.plan_version,
        "rules": [r.rule for r in decision.reasons],
        "clauses": [r.clause for r in decision.reasons],
    }


def _why(action: Action, decision: Decision) -> str:
    reasons = "; ".join(reason.text_sv for reason in decision.reasons)
    return f"{action.value}: {decision.outcome.value}. {reasons}"
