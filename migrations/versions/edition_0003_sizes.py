"""edition: sizes above 2 GiB, and free text of any length"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "edition_0003"
down_revision = "edition_0002"
branch_labels = None
depends_on = None

# A file may be larger than 2 GiB, which is all that INTEGER holds on PostgreSQL; what people write
# has no length. SQLite keeps neither length nor size, so there is nothing to change there.
LARGE = (
    ("public_file", "size_bytes"),
)
FREE = (
    ("public_file", "media_type", 100),
    ("public_record", "date_text", 200),
    ("public_record", "date_words", 200),
    ("public_record", "extent", 300),
    ("public_record", "language", 20),
    ("public_record", "kind", 40),
)


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
