"""counter: sizes above 2 GiB"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "counter_0002"
down_revision = "counter_0001"
branch_labels = None
depends_on = None

# A file may be larger than 2 GiB, which is all that INTEGER holds on PostgreSQL; what people write
# has no length. SQLite keeps neither length nor size, so there is nothing to change there.
LARGE = (
    ("release", "size_bytes"),
)
FREE: tuple[tuple[str, str, int], ...] = ()


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, column in LARGE:
        op.alter_column(table, column, type_=sa.BigInteger())
    for table, column, _ in FREE:
        op.alter_column(table, column, type_=sa.Text())


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, column in LARGE:
        op.alter_column(table, column, type_=sa.Integer())
    for table, column, length in FREE:
        op.alter_column(table, column, type_=sa.String(length=length))
