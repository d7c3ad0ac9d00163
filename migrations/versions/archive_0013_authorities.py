"""archive: authority records of agents, places and subjects

Revision ID: archive_0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db
from archive.holdings.naming import fold, match_key
from archive.keeping.earlier import pid_of

revision = "archive_0013"
down_revision = "archive_0012"
branch_labels = None
depends_on = None

KEYS = ("search_key", "match_key")
TEXTS = {"agent": ("functions", "mandate", "sources"), "term": ("note",)}
NAMES = {"agent": "name", "term": "value"}


def upgrade() -> None:
    for table, texts in TEXTS.items():
        op.add_column(table, sa.Column("pid", sa.String(40), server_default="", nullable=False))
        op.add_column(table, sa.Column("merged_into", sa.String(40), nullable=True))
        for name in texts:
            op.add_column(table, sa.Column(name, sa.Text(), nullable=True))
        for name in KEYS:
            op.add_column(table, sa.Column(name, sa.Text(), server_default="", nullable=False))
    for table, name in (("agent", "places"), ("agent", "identifiers"), ("term", "variants")):
        op.add_column(table, sa.Column(name, sa.JSON(), server_default="[]", nullable=False))
    op.add_column(
        "agent", sa.Column("living", sa.String(8), server_default="unknown", nullable=False)
    )
    for table, name in NAMES.items():
        _know(table, name)
        op.create_index(f"ix_{table}_pid", table, ["pid"], unique=True)
        op.create_index(f"ix_{table}_match_key", table, ["match_key"])
    _create_tables()


def _know(table: str, name: str) -> None:
    """Give every row its id and its keys; the id follows from the name, as the journal knew it."""
    rows = sa.table(
        table,
        *(sa.column(c) for c in ("id", "kind", name, "pid", *KEYS)),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(rows.c.id, rows.c.kind, rows.c[name])).all():
        key = match_key(row[2])
        values = {
            "pid": pid_of(row[1], row[2]),
            "search_key": f"\n{fold(row[2])}\n={key}\n",
            "match_key": key,
        }
        connection.execute(rows.update().where(rows.c.id == row[0]).values(values))


def _create_tables() -> None:
    op.create_table(
        "agent_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=40), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("dates", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("removed_at", archive.db.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_id"], ["agent.id"], name=op.f("fk_agent_relation_from_id_agent")
        ),
        sa.ForeignKeyConstraint(
            ["to_id"], ["agent.id"], name=op.f("fk_agent_relation_to_id_agent")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_relation")),
        sa.UniqueConstraint("pid", name=op.f("uq_agent_relation_pid")),
    )
    op.create_index("ix_agent_relation_from_id", "agent_relation", ["from_id"])
    op.create_index("ix_agent_relation_to_id", "agent_relation", ["to_id"])
    op.create_table(
        "authority_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.String(length=40), nullable=False),
        sa.Column("sort", sa.String(length=8), nullable=False),
        sa.Column("loser", sa.String(length=40), nullable=False),
        sa.Column("winner", sa.String(length=40), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("joined", sa.JSON(), nullable=False),
        sa.Column("relations", sa.JSON(), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("merged_at", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.Column("merged_by", sa.String(length=80), nullable=False),
        sa.Column("undone_at", archive.db.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_merge")),
        sa.UniqueConstraint("pid", name=op.f("uq_authority_merge_pid")),
    )
    op.create_index("ix_authority_merge_winner", "authority_merge", ["winner"])
    op.create_index("ix_authority_merge_loser", "authority_merge", ["loser"])


def downgrade() -> None:
    op.drop_table("authority_merge")
    op.drop_table("agent_relation")
    for table, texts in TEXTS.items():
        op.drop_index(f"ix_{table}_match_key", table_name=table)
        op.drop_index(f"ix_{table}_pid", table_name=table)
        gone = [*texts, *KEYS, "pid", "merged_into"]
        gone += ["places", "identifiers", "living"] if table == "agent" else ["variants"]
        for name in gone:
            op.drop_column(table, name)
