"""The only file that writes, renames or removes anything below a storage root.

Every file is synced before its folder, every folder before the name that makes it visible. An
object appears by one rename, so a kill at any point leaves it whole or absent; a failed sync is
never tried again, the draft is dropped instead. Begin at `Root.place`.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import secrets
import shutil
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from archive import clock
from archive.errors import Invalid, Unavailable
from archive.storage import ocfl

CHUNK = 1024 * 1024
_GROUP, _FLUSH = 64, 32 * CHUNK
_FOLDER_MODE, _FILE_MODE = 0o750, 0o440


class Root:
    """One storage root on a local disk, with a staging folder beside it on the same disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.staging = path.with_name(path.name + ".staging")
        # Beside the root, for OCFL 1.1 (section 4) says which files may lie in one.
        self.mark = path.with_name(path.name + ".mark")
        self.expected: str | None = None
        self.away = ""

    def __str__(self) -> str:
        return str(self.path)

    def prepare(self) -> None:
        """Make the root, declared as OCFL 1.1 with its layout, if it does not exist.

        :raises Invalid: if the folder holds something else, or cannot be staged beside.
        """
        for folder in (self.path, self.staging):
            folder.mkdir(parents=True, exist_ok=True, mode=_FOLDER_MODE)
        if self.path.stat().st_dev != self.staging.stat().st_dev:
            raise Invalid(f"{self.path} is a disk of its own: name a folder on that disk instead")
        with self.lock("prepare"):
            if not (self.path / ocfl.ROOT_NAMASTE).exists():
                self._declare()
        _require_layout(self.path)

    def holds_anything(self) -> bool:
        """Return whether there is any object below the root."""
        return self.path.is_dir() and next(self.objects(), None) is not None

    def read_mark(self) -> str | None:
        """Return the mark that lies beside the root; None if there is none."""
        try:
            return self.mark.read_text("ascii", "replace").strip()
        except FileNotFoundError:
            return None

    def ensure_mark(self, wanted: str | None, *, anew: bool = False) -> str:
        """Return the root's mark, after writing one (`wanted`, or a new one) if it has none."""
        with self.lock("prepare"):
            there = self.read_mark()
            if there is not None and not anew:
                return there
            mark = wanted or secrets.token_hex(16)
            with self.draft() as draft:
                write_synced(draft / "mark", mark.encode())
                (draft / "mark").rename(self.mark)
            sync_folder(self.mark.parent)
            return mark

    def demand(self) -> None:
        """Pass if the root is the one that was opened, on the disk that was there then.

        :raises Unavailable: if it is not; nothing may be written, nor counted as damaged.
        """
        if not self.away and self.expected is not None and self.read_mark() != self.expected:
            self.away = (
                f"{self} is not the disk that was there a moment ago; nothing is written until it"
                f" is back, or until `stadsarkiv store adopt {self}` says that it is a new disk"
            )
        if self.away:
            raise Unavailable(self.away)

    def folder_of(self, object_id: str) -> Path:
        """Return where an object lies, or would lie."""
        return self.path / ocfl.place_of(object_id)

    def objects(self) -> Iterator[Path]:
        """Yield the folder of every object below the root."""
        for top in sorted(p for p in self.path.iterdir() if len(p.name) == 3):
            for namaste in sorted(top.glob(f"*/*/*/{ocfl.OBJECT_NAMASTE}")):
                yield namaste.parent

    @contextmanager
    def lock(self, object_id: str) -> Iterator[None]:
        """Keep every other writer of this object away inside the block; a kill lets go of it."""
        stripe = hashlib.sha256(object_id.encode()).hexdigest()[:2]
        handle = os.open(self.staging / f"lock-{stripe}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def draft(self) -> Iterator[Path]:
        """Yield a new empty folder, on the same disk, that is gone after the block."""
        folder = self.staging / f"draft-{secrets.token_hex(12)}"
        folder.mkdir(mode=_FOLDER_MODE)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def place(self, draft: Path, object_id: str, version: str) -> None:
        """Give a complete, synced draft its name: as a new object, or as its next version."""
        final = self.folder_of(object_id)
        if version == "v1":
            make_folders(final.parent, self.path)
            draft.rename(final)
            sync_folder(final.parent)
            return
        (draft / version).rename(final / version)
        sync_folder(final)
        for name in ("inventory.json", "inventory.json.sha512"):
            (draft / name).rename(final / name)
        sync_folder(final)

    def tidy(self, object_id: str) -> None:
        """Finish, or take away, what a killed writer left of an object's next version."""
        folder = self.folder_of(object_id)
        if not folder.is_dir():
            return
        with suppress(FileNotFoundError, NotADirectoryError, Invalid):
            encoded = (folder / "inventory.json").read_bytes()
            inventory = ocfl.parse(encoded)
            self._finish_naming(folder, inventory, encoded)
            stray = folder / ocfl.version_after(inventory)
            if ocfl.inventory_at(read_inventory(stray), inventory["head"]) == inventory:
                self._move_aside(stray, object_id)

    def install(self, draft: Path, object_id: str) -> None:
        """Put a complete, synced draft in the place of a damaged object, which is kept aside."""
        final = self.folder_of(object_id)
        make_folders(final.parent, self.path)
        if final.exists():
            self._move_aside(final, object_id)
        draft.rename(final)
        sync_folder(final.parent)

    def remove(self, object_id: str) -> None:
        """Remove an object with all its bytes, those set aside too. Safe to repeat."""
        folder, key = self.folder_of(object_id), _key(object_id)
        doomed = self.staging / f"purge-{key}"
        if doomed.exists():  # a killed remover's
            shutil.rmtree(doomed)
        if folder.exists():
            # Out of sight by one rename first, so that a kill never leaves half an object.
            folder.rename(doomed)
            sync_folder(folder.parent)
            self._drop_empty(folder.parent)
            shutil.rmtree(doomed)
        for aside in self.staging.glob(f"aside-{key}-*"):
            shutil.rmtree(aside)

    def set_aside(self, object_id: str) -> None:
        """Move an object that nobody knows out of the store; `sweep` removes it when aged."""
        folder = self.folder_of(object_id)
        self._move_aside(folder, object_id)
        self._drop_empty(folder.parent)

    def sweep(self, older_than_seconds: float) -> None:
        """Remove from staging what no living writer can still own."""
        limit = clock.now().timestamp() - older_than_seconds
        for folder in self.staging.iterdir():
            if folder.is_dir() and folder.stat().st_mtime < limit:
                # Renamed first: a living writer of a wrong clock's time finds its draft gone, and
                # says so, instead of placing what is being removed under its hands.
                doomed = self.staging / f"swept-{secrets.token_hex(6)}"
                folder.rename(doomed)
                shutil.rmtree(doomed)

    def _declare(self) -> None:
        own = {"extensions", "ocfl_layout.json"}
        if any(path.name not in own for path in self.path.iterdir()):
            raise Invalid(f"{self.path} is not empty and no OCFL 1.1 storage root")
        extension = self.path / "extensions" / ocfl.LAYOUT["extension"]
        make_folders(extension, self.path)
        for path, form in (
            (extension / "config.json", ocfl.LAYOUT_CONFIG),
            (self.path / "ocfl_layout.json", ocfl.LAYOUT),
        ):
            path.unlink(missing_ok=True)
            write_synced(path, _json(form))
            sync_folder(path.parent)
        write_synced(self.path / ocfl.ROOT_NAMASTE, b"ocfl_1.1\n")
        sync_folder(self.path)
        sync_folder(self.path.parent)

    def _finish_naming(self, folder: Path, inventory: ocfl.Inventory, encoded: bytes) -> None:
        """Mend the sidecar if it is still the one of the version before, and only then."""
        side, head = folder / "inventory.json.sha512", ocfl.number_of(inventory["head"])
        before = folder / f"v{head - 1}" / side.name
        if head == 1 or side.read_bytes() != before.read_bytes():
            return
        if read_inventory(folder / inventory["head"]) != inventory:
            return
        with self.draft() as draft:
            write_synced(draft / side.name, ocfl.sidecar(encoded))
            (draft / side.name).rename(side)
        sync_folder(folder)

    def _move_aside(self, folder: Path, object_id: str) -> None:
        aside = self.staging / f"aside-{_key(object_id)}-{secrets.token_hex(6)}"
        folder.rename(aside)
        moment = clock.now().timestamp()
        os.utime(aside, (moment, moment))  # its seven days begin now
        sync_folder(folder.parent)

    def _drop_empty(self, folder: Path) -> None:
        # OCFL 1.1 allows no empty folders. Siblings share the lock, so nobody fills it now.
        while folder != self.path and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent


class Writer:
    """Writes files into the content folders of drafts on several disks, in one pass each.

    Bytes in `known` (by SHA-512) are digested and left out. Nothing is sure to be on disk
    before `settle`: files are synced in groups, which costs a disk less than one by one.
    """

    def __init__(self, folders: Sequence[Path], known: Collection[str] = ()) -> None:
        self._folders, self._known = folders, set(known)
        self._open: list[int] = []
        self._flushing: list[Future[None]] = []
        self._pool = ThreadPoolExecutor(6)

    def __enter__(self) -> Writer:
        for folder in self._folders:
            folder.parent.mkdir(exist_ok=True, mode=_FOLDER_MODE)
            folder.mkdir(mode=_FOLDER_MODE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)
        for handle in self._open:
            os.close(handle)

    def add(self, source: Path | bytes) -> tuple[int, str, str]:
        """Write one file and return (size, sha512, sha256) of what was read."""
        paths = [folder / ".new" for folder in self._folders]
        for path in paths:
            self._open.append(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE))
        with io.BytesIO(source) if isinstance(source, bytes) else io.FileIO(source) as stream:
            found = self._copy(stream, self._open[-len(paths) :])
        for path in paths:
            if found[1] in self._known:
                path.unlink()
            else:
                path.rename(path.with_name(ocfl.content_name(found[1])))
        self._known.add(found[1])
        if len(self._open) >= _GROUP:
            self.settle()
        return found

    def settle(self) -> None:
        """Wait until the disks have every file written so far."""
        self._flushing += [self._pool.submit(os.fsync, handle) for handle in self._open]
        wait(self._flushing)
        for handle in self._open:
            os.close(handle)
        flushed, self._open, self._flushing = self._flushing, [], []
        for one in flushed:
            one.result()

    def _copy(self, stream: io.BytesIO | io.FileIO, handles: Sequence[int]) -> tuple[int, str, str]:
        digests, size = (hashlib.sha512(), hashlib.sha256()), 0
        # Two buffers in turn: the digests still read one while the next is being filled.
        ready, filled = memoryview(bytearray(CHUNK)), memoryview(bytearray(CHUNK))
        hashing: list[Future[None]] = []
        while got := stream.readinto(ready):
            wait(hashing)
            ready, filled = filled, ready
            hashing = [self._pool.submit(digest.update, filled[:got]) for digest in digests]
            for handle in handles:
                _write_all(handle, filled[:got])
            size += got
            if size % _FLUSH == 0:  # the disks write while we read on
                self._flushing += [self._pool.submit(os.fdatasync, handle) for handle in handles]
        wait(hashing)
        return size, digests[0].hexdigest(), digests[1].hexdigest()


def read_inventory(folder: Path) -> ocfl.Inventory:
    """Return an object's inventory after comparing it with its sidecar.

    :raises Invalid: if it is missing, cannot be understood, or is not what the sidecar says.
    """
    try:
        encoded = (folder / "inventory.json").read_bytes()
        claimed = (folder / "inventory.json.sha512").read_bytes()
    except FileNotFoundError as error:
        raise Invalid(f"{folder.name}: no inventory") from error
    if claimed != ocfl.sidecar(encoded):
        raise Invalid(f"{folder.name}: the inventory is not what its sidecar says")
    return ocfl.parse(encoded)


def seal_version(folder: Path, encoded: bytes) -> None:
    """Write a version's inventory; a version without bytes of its own has no content folder."""
    content = folder / "content"
    if not any(content.iterdir()):
        content.rmdir()
    _write_inventory(folder, encoded)


def seal(draft: Path, encoded: bytes) -> None:
    """Write a draft's inventory and declaration, and sync everything in it."""
    _write_inventory(draft, encoded)
    write_synced(draft / ocfl.OBJECT_NAMASTE, b"ocfl_object_1.1\n")
    for folder in sorted((p for p in draft.rglob("*") if p.is_dir()), reverse=True):
        sync_folder(folder)
    sync_folder(draft)


def _write_inventory(folder: Path, encoded: bytes) -> None:
    write_synced(folder / "inventory.json", encoded)
    write_synced(folder / "inventory.json.sha512", ocfl.sidecar(encoded))


def write_synced(path: Path, data: bytes) -> None:
    """Write a new small file, read-only, and wait until the disk has it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
    try:
        _write_all(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folders(folder: Path, root: Path) -> None:
    """Make the folders from the root down, each synced into the one above it."""
    missing = [p for p in (folder, *folder.parents) if p.is_relative_to(root) and not p.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True, mode=_FOLDER_MODE)
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_all(handle: int, data: bytes | memoryview) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _require_layout(path: Path) -> None:
    try:
        layout = json.loads((path / "ocfl_layout.json").read_bytes())["extension"]
        config = json.loads((path / "extensions" / layout / "config.json").read_bytes())
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(f"{path}: the layout of the storage root cannot be read") from error
    if config != ocfl.LAYOUT_CONFIG:
        raise Invalid(f"{path} has the layout {layout}; this product keeps {ocfl.LAYOUT_CONFIG}")


def _key(object_id: str) -> str:
    return hashlib.sha256(object_id.encode()).hexdigest()


def _json(form: Any) -> bytes:
    return json.dumps(form, indent=1, sort_keys=True).encode()
