"""What must hold for every plan, record and day: drawn at random, thousands of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ihp import diff, exchange
from ihp.periods import day_before
from ihp.policy import Decision, decide, dispose_from, open_from
from ihp.terms import Action, LivingPersons, Outcome, PersonalData, PublicView, Rights
from tests.ihp.drawn import (
    DAYS,
    PROVISIONS,
    nearly_open,
    plan_of_row,
    plans,
    records,
    revisions,
)
from tests.ihp.makers import destroyed_after, plan_of, record

ACTIONS = st.sampled_from(Action)
often = settings(max_examples=150)


@often
@given(ACTIONS, records(), plans(), DAYS)
def test_a_hold_never_opens_anything(action, facts, plan, today):
    free = decide(action, replace(facts, holds=()), plan, today)
    held = decide(action, replace(facts, holds=("tvist",)), plan, today)
    assert not free.outcome.is_stricter_than(held.outcome)
    if action is Action.DISPOSE:
        assert held.outcome is Outcome.DENY


@often
@given(ACTIONS, records(), plans(), DAYS, PROVISIONS)
def test_a_mark_only_tightens(action, facts, plan, today, provision):
    before = decide(action, facts, plan, today)
    after = decide(action, replace(facts, marks=(*facts.marks, provision)), plan, today)
    assert not before.outcome.is_stricter_than(after.outcome)


@often
@given(ACTIONS, records(), plans(), DAYS, st.data())
def test_an_answer_is_constant_until_the_day_it_names(action, facts, plan, today, data):
    first = decide(action, facts, plan, today)
    assert first.valid_until is None or first.valid_until > today
    last = (day_before(first.valid_until) if first.valid_until else None) or date.max
    later = data.draw(st.one_of(st.dates(today, last), st.just(last)))
    then = decide(action, facts, plan, later)
    assert (then.outcome, then.reasons) == (first.outcome, first.reasons)
    assert then.valid_until == first.valid_until


@often
@given(ACTIONS, records(), plans(), DAYS)
def test_unknown_is_closed(action, facts, plan, today):
    unknown = (
        (replace(facts, rule=None), plan),
        (replace(facts, rule="X"), plan),
        (facts, None),
    )
    for record_, known_plan in unknown:
        answer = decide(action, record_, known_plan, today).outcome
        assert answer is not Outcome.ALLOW
        assert action is not Action.DISPOSE or answer is Outcome.DENY


@often
@given(st.sampled_from([Action.SHOW, Action.PUBLISH, Action.RELEASE]), nearly_open(), DAYS)
def test_forgetting_the_date_never_opens_what_a_date_would_close(action, case, today):
    facts, rule = case
    plan = plan_of_row(rule)
    undated = decide(action, replace(facts, date_max=None), plan, today).outcome
    dated = decide(action, replace(facts, date_max=today), plan, today).outcome
    assert undated is not Outcome.ALLOW or dated is Outcome.ALLOW


@often
@given(nearly_open(), DAYS)
def test_what_is_published_is_open_cleared_k0_and_permitted_by_its_row(case, today):
    facts, rule = case
    kind = facts.personal_data if facts.personal_data is not None else rule.personal_data
    level = facts.security_class or rule.security_class
    may_be = (
        facts.rule == rule.code
        and rule.public_view is PublicView.FULL
        and level is not None
        and level.k == 0
        and facts.rights is Rights.FREE
        and not facts.destroyed
        and (kind is PersonalData.NONE or facts.living_persons is not LivingPersons.YES)
        and "OSL-99-9" not in facts.marks
        and (facts.contract_open_from or date.min) <= today
    )
    published = decide(Action.PUBLISH, facts, plan_of_row(rule), today).outcome is Outcome.ALLOW
    assert may_be or not published
    nothing_more_asked = not rule.secrecy and not facts.marks and kind is PersonalData.NONE
    if may_be and nothing_more_asked and not rule.access_contract and rule.covers(facts.date_max):
        assert published


@often
@given(records(), plans(), DAYS)
@example(record(), plan_of(destroyed_after(0)), date(1851, 1, 1))
def test_disposal_is_allowed_exactly_from_the_day_that_lists_are_told(facts, plan, today):
    due = dispose_from(facts, plan)
    answer = decide(Action.DISPOSE, facts, plan, today).outcome
    if answer is Outcome.ALLOW:
        assert due is not None
        assert due <= today
    if due is not None and due > today:
        assert answer is Outcome.DENY


@often
@given(nearly_open(), DAYS)
def test_no_secrecy_closes_a_record_from_its_open_day_on(case, today):
    facts, rule = case
    opens = open_from(facts, plan_of_row(rule))
    if opens is None or opens > today:
        return
    asked = decide(Action.RELEASE, facts, plan_of_row(rule), today)
    assert not any("Sekretess kan gälla" in reason.text_sv for reason in asked.reasons)
    assert not any("Enskilt arkiv" in reason.text_sv for reason in asked.reasons)


@often
@given(st.sampled_from([Action.SHOW, Action.PUBLISH, Action.RELEASE]), revisions(), DAYS)
def test_nothing_open_is_closed_by_a_change_that_is_not_called_tighter(action, case, today):
    facts, before, after = case
    old, new = plan_of_row(before), plan_of_row(after)
    if "X-1" not in diff.compare(old, new).tighter:
        was, now = (decide(action, facts, plan, today).outcome for plan in (old, new))
        assert was is not Outcome.ALLOW or now is Outcome.ALLOW


@often
@given(plans())
def test_a_plan_is_read_back_as_it_was_with_the_same_digest(plan):
    again = exchange.from_json(exchange.to_json(plan))
    assert again == plan
    assert exchange.digest(again) == exchange.digest(plan)


@often
@given(ACTIONS, records(), plans(), DAYS)
def test_a_decision_survives_json(action, facts, plan, today):
    decision = decide(action, facts, plan, today)
    assert Decision.from_dict(decision.as_dict()) == decision
