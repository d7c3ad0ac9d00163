"""Make a delivery's receipt and keep it: an object of its own, and a row that names it.

Once made it is never made differently: what lies in the store is the receipt, also when the
program that wrote it has changed. Begin at `receipt_step`.
"""

from __future__ import annotations

import json

from archive import clock, db
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.jobs.worker import Running
from archive.storage import actions as storage
from archive.storage.store import Store, StoredVersion, open_store
from ingest import pipeline
from ingest.models import State, Transfer
from ingest.receipts import facts, paper, queries
from ingest.receipts.models import FACTS, PDF, Receipt


def receipt_step(config: Config, running: Running) -> None:
    """Make the receipt of a delivery that is in the archive, unless it has one."""
    transfer = pipeline.load(running.args["transfer"])
    if transfer.state != State.ACCESSIONED:
        return
    kept = _keep(open_store(config), transfer)
    with db.archive.transaction() as session:
        storage.record_stored(session, kept)
        if queries.of(session, transfer) is None:
            session.add(_row(transfer, kept))
            audit.record(session, "transfer.receipt", f"transfer:{transfer.pid}", actor=SYSTEM)
        running.finish(session)


def object_of(transfer: Transfer) -> str:
    """Return the name of the object that a delivery's receipt is kept in."""
    return f"urn:stadsarkiv:{transfer.pid}:receipt"


def _keep(store: Store, transfer: Transfer) -> StoredVersion:
    object_id = object_of(transfer)
    if store.exists(object_id):  # a killed worker's: kept as it is, and its copies completed
        files = [(path, store.read(object_id, path)) for path in (PDF, FACTS)]
    else:
        with db.archive.reading() as session:
            told = facts.gather(session, store, pipeline.get(session, transfer.pid))
        written = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
        files = [(PDF, paper.pdf(told)), (FACTS, written.encode())]
    return store.put(
        object_id,
        files,
        message=f"receipt of transfer {transfer.number}",
        user=("stadsarkiv", None),
        expected=None,
    )


def _row(transfer: Transfer, kept: StoredVersion) -> Receipt:
    return Receipt(
        transfer_pid=transfer.pid,
        object_id=kept.object_id,
        version=kept.version,
        sha512=kept.files[PDF].sha512,
        size_bytes=kept.files[PDF].size_bytes,
        made_at=clock.now(),
    )
