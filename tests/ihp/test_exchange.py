"""Plans to and from JSON: one canonical form, one digest, every error of a row at once."""

from __future__ import annotations

import json
from datetime import date

import pytest

from ihp import exchange
from tests.ihp.makers import plan_of, row

PLANS = exchange.example_plans()
GOOD = exchange.row_document(row())


@pytest.mark.parametrize("unit", PLANS)
def test_an_example_plan_is_read_back_as_it_was(unit):
    plan = PLANS[unit]
    assert exchange.from_json(exchange.to_json(plan)) == plan


def test_the_digest_is_the_same_whatever_the_order_of_the_keys():
    plan = PLANS["Stadsarkivet"]
    shuffled = dict(reversed(exchange.to_document(plan).items()))
    again = exchange.from_json(json.dumps(shuffled, indent=3))
    assert exchange.digest(again) == exchange.digest(plan)
    assert len(exchange.digest(plan)) == 64


def test_the_digest_changes_with_any_word():
    assert exchange.digest(plan_of(row())) != exchange.digest(plan_of(row(note="x")))
    later = plan_of(row(), in_force_from=date(2027, 1, 1))
    assert exchange.digest(plan_of(row())) != exchange.digest(later)


def test_letters_written_as_two_signs_are_read_as_one():
    (rule,), errors = exchange.read_rows([{**GOOD, "handlingstyp": "A\u0308rende"}])
    assert errors == []
    assert rule.record_type == "Ärende"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("row_id", ""),
        ("handlingstyp", None),
        ("handlingstyp", ["Brev"]),
        ("disposition", "kastas"),
        ("disposition", None),
        ("retention", "2 år"),
        ("retention", {"mode": "after_period", "value": -1, "unit": "year", "trigger": "created"}),
        ("retention", {"mode": "after_period", "value": 2, "unit": "year", "trigger": "fullmåne"}),
        ("retention", {"mode": "after_period", "value": 2, "unit": "dag", "trigger": "created"}),
        ("applies_to_records_from", "2019-02-30"),
        ("applies_to_records_to", 2019),
        ("registration", "ibland"),
        ("secrecy", "OSL-26-1"),
        ("secrecy", ["OSL-26-1"]),
        ("secrecy", [{"phase": "alltid"}]),
        ("secrecy", [{"rule": "OSL-26-1", "phase": "ibland"}]),
        ("personal_data", "some"),
        ("contains_personal_identity_number", "nej"),
        ("medium", "sten"),
        ("delivery", {"to": "e-arkiv", "after_years": "snart"}),
        ("classification", {"K": 4, "R": 1, "T": 1}),
        ("classification", {"K": 1}),
        ("public_view", "maybe"),
        ("access_contract", 1),
    ],
)
def test_a_bad_cell_is_named_with_row_and_column(column, value):
    rules, errors = exchange.read_rows([GOOD, {**GOOD, column: value}])
    assert len(rules) == 1
    assert {(e.row, e.column) for e in errors} == {(2, column)}
    assert all(e.text_sv and e.text_en for e in errors)


def test_every_error_of_every_row_is_told_at_once():
    bad = {**GOOD, "disposition": "x", "medium": "x", "applies_to_records_from": "x"}
    rules, errors = exchange.read_rows([bad, "ingen rad", GOOD, bad])
    assert len(rules) == 1
    assert [(e.row, e.column) for e in errors] == [
        *((1, column) for column in ("disposition", "applies_to_records_from", "medium")),
        (2, ""),
        *((4, column) for column in ("disposition", "applies_to_records_from", "medium")),
    ]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"schema": "other/1"}', '{"schema": "stadsarkiv-plan/1"}',
     '{"schema": "stadsarkiv-plan/1", "unit": "X", "number": "1", "title": "", "authority": "",'
     ' "rows": []}',
     '{"schema": "stadsarkiv-plan/1", "unit": "X", "number": 1, "title": "", "authority": "",'
     ' "rows": [{}]}'],
)  # fmt: skip
def test_what_is_no_plan_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        exchange.from_json(text)
