"""archive: clues of deliveries, and what units offer

Revision ID: archive_0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db

revision = "archive_0015"
down_revision = "archive_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("transfer") as table:
        table.add_column(sa.Column("supplier", sa.Text(), nullable=True))
        table.add_column(sa.Column("clues", sa.JSON(), nullable=True))
    _offers()
    _entries()


def _offers() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("row_code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("date_text", sa.Text(), nullable=False),
        sa.Column("extent", sa.Text(), nullable=False),
        sa.Column("medium", sa.String(length=12), nullable=False),
        sa.Column("secrecy", sa.Text(), nullable=True),
        sa.Column("system", sa.Text(), nullable=True),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("checklist", sa.JSON(), nullable=False),
        sa.Column("list_kind", sa.String(length=12), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("boxes_on", sa.Date(), nullable=True),
        sa.Column("transfer_pid", sa.String(length=40), nullable=True),
        sa.Column("series", sa.Text(), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_offer_unit_id_org_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
        sa.UniqueConstraint("pid", name=op.f("uq_offer_pid")),
        sa.UniqueConstraint("number", name=op.f("uq_offer_number")),
    )
    op.create_index("ix_offer_state", "offer", ["state"])
    op.create_index("ix_offer_unit_id", "offer", ["unit_id"])
    op.create_index("ix_offer_transfer_pid", "offer", ["transfer_pid"])


def _entries() -> None:
    op.create_table(
        "offer_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["offer.id"], name=op.f("fk_offer_entry_offer_id_offer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_entry")),
    )
    op.create_index("ix_offer_entry_offer_id", "offer_entry", ["offer_id"])


def downgrade() -> None:
    op.drop_table("offer_entry")
    op.drop_table("offer")
    with op.batch_alter_table("transfer") as table:
        table.drop_column("clues")
        table.drop_column("supplier")
