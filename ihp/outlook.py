"""What one plan or another would say of a record: the answers, the days and the class.

For asking "what if": nothing is decided here that `policy` does not say. Begin at `outlook`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from ihp import grounds, policy
from ihp.facts import Facts
from ihp.plan import Plan
from ihp.security import SecurityClass
from ihp.terms import Action, Outcome

# A record, then each volume and file that holds it, with the plan that governs each.
Line = Sequence[tuple[Facts, Plan | None]]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the law says of a record on a day, secrecy from above included.

    `dispose_from` and `open_from` are None where there is no such day, or it is not known;
    `security_class` is None where nobody has given one.
    """

    show: Outcome
    publish: Outcome
    dispose: Outcome
    dispose_from: date | None
    open_from: date | None
    security_class: SecurityClass | None


def outlook(line: Line, day: date) -> Outlook:
    """Return what the plans of the line say on the day; disposal is the record's own alone."""
    facts, plan = line[0]
    days = [policy.open_from(each, its_plan) for each, its_plan in line]
    known = [each for each in days if each is not None]
    rule = grounds.row_of(facts, plan, day)[0]
    return Outlook(
        show=_strictest(Action.SHOW, line, day),
        publish=_strictest(Action.PUBLISH, line, day),
        dispose=policy.decide(Action.DISPOSE, facts, plan, day).outcome,
        dispose_from=policy.dispose_from(facts, plan),
        open_from=max(known) if len(known) == len(days) else None,
        security_class=facts.security_class or (rule.security_class if rule else None),
    )


def differences(before: Outlook, after: Outlook) -> tuple[str, ...]:
    """Return the names of what differs, in the order of `Outlook`."""
    return tuple(
        field.name
        for field in fields(Outlook)
        if getattr(before, field.name) != getattr(after, field.name)
    )


def is_untouched(before: Line, after: Line, day: date) -> bool:
    """Return whether every row of the line is the same under both: then nothing can differ."""
    return all(
        grounds.row_of(facts, old, day)[0] == grounds.row_of(facts, new, day)[0]
        for (facts, old), (_, new) in zip(before, after, strict=True)
    )


def _strictest(action: Action, line: Line, day: date) -> Outcome:
    return Outcome.strictest(policy.decide(action, f, plan, day).outcome for f, plan in line)
