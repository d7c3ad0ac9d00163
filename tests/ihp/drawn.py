"""Draws rows, plans and records at random for the property tests. Begin at `cases`."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from ihp.facts import Facts
from ihp.plan import Plan, Retention, Rule, Secrecy
from ihp.secrecy import rules
from ihp.security import SecurityClass
from ihp.terms import (
    Disposition,
    LivingPersons,
    PeriodUnit,
    PersonalData,
    Phase,
    PublicView,
    RetentionMode,
    Rights,
    Rounding,
    Trigger,
)
from tests.ihp.makers import record, row

DAYS = st.dates(date(1800, 1, 1), date(2090, 12, 31))
EDGES = st.sampled_from([date.min, date(1956, 2, 29), date(9999, 12, 31), date(9990, 1, 1)])
RECORD_DAYS = st.one_of(st.none(), DAYS, DAYS, EDGES)
PROVISIONS = st.sampled_from([*sorted(rules()), "OSL-99-9"])
CLASSES = st.builds(SecurityClass, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))


@st.composite
def rows(draw: st.DrawFn, code: str = "X-1") -> Rule:
    """Draw one row; half of them are open but for their secrecy."""
    window = draw(st.sampled_from([(None, None)] * 4 + [(date(1900, 1, 1), None)]))
    retention = st.builds(
        Retention,
        st.sampled_from(RetentionMode),
        st.sampled_from(Trigger),
        st.integers(0, 120),
        st.sampled_from(PeriodUnit),
        st.one_of(st.none(), st.sampled_from(Rounding)),
    )
    return Rule(
        code=code,
        process_code="1",
        process_name="",
        record_type=draw(st.sampled_from(["Brev", "Akt"])),
        disposition=draw(st.sampled_from(Disposition)),
        retention=draw(st.one_of(st.none(), retention)),
        disposal_basis=draw(
            st.sampled_from([None, "LiSA-F 2021:6", "LKBR 3 kap. 13 §", "LKBR + LiSA-F 2021:6"])
        ),
        records_from=window[0],
        records_to=window[1],
        secrecy=tuple(
            draw(st.lists(st.builds(Secrecy, PROVISIONS, st.sampled_from(Phase)), max_size=2))
        ),
        personal_data=draw(st.sampled_from(PersonalData)),
        security_class=draw(st.one_of(st.none(), st.just(SecurityClass(0, 1, 1)), CLASSES)),
        public_view=draw(st.sampled_from([PublicView.FULL, *PublicView])),
        access_contract=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def records(draw: st.DrawFn) -> Facts:
    """Draw one record of row X-1, or of no row."""
    return Facts(
        reference="X/1",
        unit="X",
        rule=draw(st.sampled_from(["X-1"] * 9 + [None])),
        date_max=draw(RECORD_DAYS),
        events=draw(st.dictionaries(st.sampled_from(Trigger), st.one_of(DAYS, EDGES), max_size=4)),
        personal_data=draw(st.one_of(st.none(), st.sampled_from(PersonalData))),
        living_persons=draw(st.sampled_from(LivingPersons)),
        rights=draw(st.sampled_from([Rights.FREE, *Rights])),
        public_title=draw(st.sampled_from([None, None, "Akt"])),
        marks=tuple(draw(st.lists(PROVISIONS, max_size=1))),
        holds=tuple(draw(st.lists(st.just("tvist"), max_size=1))),
        destroyed=draw(st.sampled_from([False, False, False, True])),
        security_class=draw(st.one_of(st.none(), CLASSES)),
        contract_open_from=draw(st.one_of(st.none(), DAYS)),
        title_names_living=draw(st.sampled_from(LivingPersons)),
    )


@st.composite
def nearly_open(draw: st.DrawFn) -> tuple[Facts, Rule]:
    """Draw an open record of an open row in which a few things are as drawn at random."""
    facts, rule = record(), row()
    facts = _with_some(draw, facts, draw(records()), skip={"reference", "unit"})
    return facts, _with_some(draw, rule, draw(rows()), skip={"code"})


def _with_some(draw: st.DrawFn, one: Any, other: Any, skip: set[str]) -> Any:
    names = [each.name for each in fields(one) if each.name not in skip]
    chosen = draw(st.lists(st.sampled_from(names), max_size=3, unique=True))
    return replace(one, **{name: getattr(other, name) for name in chosen})


@st.composite
def revisions(draw: st.DrawFn) -> tuple[Facts, Rule, Rule]:
    """Draw a record, its row, and the row's next version with a few columns different."""
    facts, before = draw(nearly_open())
    return facts, before, _with_some(draw, before, draw(rows()), skip={"code"})


def plan_of_row(rule: Rule, begins: date | None = None, ends: date | None = None) -> Plan:
    """Return a plan of one row."""
    return Plan("X", 1, "Plan", "KS", (rule,), begins, ends)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan of one row, now and then with a time of its own."""
    times = st.sampled_from([(None, None)] * 4 + [(date(2000, 1, 1), date(2030, 1, 1))])
    return plan_of_row(draw(rows()), *draw(times))
