"""Record what the store keeps and what its checks find. Bytes are `store`'s business."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from archive import clock
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.storage.models import StoredObject
from archive.storage.store import Problem, StoredVersion


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
    row.state = "ok" if not problems else "repaired" if repaired else "damaged"
    if problems:
        audit.record(
            session,
            "fixity.repaired" if repaired else "fixity.damaged",
            f"object:{row.object_id}",
            actor=SYSTEM,
            problems=[{"path": p.path, "what": p.what} for p in problems[:50]],
        )
