"""When a delivery is due."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.agreements.schedule import next_due

DAYS = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize(
    ("delivered", "due"),
    [
        ((), date(2024, 3, 31)),
        ((date(2024, 3, 30),), date(2025, 3, 31)),
        ((date(2024, 3, 1), date(2024, 3, 2)), date(2025, 3, 31)),  # two in one period
        ((date(2024, 5, 1),), date(2025, 3, 31)),  # a month late: it meets what it is late for
        ((date(2024, 3, 1), date(2024, 4, 1)), date(2026, 3, 31)),
        ((date(2026, 1, 1),), date(2025, 3, 31)),  # one delivery does not meet two days
    ],
)
def test_a_yearly_delivery_is_due_again_a_year_later(
    delivered: tuple[date, ...], due: date
) -> None:
    assert next_due(date(2024, 3, 31), 12, delivered) == due


def test_the_last_of_a_month_stays_the_last_of_a_month() -> None:
    assert next_due(date(2024, 1, 31), 1, [date(2024, 1, 2)]) == date(2024, 2, 29)


def test_a_single_delivery_is_due_once_and_nothing_after_the_end() -> None:
    assert next_due(date(2024, 3, 31), None, []) == date(2024, 3, 31)
    assert next_due(date(2024, 3, 31), None, [date(2024, 9, 1)]) is None
    assert next_due(None, None, []) is None
    until = date(2024, 12, 31)
    assert next_due(date(2024, 3, 31), 12, [date(2024, 3, 1)], until=until) is None


@given(DAYS, st.integers(1, 60), st.lists(DAYS, max_size=8), DAYS)
def test_a_delivery_more_never_makes_anything_due_earlier(
    first: date, months: int, delivered: list[date], one_more: date
) -> None:
    before = next_due(first, months, delivered)
    after = next_due(first, months, [*delivered, one_more])
    assert before is not None and after is not None and after >= before
