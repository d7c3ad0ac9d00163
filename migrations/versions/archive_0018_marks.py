"""archive: which disks the store lies on

Revision ID: archive_0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db

revision = "archive_0018"
down_revision = "archive_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "store_root",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("since", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_store_root")),
    )


def downgrade() -> None:
    op.drop_table("store_root")
