"""The one decision module: may this be done with this record today, and why.

`decide` answers ALLOW, REVIEW or DENY with reasons; the table is in docs/law.md. What the
answer is made of stands in `grounds`, its words in `reasons`. Pure: same question, same answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ihp import grounds, reasons, reasons_disposal
from ihp.facts import Facts
from ihp.grounds import Closed, Provision
from ihp.periods import day_after, day_before
from ihp.plan import Plan, Rule
from ihp.reasons import Reason
from ihp.terms import (
    Action,
    Disposition,
    LivingPersons,
    Outcome,
    PersonalData,
    PublicView,
    Rights,
)

__all__ = ["Decision", "Facts", "Reason", "decide", "dispose_from", "open_from"]


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


@dataclass(frozen=True, slots=True)
class _Question:
    """A record held against its row on a day, with what every action needs to know of it."""

    facts: Facts
    rule: Rule
    today: date
    provisions: tuple[Provision, ...]
    closed: tuple[Closed, ...]
    unknown: tuple[Reason, ...]


def decide(action: Action, facts: Facts, plan: Plan | None, today: date) -> Decision:
    """Return whether the deed is allowed, needs a person, or is denied, and every ground for it.

    Every column of the table that applies gives an answer, and the strictest holds; the reasons
    are those of the answers that decided. Unknown is closed: without plan, row or a date that a
    test counts from, nothing is shown, published or destroyed. A plan that is not in force on
    `today` counts as none.
    """
    rule, missing = grounds.row_of(facts, plan, today)
    answers = list(_without_row(action, facts, rule, missing))
    days = list(grounds.plan_days(plan))
    if rule is not None:
        question = _question(facts, rule, today)
        answers.extend(_ANSWERS[action](question))
        days.extend(_days(action, question))
    outcome = Outcome.strictest(answer for answer, _ in answers)
    return Decision(
        outcome=outcome,
        reasons=tuple(dict.fromkeys(reason for answer, reason in answers if answer is outcome)),
        plan_version=plan.version if plan else None,
        valid_until=min((day for day in days if day is not None and day > today), default=None),
    )


def dispose_from(facts: Facts, plan: Plan | None) -> date | None:
    """Return the first day on which the plan permits disposal, or None: kept, or no such day.

    Holds and authorities are not weighed here; ask `decide` before anything is destroyed.
    """
    rule = None if plan is None else plan.rule_for(facts.rule, facts.date_max)
    return None if rule is None else grounds.retention_end(facts, rule)


def open_from(facts: Facts, plan: Plan | None) -> date | None:
    """Return the first day on which no secrecy and no contract can close the record any more.

    None: there is no such day, or it is not known. `date.min`: nothing ever closes it.
    """
    rule = None if plan is None else plan.rule_for(facts.rule, facts.date_max)
    if rule is None or tuple(grounds.contract_missing(facts, rule)):
        return None
    first = facts.contract_open_from or date.min
    for provision in grounds.provisions(facts, rule):
        after = None if provision.end is None else day_after(provision.end)
        if provision.is_undated or after is None:
            return None
        first = max(first, after)
    return first


def _question(facts: Facts, rule: Rule, today: date) -> _Question:
    found = grounds.provisions(facts, rule)
    return _Question(
        facts=facts,
        rule=rule,
        today=today,
        provisions=found,
        closed=tuple(grounds.closed_by(facts, rule, found, today)),
        unknown=tuple(grounds.date_missing(facts, rule, found, today)),
    )


def _without_row(
    action: Action, facts: Facts, rule: Rule | None, missing: tuple[Reason, ...]
) -> Iterator[_Answer]:
    """Yield the answers that hold whether or not there is a row."""
    unknown = Outcome.DENY if action is Action.DISPOSE else Outcome.REVIEW
    yield from ((unknown, reason) for reason in missing)
    if action is Action.DISPOSE and facts.holds:
        yield Outcome.DENY, reasons_disposal.held(rule)
    if action is Action.INGEST and facts.security_class is not None and facts.security_class.k > 3:
        yield Outcome.DENY, reasons.too_secret(rule)
    if facts.destroyed and action is Action.RELEASE:
        yield Outcome.REVIEW, reasons_disposal.not_held(rule)
    elif facts.destroyed and action is not Action.SHOW:
        yield Outcome.DENY, reasons_disposal.destroyed(rule)


def _ingest(question: _Question) -> Iterator[_Answer]:
    undated = grounds.retention_undated(question.facts, question.rule)
    yield from ((Outcome.REVIEW, reason) for reason in (*question.unknown, *undated))
    due = grounds.retention_end(question.facts, question.rule)
    if due is not None and due <= question.today:
        yield Outcome.REVIEW, reasons_disposal.retention_over(question.rule, due)
    yield Outcome.ALLOW, reasons.in_plan(question.rule)


def _show(question: _Question) -> Iterator[_Answer]:
    facts, rule = question.facts, question.rule
    yield from ((Outcome.REVIEW, reason) for reason in question.unknown)
    if facts.public_title:
        yield Outcome.ALLOW, reasons.public_title(rule)
        return
    yield from ((Outcome.DENY, closed.reason) for closed in question.closed)
    yield from ((Outcome.REVIEW, reason) for reason in grounds.contract_missing(facts, rule))
    if facts.title_names_living is LivingPersons.YES:
        yield Outcome.REVIEW, reasons.title_names_living(rule)
    elif facts.title_names_living is LivingPersons.UNKNOWN:
        persons = grounds.persons_may_live(facts, rule, question.today)
        if persons is not None:
            yield Outcome.REVIEW, persons
    yield Outcome.ALLOW, reasons.title_open(rule)


def _publish(question: _Question) -> Iterator[_Answer]:
    facts, rule = question.facts, question.rule
    yield from ((Outcome.REVIEW, reason) for reason in question.unknown)
    yield from ((Outcome.DENY, closed.reason) for closed in question.closed)
    yield from ((Outcome.REVIEW, reason) for reason in grounds.contract_missing(facts, rule))
    if rule.public_view is not PublicView.FULL:
        yield Outcome.DENY, reasons.not_for_the_web(rule)
    level = facts.security_class or rule.security_class
    if level is None or level.k > 0:
        yield Outcome.REVIEW, reasons.not_k0(rule, None if level is None else level.k)
    if facts.rights is Rights.IN_COPYRIGHT:
        yield Outcome.DENY, reasons.in_copyright(rule)
    elif facts.rights is Rights.UNKNOWN:
        yield Outcome.REVIEW, reasons.rights_unknown(rule)
    persons = grounds.persons_may_live(facts, rule, question.today)
    if persons is not None:
        yield Outcome.REVIEW, persons
    yield Outcome.ALLOW, reasons.open_on_the_web(rule)


def _release(question: _Question) -> Iterator[_Answer]:
    facts, rule = question.facts, question.rule
    yield from ((Outcome.REVIEW, reason) for reason in question.unknown)
    for closed in question.closed:
        yield Outcome.REVIEW, reasons.to_be_tested(closed.reason, closed.known)
    yield from ((Outcome.REVIEW, reason) for reason in grounds.contract_missing(facts, rule))
    if grounds.personal_data(facts, rule) is PersonalData.NONE:
        yield Outcome.ALLOW, reasons.no_personal_data(rule)
    elif all(answer is Outcome.ALLOW for answer, _ in _publish(question)):
        yield Outcome.ALLOW, reasons.open_on_the_web(rule)
    else:
        yield Outcome.REVIEW, reasons.personal_data_tested(rule)


def _dispose(question: _Question) -> Iterator[_Answer]:
    rule = question.rule
    if rule.disposition is Disposition.PRESERVE:
        yield Outcome.DENY, reasons_disposal.preserved(rule)
        return
    if not rule.authorities:
        yield Outcome.DENY, reasons_disposal.no_authority(rule)
    due = grounds.retention_end(question.facts, rule)
    if due is not None and due <= question.today:
        yield Outcome.ALLOW, reasons_disposal.retention_over(rule, due)
    elif due is not None:
        yield Outcome.DENY, reasons_disposal.not_due(rule, due, day_before(due))
    elif grounds.waits_for_judgement(rule):
        yield Outcome.REVIEW, reasons_disposal.judgement_needed(rule)
    else:
        yield Outcome.DENY, reasons_disposal.trigger_missing(rule)


def _days(action: Action, question: _Question) -> Iterator[date | None]:
    """Yield the days on which the answer to this action may change by itself."""
    if action in {Action.INGEST, Action.DISPOSE}:
        yield grounds.retention_end(question.facts, question.rule)
    if action is not Action.DISPOSE:
        yield from grounds.opening_days(question.facts, question.rule, question.provisions)


_ANSWERS = {
    Action.INGEST: _ingest,
    Action.SHOW: _show,
    Action.PUBLISH: _publish,
    Action.RELEASE: _release,
    Action.DISPOSE: _dispose,
}
