"""edition: records in the order of their last change, for harvesters

Revision ID: edition_0002
"""

from __future__ import annotations

from alembic import op

revision = "edition_0002"
down_revision = "edition_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_public_record_updated_at", "public_record", ["updated_at", "pid"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_public_record_updated_at", table_name="public_record")
