"""The city arrives as real packages, and the law has something to say about each record."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest

from ihp import dates, exchange
from ihp.facts import Facts
from ihp.plan import Plan
from ihp.policy import decide
from ihp.terms import Action, Custody, LivingPersons, Outcome, PersonalData, Rights, Trigger
from ingest.build import Kind
from ingest.demo.content import city
from ingest.demo.deliveries import deliveries, write
from ingest.demo.scenario import cases, contracts, services
from ingest.demo.stories import collections
from ingest.demo.units import PLANS, plan_text
from ingest.package import FileRole
from ingest.read import read

_DAY = date(2026, 11, 23)


def _plans():
    plans = {}
    for plan in PLANS:
        rows = [r for r in json.loads(plan_text(plan))["rows"] if r["unit"] == plan.rows_unit]
        rules, errors = exchange.read_rows(rows)
        assert not errors
        plans[plan.unit] = Plan(plan.unit, 1, plan.title, "KS", rules, date(2021, 7, 1))
    return plans


def _answers(action):
    plans = _plans()
    for fonds in city():
        for draft in fonds.drafts:
            if draft.level in {"file", "item"}:
                yield draft, decide(action, _facts(draft, fonds.unit), plans[fonds.unit], _DAY)


def _facts(draft, unit):
    span = dates.parse(draft.date_text or "")
    return Facts(
        reference=draft.reference,
        unit=unit,
        rule=draft.record_type,
        date_min=span.date_min,
        date_max=span.date_max,
        events={Trigger(name): day for name, day in draft.events.items()},
        personal_data=PersonalData(draft.personal_data),
        living_persons=LivingPersons(draft.living_persons),
        rights=Rights(draft.rights),
        public_title=draft.public_title,
        marks=(),
        holds=(),
        destroyed=False,
        custody=Custody.ARCHIVE,
        is_register=draft.is_register,
        security_class=None,
        contract_open_from=next((r.until for r in draft.restrictions), None),
    )


def test_every_date_of_the_city_can_be_read():
    dated = [draft.date_text for fonds in city() for draft in fonds.drafts if draft.date_text]
    assert len(dated) >= 300
    undated = {text for text in dated if dates.parse(text).date_max is None}
    assert undated <= {"odaterat", "2012–"}  # the one says nothing, the other has not ended


def test_most_treasures_can_be_published_and_the_rest_has_its_reasons():
    outcomes = Counter(decision.outcome for _, decision in _answers(Action.PUBLISH))

    assert outcomes[Outcome.ALLOW] >= 250
    assert outcomes[Outcome.DENY] >= 50


def test_no_record_that_may_tell_of_the_living_can_be_published():
    for draft, decision in _answers(Action.PUBLISH):
        assert draft.living_persons == "no" or decision.outcome is not Outcome.ALLOW


def test_some_records_are_due_for_disposal_and_all_of_them_came_apart():
    due = {
        d.reference for d, decision in _answers(Action.DISPOSE) if decision.outcome is Outcome.ALLOW
    }
    apart = [d for d in deliveries() if "frist" in d.label]

    assert len(due) >= 20
    assert due <= {draft.reference for delivery in apart for draft in delivery.drafts}


def test_a_title_that_names_the_living_has_a_public_one():
    for draft, decision in _answers(Action.SHOW):
        if draft.living_persons == "yes" and draft.record_type != "HA-D-SK":
            assert draft.public_title, draft.reference
            assert decision.outcome is Outcome.ALLOW


def test_a_child_welfare_file_opens_the_day_after_seventy_years():
    files = {d.reference: (d, r) for d, r in _answers(Action.PUBLISH) if "/BVN/" in d.reference}
    opened, closed = files["SE/LSA/BVN/F1:5/1"], files["SE/LSA/BVN/F1:8/1"]

    assert closed[0].events["case_closed"] == date(1958, 3, 1)
    assert "2028-03-01" in " ".join(reason.text_sv for reason in closed[1].reasons)
    assert "26" not in " ".join(reason.clause for reason in opened[1].reasons)


def test_the_city_is_three_hundred_records_over_four_hundred_years():
    records = [d for f in city() for d in f.drafts if d.level in {"file", "item"}]
    spans = [dates.parse(d.date_text or "") for d in records]
    years = {span.date_min.year for span in spans if span.date_min}

    assert len(records) >= 300
    assert len(city()) >= 6
    assert max(years) - min(years) >= 400
    assert any("qwarn" in (d.text or "").lower() for d in records)


def test_a_delivery_holds_its_tree_and_nothing_twice():
    for delivery in deliveries():
        keys = {d.key for d in delivery.drafts}
        assert {d.parent for d in delivery.drafts if d.parent} <= keys
        assert {f.draft for f in delivery.files} <= keys
        assert max(Counter(f.name for f in delivery.files).values(), default=1) == 1


def test_the_deliveries_together_are_the_city():
    sent = Counter(d.key for one in deliveries() for d in one.drafts if d.level in {"file", "item"})
    files = [f.name for one in deliveries() for f in one.files]

    assert sent == Counter(d.key for f in city() for d in f.drafts if d.level in {"file", "item"})
    assert sorted(files) == sorted(f.name for fonds in city() for f in fonds.files)
    assert 25 <= len(deliveries()) <= 40


@pytest.mark.parametrize("kind", list(Kind))
def test_a_delivery_of_each_kind_is_read_back_whole(kind, tmp_path):
    smallest = min((d for d in deliveries() if d.profile is kind), key=lambda d: len(d.files))

    package = read(write(smallest, tmp_path))

    assert {d.reference for d in package.drafts} == {d.reference for d in smallest.drafts}
    content = [f for f in package.files if f.role is FileRole.CONTENT]
    assert len(content) == len(smallest.files)
    assert package.is_valid


def test_twenty_thousand_records_are_told_in_a_moment_and_drawn_hardly_at_all():
    many = deliveries(3000)
    extra = [d for d in many if d.drafts[0].key.startswith("X")]

    assert sum(d.record_count for d in many) == 3000
    assert len({draft.reference for d in extra for draft in d.drafts}) == sum(
        len(d.drafts) for d in extra
    )
    assert len({f.picture for d in extra for f in d.files}) <= 6
    assert deliveries(3000)[-1] == many[-1]


def test_stories_and_cases_speak_of_records_that_exist():
    known = {d.reference for fonds in city() for d in fonds.drafts}

    assert len(collections()) == 4
    assert all(len(story.references) >= 6 for story in collections())
    assert {r for story in collections() for r in story.references} <= known
    assert {f"SE/LSA/{r}" for case in cases() for r in case.references} <= known
    assert any(case.name is None for case in cases())
    assert len(services()) >= 8


def test_two_deposits_are_open_by_contract_and_one_is_not():
    opens = contracts()

    assert {reference: day <= _DAY for reference, day in opens.items()} == {
        "SE/LSA/AL": True,
        "SE/LSA/HGL": True,
        "SE/LSA/TMV": False,
    }
