"""archive: what nobody waits for is done last

Revision ID: archive_0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "archive_0003"
down_revision = "archive_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("job", sa.Column("priority", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("ix_job_state_run_after", table_name="job")
    op.create_index(
        "ix_job_state_priority_run_after", "job", ["state", "priority", "run_after"], unique=False
    )


def downgrade() -> None:
    op.drop_index("ix_job_state_priority_run_after", table_name="job")
    op.create_index("ix_job_state_run_after", "job", ["state", "run_after"], unique=False)
    op.drop_column("job", "priority")
