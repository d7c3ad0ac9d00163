"""The demo city is rich, lawful to show, and the same everywhere."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from PIL import Image

from ingest.demo.content import city
from ingest.demo.draw import scan
from ingest.demo.units import PLANS, UNITS, USERS, row_codes


def test_every_reference_and_key_is_used_once():
    drafts = [d for fonds in city() for d in fonds.drafts]

    assert max(Counter(d.reference for d in drafts).values()) == 1
    assert max(Counter(d.key for d in drafts).values()) == 1


def test_every_record_has_a_row_in_a_plan():
    known = row_codes()

    records = [d for f in city() for d in f.drafts if d.level not in {"fonds", "series"}]

    assert {d.record_type for d in records} <= known


def test_the_city_is_told_the_same_way_twice():
    assert city("SE/XYZ") == city("SE/XYZ")


def test_parents_stand_before_their_children():
    for fonds in city():
        seen: set[str] = set()
        for draft in fonds.drafts:
            assert draft.parent is None or draft.parent in seen
            seen.add(draft.key)


def test_the_institution_is_the_callers():
    assert all(d.reference.startswith("SE/ABC/") for f in city("SE/ABC") for d in f.drafts)


def test_every_unit_of_a_plan_exists():
    codes = {unit.code for unit in UNITS}

    assert {plan.unit for plan in PLANS} <= codes
    assert {code for user in USERS for code in user.units} <= codes
    assert {fonds.unit for fonds in city()} <= codes


_DRAWN = sorted({f.picture.kind for c in city() for f in c.files if f.picture})


@pytest.mark.parametrize("kind", _DRAWN)
def test_a_scan_of_each_kind_is_a_small_picture_drawn_the_same_way_twice(kind):
    pictures = [f.picture for f in (x for c in city() for x in c.files) if f.picture]
    picture = next(p for p in pictures if p.kind is kind)

    first = scan(picture)

    assert first == scan(picture)
    assert len(first) <= 400_000
    with Image.open(io.BytesIO(first), formats=["JPEG"]) as image:
        assert 1000 <= max(image.size) <= 2000
