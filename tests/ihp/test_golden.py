"""The golden vectors: answers that a person has worked out from the law, one by one."""

from __future__ import annotations

from datetime import date

import pytest

from ihp import exchange, secrecy
from ihp.dates import add_years, due_on
from ihp.policy import decide, dispose_from, open_from
from ihp.secrecy import latest_end, rules
from ihp.terms import Action, LivingPersons, Outcome, PersonalData, Phase, Trigger
from tests.ihp.makers import destroyed_after, plan_of, record, row, secret

PLANS = exchange.example_plans()
ECONOMY, BUYING, STAFF = (
    PLANS["Ekonomiservice"],
    PLANS["Upphandling och inköp"],
    PLANS["HR-service"],
)


def test_two_years_for_what_came_in_2013_means_destroyed_from_2016():
    plan = plan_of(destroyed_after(2, Trigger.RECEIVED))
    facts = record(events={Trigger.RECEIVED: date(2013, 5, 3)})
    assert dispose_from(facts, plan) == date(2016, 1, 1)
    assert decide(Action.DISPOSE, facts, plan, date(2015, 12, 31)).outcome is Outcome.DENY
    assert decide(Action.DISPOSE, facts, plan, date(2016, 1, 1)).outcome is Outcome.ALLOW


def test_a_case_closed_on_3_january_2013_with_ten_years_is_due_in_2024():
    assert due_on(date(2013, 1, 3), 10) == date(2024, 1, 1)


@pytest.mark.parametrize(
    ("code", "made", "due"),
    [
        ("EK-002", date(2018, 6, 1), date(2029, 1, 1)),
        ("EK-001", date(2019, 6, 1), date(2027, 1, 1)),
    ],
)
def test_vouchers_up_to_2018_are_kept_ten_years_and_from_2019_seven(code, made, due):
    facts = record(rule=code, date_max=made)
    assert dispose_from(facts, ECONOMY) == due
    assert decide(Action.DISPOSE, facts, ECONOMY, due).outcome is Outcome.ALLOW
    denied = decide(Action.DISPOSE, facts, ECONOMY, date(2026, 12, 31))
    assert denied.outcome is Outcome.DENY
    assert denied.valid_until == due


def test_a_voucher_decision_names_the_statutory_minimum_and_the_authority():
    facts = record(rule="EK-001", date_max=date(2019, 6, 1))
    (reason,) = decide(Action.DISPOSE, facts, ECONOMY, date(2026, 1, 1)).reasons
    assert reason.clause == "3 kap. 13 § LKBR; EXEMPEL-F 2021:6"
    assert reason.until == date(2026, 12, 31)


def test_a_voucher_of_2018_is_not_covered_by_the_row_that_begins_in_2019():
    facts = record(rule="EK-001", date_max=date(2018, 12, 31))
    assert dispose_from(facts, ECONOMY) is None
    assert decide(Action.DISPOSE, facts, ECONOMY, date(2050, 1, 1)).outcome is Outcome.DENY


def test_social_services_end_2028_03_01_and_open_the_day_after():
    plan = plan_of(row(secrecy=secret("OSL-26-1")))
    facts = record(date_max=date(1958, 3, 1))
    assert latest_end(rules()["OSL-26-1"], date(1958, 3, 1)) == date(2028, 3, 1)
    assert open_from(facts, plan) == date(2028, 3, 2)
    last = decide(Action.PUBLISH, facts, plan, date(2028, 3, 1))
    assert last.outcome is Outcome.DENY
    assert last.valid_until == date(2028, 3, 2)
    assert [r.clause for r in last.reasons] == ["26 kap. 1 § OSL"]
    assert last.reasons[0].until == date(2028, 3, 1)
    assert decide(Action.PUBLISH, facts, plan, date(2028, 3, 2)).outcome is Outcome.ALLOW


def test_the_end_of_secrecy_is_not_yet_publication_where_persons_may_live():
    rule = row(secrecy=secret("OSL-26-1"), personal_data=PersonalData.SENSITIVE)
    facts = record(date_max=date(1958, 3, 1), living_persons=LivingPersons.UNKNOWN)
    asked = decide(Action.PUBLISH, facts, plan_of(rule), date(2028, 3, 2))
    assert asked.outcome is Outcome.REVIEW
    assert asked.valid_until == date(2068, 3, 2)


@pytest.mark.parametrize(
    ("today", "outcome"),
    [(date(2010, 5, 1), Outcome.REVIEW), (date(2010, 5, 2), Outcome.ALLOW)],
)
def test_nobody_is_taken_to_live_the_day_after_110_years(today, outcome):
    plan = plan_of(row(personal_data=PersonalData.ORDINARY))
    facts = record(date_max=date(1900, 5, 1), living_persons=LivingPersons.UNKNOWN)
    assert decide(Action.PUBLISH, facts, plan, today).outcome is outcome


def test_secrecy_that_begins_on_a_known_day_makes_the_answer_valid_until_then():
    plan = plan_of(row(secrecy=secret("OSL-39-3", Phase.AFTER_EMPLOYMENT)))
    begins = date(2026, 6, 1)
    facts = record(date_max=date(2026, 5, 1), events={Trigger.POSITION_FILLED: begins})
    before = decide(Action.SHOW, facts, plan, date(2026, 5, 31))
    assert (before.outcome, before.valid_until) == (Outcome.ALLOW, begins)
    assert decide(Action.SHOW, facts, plan, begins).outcome is Outcome.DENY


def test_leap_day_plus_seventy_years_ends_on_the_last_of_february():
    assert latest_end(rules()["OSL-26-1"], date(1956, 2, 29)) == date(2026, 2, 28)
    assert add_years(date(1956, 2, 29), 4) == date(1960, 2, 29)


@pytest.mark.parametrize(
    ("today", "clauses"),
    [
        (date(2020, 3, 31), ["19 kap. 3 § OSL"]),
        (date(2020, 4, 1), ["19 kap. 3 § OSL", "31 kap. 16 § OSL"]),  # never an hour too early
        (date(2020, 4, 2), ["31 kap. 16 § OSL"]),
        (date(2040, 2, 1), ["31 kap. 16 § OSL"]),
    ],
)
def test_a_tender_is_closed_by_19_3_until_the_award_and_by_31_16_after(today, clauses):
    facts = record(
        rule="UP-002", date_max=date(2020, 2, 1), events={Trigger.AWARD: date(2020, 4, 1)}
    )
    decision = decide(Action.SHOW, facts, BUYING, today)
    assert decision.outcome is Outcome.DENY
    assert [r.clause for r in decision.reasons] == clauses


def test_a_tender_is_open_when_twenty_years_have_gone():
    facts = record(
        rule="UP-002", date_max=date(2020, 2, 1), events={Trigger.AWARD: date(2020, 4, 1)}
    )
    assert open_from(facts, BUYING) == date(2040, 2, 2)
    assert decide(Action.SHOW, facts, BUYING, date(2040, 2, 2)).outcome is Outcome.ALLOW


def test_without_a_known_award_both_phases_of_a_tender_hold():
    facts = record(rule="UP-002", date_max=date(2020, 2, 1))
    decision = decide(Action.SHOW, facts, BUYING, date(2030, 1, 1))
    assert [r.clause for r in decision.reasons] == ["19 kap. 3 § OSL", "31 kap. 16 § OSL"]


def test_a_procurement_given_up_without_award_is_no_longer_absolutely_secret():
    facts = record(
        rule="UP-002", date_max=date(2020, 2, 1), events={Trigger.CASE_CLOSED: date(2020, 5, 1)}
    )
    decision = decide(Action.SHOW, facts, BUYING, date(2020, 5, 2))
    assert [r.clause for r in decision.reasons] == ["31 kap. 16 § OSL"]


def test_being_in_business_protects_also_after_the_business_has_ended():
    facts = record(
        rule="EK-001", date_max=date(2020, 2, 1), events={Trigger.BUSINESS_ENDED: date(2021, 1, 1)}
    )
    assert open_from(facts, ECONOMY) == date(2040, 2, 2)


@pytest.mark.parametrize("provision", ["OSL-39-1", "OSL-39-2", "OSL-39-3", "OSL-39-5a"])
def test_personnel_secrecy_is_fifty_years_never_seventy(provision):
    assert latest_end(rules()[provision], date(1970, 5, 1)) == date(2020, 5, 1)


def test_contract_terms_open_two_years_after_the_contract():
    facts = record(
        rule="UP-005",
        date_max=date(2020, 5, 3),
        events={Trigger.CONTRACT_CONCLUDED: date(2020, 5, 3)},
    )
    assert open_from(facts, BUYING) == date(2022, 5, 4)


def test_when_obsolete_has_no_date_until_a_person_gives_one():
    facts = record(rule="HR-007", date_max=date(1990, 1, 1))
    assert dispose_from(facts, STAFF) is None
    asked = decide(Action.DISPOSE, facts, STAFF, date(2090, 1, 1))
    assert asked.outcome is Outcome.REVIEW
    judged = record(
        rule="HR-007",
        date_max=date(1990, 1, 1),
        events={Trigger.NO_LONGER_NEEDED: date(2026, 3, 4)},
    )
    assert dispose_from(judged, STAFF) == date(2026, 3, 4)
    assert decide(Action.DISPOSE, judged, STAFF, date(2026, 3, 3)).outcome is Outcome.DENY
    assert decide(Action.DISPOSE, judged, STAFF, date(2026, 3, 4)).outcome is Outcome.ALLOW


@pytest.mark.parametrize(
    ("newest", "today", "outcome"),
    [
        (date(1970, 5, 1), date(2040, 5, 1), Outcome.DENY),  # the last day secrecy may last
        (date(1970, 5, 1), date(2040, 5, 2), Outcome.ALLOW),  # the day after
        (None, date(2040, 5, 2), Outcome.REVIEW),  # unknown means closed, never today
        (None, date(9999, 1, 1), Outcome.REVIEW),
    ],
)
def test_pupil_care_files_open_the_day_after_seventy_years(newest, today, outcome):  # OSL 23:2
    plan = plan_of(row(secrecy=secret("OSL-23-2")))
    facts = record(date_min=None, date_max=newest)
    assert decide(Action.PUBLISH, facts, plan, today).outcome is outcome


@pytest.mark.parametrize(
    ("provision", "years"),
    [
        *(("OSL-15-1", 40), ("OSL-15-2", 40), ("OSL-18-1", 40), ("OSL-18-8", None)),
        *(("OSL-18-9", None), ("OSL-19-1", 20), ("OSL-19-3", 20), ("OSL-21-1", 70)),
        *(("OSL-21-3", 70), ("OSL-21-7", None), ("OSL-23-1", 70), ("OSL-23-5", 70)),
        *(("OSL-25-1", 70), ("OSL-26-1", 70), ("OSL-26-5", 50), ("OSL-31-16", 20)),
        *(("OSL-32-4", 20), ("OSL-40-3", 20)),
    ],
)
def test_each_provision_lasts_as_the_statute_says(provision, years):
    assert secrecy.rules()[provision].max_years == years


def test_there_are_48_provisions_and_67_example_rows_over_8_units():
    assert len(rules()) == 48
    assert len(PLANS) == 8
    assert sum(len(plan.rules) for plan in PLANS.values()) == 67
