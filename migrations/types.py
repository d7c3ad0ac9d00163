"""When a column's type in a database is another than its model's. Begin at `differs`."""

from __future__ import annotations

from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Column, Integer, String


def differs(
    context: MigrationContext, inspected: Column[Any], own: Column[Any], found: Any, wanted: Any
) -> bool | None:
    """Return whether the type differs; None leaves the answer to Alembic.

    SQLite keeps an affinity, not a type: there, VARCHAR and TEXT, or INTEGER and BIGINT, are one.
    """
    if context.dialect.name != "sqlite":
        return None
    is_same = any(isinstance(found, k) and isinstance(wanted, k) for k in (String, Integer))
    return False if is_same else None
