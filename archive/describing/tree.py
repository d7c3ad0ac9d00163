"""Where a record may lie, and its way there: levels go downward, and no ring is made.

Keeps path and position right for the whole branch; asks no law and writes no history. Begin at
`require_place` and `place`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, inspect, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from archive.errors import Conflict, Invalid
from archive.holdings import stale
from archive.holdings.models import Description, Level

_ORDER = {level: number for number, level in enumerate(Level)}
_OR_AT_ONCE = 50


def levels_below(parent: Description | None) -> list[Level]:
    """Return the levels that a record may have below another; at the top there are fonds only.

    A series may hold series: that is how subseries are described.
    """
    if parent is None:
        return [Level.FONDS]
    above = Level(parent.level)
    below = [level for level in Level if _ORDER[level] > _ORDER[above]]
    return [Level.SERIES, *below] if above is Level.SERIES else below


def levels_above(record: Description) -> list[Level]:
    """Return the levels of the records that a record may lie below; of a fonds none."""
    own = Level(record.level)
    above = [level for level in Level if _ORDER[level] < _ORDER[own]]
    return [*above, own] if own is Level.SERIES else above


def require_place(record: Description, parent: Description | None) -> None:
    """Pass if the record may lie there.

    :raises Conflict: if it would lie below itself.
    :raises Invalid: if its level may not lie below that of the other.
    """
    if parent is not None and parent.path.startswith(record.path):
        raise Conflict(f"{record.reference} cannot lie below itself")
    if Level(record.level) not in levels_below(parent):
        raise Invalid(
            f"{record.reference} has the level {Level(record.level).value} and cannot lie there:"
            " levels go downward, fonds, series, volume, file, item"
        )


def place(session: Session, record: Description, parent: Description | None) -> None:
    """Put a record with its branch below another; its position is the caller's to set."""
    require_place(record, parent)
    old = record.path
    record.parent_id = parent.id if parent else None
    record.path = f"{parent.path if parent else '/'}{record.id}/"
    session.flush()
    if old in {"", record.path}:
        return
    # The rows below pass by the session, and what it holds of them is told of it one by one.
    session.execute(
        update(Description)
        .where(Description.path.startswith(old), Description.id != record.id)
        .values(path=record.path + func.substr(Description.path, len(old) + 1))
        .execution_options(synchronize_session=False)
    )
    held = [each for each in session.identity_map.values() if isinstance(each, Description)]
    for each in held:
        if "path" not in inspect(each).unloaded and each.path.startswith(old):
            set_committed_value(each, "path", record.path + each.path[len(old) :])
    stale.mark_branch(session, record)


def last_position(session: Session, parent_id: int | None) -> int:
    """Return the position of the last record below another, 0 where there is none."""
    return (
        session.scalar(
            select(func.max(Description.position)).where(Description.parent_id == parent_id)
        )
        or 0
    )


def branch_ids(session: Session, records: Sequence[Description]) -> list[int]:
    """Return the ids of records and of everything below them, each once."""
    paths, found = [record.path for record in records], {record.id for record in records}
    for start in range(0, len(paths), _OR_AT_ONCE):
        some = [Description.path.startswith(path) for path in paths[start : start + _OR_AT_ONCE]]
        found.update(session.scalars(select(Description.id).where(or_(*some))))
    return sorted(found)
