"""Take a delivery into quarantine: every byte written, synced and counted before it is a transfer.

Nothing is opened here. The same bytes twice give the same transfer. Begin at `receive`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
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
from archive.errors import Invalid, Unavailable
from archive.jobs import actions as jobs
from ingest.models import Transfer

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Declared:
    """What the deliverer says: for whom, what kind, under which agreement. All may be unknown."""

    unit_id: int | None = None
    record_type: str | None = None
    agreement: str | None = None


@dataclass(frozen=True, slots=True)
class Landed:
    """Bytes in quarantine that are not yet a transfer."""

    folder: Path
    sha512: str
    size_bytes: int
    is_spare: bool = False  # the same bytes lie under their own name already


def receive(
    source: Path | BinaryIO, name: str, declared: Declared, *, quarantine: Path, actor: Acting
) -> tuple[Transfer, bool]:
    """Take a file, folder or stream into quarantine and return (transfer, whether it is new).

    :raises Invalid: if there is nothing in it, or a folder holds something that is not a file.
    :raises Unavailable: if the disk is full; nothing is left behind.
    """
    landed = _land(source, quarantine)
    with db.archive.transaction() as session:
        _demand_there(quarantine, landed)
        known = session.scalars(select(Transfer).where(Transfer.sha512 == landed.sha512)).first()
        if known is None:
            transfer = _register(session, landed, name, declared, actor)
            jobs.enqueue(
                session, "ingest.unpack", lock_key=f"transfer:{transfer.pid}", transfer=transfer.pid
            )
    if landed.is_spare:
        shutil.rmtree(landed.folder, ignore_errors=True)  # the sweep takes what stays
    return (known, False) if known is not None else (transfer, True)


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


def _land(source: Path | BinaryIO, quarantine: Path) -> Landed:
    # Named by chance first, by its digest at the end: a half-written delivery has no name.
    draft = quarantine / f".incoming-{secrets.token_hex(8)}"
    try:
        draft.mkdir(parents=True)
        if isinstance(source, Path) and source.is_dir():
            digest, size = _copy_tree(source, draft / "delivery")
        elif isinstance(source, Path):
            with source.open("rb") as stream:
                digest, size = _copy_stream(stream, draft / "delivery")
        else:
            digest, size = _copy_stream(source, draft / "delivery")
        if size == 0:
            raise Invalid("the delivery is empty: 0 bytes")
        syncing.path(draft)
        return _named(draft, quarantine / digest[:32], digest, size)
    except BaseException as error:
        shutil.rmtree(draft, ignore_errors=True)
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
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


def _demand_there(quarantine: Path, landed: Landed) -> None:
    """Refuse to register what a sweep has taken away meanwhile; it renames under this lock."""
    if not (quarantine / landed.sha512[:32] / "delivery").exists():
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
    """Copy a folder; its digest covers every name and every file's own digest."""
    whole, total = hashlib.sha512(), 0
    target.mkdir()
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise Invalid(f"{name} is a link or a device; only files and folders are taken in")
        if path.is_dir():
            (target / name).mkdir(parents=True, exist_ok=True)
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        with path.open("rb") as stream:
            digest, size = _copy_stream(stream, target / name)
        whole.update(f"{name.as_posix()}\0{digest}\n".encode())
        total += size
    syncing.tree(target)
    return whole.hexdigest(), total


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
    )
    session.add(transfer)
    session.flush()
    audit.record(
        session,
        "transfer.receive",
        f"transfer:{transfer.pid}",
        actor=actor,
        sha512=landed.sha512,
        size=landed.size_bytes,
    )
    return transfer
