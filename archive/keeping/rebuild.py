"""The database anew from the store, when nothing else is left of it.

Units, plans, records, files, relations, holds, marks and events come back as the journal has
them; the law is asked again for every record. Accounts, cases and the audit are not in the store:
they come back from a backup only. Begin at `rebuild`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import db
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.edition import actions as edition
from archive.edition.models import PublicRecord
from archive.errors import Conflict, NotFound, Unavailable
from archive.holdings import access
from archive.holdings.models import Aip, Description, File
from archive.keeping import journal
from archive.keeping.restoring import Restorer
from archive.plans.models import PlanVersion
from archive.storage import actions as storage
from archive.storage.models import UNCHECKED
from archive.storage.store import Store
from ihp import exchange

_PORTION = 500
_afterwards: list[Callable[[Session], None]] = []


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came back: rows read, records and objects there now, and every problem met."""

    rows: int
    records: int
    objects: int
    problems: tuple[str, ...]


def afterwards(function: Callable[[Session], None]) -> None:
    """Register what a room above does in the new database, such as asking for copies for use."""
    if function not in _afterwards:
        _afterwards.append(function)


def rebuild(store: Store, *, say: Callable[[str], None]) -> Rebuilt:
    """Fill an empty, migrated archive database from the store, and empty the edition.

    The edition and the indexes are made again by the worker's drain, which has every record to do.

    :raises Conflict: if the database is not empty; nothing is changed.
    :raises Unavailable: if a batch of the journal is damaged on every copy. The database is then
        left half-filled, and must be moved aside before the next attempt.
    """
    _require_empty()
    _empty_edition()
    objects = _know_objects(store)
    say(f"{objects} objects in the store")
    restorer = Restorer()
    for batch in journal.batches(store):
        with _silently() as session:
            restorer.put(session, batch.lines)
        say(f"{batch.object_id} {batch.version}: {restorer.count} rows")
    restorer.finish()
    problems = [*restorer.problems, *_plan_problems(), *_file_problems(store)]
    records = _ask_the_law()
    with _silently() as session:
        for function in _afterwards:
            function(session)
        audit.record(
            session,
            "archive.rebuild",
            "archive",
            actor=SYSTEM,
            rows=restorer.count,
            records=records,
            problems=len(problems),
        )
    return Rebuilt(restorer.count, records, objects, tuple(problems))


class _silently:
    """A transaction whose rows are not written to the journal again: they come from it."""

    def __init__(self) -> None:
        self._block = db.archive.transaction()

    def __enter__(self) -> Session:
        session = self._block.__enter__()
        session.info[journal.SILENT] = True
        return session

    def __exit__(self, *error: object) -> None:
        self._block.__exit__(*error)  # type: ignore[arg-type]


def _require_empty() -> None:
    with db.archive.reading() as session:
        for model in (Description, PlanVersion, Aip):
            if session.scalars(select(model).limit(1)).first() is not None:
                raise Conflict(
                    "the database holds records already; a rebuild fills an empty one:"
                    " move it aside, or name another in STADSARKIV_DATABASE_URL"
                )


def _empty_edition() -> None:
    with db.edition.reading() as session:
        pids = list(session.scalars(select(PublicRecord.pid)))
    for start in range(0, len(pids), _PORTION):
        edition.withdraw_now(pids[start : start + _PORTION])


def _know_objects(store: Store) -> int:
    """Record what the store has, unchecked, so that the next fixity round begins with it."""
    known = sorted(store.objects())
    for start in range(0, len(known), _PORTION):
        with db.archive.transaction() as session:
            for object_id in known[start : start + _PORTION]:
                row = storage.record_stored(session, store.version(object_id))
                row.last_checked_at = UNCHECKED
    return len(known)


def _plan_problems() -> Iterator[str]:
    with db.archive.reading() as session:
        for version in session.scalars(select(PlanVersion).order_by(PlanVersion.id)):
            plan = exchange.from_document(version.document)
            if version.digest and exchange.digest(plan) != version.digest:
                yield f"plan {version.unit_id} v{version.number}: not what was decided (digest)"


def _file_problems(store: Store) -> list[str]:
    """Return every file of a record that the store lacks, and every package of no record."""
    problems: list[str] = []
    with db.archive.reading() as session:
        aips = session.scalars(select(Aip).where(Aip.purged_at.is_(None)).order_by(Aip.id)).all()
        for aip in aips:
            files = session.scalars(select(File).where(File.aip_id == aip.id)).all()
            problems += _missing(store, aip, files)
    known = {aip.object_id for aip in aips}
    problems += [
        f"{object_id}: packed, but no batch of the journal tells of its records; it came in"
        " during the last moments: take the delivery in again"
        for object_id in store.objects()
        if not object_id.startswith(journal.PREFIX)
        and not object_id.endswith((":submission", ":receipt"))
        and object_id not in known
    ]
    return problems


def _missing(store: Store, aip: Aip, files: Sequence[File]) -> Iterator[str]:
    try:
        versions = {aip.version, *(file.last_version or aip.version for file in files)}
        kept = {name: store.version(aip.object_id, name).files for name in versions}
    except (NotFound, Unavailable) as error:
        yield str(error)
        return
    for file in files:
        there = kept[file.last_version or aip.version].get(file.logical_path)
        if there is None or there.sha512 != file.sha512:
            yield f"{aip.object_id} {file.logical_path}: the store does not have these bytes"


def _ask_the_law() -> int:
    with db.archive.reading() as session:
        ids = session.scalars(select(Description.id).order_by(Description.id)).all()
    for start in range(0, len(ids), _PORTION):
        with _silently() as session:
            access.refresh_ids(session, ids[start : start + _PORTION])
    return len(ids)
