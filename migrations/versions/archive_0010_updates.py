"""archive: receipts, and files that a later version of their package has replaced

Revision ID: archive_0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db

revision = "archive_0010"
down_revision = "archive_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_pid", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=120), nullable=False),
        sa.Column("version", sa.String(length=12), nullable=False),
        sa.Column("sha512", sa.String(length=128), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("made_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("transfer_pid", name=op.f("uq_receipt_transfer_pid")),
    )
    op.add_column("file", sa.Column("last_version", sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column("file", "last_version")
    op.drop_table("receipt")
