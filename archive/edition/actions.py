"""Changes of the edition: put a compiled record in, take records out.

What is put in has been allowed by the gate and compiled by `archive.publish`; what is taken
out is gone at once, row, file and hit. Begin at `put` and `withdraw_now`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.edition import indexing, shelf
from archive.edition.models import (
    EditionState,
    FileRole,
    PublicFile,
    PublicRecord,
    Unsettled,
    Withdrawal,
)

_BATCH = 200


def put(session: Session, records: Iterable[PublicRecord]) -> list[str]:
    """Put records in, each replacing what stood under its pid; return paths no longer named.

    Their files' bytes are already on the shelf. The caller removes the returned paths
    (`shelf.remove`) and writes the index (`indexing.write`) after the commit.
    """
    new = list(records)
    dropped = set(_delete_rows(session, [each.pid for each in new]))
    for each in new:
        each.place = each.places[0] if each.places else None
        each.thumb_id = next((f.id for f in each.files if f.role == FileRole.THUMB), None)
        each.digitized = any(f.role in {FileRole.ACCESS, FileRole.ORIGINAL} for f in each.files)
        each.updated_at = clock.now()
        dropped -= {file.path for file in each.files}
    session.execute(delete(Unsettled).where(Unsettled.pid.in_([each.pid for each in new])))
    session.add_all(new)
    session.flush()
    return sorted(dropped)


def withdraw(session: Session, pids: Sequence[str]) -> list[str]:
    """Take the rows of these records out; return the paths of their files, to be removed.

    Their hits are noted to be removed as well: after the commit by `indexing.settle`.
    """
    indexing.forget(session, pids)
    return _delete_rows(session, pids)


def withdraw_now(pids: Sequence[str]) -> None:
    """Take records out for everyone, at once: row first, then file, then hit.

    Its own transaction, committed before the caller's: if the caller then fails, the edition
    shows less than it may, and the next drain puts it back.
    """
    if not pids:
        return
    with db.edition.transaction() as session:
        session.add_all(Withdrawal(pid=pid) for pid in pids)
        paths = withdraw(session, pids)
    shelf.remove(paths)
    indexing.settle_if_possible()


def last_withdrawal(session: Session) -> int:
    """Return the number of the newest withdrawal; 0 before the first."""
    return session.scalar(select(func.max(Withdrawal.id))) or 0


def withdrawn_since(session: Session, number: int) -> set[str]:
    """Return what was withdrawn after the withdrawal of this number."""
    return set(session.scalars(select(Withdrawal.pid).where(Withdrawal.id > number)))


def standing(session: Session, pids: Sequence[str]) -> list[str]:
    """Return those of the records that have a row in the edition."""
    return list(session.scalars(select(PublicRecord.pid).where(PublicRecord.pid.in_(pids))))


def set_state(session: Session, key: str, value: dict[str, Any]) -> None:
    """Note what the edition knows of itself, such as the last drained sequence."""
    session.merge(EditionState(key=key, value=value))


def _delete_rows(session: Session, pids: Sequence[str]) -> list[str]:
    paths: list[str] = []
    for start in range(0, len(pids), _BATCH):
        some = pids[start : start + _BATCH]
        paths += session.scalars(select(PublicFile.path).where(PublicFile.pid.in_(some)))
        session.execute(delete(PublicFile).where(PublicFile.pid.in_(some)))
        session.execute(delete(PublicRecord).where(PublicRecord.pid.in_(some)))
    session.expire_all()
    return paths
