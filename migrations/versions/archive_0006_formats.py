"""archive: what format a file has, and the house's own word on formats

Revision ID: archive_0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db

revision = "archive_0006"
down_revision = "archive_0005"
branch_labels = None
depends_on = None

COLUMNS = ("format_name", "format_version", "format_basis", "format_warning", "format_tool")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("file", sa.Column(name, sa.Text(), nullable=True))
    op.create_index("ix_file_puid", "file", ["puid"])
    op.create_table(
        "format_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.Column("changed_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_format_rule")),
        sa.UniqueConstraint("agreement", "subject", name=op.f("uq_format_rule_agreement_subject")),
    )


def downgrade() -> None:
    op.drop_table("format_rule")
    op.drop_index("ix_file_puid", table_name="file")
    with op.batch_alter_table("file") as batch:
        for name in reversed(COLUMNS):
            batch.drop_column(name)
