"""Plans: which row holds, what a check finds, what a new version changes, who may move it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from ihp import check, diff, exchange, lifecycle, security
from ihp.check import Severity
from ihp.diff import Change
from ihp.lifecycle import State
from ihp.plan import Delivery, Retention
from ihp.security import SecurityClass
from ihp.terms import (
    Disposition,
    Outcome,
    PeriodUnit,
    PersonalData,
    Phase,
    PublicView,
    RetentionMode,
    Trigger,
)
from tests.ihp.makers import (
    destroyed_after,
    destroyed_when_obsolete,
    plan_of,
    row,
    secret,
)

OLD = row(records_to=date(2018, 12, 31))
NEW = row(records_from=date(2019, 1, 1))


def test_the_strictest_of_several_answers_holds():
    assert Outcome.strictest([Outcome.ALLOW, Outcome.DENY, Outcome.REVIEW]) is Outcome.DENY
    assert Outcome.strictest([]) is Outcome.ALLOW


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2018, 12, 31), OLD), (date(2019, 1, 1), NEW), (None, None)],
)
def test_the_row_is_the_one_whose_years_hold_the_record(day, expected):
    assert plan_of(OLD, NEW).rule_for("X-1", day) is expected


def test_there_is_no_fallback_by_prefix():
    assert plan_of(row()).rule_for("X-11", date(2000, 1, 1)) is None
    assert plan_of(row()).rule_for("X", date(2000, 1, 1)) is None


@pytest.mark.parametrize(
    ("basis", "authorities"),
    [
        ("LiSA-F 2021:6", ("LiSA-F 2021:6",)),
        ("LKBR 3 kap. 13 § (minimitid) + EXEMPEL-F 2021:6", ("EXEMPEL-F 2021:6",)),
        ("LKBR 3 kap. 13 §", ()),
        ("lag (2018:597)", ()),
        (None, ()),
    ],
)
def test_a_statutory_minimum_is_no_authority_to_destroy(basis, authorities):
    assert destroyed_after(2, basis=basis).authorities == authorities


# Check


BAD = {
    "PLAN-NO-AUTHORITY": destroyed_after(7, Trigger.FISCAL_YEAR_END, basis="LKBR 3 kap. 13 §"),
    "PLAN-NO-RETENTION": row(disposition=Disposition.DISPOSE, disposal_basis="LiSA-F 2021:6"),
    "PLAN-PRESERVED-RETENTION": row(retention=destroyed_after(2).retention),
    "PLAN-NO-DELIVERY": row(),
    "PLAN-DELIVERY-TRIGGER": row(delivery=Delivery("e-arkiv", 5, None)),
    "PLAN-NO-PERIOD": row(
        disposition=Disposition.DISPOSE, disposal_basis="LiSA-F 2021:6",
        retention=Retention(RetentionMode.AFTER_PERIOD, Trigger.CREATED, None, PeriodUnit.YEAR),
    ),
    "PLAN-NO-UNIT": row(
        disposition=Disposition.DISPOSE, disposal_basis="LiSA-F 2021:6",
        retention=Retention(RetentionMode.AFTER_PERIOD, Trigger.CREATED, 2),
    ),
    "PLAN-TRIGGER": destroyed_after(2, Trigger.NO_LONGER_NEEDED),
    "PLAN-MINIMUM": destroyed_after(5, Trigger.FISCAL_YEAR_END, basis="LKBR + LiSA-F 2021:6"),
    "PLAN-CLAUSE": row(secrecy=secret("OSL-99-9")),
    "PLAN-CLAUSE-TWICE": row(secrecy=secret("OSL-26-1") * 2),
    "PLAN-SENSITIVE-OPEN": row(personal_data=PersonalData.SENSITIVE),
    "PLAN-SECRET-PUBLIC": row(secrecy=secret("OSL-26-1")),
    "PLAN-PUBLIC-K": row(security_class=SecurityClass(1, 1, 1)),
    "PLAN-PERSONAL-NUMBER": row(personal_number=True),
    "PLAN-WINDOW": row(records_from=date(2020, 1, 1), records_to=date(2019, 1, 1)),
    "PLAN-UNCLASSIFIED": row(security_class=None),
    "PLAN-K4": row(security_class=SecurityClass(4, 1, 1)),
    "PLAN-CLASS-LOW": row(secrecy=secret("OSL-26-1")),
    "PLAN-CONTRACT-SECRECY": row(access_contract=True, secrecy=secret("OSL-26-1")),
    "PLAN-CONTRACT-DISPOSAL": destroyed_after(2, access_contract=True),
    "PLAN-NO-PROCESS": row(process_code=""),
}  # fmt: skip


@pytest.mark.parametrize("code", BAD)
def test_a_check_finds_what_is_wrong_in_a_row_and_names_row_and_column(code):
    found = [one for one in check.check(plan_of(BAD[code])) if one.code == code]
    assert [(one.row, bool(one.column)) for one in found] == [("X-1", True)]
    assert found[0].text_sv != found[0].text_en


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        (plan_of(), "PLAN-EMPTY"),
        (plan_of(row(), row()), "PLAN-DUPLICATE"),
        (plan_of(row(records_to=date(2019, 1, 1)), NEW), "PLAN-DUPLICATE"),
        (plan_of(row(), row(code="X-2")), "PLAN-TYPE-TWICE"),
        (plan_of(OLD, row(records_from=date(2020, 1, 1))), "PLAN-GAP"),
        (
            plan_of(row(), in_force_from=date(2020, 1, 1), in_force_to=date(2019, 1, 1)),
            "PLAN-DATES",
        ),
    ],
)
def test_a_check_finds_what_is_wrong_between_rows(plan, code):
    assert code in {one.code for one in check.check(plan)}


def test_windows_that_meet_are_neither_gap_nor_duplicate():
    codes = {one.code for one in check.check(plan_of(OLD, NEW))}
    assert not codes & {"PLAN-GAP", "PLAN-DUPLICATE", "PLAN-TYPE-TWICE"}


def test_a_check_finds_everything_at_once():
    rows = [replace(rule, code=code) for code, rule in BAD.items()]
    found = check.check(plan_of(*rows))
    assert {(code, code) for code in BAD} <= {(one.code, one.row) for one in found}


def test_the_example_plans_have_warnings_but_no_errors():
    for plan in exchange.example_plans().values():
        found = check.check(plan)
        assert [one for one in found if one.is_error] == []
        assert {one.severity for one in found} <= {Severity.WARNING}


# Compare


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (row(), row(secrecy=secret("OSL-26-1")), Change.TIGHTER),
        (row(secrecy=secret("OSL-26-1")), row(), Change.LOOSER),
        (row(), row(public_view=PublicView.NONE), Change.TIGHTER),
        (row(), row(security_class=SecurityClass(1, 2, 1)), Change.TIGHTER),
        (row(), row(security_class=SecurityClass(0, 3, 3)), Change.REWORDED),
        (row(), row(security_class=None), Change.TIGHTER),
        (row(), row(personal_data=PersonalData.ORDINARY), Change.TIGHTER),
        (row(), row(records_from=date(1900, 1, 1)), Change.TIGHTER),
        (row(records_from=date(1900, 1, 1)), row(), Change.LOOSER),
        (row(records_from=date(1900, 1, 1)), row(records_from=date(1950, 1, 1)), Change.TIGHTER),
        (row(records_to=date(1900, 1, 1)), row(records_to=date(1950, 1, 1)), Change.LOOSER),
        (row(), row(access_contract=True), Change.MIXED),
        (row(), row(note="Ny"), Change.REWORDED),
        (row(), row(record_type="Protokoll A"), Change.REWORDED),
        (destroyed_after(2), destroyed_after(7), Change.TIGHTER),
        (destroyed_after(2), destroyed_after(18, unit=PeriodUnit.MONTH), Change.MIXED),
        (destroyed_after(2), destroyed_after(2, Trigger.RECEIVED), Change.MIXED),
        (destroyed_after(2), destroyed_after(2, basis=None), Change.TIGHTER),
        (destroyed_after(2), row(), Change.TIGHTER),
        (row(), destroyed_when_obsolete(), Change.LOOSER),
        (
            row(secrecy=secret("OSL-19-3", Phase.UNTIL_AWARD)),
            row(secrecy=secret("OSL-19-3")),
            Change.MIXED,
        ),
    ],
)
def test_a_comparison_says_which_way_a_row_went(before, after, change):
    (found,) = diff.compare(plan_of(before), plan_of(after)).rows
    assert (found.code, found.change) == ("X-1", change)
    assert found.columns
    closes = change in {Change.TIGHTER, Change.MIXED}
    assert (diff.compare(plan_of(before), plan_of(after)).tighter == {"X-1"}) is closes


def test_a_comparison_says_what_came_and_what_went():
    found = diff.compare(plan_of(row()), plan_of(row(code="X-2")))
    assert [(one.code, one.change) for one in found.rows] == [
        ("X-1", Change.REMOVED),
        ("X-2", Change.ADDED),
    ]
    assert found.tighter == {"X-1"}
    assert found.of(Change.ADDED)[0].code == "X-2"


def test_the_first_plan_only_adds_and_the_same_plan_changes_nothing():
    assert diff.compare(None, plan_of(row())).rows[0].change is Change.ADDED
    assert diff.compare(plan_of(row()), plan_of(row())).rows == ()


def test_a_row_split_by_years_may_have_closed_anything():
    found = diff.compare(plan_of(row()), plan_of(OLD, NEW))
    assert found.rows[0].change is Change.MIXED


# Life


def test_whoever_drafted_the_plan_cannot_decide_it():
    assert lifecycle.may_move(State.CONSULTATION, State.DECIDED, drafter="a", actor="a")
    assert lifecycle.may_move(State.CONSULTATION, State.DECIDED, drafter="a", actor="b") is None


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("to", State)
def test_a_plan_moves_along_its_life_and_no_other_way(state, to):
    found = lifecycle.refusal(state, to, drafter="a", actor="b")
    assert (found is None) is ((state, to) in lifecycle.MOVES)
    if state in {State.SUPERSEDED, State.REVOKED}:
        assert found is not None


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("city_archivist", True),
        ("unit_manager", False),
        ("unit_custodian", False),
        ("admin", False),
    ],
)
def test_only_the_city_archivist_decides(role, allowed):
    found = lifecycle.refusal(
        State.CONSULTATION, State.DECIDED, drafter="a", actor="b", roles=[role]
    )
    assert (found is None) is allowed


def test_a_decided_version_is_never_edited():
    assert State.DECIDED in lifecycle.IMMUTABLE
    assert lifecycle.refusal(State.DECIDED, State.DRAFT, drafter="a", actor="b") is not None


# Classes


@pytest.mark.parametrize(
    ("rule", "k", "r"),
    [
        (row(), 0, 2),
        (row(public_view=PublicView.NONE), 1, 2),
        (row(personal_data=PersonalData.ORDINARY), 1, 2),
        (row(secrecy=secret("OSL-19-3")), 2, 2),
        (row(secrecy=secret("OSL-25-1")), 3, 2),
        (row(secrecy=secret("OSL-26-1")), 3, 2),
        (row(personal_data=PersonalData.SENSITIVE), 3, 2),
        (row(personal_data=PersonalData.CRIMINAL), 3, 2),
        (destroyed_after(2), 0, 1),
    ],
)
def test_a_class_is_suggested_with_its_reasons(rule, k, r):
    found = security.suggest(rule)
    assert (found.security_class.k, found.security_class.r) == (k, r)
    assert len(found.reasons_sv) == len(found.reasons_en) > 0


def test_when_secrecy_is_over_k_is_suggested_anew():
    rule = row(secrecy=secret("OSL-26-1"), personal_data=PersonalData.SENSITIVE)
    assert security.suggest(rule, secrecy_over=True).security_class.k == 0


def test_the_class_of_a_whole_is_the_highest_of_its_parts():
    parts = [SecurityClass(0, 3, 1), SecurityClass(2, 1, 0)]
    assert security.combine(parts) == SecurityClass(2, 3, 1)
    assert security.combine([]) is None


def test_unclassified_demands_what_k3_demands():
    assert security.demands(None).named_access
    assert security.demands(None).fresh_login
    assert not security.demands(SecurityClass(1, 1, 1)).reads_logged
    assert security.demands(SecurityClass(2, 2, 2)).versioned
    assert not security.demands(SecurityClass(4, 0, 0)).taken_in


def test_a_class_outside_the_scale_is_refused():
    with pytest.raises(ValueError, match="0-3"):
        SecurityClass(0, 4, 0)
