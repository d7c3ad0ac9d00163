"""archive: rooms, shelves and boxes, and what stands where

Revision ID: archive_0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db

revision = "archive_0014"
down_revision = "archive_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shelf_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("code", sa.String(length=80), nullable=False),
        sa.Column("barcode", sa.String(length=80), nullable=True),
        sa.Column("metres", sa.Double(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("closed_at", archive.db.UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("metres >= 0", name=op.f("ck_shelf_place_metres")),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["shelf_place.id"], name=op.f("fk_shelf_place_parent_id_shelf_place")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf_place")),
        sa.UniqueConstraint("pid", name=op.f("uq_shelf_place_pid")),
        sa.UniqueConstraint("barcode", name=op.f("uq_shelf_place_barcode")),
    )
    op.create_index("ix_shelf_place_parent_id", "shelf_place", ["parent_id", "code"])
    op.create_table(
        "standing",
        sa.Column("description_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=True),
        sa.Column("metres", sa.Double(), nullable=True),
        sa.CheckConstraint("metres >= 0", name=op.f("ck_standing_metres")),
        sa.ForeignKeyConstraint(
            ["description_id"],
            ["description.id"],
            name=op.f("fk_standing_description_id_description"),
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["shelf_place.id"], name=op.f("fk_standing_place_id_shelf_place")
        ),
        sa.PrimaryKeyConstraint("description_id", name=op.f("pk_standing")),
    )
    op.create_index("ix_standing_place_id", "standing", ["place_id"])


def downgrade() -> None:
    op.drop_table("standing")
    op.drop_table("shelf_place")
