"""edition: the other names that an open record is found by"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "edition_0004"
down_revision = "edition_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "public_record", sa.Column("also_named", sa.JSON(), server_default="[]", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("public_record", "also_named")
