"""An archive as nested lists: the top two levels always, deeper branches when asked for.

A constant number of questions whatever the size; long branches are cut and lead to a search.
Begin at `branch`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from archive.edition import queries
from archive.edition.models import PublicRecord
from archive.site import presenting, terms

MOST = 300


@dataclass(slots=True)
class Node:
    """A place in the tree, in the words of `macros/tree.html`."""

    id: str
    title: str
    url: str
    level: str
    dates: str
    count: int
    opens: str | None
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Branch:
    """The tree of an archive with one branch open, and whether something was cut."""

    nodes: list[Node]
    current: str
    is_cut: bool


def branch(session: Session, fonds: PublicRecord, opened: str, today: date) -> Branch:
    """Return the archive's first level, and the children along the branch that is open."""
    line = [fonds.pid]
    asked = queries.record(session, opened, today) if opened else None
    if asked is not None and asked.fonds_pid == fonds.pid:
        line += [step["pid"] for step in asked.ancestors if step["pid"] != fonds.pid]
        line += [asked.pid] if asked.pid != fonds.pid else []
    rows = queries.children_of(session, line, today, limit=MOST * len(line))
    counts = queries.child_counts(session, [row.pid for row in rows], today)
    by_parent: dict[str, list[Node]] = {}
    nodes: dict[str, Node] = {}
    for row in rows:
        node = _node(fonds, row, counts.get(row.pid, 0))
        nodes[row.pid] = node
        by_parent.setdefault(row.parent_pid or "", []).append(node)
    for pid, children in by_parent.items():
        if pid in nodes:
            nodes[pid].children = children
    return Branch(by_parent.get(fonds.pid, []), line[-1], len(rows) >= MOST * len(line))


def _node(fonds: PublicRecord, row: PublicRecord, count: int) -> Node:
    opens = url_for("site.archive", reference=fonds.reference, open=row.pid) if count else None
    return Node(
        id=row.pid,
        title=row.title,
        url=url_for("site.record", pid=row.pid),
        level=terms.level(row.level) if row.level != "item" else "",
        dates=presenting.dates(row) if row.date_text or row.year_min is not None else "",
        count=count,
        opens=opens,
    )
