"""archive: receipts, files that a later version has replaced, deliveries in several parts

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
    op.add_column("transfer", sa.Column("segment_group", sa.Text(), nullable=True))
    op.add_column("transfer", sa.Column("segment_number", sa.Integer(), nullable=True))
    op.add_column("transfer", sa.Column("segment_total", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_transfer_segment_group"), "transfer", ["segment_group"])
    op.add_column("file", sa.Column("last_version", sa.String(length=12), nullable=True))


def downgrade() -> None:
    op.drop_column("file", "last_version")
    op.drop_index(op.f("ix_transfer_segment_group"), table_name="transfer")
    for name in ("segment_total", "segment_number", "segment_group"):
        op.drop_column("transfer", name)
    op.drop_table("receipt")
