"""Every cell of the table of decisions (ARCHITECTURE 5), and what lies beside it."""

from __future__ import annotations

from datetime import date

import pytest

from ihp.facts import Facts
from ihp.plan import Plan
from ihp.policy import Decision, decide, dispose_from, open_from
from ihp.security import SecurityClass
from ihp.terms import (
    Action,
    LivingPersons,
    Outcome,
    PersonalData,
    PublicView,
    Rights,
    Trigger,
)
from tests.ihp.makers import (
    TODAY,
    destroyed_after,
    destroyed_when_obsolete,
    plan_of,
    record,
    row,
    secret,
)

A, R, D = Outcome.ALLOW, Outcome.REVIEW, Outcome.DENY
OPEN = plan_of(row())
SECRET = plan_of(row(secrecy=secret("OSL-26-1")))
RECENT = {"date_min": date(2000, 5, 1), "date_max": date(2000, 5, 1)}
UNDATED = {"date_min": None, "date_max": None}
OVER = plan_of(destroyed_after(2))
RUNNING = plan_of(destroyed_after(50))

CASES: dict[str, tuple[Facts, Plan | None, tuple[Outcome, ...]]] = {
    # what: record, plan, answers to INGEST SHOW PUBLISH RELEASE DISPOSE
    "no plan": (record(), None, (R, R, R, R, D)),
    "no row": (record(rule=None), OPEN, (R, R, R, R, D)),
    "a row that is not in the plan": (record(rule="X-9"), OPEN, (R, R, R, R, D)),
    "a prefix of a row": (record(rule="X"), OPEN, (R, R, R, R, D)),
    "the test's date is missing": (record(**UNDATED), SECRET, (R, R, R, R, D)),
    "no date, but nothing counts from one": (record(**UNDATED), OPEN, (A, A, A, A, D)),
    "secrecy may apply": (record(**RECENT), SECRET, (A, D, D, R, D)),
    "secrecy, with a public title": (
        record(**RECENT, public_title="Akt"), SECRET, (A, A, D, R, D),
    ),
    "a hold on what is preserved": (record(holds=("tvist",)), OPEN, (A, A, A, A, D)),
    "a hold on what is due": (record(holds=("tvist",)), OVER, (R, A, A, A, D)),
    "preserved": (record(), OPEN, (A, A, A, A, D)),
    "retention over": (record(), OVER, (R, A, A, A, A)),
    "retention running": (record(**RECENT), RUNNING, (A, A, A, A, D)),
    "only a statutory minimum cited": (
        record(), plan_of(destroyed_after(2, basis="LKBR 3 kap. 13 §")), (R, A, A, A, D),
    ),
    "when obsolete, not yet judged": (
        record(), plan_of(destroyed_when_obsolete()), (A, A, A, A, R),
    ),
    "destroyed": (record(destroyed=True), OPEN, (D, A, D, R, D)),
    "destroyed and secret": (record(destroyed=True, **RECENT), SECRET, (D, D, D, R, D)),
    "living persons": (
        record(**RECENT, living_persons=LivingPersons.YES),
        plan_of(row(personal_data=PersonalData.ORDINARY)), (A, R, R, R, D),
    ),
    "living persons, with a public title": (
        record(**RECENT, living_persons=LivingPersons.YES, public_title="Brev"),
        plan_of(row(personal_data=PersonalData.ORDINARY)), (A, A, R, R, D),
    ),
    "living persons, but none in the title": (
        record(**RECENT, living_persons=LivingPersons.YES, title_names_living=LivingPersons.NO),
        plan_of(row(personal_data=PersonalData.ORDINARY)), (A, A, R, R, D),
    ),
    "a living person in the title only": (
        record(title_names_living=LivingPersons.YES), OPEN, (A, R, A, A, D),
    ),
    "personal data of the dead, published": (
        record(), plan_of(row(personal_data=PersonalData.ORDINARY)), (A, A, A, A, D),
    ),
    "personal data of the dead, not for the web": (
        record(), plan_of(row(personal_data=PersonalData.ORDINARY, public_view=PublicView.NONE)),
        (A, A, D, R, D),
    ),
    "the row shows metadata only": (
        record(), plan_of(row(public_view=PublicView.METADATA)), (A, A, D, A, D),
    ),
    "K1": (record(security_class=SecurityClass(1, 2, 1)), OPEN, (A, A, R, A, D)),
    "K1 in the row, K0 on the record": (
        record(security_class=SecurityClass(0, 2, 1)),
        plan_of(row(security_class=SecurityClass(1, 2, 1))), (A, A, A, A, D),
    ),
    "not classified": (record(), plan_of(row(security_class=None)), (A, A, R, A, D)),
    "K4": (record(security_class=SecurityClass(4, 2, 1)), OPEN, (D, A, R, A, D)),
    "in copyright": (record(rights=Rights.IN_COPYRIGHT), OPEN, (A, A, D, A, D)),
    "rights not known": (record(rights=Rights.UNKNOWN), OPEN, (A, A, R, A, D)),
    "an unknown provision": (
        record(), plan_of(row(secrecy=secret("OSL-99-9"))), (A, D, D, R, D),
    ),
    "a mark": (record(**RECENT, marks=("OSL-26-1",)), OPEN, (A, D, D, R, D)),
    "a contract that has opened": (
        record(contract_open_from=date(2019, 4, 15)),
        plan_of(row(access_contract=True)), (A, A, A, A, D),
    ),
    "a contract that opens later": (
        record(contract_open_from=date(2031, 6, 1)),
        plan_of(row(access_contract=True)), (A, D, D, R, D),
    ),
    "a contract without a day": (
        record(), plan_of(row(access_contract=True)), (A, R, R, R, D),
    ),
    "a plan not yet in force": (
        record(), plan_of(row(), in_force_from=date(2027, 1, 1)), (R, R, R, R, D),
    ),
    "a plan no longer in force": (
        record(), plan_of(row(), in_force_to=date(2026, 11, 22)), (R, R, R, R, D),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_the_table_of_decisions(what):
    facts, plan, expected = CASES[what]
    assert tuple(decide(action, facts, plan, TODAY).outcome for action in Action) == expected


@pytest.mark.parametrize("what", CASES)
def test_every_answer_has_a_clause_and_a_sentence_in_both_languages(what):
    facts, plan, _ = CASES[what]
    for action in Action:
        decision = decide(action, facts, plan, TODAY)
        assert decision.reasons
        for reason in decision.reasons:
            assert reason.clause
            assert reason.text_sv.endswith(".")
            assert reason.text_en.endswith(".")
            assert reason.text_sv != reason.text_en


@pytest.mark.parametrize("what", CASES)
def test_a_decision_is_read_back_from_json_as_it_was(what):
    facts, plan, _ = CASES[what]
    for action in Action:
        decision = decide(action, facts, plan, TODAY)
        assert Decision.from_dict(decision.as_dict()) == decision


def test_the_words_of_a_hold_are_not_told():
    decision = decide(Action.DISPOSE, record(holds=("tvist med Anna",)), OVER, TODAY)
    assert "Anna" not in str(decision.as_dict())


def test_a_request_is_told_the_damage_test():
    (reason,) = decide(Action.RELEASE, record(**RECENT), SECRET, TODAY).reasons
    assert reason.clause == "26 kap. 1 § OSL"
    assert "Omvänt skaderekvisit" in reason.text_sv
    assert "Reverse damage test" in reason.text_en


def test_an_undated_record_is_told_which_provision_counts_from_its_date():
    decision = decide(Action.PUBLISH, record(**UNDATED), SECRET, TODAY)
    assert [r.clause for r in decision.reasons] == ["26 kap. 1 § OSL"]
    assert "odaterad" in decision.reasons[0].text_sv


def test_a_provision_without_limit_closes_the_undated_too():
    plan = plan_of(row(secrecy=secret("OSL-18-8")))
    assert decide(Action.PUBLISH, record(**UNDATED), plan, TODAY).outcome is D


def test_an_undated_record_of_a_row_with_years_is_unknown():
    plan = plan_of(row(records_from=date(1800, 1, 1)))
    (reason,) = decide(Action.SHOW, record(**UNDATED), plan, TODAY).reasons
    assert "odaterad" in reason.text_sv


def test_what_is_destroyed_after_its_own_date_waits_when_it_has_none():
    assert decide(Action.INGEST, record(**UNDATED), OVER, TODAY).outcome is R
    assert decide(Action.DISPOSE, record(**UNDATED), OVER, TODAY).outcome is D


def test_a_period_counted_from_an_unknown_event_never_ends():
    plan = plan_of(destroyed_after(2, Trigger.CASE_CLOSED))
    decision = decide(Action.DISPOSE, record(), plan, date(9999, 12, 31))
    assert decision.outcome is D
    assert "ärendet avslutat" in decision.reasons[0].text_sv
    assert "the case was closed" in decision.reasons[0].text_en


def test_the_statutory_minimum_holds_though_the_row_says_less():
    basis = "LKBR 3 kap. 13 § (minimitid) + LiSA-F 2021:6"
    plan = plan_of(destroyed_after(2, Trigger.FISCAL_YEAR_END, basis=basis))
    assert dispose_from(record(date_max=date(2019, 6, 1)), plan) == date(2027, 1, 1)


def test_a_date_at_the_end_of_the_calendar_closes_and_does_not_crash():
    facts = record(date_max=date.max)
    for plan in (SECRET, OVER, plan_of(row(personal_data=PersonalData.ORDINARY))):
        for action in Action:
            decide(action, facts, plan, TODAY)
    assert decide(Action.PUBLISH, facts, SECRET, TODAY).outcome is D
    assert decide(Action.DISPOSE, facts, OVER, TODAY).outcome is D
    assert open_from(facts, SECRET) is None


def test_a_record_that_nothing_closes_is_open_from_the_first_day():
    assert open_from(record(), OPEN) == date.min
    assert open_from(record(), None) is None
    assert open_from(record(**UNDATED), SECRET) is None


def test_a_mark_holds_also_on_a_deposited_archive():
    plan = plan_of(row(access_contract=True))
    facts = record(**RECENT, contract_open_from=date(2019, 1, 1), marks=("OSL-21-1",))
    assert decide(Action.PUBLISH, facts, plan, TODAY).outcome is D


def test_the_law_of_public_records_is_not_cited_for_a_deposited_archive():
    plan = plan_of(row(access_contract=True, secrecy=secret("OSL-26-1")))
    facts = record(**RECENT, contract_open_from=date(2019, 1, 1))
    decision = decide(Action.RELEASE, facts, plan, TODAY)
    assert decision.outcome is A
    assert [r.clause for r in decision.reasons] == ["depositionsavtalet"]
