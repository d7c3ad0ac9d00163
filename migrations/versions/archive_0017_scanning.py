"""archive: orders of digitization, and the scans that came of them

Revision ID: archive_0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db

revision = "archive_0017"
down_revision = "archive_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scan_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("description_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("dpi", sa.Integer(), nullable=False),
        sa.Column("colour", sa.String(length=8), nullable=False),
        sa.Column("paper", sa.String(length=8), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.Text(), nullable=True),
        sa.Column("firm", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("had", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("ordered_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("checked_at", archive.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("dpi > 0", name=op.f("ck_scan_order_dpi")),
        sa.CheckConstraint("pages > 0", name=op.f("ck_scan_order_pages")),
        sa.ForeignKeyConstraint(
            ["description_id"],
            ["description.id"],
            name=op.f("fk_scan_order_description_id_description"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_order")),
        sa.UniqueConstraint("pid", name=op.f("uq_scan_order_pid")),
        sa.UniqueConstraint("number", name=op.f("uq_scan_order_number")),
    )
    op.create_index("ix_scan_order_description_id", "scan_order", ["description_id"])
    op.create_index("ix_scan_order_state", "scan_order", ["state", "due_on"])
    op.create_table(
        "scan_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["scan_order.id"], name=op.f("fk_scan_entry_order_id_scan_order")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_entry")),
    )
    op.create_index("ix_scan_entry_order_id", "scan_entry", ["order_id"])
    op.create_table(
        "scan_file",
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("is_by_hand", sa.Boolean(), nullable=False),
        sa.Column("measured", sa.JSON(), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["file.id"], name=op.f("fk_scan_file_file_id_file")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["scan_order.id"], name=op.f("fk_scan_file_order_id_scan_order")
        ),
        sa.PrimaryKeyConstraint("order_id", "file_id", name=op.f("pk_scan_file")),
    )
    op.create_index("ix_scan_file_file_id", "scan_file", ["file_id"])


def downgrade() -> None:
    op.drop_table("scan_file")
    op.drop_table("scan_entry")
    op.drop_table("scan_order")
