"""Keep what the deliverer wrote about a delivery, as it came, and what it became here.

One object beside those of the records. Begin at `store_submission`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from archive.storage.store import Store, StoredVersion
from ingest import recorded
from ingest.classify import Classified
from ingest.models import Transfer
from ingest.package import FileRole, Package

ABOUT = "metadata/transfer.json"


def object_of(transfer: Transfer) -> str:
    """Return the name of the object that a delivery's papers are kept in."""
    return f"urn:stadsarkiv:{transfer.pid}:submission"


def store_submission(
    store: Store,
    package: Package,
    transfer: Transfer,
    gate: Classified,
    stored: Iterable[StoredVersion],
) -> StoredVersion:
    """Keep the papers; `stored` are the objects that hold the delivery's records now."""
    files: list[tuple[str, Any]] = [
        (f"submission/{file.path}", file.source)
        for file in package.files
        if file.role is not FileRole.CONTENT and file.source is not None
    ]
    files.append((ABOUT, recorded.as_json(_about(package, transfer, gate, stored))))
    return store.put(
        object_of(transfer),
        files,
        message=f"submission documents of transfer {transfer.number}",
        user=("stadsarkiv", None),
        expected=None,
    )


def _about(
    package: Package, transfer: Transfer, gate: Classified, stored: Iterable[StoredVersion]
) -> Mapping[str, Any]:
    rows = Counter(
        (p.decision.plan_version or "" if p.decision else "", p.rule or "")
        for p in gate.placed
        if p.existing_id is None or p.decision is not None
    )
    return {
        "transfer": transfer.pid,
        "number": transfer.number,
        "name": transfer.name,
        "sha512": transfer.sha512,
        "profile": package.profile,
        "object_id": package.object_id,
        "status": package.status,
        "received_at": transfer.received_at.isoformat(),
        "agents": [
            {"name": agent.name, "role": agent.role, "kind": agent.kind}
            for agent in package.agents
            if agent.kind != "software"
        ],
        "rows": [
            {"plan": plan, "rule": rule, "records": count}
            for (plan, rule), count in sorted(rows.items())
        ],
        "packages": [
            {"object_id": s.object_id, "version": s.version, "inventory_sha512": s.digest}
            for s in sorted(stored, key=lambda version: version.object_id)
        ],
    }
