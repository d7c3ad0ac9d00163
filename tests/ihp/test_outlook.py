"""What if: an outlook says what the law says, and a row that is the same changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given

from ihp import policy
from ihp.facts import Facts
from ihp.outlook import differences, is_untouched, outlook
from ihp.plan import Rule
from ihp.security import SecurityClass
from ihp.terms import Action, Outcome
from tests.ihp.drawn import DAYS, plan_of_row, revisions
from tests.ihp.makers import TODAY, destroyed_after, plan_of, record, row, secret


@given(revisions(), DAYS)
def test_an_outlook_is_the_answers_of_the_law_and_only_a_changed_row_changes_it(
    drawn: tuple[Facts, Rule, Rule], day: date
) -> None:
    facts, before, after = drawn
    old, new = plan_of_row(before), plan_of_row(after)
    seen = outlook([(facts, old)], day)
    for action in (Action.SHOW, Action.PUBLISH, Action.DISPOSE):
        said = policy.decide(action, facts, old, day).outcome
        assert getattr(seen, action.value) is said
    if is_untouched([(facts, old)], [(facts, new)], day):
        assert differences(seen, outlook([(facts, new)], day)) == ()


def test_a_closed_file_closes_what_lies_in_it_but_not_its_disposal() -> None:
    own = (record(), plan_of(destroyed_after(10)))
    above = (record(rule="X-2"), plan_of(row(code="X-2", secrecy=secret("OSL-21-7"))))
    alone, inside = outlook([own], TODAY), outlook([own, above], TODAY)
    assert differences(alone, inside) == ("show", "publish", "open_from")
    assert inside.show is Outcome.DENY and inside.open_from is None
    assert inside.dispose is Outcome.ALLOW


def test_a_class_is_the_records_own_else_the_rows() -> None:
    plan = plan_of(row(security_class=SecurityClass(1, 2, 1)))
    of_row = outlook([(record(), plan)], TODAY)
    own = outlook([(replace(record(), security_class=SecurityClass(3, 2, 1)), plan)], TODAY)
    assert of_row.security_class == SecurityClass(1, 2, 1)
    assert own.security_class == SecurityClass(3, 2, 1)
