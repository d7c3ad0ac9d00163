"""Compare what the disks have with what an inventory says. Reads only, and reads every byte.

Nothing is skipped because its size or time is unchanged. Begin at `check_copy`.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive.errors import Invalid, Unavailable
from archive.storage import ocfl
from archive.storage.disk import CHUNK, read_inventory
from archive.storage.ocfl import Inventory


class Fault(StrEnum):
    """What can be wrong with a kept file or object."""

    MISSING_OBJECT = "the object is missing"
    MISSING = "the file is missing"
    CHANGED = "the bytes have changed"
    UNREADABLE = "the disk cannot read the file"
    UNKNOWN = "a file or folder that was never kept lies here"
    INVENTORY = "the inventory is missing or is not what its sidecar says"
    NOT_RECORDED = "the inventory is not the one recorded"
    DIFFER = "the copies differ"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one copy of an object. `path` is empty for the object as a whole."""

    copy: str
    path: str
    what: Fault


def check_copy(copy: str, folder: Path, recorded: str | None) -> list[Problem]:
    """Return every difference between one copy of an object and what was kept.

    `recorded` is the SHA-512 of the inventory that the copy must have, where it is known.
    """
    if not folder.is_dir() or folder.is_symlink():
        return [Problem(copy, "", Fault.MISSING_OBJECT)]
    try:
        inventory = read_inventory(folder)
    except (Invalid, OSError):
        return [Problem(copy, "inventory.json", Fault.INVENTORY)]
    found = []
    if recorded is not None and digest_of_inventory(folder) != recorded:
        found.append(Problem(copy, "inventory.json", Fault.NOT_RECORDED))
    claimed = {p: digest for digest, paths in inventory["manifest"].items() for p in paths}
    faults = [(path, _fault_of(folder / path, digest)) for path, digest in claimed.items()]
    faults += _faults_of_inventories(folder, inventory)
    expected = {*claimed, *(path for path, _ in faults)}
    faults += [(path, Fault.UNKNOWN) for path in _strays(folder, expected)]
    return found + [Problem(copy, path, fault) for path, fault in faults if fault is not None]


def digest_of_inventory(folder: Path) -> str:
    """Return the SHA-512 of an object's inventory as it lies on disk."""
    return hashlib.sha512((folder / "inventory.json").read_bytes()).hexdigest()


def read_back(draft: Path, inventory: Inventory) -> None:
    """Read again from its disk every content file of the versions that a draft has.

    By SHA-256, which processors do in hardware; `check_copy` goes by SHA-512.

    :raises Unavailable: if one differs from the inventory; the disk took it wrongly.
    """
    for path, sha256 in ocfl.sha256_of(inventory).items():
        if (draft / path.split("/", 1)[0]).exists():
            fault = _fault_of(draft / path, sha256, "sha256")
            if fault is not None:
                raise Unavailable(f"{draft}: {path} could not be read back: {fault}")


def is_good(path: Path, sha512: str) -> bool:
    """Return whether the disk has these bytes at this path."""
    return _fault_of(path, sha512) is None


def _fault_of(path: Path, digest: str, algorithm: str = "sha512") -> Fault | None:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return Fault.CHANGED
        return None if _digest_from_disk(path, algorithm) == digest else Fault.CHANGED
    except (FileNotFoundError, NotADirectoryError):
        return Fault.MISSING
    except OSError:
        return Fault.UNREADABLE


def _digest_from_disk(path: Path, algorithm: str) -> str:
    digest, buffer = hashlib.new(algorithm), memoryview(bytearray(CHUNK))
    with path.open("rb", buffering=0) as file:
        # Ask the disk, not memory: what the page cache remembers proves nothing.
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while size := file.readinto(buffer):
            digest.update(buffer[:size])
    return digest.hexdigest()


def _faults_of_inventories(folder: Path, inventory: Inventory) -> list[tuple[str, Fault | None]]:
    """Judge the declaration and the inventory of every version, which follow from the head's."""
    head = (folder / "inventory.json").read_bytes()
    faults: list[tuple[str, Fault | None]] = [
        (ocfl.OBJECT_NAMASTE, _fault_of(folder / ocfl.OBJECT_NAMASTE, _NAMASTE_SHA512)),
        ("inventory.json", None),
        ("inventory.json.sha512", None),
    ]
    for version in inventory["versions"]:
        own = folder / version
        try:
            same = read_inventory(own) == ocfl.inventory_at(inventory, version)
            if version == inventory["head"]:
                same = same and (own / "inventory.json").read_bytes() == head
            fault = None if same else Fault.CHANGED
        except (Invalid, OSError):
            fault = Fault.INVENTORY
        faults += [(f"{version}/inventory.json", fault), (f"{version}/inventory.json.sha512", None)]
    return faults


_NAMASTE_SHA512 = hashlib.sha512(b"ocfl_object_1.1\n").hexdigest()


def _strays(folder: Path, expected: set[str]) -> Iterator[str]:
    """Yield what lies in an object's folder without being a part of it."""
    folders = {"/".join(path.split("/")[:n]) for path in expected for n in (1, 2)} - expected
    waiting = [folder]
    while waiting:
        for entry in sorted(os.scandir(waiting.pop()), key=lambda e: e.name):
            path = Path(entry.path).relative_to(folder).as_posix()
            if entry.is_dir(follow_symlinks=False) and path in folders:
                waiting.append(Path(entry.path))
            elif path not in expected:
                yield path
