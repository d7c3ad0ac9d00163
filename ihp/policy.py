"""The one decision module: may this be done with this record today, and why.

`decide` answers ALLOW, REVIEW or DENY with reasons; the table is ARCHITECTURE section 5. What
the answer is made of stands in `grounds`. Pure: same question, same answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ihp import grounds
from ihp.facts import Facts
from ihp.grounds import Closed, Reason
from ihp.plan import Plan, Rule
from ihp.terms import Action, Disposition, Outcome, PersonalData, PublicView, Rights

__all__ = ["Decision", "Facts", "Reason", "decide", "dispose_from"]


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its reasons.

    `valid_until` is the first day on which the answer may change though nobody touches the
    record; None means that time alone changes nothing.
    """

    outcome: Outcome
    reasons: tuple[Reason, ...] = field(default_factory=tuple)
    plan_version: str | None = None
    valid_until: date | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON values; `from_dict` reads them back."""
        return {
            "outcome": self.outcome.value,
            "reasons": [reason.as_dict() for reason in self.reasons],
            "plan_version": self.plan_version,
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
        }

    @classmethod
    def from_dict(cls, form: Mapping[str, Any]) -> Decision:
        """Return the decision that `as_dict` wrote down."""
        until = form.get("valid_until")
        return cls(
            outcome=Outcome(form["outcome"]),
            reasons=tuple(Reason.from_dict(reason) for reason in form["reasons"]),
            plan_version=form.get("plan_version"),
            valid_until=date.fromisoformat(until) if until else None,
        )


_Answer = tuple[Outcome, Reason]


def decide(action: Action, facts: Facts, plan: Plan | None, today: date) -> Decision:
    """Return whether the deed is allowed, needs a person, or is denied, and every ground for it.

    Every column of the table that applies gives an answer, and the strictest holds; the reasons
    are those of the answers that decided. Unknown is closed: without plan, row or a date that a
    test counts from, nothing is shown, published or destroyed.
    """
    rule = None if plan is None else plan.rule_for(facts.rule, facts.date_max)
    answers = tuple(_ANSWERS[action](facts, plan, rule, today))
    outcome = Outcome.strictest(answer for answer, _ in answers)
    return Decision(
        outcome=outcome,
        reasons=tuple(dict.fromkeys(reason for answer, reason in answers if answer is outcome)),
        plan_version=plan.version if plan else None,
        valid_until=grounds.next_change(facts, plan, rule, today),
    )


def dispose_from(facts: Facts, plan: Plan | None) -> date | None:
    """Return the first day on which the plan permits disposal, or None: kept, or no such day.

    Holds and authorities are not weighed here; ask `decide` before anything is destroyed.
    """
    rule = None if plan is None else plan.rule_for(facts.rule, facts.date_max)
    return None if rule is None else grounds.retention_end(facts, rule)


def _ingest(facts: Facts, plan: Plan | None, rule: Rule | None, today: date) -> Iterator[_Answer]:
    unknown = _unknown(facts, plan, rule)
    yield from ((Outcome.REVIEW, reason) for reason in unknown)
    if facts.security_class is not None and facts.security_class.k >= 4:
        yield Outcome.DENY, grounds.too_secret(rule)
    if rule is None or unknown:
        return
    due = grounds.retention_end(facts, rule)
    if due is not None and due <= today:
        yield Outcome.REVIEW, grounds.retention_over(rule, due)
    yield Outcome.ALLOW, grounds.in_plan(rule)


def _show(facts: Facts, plan: Plan | None, rule: Rule | None, today: date) -> Iterator[_Answer]:
    unknown = _unknown(facts, plan, rule)
    yield from ((Outcome.REVIEW, reason) for reason in unknown)
    if rule is None:
        return
    if facts.public_title:
        if not unknown:
            yield Outcome.ALLOW, grounds.public_title(rule)
        return
    closed = grounds.closed_by(facts, rule, today)
    yield from ((Outcome.DENY, c.reason) for c in closed)
    if not unknown and not closed:
        persons = grounds.persons_may_live(facts, rule, today)
        if persons is None:
            yield Outcome.ALLOW, grounds.title_open(rule)
        else:
            yield Outcome.REVIEW, persons


def _publish(facts: Facts, plan: Plan | None, rule: Rule | None, today: date) -> Iterator[_Answer]:
    unknown = _unknown(facts, plan, rule)
    yield from ((Outcome.REVIEW, reason) for reason in unknown)
    if rule is None:
        return
    closed = grounds.closed_by(facts, rule, today)
    yield from ((Outcome.DENY, c.reason) for c in closed)
    if facts.destroyed:
        yield Outcome.DENY, grounds.destroyed(rule)
    if rule.public_view is not PublicView.FULL:
        yield Outcome.DENY, grounds.not_for_the_web(rule)
    yield from _publication_policy(facts, rule, today)
    if not unknown:
        yield Outcome.ALLOW, grounds.open_on_the_web(rule)


def _publication_policy(facts: Facts, rule: Rule, today: date) -> Iterator[_Answer]:
    """Yield what holds contents back from the web though no secrecy applies."""
    k = facts.security_class or rule.security_class
    if k is None or k.k > 0:
        yield Outcome.REVIEW, grounds.not_k0(rule, None if k is None else k.k)
    if facts.rights is Rights.IN_COPYRIGHT:
        yield Outcome.DENY, grounds.in_copyright(rule)
    elif facts.rights is Rights.UNKNOWN:
        yield Outcome.REVIEW, grounds.rights_unknown(rule)
    persons = grounds.persons_may_live(facts, rule, today)
    if persons is not None:
        yield Outcome.REVIEW, persons


def _release(facts: Facts, plan: Plan | None, rule: Rule | None, today: date) -> Iterator[_Answer]:
    unknown = _unknown(facts, plan, rule)
    yield from ((Outcome.REVIEW, reason) for reason in unknown)
    if facts.destroyed:
        yield Outcome.REVIEW, grounds.not_held(rule)
    if rule is None or unknown:
        return
    closed: tuple[Closed, ...] = grounds.closed_by(facts, rule, today)
    yield from ((Outcome.REVIEW, grounds.to_be_tested(c)) for c in closed)
    if closed or facts.destroyed:
        return
    if grounds.personal_data(facts, rule) is PersonalData.NONE:
        yield Outcome.ALLOW, grounds.no_personal_data(rule)
    elif decide(Action.PUBLISH, facts, plan, today).outcome is Outcome.ALLOW:
        yield Outcome.ALLOW, grounds.open_on_the_web(rule)
    else:
        yield Outcome.REVIEW, grounds.personal_data_tested(rule)


def _dispose(facts: Facts, plan: Plan | None, rule: Rule | None, today: date) -> Iterator[_Answer]:
    yield from ((Outcome.DENY, reason) for reason in grounds.no_row(facts, plan, rule))
    yield from ((Outcome.DENY, grounds.held(rule, reason)) for reason in facts.holds)
    if facts.destroyed:
        yield Outcome.DENY, grounds.destroyed(rule)
    if rule is None:
        return
    if rule.disposition is Disposition.PRESERVE:
        yield Outcome.DENY, grounds.preserved(rule)
        return
    if not rule.authorities:
        yield Outcome.DENY, grounds.no_authority(rule)
    due = grounds.retention_end(facts, rule)
    if due is not None and due <= today:
        yield Outcome.ALLOW, grounds.retention_over(rule, due)
    elif due is not None:
        yield Outcome.DENY, grounds.not_due(rule, due)
    elif grounds.waits_for_judgement(facts, rule):
        yield Outcome.REVIEW, grounds.judgement_needed(rule)
    else:
        yield Outcome.DENY, grounds.trigger_missing(rule)


def _unknown(facts: Facts, plan: Plan | None, rule: Rule | None) -> tuple[Reason, ...]:
    return (*grounds.no_row(facts, plan, rule), *grounds.date_missing(facts, rule))


_ANSWERS = {
    Action.INGEST: _ingest,
    Action.SHOW: _show,
    Action.PUBLISH: _publish,
    Action.RELEASE: _release,
    Action.DISPOSE: _dispose,
}
