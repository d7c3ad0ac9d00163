"""What a receipt says, gathered once: from what was written at intake, and from the house.

Plain JSON values, for they are kept beside the PDF; the PDF is `paper`'s business. Begin at
`gather`.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy.orm import Session

from archive.accounts import queries as accounts
from archive.accounts.models import OrgUnit
from archive.storage.store import Store
from ingest import submission
from ingest.agreements import queries as agreements
from ingest.models import Transfer

FORMAT = "stadsarkiv-receipt/1"


def gather(session: Session, store: Store, transfer: Transfer) -> dict[str, Any]:
    """Return what is receipted of a delivery that was taken in.

    The packages and rows are those of the moment it was taken in, not those of today.

    :raises NotFound: if its papers are not in the store.
    """
    kept = json.loads(store.read(submission.object_of(transfer), submission.ABOUT))
    unit = session.get(OrgUnit, transfer.unit_id) if transfer.unit_id else None
    agreement = agreements.by_number(session, transfer.agreement)
    names = accounts.names(session, [transfer.received_by, transfer.assigned_by or ""])
    return {
        "format": FORMAT,
        "transfer": transfer.pid,
        "number": transfer.number,
        "name": transfer.name,
        "label": transfer.label,
        "object_id": transfer.object_id,
        "profile": transfer.profile,
        "status": kept.get("status", "NEW"),
        "sha512": transfer.sha512,
        "size_bytes": transfer.size_bytes,
        "file_count": transfer.file_count,
        "record_count": transfer.record_count,
        "received_at": transfer.received_at.isoformat(),
        "taken_in_at": transfer.decided_at.isoformat() if transfer.decided_at else None,
        "received_from": names.get(transfer.received_by),
        "agents": kept.get("agents", []),
        "unit": {"code": unit.code, "name": unit.name} if unit else None,
        "agreement": transfer.agreement,
        "agreement_title": agreement.title if agreement else None,
        "rows": kept.get("rows", []),
        "packages": kept.get("packages", []),
        "copies": store.copies,
        "accepted_by": names.get(transfer.assigned_by or ""),
        "reason": transfer.assigned_reason,
    }
