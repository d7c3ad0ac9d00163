"""Put, read, check, repair and purge objects on two roots.

`put` returns only when both copies are written, synced and read back. Begin at `open_store`.
"""

from __future__ import annotations

import contextlib
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from archive import clock
from archive.config import Config
from archive.errors import Conflict, Invalid, NotFound, Unavailable
from archive.storage import disk, ocfl
from archive.storage.disk import Root
from archive.storage.ocfl import StoredFile, StoredVersion

__all__ = ["Problem", "Store", "StoredFile", "StoredVersion", "open_store"]

Sources = Iterable[tuple[str, Path | bytes]]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one copy of an object."""

    copy: str
    path: str
    what: str


def open_store(config: Config) -> Store:
    """Return the store that the configuration names; its roots are made if they do not exist."""
    roots = [Root(_folder(config.storage_url))]
    if config.storage_copy_url:
        roots.append(Root(_folder(config.storage_copy_url)))
    for root in roots:
        with _told("prepare"):
            root.prepare()
    return Store(roots)


class Store:
    """Objects on a first root and its copies. Every method names an object by its id."""

    def __init__(self, roots: list[Root]) -> None:
        self.roots = roots

    @property
    def copies(self) -> int:
        """Return how many copies every object has."""
        return len(self.roots)

    def put(
        self,
        object_id: str,
        files: Sources,
        *,
        message: str,
        user: tuple[str, str | None],
        expected: Mapping[str, Mapping[str, str]] | None = None,
    ) -> StoredVersion:
        """Keep files as a new object, or as a new version of one, and return what is kept.

        The same files again change nothing and return the same version, so a repeated job is
        safe. `expected` may give digests ("sha256", "sha512") by logical path.

        :raises Conflict: if bytes are not what was expected; nothing is kept.
        :raises Unavailable: if the disk is full or fails; nothing is kept.
        """
        with _told(object_id):
            first = self.roots[0]
            staging = first.new_staging()
            try:
                kept = _stage(staging, files, expected or {})
                before = self._inventory_or_none(first, object_id)
                if before is None or _has_changed(before, kept):
                    self._add_version(staging, object_id, kept, before, message, user)
            finally:
                first.drop(staging)
            for root in self.roots[1:]:
                self._copy(first, root, object_id)
            return self.version(object_id)

    def version(self, object_id: str, version: str | None = None) -> StoredVersion:
        """Return an object's files at a version, the newest when none is named.

        :raises NotFound: if there is no such object or version.
        """
        folder = self._folder(object_id)
        inventory = self._inventory(self.roots[0], object_id)
        if version is not None and version not in inventory["versions"]:
            raise NotFound(f"object {object_id} has no version {version}")
        digest = (folder / "inventory.json.sha512").read_text().split()[0]
        short = ocfl.sha256_of(inventory)
        files = {}
        for path, sha512 in ocfl.state_of(inventory, version).items():
            where = inventory["manifest"][sha512][0]
            size = (folder / where).stat().st_size
            files[path] = StoredFile(path, size, sha512, short[where])
        return StoredVersion(object_id, version or inventory["head"], digest, files)

    def path_of(self, object_id: str, logical_path: str, version: str | None = None) -> Path:
        """Return where a file's bytes lie on disk now, for reading only.

        :raises NotFound: if there is no such object or file.
        """
        inventory = self._inventory(self.roots[0], object_id)
        sha512 = ocfl.state_of(inventory, version).get(logical_path)
        if sha512 is None:
            raise NotFound(f"object {object_id} has no file {logical_path!r}")
        return self._folder(object_id) / inventory["manifest"][sha512][0]

    def open(self, object_id: str, logical_path: str, version: str | None = None) -> BinaryIO:
        """Return a file of an object, open for reading.

        :raises NotFound: if there is no such object or file.
        """
        return self.path_of(object_id, logical_path, version).open("rb")

    def exists(self, object_id: str) -> bool:
        """Return whether the first root has the object."""
        return (self.roots[0].folder_of(object_id) / ocfl.OBJECT_NAMASTE).exists()

    def objects(self) -> Iterator[str]:
        """Yield the id of every object that can be read on the first root."""
        for folder in self.roots[0].objects():
            with contextlib.suppress(Invalid):
                yield disk.read_inventory(folder)["id"]

    def check(self, object_id: str, recorded: str | None = None) -> list[Problem]:
        """Return every difference between what was kept and what the disks have now.

        Reads every byte of every copy from disk. `recorded` is the inventory digest that the
        database remembers: a change of file and inventory together shows against it.
        """
        problems: list[Problem] = []
        for root in self.roots:
            problems.extend(_check_copy(root, object_id, recorded))
        return problems

    def repair(self, object_id: str, recorded: str) -> bool:
        """Restore damaged copies from a good one; return whether all copies are good now."""
        good = [r for r in self.roots if not _check_copy(r, object_id, recorded)]
        if not good:
            return False
        for root in self.roots:
            if root in good:
                continue
            if root.folder_of(object_id).exists():
                root.set_aside(object_id, "fixity")
            self._copy(good[0], root, object_id)
        return not self.check(object_id, recorded)

    def purge(self, object_id: str, *, decision: str) -> None:
        """Remove an object from every root, under a decision. Nothing else ever removes one.

        :raises Invalid: if no decision is named.
        """
        if not decision.strip():
            raise Invalid("an object is removed only under a decision; none was named")
        for root in self.roots:
            root.remove(object_id)

    def sweep(self, older_than_seconds: float = 7 * 86400) -> int:
        """Remove what killed writers left in staging, seven days old at least; return how many."""
        return sum(root.sweep_staging(older_than_seconds) for root in self.roots)

    def _add_version(
        self,
        staging: Path,
        object_id: str,
        kept: Mapping[str, StoredFile],
        before: dict[str, Any] | None,
        message: str,
        user: tuple[str, str | None],
    ) -> None:
        inventory = ocfl.next_inventory(
            before, object_id, kept, message=message, user=user, created=clock.now()
        )
        version, encoded = inventory["head"], ocfl.encode(inventory)
        whole = staging / "object"
        folder = whole / version
        (folder / "content").mkdir(parents=True)
        for paths in inventory["manifest"].values():
            for path in paths:
                if path.startswith(f"{version}/"):
                    (staging / "bytes" / path.rsplit("/", 1)[1]).rename(whole / path)
        if not any((folder / "content").iterdir()):
            (folder / "content").rmdir()
        places = [folder] if before is not None else [folder, whole]
        for place in places:
            disk.write_synced(place / "inventory.json", encoded)
            disk.write_synced(place / "inventory.json.sha512", ocfl.sidecar(encoded))
        if before is None:
            disk.write_synced(whole / ocfl.OBJECT_NAMASTE, b"ocfl_object_1.1\n")
            self.roots[0].place_new(whole, object_id)
        else:
            self.roots[0].place_version(folder, object_id, version)

    def _copy(self, source: Root, target: Root, object_id: str) -> None:
        """Make the target's copy equal to the source's, and read it back from its disk."""
        wanted = self._inventory(source, object_id)
        have = self._inventory_or_none(target, object_id)
        if have == wanted:
            return
        origin, staging = source.folder_of(object_id), target.new_staging()
        try:
            whole = staging / "object"
            start = 0 if have is None else int(have["head"][1:])
            versions = [f"v{n}" for n in range(start + 1, int(wanted["head"][1:]) + 1)]
            for path in _files_below(origin):
                top = path.relative_to(origin).parts[0]
                if have is None or top in versions:
                    _copy_file(path, whole / path.relative_to(origin))
            if have is None:
                target.place_new(whole, object_id)
            else:
                for version in versions:
                    target.place_version(whole / version, object_id, version)
        finally:
            target.drop(staging)
        bad = _check_copy(target, object_id, None)
        if bad:
            raise Unavailable(f"the copy of {object_id} could not be read back: {bad[0].what}")

    def _folder(self, object_id: str) -> Path:
        return self.roots[0].folder_of(object_id)

    def _inventory(self, root: Root, object_id: str) -> dict[str, Any]:
        found = self._inventory_or_none(root, object_id)
        if found is None:
            raise NotFound(f"there is no object {object_id!r} in the store")
        return found

    def _inventory_or_none(self, root: Root, object_id: str) -> dict[str, Any] | None:
        folder = root.folder_of(object_id)
        if not (folder / ocfl.OBJECT_NAMASTE).exists():
            return None
        try:
            return disk.read_inventory(folder)
        except Invalid:
            root.heal_sidecar(folder)
            return disk.read_inventory(folder)


def _stage(
    staging: Path, files: Sources, expected: Mapping[str, Mapping[str, str]]
) -> dict[str, StoredFile]:
    """Copy the files into staging, named by digest, and return them by logical path."""
    folder = staging / "bytes"
    folder.mkdir()
    kept: dict[str, StoredFile] = {}
    for number, (path, source) in enumerate(files):
        logical = _logical(path)
        if logical in kept:
            raise Invalid(f"two files have the name {logical!r}")
        draft = folder / f".{number}"
        size, sha512, sha256 = disk.copy_synced(source, draft)
        found = {"sha512": sha512, "sha256": sha256}
        for algorithm, digest in expected.get(path, {}).items():
            if found[algorithm] != digest.lower():
                raise Conflict(f"{path}: the bytes are not those that were checked ({algorithm})")
        draft.rename(folder / ocfl.content_path("v", sha512).rsplit("/", 1)[1])
        kept[logical] = StoredFile(logical, size, sha512, sha256)
    if not kept:
        raise Invalid("an object needs at least one file")
    return kept


def _logical(path: str) -> str:
    name = unicodedata.normalize("NFC", path)
    parts = name.split("/")
    if name.startswith("/") or "" in parts or "." in parts or ".." in parts or "\0" in name:
        raise Invalid(f"{path!r} cannot be the name of a file in an object")
    return name


def _has_changed(inventory: Mapping[str, Any], kept: Mapping[str, StoredFile]) -> bool:
    return ocfl.state_of(inventory) != {path: file.sha512 for path, file in kept.items()}


def _check_copy(root: Root, object_id: str, recorded: str | None) -> list[Problem]:
    folder, name = root.folder_of(object_id), str(root.path)
    if not folder.exists():
        return [Problem(name, "", "the object is missing")]
    try:
        inventory = disk.read_inventory(folder)
    except Invalid as error:
        return [Problem(name, "inventory.json", str(error))]
    found: list[Problem] = []
    sidecar = (folder / "inventory.json.sha512").read_text().split()[0]
    if recorded is not None and sidecar != recorded:
        found.append(Problem(name, "inventory.json", "the inventory is not the one recorded"))
    claimed = {p: digest for digest, paths in inventory["manifest"].items() for p in paths}
    for path, digest in claimed.items():
        found.extend(_check_file(name, folder, path, digest))
    own = {"inventory.json", "inventory.json.sha512", ocfl.OBJECT_NAMASTE}
    for file in _files_below(folder):
        path = file.relative_to(folder).as_posix()
        if path not in claimed and path not in own and path.rsplit("/", 1)[-1] not in own:
            found.append(Problem(name, path, "a file that was never kept lies here"))
    return found


def _check_file(copy: str, folder: Path, path: str, digest: str) -> list[Problem]:
    try:
        if disk.digest_from_disk(folder / path) == digest:
            return []
        return [Problem(copy, path, "the bytes have changed")]
    except FileNotFoundError:
        return [Problem(copy, path, "the file is missing")]
    except OSError as error:
        return [Problem(copy, path, f"the file cannot be read: {error.strerror}")]


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    disk.copy_synced(source, target)


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise ValueError(f"{url!r}: only file:// stores are built into this version")
    return Path(unquote(parts.path))


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn a failing disk into an error that says so; staging is dropped by its owner."""
    try:
        yield
    except (OSError, shutil.Error) as error:
        raise Unavailable(f"the store cannot write {what}: {error}") from error
