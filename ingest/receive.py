"""Take a delivery into quarantine: every byte written, synced and counted before it is a transfer.

Nothing is opened here. The same bytes twice give the same transfer. Begin at `receive`, or at
`adopt` for bytes that lie in quarantine already.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import stat
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import clock, db, syncing
from archive.accounts.models import OrgUnit
from archive.audit import actions as audit
from archive.audit.actions import Acting
from archive.errors import Conflict, Invalid, Unavailable
from archive.jobs import actions as jobs
from ingest.models import State, Transfer

_CHUNK = 1024 * 1024
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EIO})


@dataclass(frozen=True, slots=True)
class Declared:
    """What the deliverer says: for whom, what kind, under which agreement. All may be unknown.

    With `only_check` it is judged and then waits for a word: nothing is taken in.
    """

    unit_id: int | None = None
    record_type: str | None = None
    agreement: str | None = None
    only_check: bool = False


@dataclass(frozen=True, slots=True)
class Landed:
    """Bytes in quarantine that are not yet a transfer."""

    folder: Path
    sha512: str
    size_bytes: int
    is_spare: bool = False  # the same bytes lie under their own name already


def receive(
    source: Path | BinaryIO,
    name: str,
    declared: Declared,
    *,
    quarantine: Path,
    actor: Acting,
    is_still: Callable[[], bool] = lambda: True,
) -> tuple[Transfer, bool]:
    """Take a file, folder or stream into quarantine and return (transfer, whether it is new).

    No link is followed, neither the source nor within it. `is_still` is asked once all is copied.

    :raises Invalid: if there is nothing in it, or a folder holds something that is not a file.
    :raises Conflict: if it is not still; nothing is left behind.
    :raises Unavailable: if the disk is full; nothing is left behind.
    """
    return _enter(_land(source, quarantine, is_still), name, declared, actor, _nothing_more)


def adopt(
    draft: Path,
    digest: str,
    declared: Declared,
    *,
    name: str,
    actor: Acting,
    afterwards: Callable[[Session, Transfer, bool], None],
) -> tuple[Transfer, bool]:
    """Make a transfer of a folder of quarantine that holds `delivery`, by renaming it.

    No byte is copied. `digest` is `measure`'s answer; `afterwards` is called in the transaction
    that makes the transfer, or finds it. May be repeated after a crash at any point.
    """
    final = draft.parent / digest[:32]
    size = ((draft if draft.exists() else final) / "delivery").stat().st_size
    landed = _named(draft, final, digest, size) if draft.exists() else Landed(final, digest, size)
    return _enter(landed, name, declared, actor, afterwards)


def measure(path: Path, progress: Callable[[int, int], None]) -> str:
    """Return the SHA-512 of a file, telling bytes read and bytes in all on the way."""
    digest, done, total = hashlib.sha512(), 0, path.stat().st_size
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            progress(done, total)
    return digest.hexdigest()


def draft_of(quarantine: Path, name: str) -> Path:
    """Return where a delivery that is not whole yet lies: named by chance, not by its digest."""
    return quarantine / f".incoming-{name}"


def unused(transfer: Transfer, declared: Declared) -> list[str]:
    """Return what was said anew of a delivery that was here already, and is not used."""
    said = ("unit_id", "record_type", "agreement")
    return [
        name
        for name in said
        if getattr(declared, name) and getattr(declared, name) != getattr(transfer, name)
    ]


def folder_of(quarantine: Path, transfer: Transfer) -> Path:
    """Return the transfer's own folder in quarantine."""
    return quarantine / transfer.sha512[:32]


def package_of(quarantine: Path, transfer: Transfer) -> Path:
    """Return where the delivery lies as it came: a file, or a folder."""
    return folder_of(quarantine, transfer) / "delivery"


def forget(quarantine: Path, transfer: Transfer) -> None:
    """Erase a discarded delivery's bytes; gone from its name at once, for it may come again."""
    aside = draft_of(quarantine, secrets.token_hex(8))
    try:
        folder_of(quarantine, transfer).rename(aside)
    except FileNotFoundError:
        return
    shutil.rmtree(aside)


def _enter(
    landed: Landed,
    name: str,
    declared: Declared,
    actor: Acting,
    afterwards: Callable[[Session, Transfer, bool], None],
) -> tuple[Transfer, bool]:
    with db.archive.transaction() as session:
        _demand_there(landed)
        known = session.scalars(select(Transfer).where(Transfer.sha512 == landed.sha512)).first()
        is_new = known is None or known.state in {State.DISCARDED, State.REJECTED}
        transfer = known or _register(session, landed, name, declared, actor)
        if known is not None and is_new:
            _begin_anew(session, known, name, declared, actor)
        if is_new:
            jobs.enqueue(
                session, "ingest.unpack", lock_key=f"transfer:{transfer.pid}", transfer=transfer.pid
            )
        afterwards(session, transfer, is_new)
    if landed.is_spare:
        shutil.rmtree(landed.folder, ignore_errors=True)  # the sweep takes what stays
    return transfer, is_new


def _nothing_more(session: Session, transfer: Transfer, is_new: bool) -> None:
    pass


def _land(
    source: Path | BinaryIO, quarantine: Path, is_still: Callable[[], bool] = lambda: True
) -> Landed:
    # Named by chance first, by its digest at the end: a half-written delivery has no name.
    draft = draft_of(quarantine, secrets.token_hex(8))
    try:
        draft.mkdir(parents=True)
        if isinstance(source, Path) and source.is_dir():
            digest, size = _copy_tree(source, draft / "delivery")
        elif isinstance(source, Path):
            with _opened(source) as stream:
                digest, size = _copy_stream(stream, draft / "delivery")
        else:
            digest, size = _copy_stream(source, draft / "delivery")
        if size == 0:
            raise Invalid("the delivery is empty: 0 bytes")
        if not is_still():
            raise Conflict("the delivery changed while it was read")
        syncing.path(draft)
        return _named(draft, quarantine / digest[:32], digest, size)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise Unavailable(f"the delivery could not be written: {error.strerror}") from error
        raise


def _named(draft: Path, final: Path, digest: str, size: int) -> Landed:
    try:
        draft.rename(final)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
        # The same bytes are here already; ours stay aside until the transfer has been looked up.
        return Landed(draft, digest, size, is_spare=True)
    syncing.path(final.parent)
    return Landed(final, digest, size)


def _demand_there(landed: Landed) -> None:
    """Refuse to register what a sweep has taken away meanwhile; it renames under this lock."""
    if not (landed.folder.parent / landed.sha512[:32] / "delivery").exists():
        raise Unavailable("the delivery is no longer in quarantine; hand it in again")


def _copy_stream(stream: BinaryIO, target: Path) -> tuple[str, int]:
    digest, size = hashlib.sha512(), 0
    with target.open("xb") as file, ThreadPoolExecutor(1) as pool:
        hashing: list[Future[None]] = []
        while chunk := stream.read(_CHUNK):
            wait(hashing)
            hashing = [pool.submit(digest.update, chunk)]  # while the disk takes the same bytes
            size += len(chunk)
            file.write(chunk)
        wait(hashing)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _copy_tree(source: Path, target: Path) -> tuple[str, int]:
    """Copy a folder; its digest covers every name and every file's own digest.

    Walked by handles, not by names: a folder that is exchanged for a link meanwhile is not entered.
    """
    found: dict[Path, str] = {}
    total = 0
    target.mkdir()
    for folder, folders, files, handle in os.fwalk(source, onerror=_raised):
        here = Path(folder).relative_to(source)
        folders.sort()
        for name in folders:
            if stat.S_ISLNK(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode):
                raise _no_file(here / name)
            (target / here / name).mkdir()
        for name in sorted(files):
            with _opened(Path(name), here / name, handle) as stream:
                found[here / name], size = _copy_stream(stream, target / here / name)
            total += size
    whole = hashlib.sha512()
    for path in sorted(found):
        whole.update(f"{path.as_posix()}\0{found[path]}\n".encode())
    syncing.tree(target)
    return whole.hexdigest(), total


def _opened(path: Path, shown: Path | None = None, folder: int | None = None) -> BinaryIO:
    """Open a file that is no link and no device; a pipe does not make us wait."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(path, flags, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ELOOP, errno.ENXIO}:  # a link; a socket
            raise _no_file(shown or Path(path.name)) from error
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise _no_file(shown or Path(path.name))
    return os.fdopen(handle, "rb")


def _no_file(name: Path) -> Invalid:
    return Invalid(f"{name} is a link or a device; only files and folders are taken in")


def _raised(error: OSError) -> None:
    raise error


def _register(
    session: Session, landed: Landed, name: str, declared: Declared, actor: Acting
) -> Transfer:
    if declared.unit_id is not None:
        session.get_one(OrgUnit, declared.unit_id)
    number = (session.scalar(select(func.max(Transfer.number))) or 0) + 1
    transfer = Transfer(
        number=number,
        name=name[:300],
        sha512=landed.sha512,
        size_bytes=landed.size_bytes,
        received_at=clock.now(),
        received_by=actor.actor_id,
        unit_id=declared.unit_id,
        record_type=declared.record_type or None,
        agreement=declared.agreement or None,
        custody_on=clock.today(),
        only_check=declared.only_check,
    )
    session.add(transfer)
    session.flush()
    _note_received(session, transfer, actor)
    return transfer


def _begin_anew(
    session: Session, transfer: Transfer, name: str, declared: Declared, actor: Acting
) -> None:
    """Let what was thrown away after a dry run, or turned away, come in again under its number."""
    transfer.state, transfer.name = State.RECEIVED, name[:300]
    transfer.received_at, transfer.received_by = clock.now(), actor.actor_id
    transfer.unit_id, transfer.only_check = declared.unit_id, declared.only_check
    transfer.record_type = declared.record_type or None
    transfer.agreement = declared.agreement or None
    transfer.decided_at = transfer.paused_at = None
    transfer.assigned_by = transfer.assigned_reason = None
    _note_received(session, transfer, actor)


def _note_received(session: Session, transfer: Transfer, actor: Acting) -> None:
    audit.record(
        session,
        "transfer.receive",
        f"transfer:{transfer.pid}",
        actor=actor,
        sha512=transfer.sha512,
        size=transfer.size_bytes,
    )
