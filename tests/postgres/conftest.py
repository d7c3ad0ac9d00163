"""Everything below this folder keeps its databases on PostgreSQL."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def on_postgres() -> bool:
    """Keep every house's databases on PostgreSQL."""
    return True
