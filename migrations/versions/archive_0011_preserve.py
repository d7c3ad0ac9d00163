"""archive: rounds of fixity and what they found in which copy; what a file was migrated from

Revision ID: archive_0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db

revision = "archive_0011"
down_revision = "archive_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("file", sa.Column("migrated_from", sa.String(length=40), nullable=True))
    op.create_index("uq_file_migrated_from", "file", ["migrated_from"], unique=True)
    op.create_table(
        "fixity_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ended_at", archive.db.UtcDateTime(timezone=True), nullable=True),
        sa.Column("needed_bytes", sa.BigInteger(), nullable=False),
        sa.Column("budget_bytes", sa.BigInteger(), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False),
        sa.Column("read_bytes", sa.BigInteger(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.Column("repaired", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixity_round")),
    )
    op.create_table(
        "fixity_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("object_id", sa.String(length=120), nullable=False),
        sa.Column("at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("copy", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("repaired_from", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["fixity_round.id"], name=op.f("fk_fixity_finding_round_id_fixity_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixity_finding")),
    )
    op.create_index(op.f("ix_fixity_finding_object_id"), "fixity_finding", ["object_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_fixity_finding_object_id"), table_name="fixity_finding")
    op.drop_table("fixity_finding")
    op.drop_table("fixity_round")
    op.drop_index("uq_file_migrated_from", table_name="file")
    with op.batch_alter_table("file") as batch:
        batch.drop_column("migrated_from")
