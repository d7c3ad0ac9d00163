"""archive: which disks the store lies on, and an id for each event

Revision ID: archive_0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import archive.db
from archive.keeping.earlier import pid_of_event

revision = "archive_0018"
down_revision = "archive_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "store_root",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("since", archive.db.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_store_root")),
    )
    op.add_column("event", sa.Column("pid", sa.String(40), server_default="", nullable=False))
    _name_events()
    op.create_index("ix_event_pid", "event", ["pid"], unique=True)


def _name_events() -> None:
    """Give every event its id, which follows from what it says, as its line of the journal tells.

    Of events that are alike in everything the journal could hold one; the others are told anew.
    """
    connection, seen, portion = op.get_bind(), set(), list[dict[str, object]]()
    for row in connection.execute(_events()).all():
        pid = pid_of_event({**row._mapping, "at": row.at.isoformat()})
        while pid in seen:
            pid = pid_of_event({"again": pid})
            connection.execute(
                sa.text("INSERT INTO unkept (kind, key) VALUES ('event', :key)"),
                {"key": str(row.id)},
            )
        seen.add(pid)
        portion.append({"row": row.id, "pid": pid})
        if len(portion) == 1000:
            _set(portion)
    _set(portion)


def _events() -> sa.Select[tuple[object, ...]]:
    event = sa.table(
        "event",
        *(sa.column(name) for name in ("id", "aip_id", "file_id", "kind", "outcome", "agent")),
        sa.column("at", archive.db.UtcDateTime()),
        sa.column("detail", sa.JSON()),
    )
    aip = sa.table("aip", sa.column("id"), sa.column("object_id"))
    file = sa.table("file", sa.column("id"), sa.column("pid"))
    c = event.c
    return (
        sa.select(c.id, c.kind, c.at, c.outcome, c.detail, c.agent)
        .add_columns(aip.c.object_id.label("aip"), file.c.pid.label("file"))
        .join_from(event, aip, aip.c.id == c.aip_id)
        .outerjoin(file, file.c.id == c.file_id)
        .order_by(c.id)
    )


def _set(portion: list[dict[str, object]]) -> None:
    if portion:
        named = sa.text("UPDATE event SET pid = :pid WHERE id = :row")
        op.get_bind().execute(named, portion)
        portion.clear()


def downgrade() -> None:
    op.drop_index("ix_event_pid", table_name="event")
    op.drop_column("event", "pid")
    op.drop_table("store_root")
