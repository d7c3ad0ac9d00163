"""archive: sizes above 2 GiB, free text of any length, a reference that was missing"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "archive_0005"
down_revision = "archive_0004"
branch_labels = None
depends_on = None

# A file may be larger than 2 GiB, which is all that INTEGER holds on PostgreSQL; what people write
# has no length. SQLite keeps neither length nor size, so there is nothing to change there.
LARGE = (
    ("aip", "size_bytes"),
    ("file", "size_bytes"),
    ("derivative", "size_bytes"),
    ("stored_object", "size_bytes"),
    ("transfer", "size_bytes"),
)
FREE = (
    ("description", "date_text", 200),
    ("description", "date_edtf", 80),
    ("description", "extent", 300),
    ("description", "language", 20),
    ("description", "genre", 40),
    ("description", "path", 300),
    ("agent", "dates", 100),
    ("file", "media_type", 100),
    ("file", "claimed_type", 100),
    ("transfer", "record_type", 40),
    ("transfer", "agreement", 80),
    ("plan_row", "record_type", 300),
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    for table, column in LARGE:
        op.alter_column(table, column, type_=sa.BigInteger())
    for table, column, _ in FREE:
        op.alter_column(table, column, type_=sa.Text())
    # Left out there by the first step: the two tables refer to each other.
    op.create_foreign_key(
        op.f("fk_description_aip_id"), "description", "aip", ["aip_id"], ["id"]
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        return
    op.drop_constraint(op.f("fk_description_aip_id"), "description", type_="foreignkey")
    for table, column in LARGE:
        op.alter_column(table, column, type_=sa.Integer())
    for table, column, length in FREE:
        op.alter_column(table, column, type_=sa.String(length=length))
