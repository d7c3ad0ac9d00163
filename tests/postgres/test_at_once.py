"""Many at once, on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.archive.test_at_once import *  # noqa: F403 - the same tests, on another database

pytestmark = pytest.mark.postgres
