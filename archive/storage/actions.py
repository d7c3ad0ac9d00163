"""Record what the store keeps and what its checks find. Bytes are `store`'s business."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from archive import clock
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.storage.models import FixityFinding, FixityRound, StoredObject
from archive.storage.store import Fault, Mended, Problem, StoredVersion

_TOLD = 50  # differences of one object that are kept; a lost object is one


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
    session: Session,
    row: StoredObject,
    problems: Sequence[Problem],
    mended: Mended,
    *,
    round_id: int | None = None,
) -> None:
    """Remember the outcome of a check; a change that was found is audited, repaired or not.

    Each difference says which copy had it, and which copy it was mended from.
    """
    row.last_checked_at = clock.now()
    row.state = _state_after(problems, repaired=bool(mended))
    if not problems:
        return
    told = problems[:_TOLD]
    session.add_all(
        FixityFinding(
            round_id=round_id,
            object_id=row.object_id,
            at=row.last_checked_at,
            copy=problem.copy,
            path=problem.path,
            what=problem.what,
            repaired_from=mended.source_of(problem),
        )
        for problem in told
    )
    audit.record(
        session,
        "fixity.repaired" if mended else "fixity.damaged",
        f"object:{row.object_id}",
        actor=SYSTEM,
        problems=[
            {"copy": p.copy, "path": p.path, "what": p.what, "from": mended.source_of(p)}
            for p in told
        ],
    )


def begin_round(session: Session, needed_bytes: int, budget_bytes: int) -> FixityRound:
    """Begin a night's reading."""
    night = FixityRound(
        started_at=clock.now(),
        needed_bytes=needed_bytes,
        budget_bytes=budget_bytes,
        objects=0,
        read_bytes=0,
        damaged=0,
        repaired=0,
        unread=0,
    )
    session.add(night)
    session.flush()
    return night


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
