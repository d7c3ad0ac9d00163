"""The journal: what changed of the records, written into the store soon after it changed.

One object an hour, `urn:stadsarkiv:journal:2026-11-24T08`; each version of it is one batch, a file
of JSON lines. Read in order, the last line for a row is the row. Begin at `write` and `batches`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, event, func, insert, inspect, select
from sqlalchemy.orm import Session, UOWTransaction

from archive import clock, db
from archive.db import ArchiveBase
from archive.errors import Unavailable
from archive.keeping.kinds import Kind, all_kinds
from archive.keeping.models import Unkept
from archive.keeping.writing import lines, primary_key
from archive.storage import actions as storage
from archive.storage.models import StoredObject
from archive.storage.store import Store

PREFIX = "urn:stadsarkiv:journal:"
PATH = "metadata/changes.jsonl"
BATCH = 1000
SILENT = "keeping.silent"  # in `session.info`: what is read back is not written again


def write(store: Store) -> bool:
    """Write one batch of what changed to the store; return whether there was any.

    The outbox's rows are forgotten only when the batch lies on both copies. A killed worker
    writes the same lines again, which changes nothing for a reader.

    :raises Unavailable: if the store cannot be written; the rows wait.
    """
    with db.archive.reading() as session:
        rows = session.scalars(select(Unkept).order_by(Unkept.id).limit(BATCH)).all()
        if not rows:
            return False
        keys: dict[str, dict[str, None]] = defaultdict(dict)
        for row in rows:
            keys[row.kind][row.key] = None
        kinds = [kind for kind in all_kinds() if kind.name in keys]
        written = [line for kind in kinds for line in lines(session, kind, list(keys[kind.name]))]
        object_id = _object_of_the_hour(session)
    stored = written and store.put(
        object_id,
        [(PATH, "".join(f"{line}\n" for line in written).encode())],
        message=f"{len(written)} rows changed",
        user=("stadsarkiv", None),
    )
    with db.archive.transaction() as session:
        if stored:
            storage.record_stored(session, stored)
        session.execute(delete(Unkept).where(Unkept.id.in_([row.id for row in rows])))
    return True


def write_all(store: Store) -> int:
    """Write every change that waits; return in how many batches.

    :raises Unavailable: if the store cannot be written; the rows wait.
    """
    batches_written = 0
    while write(store):
        batches_written += 1
    return batches_written


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as it lies in the store: which object and version, and its lines."""

    object_id: str
    version: str
    lines: list[dict[str, Any]]


def batches(store: Store) -> Iterator[Batch]:
    """Yield every batch of the store, the oldest first, each compared with its digest.

    :raises Unavailable: if a batch is damaged on every copy.
    """
    hours = sorted(name for name in store.objects() if name.startswith(PREFIX))
    for object_id in hours:
        versions = store.inventory(object_id)["versions"]
        for version in sorted(versions, key=lambda name: int(name[1:])):
            text = store.read(object_id, PATH, version).decode()
            try:
                found = [json.loads(line) for line in text.splitlines()]
            except ValueError as error:
                raise Unavailable(f"{object_id} {version} is no journal: {error}") from error
            yield Batch(object_id, version, found)


def waiting(session: Session) -> int:
    """Return how many changes the store does not hold yet."""
    return session.scalar(select(func.count()).select_from(Unkept)) or 0


def _object_of_the_hour(session: Session) -> str:
    """Return the object of this hour, or the newest one written if the clock has gone back.

    The order of the objects is the order of the changes; a clock that is wrong must not turn it.
    """
    newest = session.scalar(
        select(func.max(StoredObject.object_id)).where(StoredObject.object_id.startswith(PREFIX))
    )
    return max(f"{PREFIX}{clock.now():%Y-%m-%dT%H}", newest or "")


@event.listens_for(Session, "after_flush")
def _note_changes(session: Session, context: UOWTransaction) -> None:
    if session.info.get(SILENT):
        return
    wholes, parts = _places()
    noted: dict[tuple[str, str], None] = {}
    for row in [*session.new, *session.dirty, *session.deleted]:
        kind = wholes.get(type(row))
        if kind is not None and (row in session.new or _says_something_new(row, kind)):
            noted[kind.name, str(getattr(row, primary_key(kind.model).key))] = None
        for name, owner in parts.get(type(row), ()):
            noted[name, str(getattr(row, owner))] = None
    if noted:
        connection = session.connection()
        connection.execute(insert(Unkept), [{"kind": name, "key": key} for name, key in noted])


def _places() -> tuple[dict[type[ArchiveBase], Kind], dict[type[ArchiveBase], list[Any]]]:
    parts: dict[type[ArchiveBase], list[Any]] = defaultdict(list)
    for kind in all_kinds():
        for part in kind.parts:
            parts[part.model].append((kind.name, part.owner))
    return {kind.model: kind for kind in all_kinds()}, parts


def _says_something_new(row: ArchiveBase, kind: Kind) -> bool:
    """Return whether a changed row differs in what is kept: a kept answer of the law does not."""
    changed = set(inspect(row).committed_state) - kind.leave_out
    return any(getattr(row, name) != inspect(row).committed_state[name] for name in changed)
