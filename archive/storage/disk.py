"""The only file that writes, renames or removes anything below a storage root.

Every file is synced before its folder, every folder before the name that makes it visible. An
object appears by one rename, so a kill at any point leaves it whole or absent. Begin at
`Root.place_new`.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from archive.errors import Invalid
from archive.storage import ocfl

CHUNK = 1024 * 1024


class Root:
    """One storage root on a local disk, with a staging folder beside it on the same disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.staging = path.with_name(path.name + ".staging")

    def prepare(self) -> None:
        """Make the root, declared as OCFL 1.1 with its layout, if it does not exist."""
        self.staging.mkdir(parents=True, exist_ok=True)
        if (self.path / ocfl.ROOT_NAMASTE).exists():
            return
        extension = self.path / "extensions" / ocfl.LAYOUT["extension"]
        extension.mkdir(parents=True, exist_ok=True)
        write_synced(extension / "config.json", _json(ocfl.LAYOUT_CONFIG), again=True)
        write_synced(self.path / "ocfl_layout.json", _json(ocfl.LAYOUT), again=True)
        write_synced(self.path / ocfl.ROOT_NAMASTE, b"ocfl_1.1\n", again=True)
        sync_folder(self.path)

    def folder_of(self, object_id: str) -> Path:
        """Return where an object lies, or would lie."""
        return self.path / ocfl.place_of(object_id)

    def new_staging(self) -> Path:
        """Return a new empty folder, on the same disk, that nothing else knows."""
        folder = self.staging / secrets.token_hex(12)
        folder.mkdir(parents=True)
        return folder

    def drop(self, folder: Path) -> None:
        """Forget a staging folder."""
        if folder.parent != self.staging:
            raise ValueError(f"{folder} is not a staging folder of this root")
        shutil.rmtree(folder, ignore_errors=True)

    def place_new(self, staged: Path, object_id: str) -> None:
        """Give a complete, synced object folder its name."""
        sync_tree(staged)
        final = self.folder_of(object_id)
        make_folders(final.parent, self.path)
        staged.rename(final)
        sync_folder(final.parent)

    def place_version(self, staged: Path, object_id: str, version: str) -> None:
        """Add a complete, synced version folder; its inventory becomes the object's, last."""
        sync_tree(staged)
        final = self.folder_of(object_id)
        half_done = final / version
        if half_done.exists():  # a killed writer's; the root inventory never named it
            shutil.rmtree(half_done)
        staged.rename(half_done)
        sync_folder(final)
        self._name_inventory(final, version)

    def heal_sidecar(self, folder: Path) -> None:
        """Finish what a kill between the two renames of `_name_inventory` left undone."""
        root = folder / "inventory.json"
        encoded = root.read_bytes()
        head = json.loads(encoded)["head"]
        same = folder / head / "inventory.json"
        if same.exists() and same.read_bytes() == encoded:
            self._name_inventory(folder, head)

    def set_aside(self, object_id: str, why: str) -> Path:
        """Move a damaged object out of the way and return where it lies now."""
        aside = self.staging / f"damaged-{secrets.token_hex(6)}-{why}"
        self.folder_of(object_id).rename(aside)
        return aside

    def remove(self, object_id: str) -> None:
        """Remove an object with all its bytes: disposal, and nothing else, asks for this."""
        folder = self.folder_of(object_id)
        if not folder.exists():
            return
        # Out of sight by one rename first, so that a kill never leaves half an object.
        doomed = self.staging / f"purge-{secrets.token_hex(12)}"
        folder.rename(doomed)
        sync_folder(folder.parent)
        shutil.rmtree(doomed)

    def sweep_staging(self, older_than_seconds: float) -> int:
        """Remove staging folders that no living writer can still own; return how many."""
        if not self.staging.exists():
            return 0
        limit, count = time.time() - older_than_seconds, 0
        for folder in self.staging.iterdir():
            if folder.is_dir() and folder.stat().st_mtime < limit:
                shutil.rmtree(folder)
                count += 1
        return count

    def objects(self) -> Iterator[Path]:
        """Yield the folder of every object below the root."""
        pattern = f"*/*/*/*/{ocfl.OBJECT_NAMASTE}"
        for namaste in sorted(self.path.glob(pattern)):
            yield namaste.parent

    def _name_inventory(self, folder: Path, version: str) -> None:
        for name in ("inventory.json", "inventory.json.sha512"):
            new = folder / f".{name}.new"
            write_synced(new, (folder / version / name).read_bytes(), again=True)
            new.replace(folder / name)
        sync_folder(folder)


def write_synced(path: Path, data: bytes, *, again: bool = False) -> None:
    """Write a small file and wait until the disk has it; read-only from then on."""
    if again and path.exists():
        path.unlink()
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o440)


def copy_synced(source: Path | bytes, target: Path) -> tuple[int, str, str]:
    """Copy bytes to a new file, synced, and return (size, sha512, sha256) of what was read."""
    if isinstance(source, bytes):
        write_synced(target, source)
        return len(source), hashlib.sha512(source).hexdigest(), hashlib.sha256(source).hexdigest()
    long, short, size = hashlib.sha512(), hashlib.sha256(), 0
    with source.open("rb") as stream, target.open("xb") as file:
        while chunk := stream.read(CHUNK):
            long.update(chunk)
            short.update(chunk)
            size += len(chunk)
            if file.write(chunk) != len(chunk):
                raise OSError(28, "the disk took only part of what was written")
        file.flush()
        os.fsync(file.fileno())
    target.chmod(0o440)
    return size, long.hexdigest(), short.hexdigest()


def digest_from_disk(path: Path) -> str:
    """Return the SHA-512 of a file as the disk has it, not as memory remembers it."""
    digest = hashlib.sha512()
    with path.open("rb") as file:
        _forget_cached(file)
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def make_folders(folder: Path, root: Path) -> None:
    """Make the folders from the root down, each synced into the one above it."""
    missing = [p for p in (folder, *folder.parents) if p.is_relative_to(root) and not p.exists()]
    for path in reversed(missing):
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def sync_tree(folder: Path) -> None:
    """Sync every folder of a tree whose files are synced, the deepest first."""
    for path in sorted((p for p in folder.rglob("*") if p.is_dir()), reverse=True):
        sync_folder(path)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_inventory(folder: Path) -> dict[str, Any]:
    """Return an object's inventory after comparing it with its sidecar.

    :raises Invalid: if it is missing, is no JSON, or is not what the sidecar says.
    """
    try:
        encoded = (folder / "inventory.json").read_bytes()
        claimed = (folder / "inventory.json.sha512").read_text().split()[0]
        if hashlib.sha512(encoded).hexdigest() != claimed:
            raise Invalid("the inventory is not what its sidecar says")
        inventory: dict[str, Any] = json.loads(encoded)
    except (FileNotFoundError, IndexError, ValueError) as error:
        raise Invalid(f"the inventory cannot be read: {error}") from error
    return inventory


def _forget_cached(file: BinaryIO) -> None:
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _json(form: Any) -> bytes:
    return json.dumps(form, indent=1, sort_keys=True).encode()
