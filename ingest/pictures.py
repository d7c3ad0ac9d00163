"""What takes long with a picture, done when nobody waits: tiles for zooming, and reading (OCR).

A job a page, in the lane behind, so that a thick volume never holds up a delivery. Shadows, as
the copies are; each making is an event with its tool. Begin at `ask_for`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.config import Config
from archive.errors import Invalid
from archive.holdings import queries
from archive.holdings.models import Derivative, Description, Event, File, RecordText
from archive.images import alto, derive
from archive.images.derive import Copy
from archive.jobs import actions as jobs
from archive.jobs.models import Priority
from archive.jobs.worker import Running
from archive.storage.store import open_store

OCR, ALTO = "ocr", "alto"


def ask_for(session: Session, record: Description, files: Sequence[File]) -> None:
    """Queue tiles of the record's pictures, and reading of them where nobody has written them off.

    The pages of one record are read one after the other: each completes the record's text.
    """
    wanted = [file for file in files if derive.is_picture(file.media_type)]
    lock = f"pictures:{record.pid}"
    for file in wanted:
        jobs.enqueue(
            session, "ingest.pyramid", lock_key=lock, priority=Priority.BEHIND, file=file.pid
        )
    if derive.can_read() and not has_words(session, record):
        for file in wanted:
            jobs.enqueue(
                session, "ingest.ocr", lock_key=lock, priority=Priority.LAST, file=file.pid
            )


def has_words(session: Session, record: Description) -> bool:
    """Return whether the record has words that no machine of ours has read."""
    texts = select(RecordText.source).where(RecordText.description_id == record.id)
    return any(source != OCR for source in session.scalars(texts))


def pyramid_step(config: Config, running: Running) -> None:
    """Make the tiles of one picture; a picture that cannot be shown is an event, no error."""
    file, source = _original(config, running)
    folder = _folder(config, file)
    made = derive.make_pyramid(source, folder)
    with db.archive.transaction() as session:
        for copy in made.copies:
            _replace(session, config, file, copy, "image/tiff")
        session.add(_event(file, "pyramid", derive.tool(file.media_type), made.problem))
        running.finish(session)


def ocr_step(config: Config, running: Running) -> None:
    """Read one picture; the record's text is put together anew from all its pages."""
    file, source = _original(config, running)
    with db.archive.reading() as session:
        record = session.get_one(Description, file.description_id)
        if has_words(session, record):
            return
    reading = derive.read_text(source)
    if reading is None:
        with db.archive.transaction() as session:
            session.add(_event(file, OCR, "tesseract", "the picture could not be read"))
            running.finish(session)
        return
    copy = derive.keep_alto(reading, _folder(config, file)) if reading.text else None
    with db.archive.transaction() as session:
        _replace(session, config, file, copy, alto.MEDIA_TYPE, role=ALTO)
        session.flush()
        _put_together(session, config, record)
        session.add(_event(file, OCR, reading.tool, None, {"words": len(reading.text.split())}))
        running.finish(session)


def _original(config: Config, running: Running) -> tuple[File, Path]:
    with db.archive.reading() as session:
        file = session.scalars(select(File).where(File.pid == running.args["file"])).one()
        return file, open_store(config).path_of(*queries.object_of(session, file))


def _folder(config: Config, file: File) -> Path:
    return _root(config) / file.pid[:2] / file.pid


def _root(config: Config) -> Path:
    return config.data_dir / "derivatives"


def _replace(
    session: Session,
    config: Config,
    file: File,
    copy: Copy | None,
    media_type: str,
    *,
    role: str | None = None,
) -> None:
    """Let this copy stand in the place of that of the same role; None only takes it away."""
    kept = role or (copy.role if copy else "")
    for row in session.scalars(
        select(Derivative).where(Derivative.file_id == file.id, Derivative.role == kept)
    ):
        session.delete(row)  # by the session, so that the outbox hears of it
    session.flush()
    if copy is not None:
        session.add(
            Derivative(
                file_id=file.id,
                role=kept,
                path=copy.path.relative_to(_root(config)).as_posix(),
                media_type=media_type,
                size_bytes=copy.size_bytes,
                sha256=copy.sha256,
                width=copy.width,
                height=copy.height,
            )
        )


def _put_together(session: Session, config: Config, record: Description) -> None:
    """Write the record's text from its pages: a form feed between two, nothing for an unread one.

    So the n-th piece is what stands on the page whose sequence is n.
    """
    files = {file.id: file for file in session.scalars(queries.files_of(record))}
    pages: dict[int, str] = {}
    for file_id, copies in queries.derivatives_of(session, list(files)).items():
        text = _text_of(_root(config) / copies[ALTO].path) if ALTO in copies else ""
        if text:
            number = files[file_id].sequence
            pages[number] = "\n".join(filter(None, [pages.get(number), text]))
    before = session.get(RecordText, (record.id, OCR))
    if pages:
        body = "\f".join(pages.get(number, "") for number in range(1, max(pages) + 1))
        session.merge(RecordText(description_id=record.id, source=OCR, body=body))
    elif before is not None:
        session.delete(before)


def _text_of(path: Path) -> str:
    try:
        return alto.read(path).text
    except (OSError, Invalid):  # the copy is gone; its page is read anew when it is asked for
        return ""


def _event(
    file: File, made: str, tool: str, problem: str | None, more: Mapping[str, Any] | None = None
) -> Event:
    return Event(
        aip_id=file.aip_id,
        file_id=file.id,
        kind="derivation",
        at=clock.now(),
        outcome="failure" if problem else "success",
        detail={"made": made, **(more or {}), **({"problem": problem} if problem else {})},
        agent=tool[:120],
    )
