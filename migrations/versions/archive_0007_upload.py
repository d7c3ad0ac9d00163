"""archive: files on their way in piece by piece, a watched folder, dry runs, work that is held

Revision ID: archive_0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db

revision = "archive_0007"
down_revision = "archive_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("owner", sa.String(length=80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.String(length=40), nullable=True),
        sa.Column("begun_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("touched_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("record_type", sa.Text(), nullable=True),
        sa.Column("agreement", sa.Text(), nullable=True),
        sa.Column("only_check", sa.Boolean(), nullable=False),
        sa.Column("sha512", sa.String(length=128), nullable=True),
        sa.Column("transfer_pid", sa.String(length=40), nullable=True),
        sa.Column("is_known", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["org_unit.id"], name=op.f("fk_upload_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("pid", name=op.f("uq_upload_pid")),
    )
    op.create_index("ix_upload_owner_state", "upload", ["owner", "state"])
    op.create_table(
        "watched",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("since", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_watched")),
    )


    op.add_column(
        "transfer",
        sa.Column("only_check", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "transfer", sa.Column("paused_at", archive.db.UtcDateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "job",
        sa.Column("is_asked_to_rest", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    with op.batch_alter_table("job") as batch:
        batch.drop_column("is_asked_to_rest")
    with op.batch_alter_table("transfer") as batch:
        batch.drop_column("paused_at")
        batch.drop_column("only_check")
    op.drop_table("watched")
    op.drop_index("ix_upload_owner_state", table_name="upload")
    op.drop_table("upload")
