"""Values at the edge and the order of lists, on PostgreSQL; and what strangers send."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import test_hostile
from tests.archive.test_values import *  # noqa: F403 - the same tests, on another database

pytestmark = pytest.mark.postgres


def test_whatever_a_stranger_sends_the_answer_is_a_page_or_a_plain_refusal(app: Flask) -> None:
    for path in test_hostile.PATHS:
        test_hostile.test_hostile_questions_get_a_page_or_a_plain_refusal(app, path)
    for place in test_hostile.PLACES:
        test_hostile.test_hostile_addresses_lead_nowhere(app, place)
