"""Make a record's copies for use from its originals, and keep what its documents say.

Shadows: they can be made again at any time, and each making is an event with its tool. What takes
long, tiles and OCR, follows behind: `ingest.pictures`. Begin at `derive_step`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.config import Config
from archive.holdings import queries
from archive.holdings.models import Derivative, Description, Event, File, RecordText
from archive.images import derive
from archive.images.derive import Copies
from archive.jobs import actions as jobs
from archive.jobs.worker import Running
from archive.storage.store import Store, open_store
from ingest import pictures

_PORTION = 500
_ROLES = ("access", "thumb")


def derive_step(config: Config, running: Running) -> None:
    """Make the copies of one record's files; a file that cannot be shown is an event, no error."""
    store, root = open_store(config), config.data_dir / "derivatives"
    with db.archive.reading() as session:
        record = queries.by_ref(session, running.args["description"])
        files = [
            (file, queries.object_of(session, file))
            for file in session.scalars(queries.files_of(record))
            if derive.can_be_shown(file.media_type)
        ]
    made = [(file, _make(store, root, file, place)) for file, place in files]
    with db.archive.transaction() as session:
        _keep(session, root, record, made)
        running.finish(session)


def _make(store: Store, root: Path, file: File, place: tuple[str, str, str]) -> Copies:
    folder = root / file.pid[:2] / file.pid
    return derive.make_copies(store.path_of(*place), file.media_type, folder)


def _keep(
    session: Session, root: Path, record: Description, made: Sequence[tuple[File, Copies]]
) -> None:
    texts = [copies.text for _, copies in made if copies.text]
    for file, copies in made:
        session.execute(
            delete(Derivative).where(Derivative.file_id == file.id, Derivative.role.in_(_ROLES))
        )
        session.add_all(
            Derivative(
                file_id=file.id,
                role=copy.role,
                path=copy.path.relative_to(root).as_posix(),
                media_type="image/jpeg",
                size_bytes=copy.size_bytes,
                sha256=copy.sha256,
                width=copy.width,
                height=copy.height,
            )
            for copy in copies.copies
        )
        session.add(_event(file, copies))
    if texts:
        session.merge(RecordText(description_id=record.id, source="pdf", body="\n\n".join(texts)))
    pictures.ask_for(session, record, [file for file, copies in made if not copies.problem])


def _event(file: File, copies: Copies) -> Event:
    return Event(
        aip_id=file.aip_id,
        file_id=file.id,
        kind="derivation",
        at=clock.now(),
        outcome="failure" if copies.problem else "success",
        detail={"problem": copies.problem} if copies.problem else {},
        agent=derive.tool(file.media_type),
    )


def ask_for_all(session: Session) -> None:
    """Queue the making of copies for every record that has a file to show."""
    ask(session, list(session.scalars(select(Description.pid).order_by(Description.id))))


def made_by(session: Session, tool: str, path: str = "/") -> list[str]:
    """Return the pids of records below a path with a copy last made by a tool that is so called.

    `tool` is a part of what the events say: "pillow", or "pillow 12.3.0" for one version of it.
    """
    newest: dict[tuple[int, str], tuple[str, str]] = {}
    rows = session.execute(
        select(Event.file_id, Event.detail, Event.agent, Description.pid)
        .join(File, File.id == Event.file_id)
        .join(Description, Description.id == File.description_id)
        .where(Event.kind == "derivation", Description.path.startswith(path))
        .order_by(Event.id)
    )
    for file_id, detail, agent, pid in rows:
        newest[file_id or 0, str(detail.get("made", ""))] = (agent, pid)
    return list(dict.fromkeys(pid for agent, pid in newest.values() if tool in agent))


def ask(session: Session, pids: Sequence[str]) -> int:
    """Queue the making of copies for those of the records that have a file to show; how many."""
    shown: dict[str, None] = {}
    for start in range(0, len(pids), _PORTION):
        rows = session.execute(
            select(Description.pid, File.media_type)
            .join(File, File.description_id == Description.id)
            .where(Description.pid.in_(pids[start : start + _PORTION]), File.last_version.is_(None))
            .order_by(Description.id)
        )
        shown |= dict.fromkeys(pid for pid, media in rows if derive.can_be_shown(media))
    for pid in shown:
        jobs.enqueue(session, "ingest.derive", description=pid)
    return len(shown)
