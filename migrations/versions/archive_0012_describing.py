"""archive: what descriptions said before

Revision ID: archive_0012
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db

revision = "archive_0012"
down_revision = "archive_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=40), nullable=False),
        sa.Column("record_pid", sa.String(length=40), nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("bundle", sa.String(length=40), nullable=False),
        sa.Column("at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("undoes", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_change")),
        sa.UniqueConstraint("pid", name=op.f("uq_record_change_pid")),
    )
    op.create_index("ix_record_change_record_pid", "record_change", ["record_pid"])
    op.create_index("ix_record_change_bundle", "record_change", ["bundle"])
    op.create_index("ix_record_change_undoes", "record_change", ["undoes"])
    op.create_table(
        "former_reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("record_pid", sa.String(length=40), nullable=False),
        sa.Column("merged_pid", sa.String(length=40), nullable=True),
        sa.Column("since", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_reference")),
        sa.UniqueConstraint("reference", name=op.f("uq_former_reference_reference")),
    )
    op.create_index("ix_former_reference_record_pid", "former_reference", ["record_pid"])
    op.create_index("ix_former_reference_merged_pid", "former_reference", ["merged_pid"])


def downgrade() -> None:
    op.drop_table("former_reference")
    op.drop_table("record_change")
