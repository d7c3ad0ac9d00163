"""Record what the store keeps and what its checks find. Bytes are `store`'s business."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from archive import clock
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.storage.models import StoredObject
from archive.storage.store import Fault, Problem, StoredVersion


def record_stored(session: Session, stored: StoredVersion) -> StoredObject:
    """Remember an object as it was just written and read back."""
    row = session.get(StoredObject, stored.object_id)
    if row is None:
        row = StoredObject(object_id=stored.object_id, stored_at=clock.now(), state="ok")
        session.add(row)
    row.version, row.digest = stored.version, stored.digest
    row.size_bytes = sum(file.size_bytes for file in stored.files.values())
    row.file_count = len(stored.files)
    row.last_checked_at = clock.now()
    return row


def record_check(
    session: Session, row: StoredObject, problems: Sequence[Problem], *, repaired: bool
) -> None:
    """Remember the outcome of a check; a change that was found is audited, repaired or not."""
    row.last_checked_at = clock.now()
    row.state = _state_after(problems, repaired=repaired)
    if problems:
        audit.record(
            session,
            "fixity.repaired" if repaired else "fixity.damaged",
            f"object:{row.object_id}",
            actor=SYSTEM,
            problems=[{"path": p.path, "what": p.what} for p in problems[:50]],
        )


def record_purged(session: Session, object_id: str) -> None:
    """Forget an object that was removed under a decision; the tombstone lies with the record."""
    row = session.get(StoredObject, object_id)
    if row is not None:
        session.delete(row)


def _state_after(problems: Sequence[Problem], *, repaired: bool) -> str:
    if not problems:
        return "ok"
    if repaired:
        return "repaired"
    gone = all(problem.what is Fault.MISSING_OBJECT for problem in problems)
    return "missing" if gone else "damaged"
