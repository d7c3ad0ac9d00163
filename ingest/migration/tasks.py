"""Migrate package by package: convert, prove, keep as a new version, then one transaction.

Killed at any point it is safe to repeat: what has its row is not migrated again, and the store
answers "I have it" for what lacks one. Begin at `migrate_step`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy.orm import Session

from archive import clock, db
from archive.config import Config
from archive.errors import Conflict
from archive.holdings.models import Aip, Event, File
from archive.images import sandbox
from archive.jobs.worker import Running
from archive.storage import actions as storage
from archive.storage.store import Store, StoredVersion, open_store
from ingest.formats import identify
from ingest.formats.identify import Format
from ingest.migration import queries
from ingest.migration.converters import Converter, converter_for
from ingest.migration.queries import Scope
from ingest.recorded import as_json

KIND = "migration"
RECORD = "metadata/migrations.json"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file: where the result lies and what it is, or the problem."""

    source: File
    path: str = ""
    made: Path | None = None
    format: Format = field(default_factory=Format)
    tool: str = ""
    detail: dict[str, Any] | None = None
    problem: str = ""


def migrate_step(config: Config, running: Running) -> None:
    """Migrate what waits of a format; a file that cannot be converted is an event, no error."""
    units = running.args["units"]
    scope = Scope(
        running.args["puid"], None if units is None else tuple(units), running.args["path"]
    )
    converter, store = converter_for(scope.puid), open_store(config)
    if converter is None:
        return
    with db.archive.reading() as session:
        waiting = list(queries.packages(session, scope))
    for number, aip_id in enumerate(waiting, 1):
        _migrate_package(config, store, aip_id, scope, converter, running.args["actor"])
        running.progress(number, len(waiting))


def _migrate_package(
    config: Config, store: Store, aip_id: int, scope: Scope, converter: Converter, actor: str
) -> None:
    with db.archive.reading() as session:
        aip = session.get_one(Aip, aip_id)
        files = queries.files_in(session, aip_id, scope)
        taken = queries.paths_in(session, aip_id)
    with tempfile.TemporaryDirectory(dir=config.data_dir, prefix=".migrating-") as folder:
        outcomes = []
        for file in files:
            outcomes.append(_converted(store, aip, file, converter, Path(folder), taken))
            taken.add(outcomes[-1].path)
        stored = _keep(store, aip, outcomes, converter)
    with db.archive.transaction() as session:
        _record(session, aip_id, outcomes, stored, converter, actor)


def _converted(
    store: Store, aip: Aip, file: File, converter: Converter, folder: Path, taken: set[str]
) -> Outcome:
    source = store.path_of(aip.object_id, file.logical_path)
    answer = sandbox.run(converter.kind, source, folder / file.pid)
    if "problem" in answer:
        return Outcome(file, problem=str(answer["problem"]))
    made = folder / file.pid / str(answer["path"])
    found, tool = identify.one(made)
    if found.puid not in converter.targets:
        return Outcome(file, problem=f"the result is {found.puid or 'of no known format'}")
    detail = {name: answer[name] for name in ("width", "height", "pixels")}
    path = _free(file.logical_path, converter.suffix, taken)
    return Outcome(file, path, made, found, tool, detail)


def _free(path: str, suffix: str, taken: set[str]) -> str:
    """Return a name beside the source that no file of the package has: scan.bmp.tif."""
    name, number = f"{path}{suffix}", 1
    while name in taken:
        number += 1
        name = f"{path}.{number}{suffix}"
    return name


def _keep(
    store: Store, aip: Aip, outcomes: Sequence[Outcome], converter: Converter
) -> StoredVersion | None:
    """Write the results beside all that the package has, as its next version; None without any."""
    made = {one.path: one.made for one in outcomes if one.made is not None}
    if not made:
        return None
    before = store.version(aip.object_id)
    kept = {path: file for path, file in before.files.items() if path not in {*made, RECORD}}
    return store.put(
        aip.object_id,
        [
            *((path, store.path_of(aip.object_id, path)) for path in kept),
            *made.items(),
            (RECORD, _told(store, before, outcomes, converter)),
        ],
        message=f"migration of {len(made)} files by {converter.tool}",
        user=("stadsarkiv", None),
        # A source that has been damaged on disk must not be kept anew as if it were right.
        expected={path: {"sha512": file.sha512} for path, file in kept.items()},
        onto=before.version,
    )


def _told(
    store: Store, before: StoredVersion, outcomes: Sequence[Outcome], converter: Converter
) -> bytes:
    """Return what the package says of its own migrations: those before, and these."""
    told: dict[str, Any] = {}
    if RECORD in before.files:
        earlier = json.loads(store.read(before.object_id, RECORD))["migrations"]
        told = {each["outcome"]: each for each in earlier}
    for one in outcomes:
        if one.made is not None:
            told[one.path] = {
                "source": one.source.logical_path,
                "from": one.source.puid,
                "outcome": one.path,
                "to": one.format.puid,
                "tool": converter.tool,
            }
    form = {"schema": "stadsarkiv-migrations/1", "migrations": [told[p] for p in sorted(told)]}
    return as_json(form)


def _record(
    session: Session,
    aip_id: int,
    outcomes: Sequence[Outcome],
    stored: StoredVersion | None,
    converter: Converter,
    actor: str,
) -> None:
    aip = session.get_one(Aip, aip_id)
    if aip.purged_at is not None:
        raise Conflict("the package was disposed of while it was migrated")
    if stored is not None:
        aip.version, aip.inventory_digest = stored.version, stored.digest
        aip.size_bytes = sum(file.size_bytes for file in stored.files.values())
        storage.record_stored(session, stored)
    for one in outcomes:
        row = _row(one, converter, stored) if stored is not None and one.made else None
        if row is not None:
            session.add(row)
            session.flush()
        detail = {"source": one.source.pid, "by": actor, "from": one.source.puid}
        if row is None:
            detail["problem"] = one.problem
        else:
            detail |= {"outcome": row.pid, "to": one.format.puid, **(one.detail or {})}
        session.add(
            Event(
                aip_id=aip_id,
                file_id=row.id if row is not None else one.source.id,
                kind=KIND,
                at=clock.now(),
                outcome="success" if row is not None else "failure",
                detail=detail,
                agent=converter.tool,
            )
        )


def _row(one: Outcome, converter: Converter, stored: StoredVersion) -> File:
    kept, source, found = stored.files[one.path], one.source, one.format
    return File(
        description_id=source.description_id,
        aip_id=source.aip_id,
        logical_path=one.path,
        original_name=f"{PurePosixPath(source.original_name).name}{converter.suffix}",
        label=source.label,
        sequence=source.sequence,
        media_type=converter.media_type,
        puid=found.puid,
        format_name=found.name or None,
        format_version=found.version or None,
        format_basis=found.basis or None,
        format_warning=found.warning or None,
        format_tool=one.tool or None,
        size_bytes=kept.size_bytes,
        sha256=kept.sha256,
        sha512=kept.sha512,
        migrated_from=source.pid,
    )
