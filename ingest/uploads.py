"""Take in a file of any size piece by piece, so that a lost connection costs one piece.

A row says what is confirmed; the bytes lie in quarantine, under a name by chance, until they are
all there. A job then counts them and makes the transfer (`receive.adopt`), without copying. Who
may, and HTTP, are `upload_views`'s. Begin at `begin` and `append`.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from archive import clock, db
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.errors import Conflict, Invalid, NotFound, Unavailable
from archive.jobs import actions as jobs
from archive.jobs.worker import Running
from ingest import receive
from ingest.models import Transfer, Upload, UploadState

WHOLE_BYTES = 100 * 1024**3
CHUNK_BYTES = 16 * 1024**2
TAIL_BYTES = 1024**2
KEPT = timedelta(days=7)
TOLD = timedelta(days=1)
BUSY = timedelta(seconds=20)


class Full(Unavailable):
    """The disk has no room for what is to come; what lies there already stays."""

    status = 507


class Elsewhere(Conflict):
    """The same upload is being sent from another window just now."""


class Misplaced(Conflict):
    """The piece does not begin where the confirmed bytes end; `offset` says where they do."""

    def __init__(self, offset: int) -> None:
        super().__init__(f"the upload has {offset} bytes; go on from there")
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes for a place in an upload, and the window that sends them."""

    offset: int
    content: bytes
    sender: str
    takes_over: bool = False


@dataclass(frozen=True, slots=True)
class _Owner:
    actor_id: str


def begin(
    config: Config, declared: receive.Declared, *, name: str, size_bytes: int, viewer: Viewer
) -> Upload:
    """Make room for an upload and return it, with no byte of it received.

    :raises Invalid: if it has no name or size, or is larger than `WHOLE_BYTES`.
    :raises Full: if the disk has no room for it beside the other unfinished uploads.
    """
    name = name.replace("\\", "/").rsplit("/", 1)[-1].strip()[:300]
    if not name:
        raise Invalid("the upload has no name")
    if not 0 < size_bytes <= WHOLE_BYTES:
        raise Invalid(f"the upload has {size_bytes} bytes; expected 1 to {WHOLE_BYTES}")
    viewer.demand(Permission.INGEST_SUBMIT, declared.unit_id)
    _demand_room(config, size_bytes)
    now = clock.now()
    upload = Upload(
        owner=viewer.actor_id,
        name=name,
        size_bytes=size_bytes,
        begun_at=now,
        touched_at=now,
        unit_id=declared.unit_id,
        record_type=declared.record_type,
        agreement=declared.agreement,
        only_check=declared.only_check,
    )
    with db.archive.transaction() as session:
        session.add(upload)
        session.flush()
        audit.record(session, "upload.begin", f"upload:{upload.pid}", actor=viewer, size=size_bytes)
        # Inside, for a row without its file could never be gone on with.
        place_of(config, upload).parent.mkdir(parents=True)
        place_of(config, upload).touch()
    return upload


def append(config: Config, pid: str, piece: Piece, *, viewer: Viewer) -> Upload:
    """Add a piece to an upload: on disk and synced before it is confirmed.

    :raises NotFound: if there is no such upload of this person's.
    :raises Elsewhere: if another window sends it and this one has not asked to take over.
    :raises Misplaced: if the piece belongs to another place.
    :raises Invalid: if it goes beyond the size that was said.
    :raises Full: if it cannot be written; what was confirmed stays.
    """
    with db.archive.reading() as session:
        upload = own(session, pid, viewer)
    viewer.demand(Permission.INGEST_SUBMIT, upload.unit_id)
    with _alone(place_of(config, upload)) as handle:
        with db.archive.reading() as session:
            upload = own(session, pid, viewer)
        _demand_turn(upload, piece)
        _write(handle, upload, piece)
        with db.archive.transaction() as session:
            upload = own(session, pid, viewer)
            upload.received_bytes = piece.offset + len(piece.content)
            upload.sender, upload.touched_at = piece.sender, clock.now()
            if upload.received_bytes == upload.size_bytes:
                _all_there(session, upload)
    return upload


def own(session: Session, pid: str, viewer: Viewer) -> Upload:
    """Return a person's own upload.

    :raises NotFound: if there is none, or it is somebody else's.
    """
    found = session.scalars(
        select(Upload).where(Upload.pid == pid, Upload.owner == viewer.actor_id)
    ).first()
    if found is None:
        raise NotFound(f"there is no upload {pid!r}")
    return found


def unfinished(session: Session, viewer: Viewer) -> Sequence[Upload]:
    """Return a person's uploads that are not yet transfers, with their units, the newest first."""
    return session.scalars(
        select(Upload)
        .options(joinedload(Upload.unit))
        .where(Upload.owner == viewer.actor_id, Upload.state != UploadState.TAKEN)
        .order_by(Upload.id.desc())
    ).all()


def drop(config: Config, pid: str, *, viewer: Viewer) -> None:
    """Throw away an unfinished upload, bytes and all.

    :raises Conflict: if all of it is there: it becomes a transfer, which is rejected as such.
    """
    with db.archive.transaction() as session:
        upload = own(session, pid, viewer)
        if upload.state != UploadState.SENDING:
            raise Conflict("all of the file is here already; it is received as a delivery")
        audit.record(session, "upload.drop", f"upload:{upload.pid}", actor=viewer)
        session.delete(upload)
    shutil.rmtree(place_of(config, upload).parent, ignore_errors=True)


def tail(config: Config, upload: Upload) -> bytes:
    """Return the last confirmed bytes, `TAIL_BYTES` at most: does the chosen file have them too?"""
    try:
        with place_of(config, upload).open("rb") as file:
            file.seek(max(0, upload.received_bytes - TAIL_BYTES))
            return file.read(min(TAIL_BYTES, upload.received_bytes))
    except FileNotFoundError as error:
        raise NotFound("the upload is not there any more") from error


def arrive_step(config: Config, running: Running) -> None:
    """Count an upload that is all there, and make it a transfer by giving it its name."""
    with db.archive.reading() as session:
        upload = session.scalars(select(Upload).where(Upload.pid == running.args["upload"])).first()
    if upload is None or upload.state != UploadState.WHOLE:
        return
    if upload.sha512 is None:
        digest = receive.measure(place_of(config, upload), running.progress)
        with db.archive.transaction() as session:
            upload = session.get_one(Upload, upload.id)
            upload.sha512 = digest  # kept before the renaming: a repeated job knows where to look

    def note(session: Session, transfer: Transfer, is_new: bool) -> None:
        row = session.get_one(Upload, upload.id)
        row.state, row.transfer_pid, row.is_known = UploadState.TAKEN, transfer.pid, not is_new
        running.finish(session)

    receive.adopt(
        place_of(config, upload).parent,
        upload.sha512 or "",
        receive.Declared(upload.unit_id, upload.record_type, upload.agreement, upload.only_check),
        name=upload.name,
        actor=_Owner(upload.owner),
        afterwards=note,
    )


def expire(session: Session) -> None:
    """Forget uploads that nobody has gone on with for a week; their bytes follow in the sweep."""
    now = clock.now()
    for upload in session.scalars(select(Upload).where(Upload.state != UploadState.WHOLE)):
        if upload.state == UploadState.TAKEN and upload.touched_at < now - TOLD:
            session.delete(upload)
        elif upload.state == UploadState.SENDING and upload.touched_at < now - KEPT:
            audit.record(session, "upload.expire", f"upload:{upload.pid}", actor=SYSTEM)
            session.delete(upload)
    session.flush()


def drafts(session: Session, quarantine: Path) -> set[Path]:
    """Return the folders of quarantine that uploads still fill."""
    return {receive.draft_of(quarantine, pid) for pid in session.scalars(select(Upload.pid))}


def place_of(config: Config, upload: Upload) -> Path:
    """Return the file in quarantine that the upload fills."""
    return receive.draft_of(config.quarantine, upload.pid) / "delivery"


def _demand_room(config: Config, size_bytes: int) -> None:
    config.quarantine.mkdir(parents=True, exist_ok=True)
    to_come = func.sum(Upload.size_bytes - Upload.received_bytes)
    with db.archive.reading() as session:
        promised = session.scalar(select(to_come).where(Upload.state == UploadState.SENDING)) or 0
    free = shutil.disk_usage(config.quarantine).free - int(promised)
    if size_bytes > free:
        raise Full(f"the disk has room for {max(0, free)} bytes; the file has {size_bytes}")


def _demand_turn(upload: Upload, piece: Piece) -> None:
    is_anothers = upload.sender not in {None, piece.sender}
    if is_anothers and not piece.takes_over and upload.touched_at > clock.now() - BUSY:
        raise Elsewhere("the same file is being sent from another window")
    if upload.state != UploadState.SENDING or piece.offset != upload.received_bytes:
        raise Misplaced(upload.received_bytes)
    if piece.offset + len(piece.content) > upload.size_bytes:
        raise Invalid(f"the piece goes beyond the {upload.size_bytes} bytes that were said")


def _write(handle: int, upload: Upload, piece: Piece) -> None:
    try:
        os.lseek(handle, piece.offset, os.SEEK_SET)
        rest = memoryview(piece.content)
        while rest:
            rest = rest[os.write(handle, rest) :]
        os.fsync(handle)
    except OSError as error:
        os.ftruncate(handle, upload.received_bytes)
        if error.errno in receive.NO_ROOM:
            raise Full(f"the piece could not be written: {error.strerror}") from error
        raise


def _all_there(session: Session, upload: Upload) -> None:
    upload.state = UploadState.WHOLE
    jobs.enqueue(session, "ingest.arrive", lock_key=f"upload:{upload.pid}", upload=upload.pid)


@contextmanager
def _alone(place: Path) -> Iterator[int]:
    # For as long as a piece is written, not sent: a connection that hangs holds nothing.
    try:
        handle = os.open(place, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError as error:
        raise NotFound("the upload is not there any more") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)
