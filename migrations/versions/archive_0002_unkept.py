"""archive: the outbox of the journal; everything there is, is written once

Revision ID: archive_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "archive_0002"
down_revision = "archive_0001"
branch_labels = None
depends_on = None

# Kind of the journal, table, primary key.
KEPT = (
    ("unit", "org_unit", "id"),
    ("authority", "disposal_authority", "code"),
    ("plan", "plan_version", "id"),
    ("agent", "agent", "id"),
    ("term", "term", "id"),
    ("aip", "aip", "id"),
    ("record", "description", "id"),
    ("file", "file", "id"),
    ("event", "event", "id"),
    ("transfer", "transfer", "id"),
)


def upgrade() -> None:
    op.create_table(
        "unkept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unkept")),
    )
    unkept = sa.table("unkept", sa.column("kind"), sa.column("key"))
    for kind, name, key in KEPT:
        rows = sa.table(name, sa.column(key))
        all_of_them = sa.select(sa.literal(kind), sa.cast(rows.c[key], sa.String(60))).order_by(
            rows.c[key]
        )
        op.execute(sa.insert(unkept).from_select(["kind", "key"], all_of_them))


def downgrade() -> None:
    op.drop_table("unkept")
