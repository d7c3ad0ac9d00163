"""Put, read, check, repair and purge objects on two roots.

`put` returns only when both copies are written, synced and read back. The first root is the
truth; a copy that lacks what it has is completed at the next `put`. Begin at `open_store`.
"""

from __future__ import annotations

import contextlib
import functools
import shutil
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from archive import clock
from archive.config import Config
from archive.errors import Conflict, Invalid, NotFound, Unavailable
from archive.storage import copies, disk, marks, ocfl, verify
from archive.storage.copies import Mended
from archive.storage.disk import Root, Writer
from archive.storage.ocfl import Inventory, StoredFile, StoredVersion
from archive.storage.verify import Fault, Problem

__all__ = ["Fault", "Mended", "Problem", "Store", "StoredFile", "StoredVersion", "open_store"]

Sources = Iterable[tuple[str, Path | bytes]]
AGED_SECONDS = 7 * 86400
_STRAYS = 10  # at most so many, or one in so many, can come from killed writers


def copy_urls(config: Config) -> list[str]:
    """Return the places of the copies as findings name them, the first copy first."""
    return [str(Root(_folder(url))) for url in (config.storage_url, config.storage_copy_url) if url]


def open_store(config: Config) -> Store:
    """Return the store that the configuration names; its roots are made when it is new.

    A root whose disk is away is left alone: the store is then read from the others, and every
    method that would write says why it does not.

    :raises Invalid: if a place cannot be a root of this store.
    :raises Unavailable: if a place cannot be written.
    """
    roots = examined(config)
    with _told("its roots"):
        marks.settle(roots)
    return Store(roots)


def examined(config: Config) -> list[Root]:
    """Return the roots that the configuration names, each with why it is away; writes nothing.

    :raises Invalid: if a place cannot be a root of this store.
    """
    urls = [url for url in (config.storage_url, config.storage_copy_url) if url]
    roots = [Root(_folder(url)) for url in urls]
    if len({root.path.resolve() for root in roots}) != len(roots):
        raise Invalid("the store and its copy are the same folder; name another for the copy")
    with _told("its roots"):
        marks.examine(roots)
    return roots


class Store:
    """Objects on a first root and its copies. Every method names an object by its id."""

    def __init__(self, roots: Sequence[Root]) -> None:
        self.roots = list(roots)

    @property
    def copies(self) -> int:
        """Return how many copies every object has."""
        return len(self.roots)

    @property
    def readable(self) -> list[Root]:
        """Return the roots that may be believed, the first copy first.

        :raises Unavailable: if every one is away.
        """
        there = [root for root in self.roots if not root.away]
        if not there:
            raise Unavailable("; ".join(root.away for root in self.roots))
        return there

    def demand(self) -> None:
        """Pass if every root is there to be written and compared, or raise Unavailable."""
        for root in self.roots:
            with _told(str(root)):
                root.demand()

    def put(
        self,
        object_id: str,
        files: Sources,
        *,
        message: str,
        user: tuple[str, str | None],
        expected: Mapping[str, Mapping[str, str]] | None = None,
        onto: str | None = None,
    ) -> StoredVersion:
        """Keep files as a new object, or as a new version of one, and return what is kept.

        The same files again change nothing and return the same version, so a repeated job is
        safe. `expected` may give digests ("sha256", "sha512") by logical path; `onto` is the
        version that the caller has read and adds to.

        :raises Invalid: if a name cannot be one; nothing is kept.
        :raises Conflict: if bytes or version are not as expected; nothing is kept.
        :raises Unavailable: if the disk is full or fails. Nothing is kept, or the object lies
            whole on the first root; the same call again completes it.
        """
        with self._writing(object_id), ExitStack() as stack:
            before = _settled(self.roots, object_id, onto)
            drafts = [stack.enter_context(root.draft()) for root in self.roots]
            kept = _stage(drafts, before, files, expected or {})
            if before is not None and _has_same(before, kept):
                copies.confirm(self.roots, object_id)
                return self.version(object_id)
            inventory = ocfl.next_inventory(
                before, object_id, kept, message=message, user=user, created=clock.now()
            )
            encoded = ocfl.encode(inventory)
            for draft in drafts:
                disk.seal_version(draft / inventory["head"], encoded)
                disk.seal(draft, encoded)
            with ThreadPoolExecutor(len(drafts)) as pool:
                list(pool.map(lambda draft: verify.read_back(draft, inventory), drafts))
            for root, draft in zip(self.roots, drafts, strict=True):
                root.place(draft, object_id, inventory["head"])
            return StoredVersion(object_id, inventory["head"], ocfl.digest_of(encoded), kept)

    def version(self, object_id: str, version: str | None = None) -> StoredVersion:
        """Return an object's files at a version, the newest when none is named.

        :raises NotFound: if there is no such object or version.
        """
        folder, inventory = self._read(object_id)
        state, short = _state(inventory, version), ocfl.sha256_of(inventory)
        files = {}
        for path, sha512 in state.items():
            where = inventory["manifest"][sha512][0]
            with _told(object_id):
                size = self._place(object_id, where).stat().st_size
            files[path] = StoredFile(path, size, sha512, short[where])
        digest = verify.digest_of_inventory(folder)
        return StoredVersion(object_id, version or inventory["head"], digest, files)

    def inventory(self, object_id: str) -> Inventory:
        """Return an object's OCFL inventory.

        :raises NotFound: if there is no such object.
        """
        return disk.read_inventory(self._read(object_id)[0])

    def path_of(self, object_id: str, logical_path: str, version: str | None = None) -> Path:
        """Return where a file's bytes lie on disk now, for reading only.

        :raises NotFound: if there is no such object, version or file.
        """
        inventory = self._read(object_id)[1]
        sha512 = _state(inventory, version).get(logical_path)
        if sha512 is None:
            raise NotFound(f"object {object_id} has no file {logical_path!r}")
        return self._place(object_id, inventory["manifest"][sha512][0])

    def open(self, object_id: str, logical_path: str, version: str | None = None) -> BinaryIO:
        """Return a file of an object, open for reading.

        :raises NotFound: if there is no such object, version or file.
        """
        path = self.path_of(object_id, logical_path, version)
        with _told(object_id):
            return path.open("rb")

    def read(self, object_id: str, logical_path: str, version: str | None = None) -> bytes:
        """Return a small file's bytes, from the first copy where they are what was kept.

        :raises NotFound: if there is no such object, version or file.
        :raises Unavailable: if they are damaged on every copy.
        """
        inventory = self._read(object_id)[1]
        sha512 = _state(inventory, version).get(logical_path)
        if sha512 is None:
            raise NotFound(f"object {object_id} has no file {logical_path!r}")
        for root in self.readable:
            place: Path = root.folder_of(object_id) / inventory["manifest"][sha512][0]
            if verify.is_good(place, sha512):
                return place.read_bytes()
        raise Unavailable(f"{object_id} {logical_path} is damaged on every copy")

    def exists(self, object_id: str) -> bool:
        """Return whether any root has the object.

        :raises Unavailable: if only a root that is away could have it.
        """
        is_here = any(root.folder_of(object_id).exists() for root in self.readable)
        if not is_here:
            self._demand_all_read()
        return is_here

    def objects(self) -> Iterator[str]:
        """Yield the id of every object that can be read on any root, each once."""
        seen: set[str] = set()
        for root in self.readable:
            for _, inventory in _readable(root):
                if inventory["id"] not in seen:
                    seen.add(inventory["id"])
                    yield inventory["id"]

    def check(self, object_id: str, recorded: str | None = None) -> list[Problem]:
        """Return every difference between what was kept and what the disks have now.

        Reads every byte of every copy from disk. `recorded` is the inventory digest that the
        database remembers: a change of file and inventory together shows against it. Waits
        for a living writer, and first finishes what a killed one left.
        """
        with self._writing(object_id):
            for root in self.roots:
                root.tidy(object_id)
            return copies.check(self.roots, object_id, recorded)

    def repair(self, object_id: str, recorded: str) -> Mended:
        """Restore damaged copies, file by file from where each is good; return what came of it.

        `recorded` decides which inventory is believed. What was damaged is kept aside for
        seven days.
        """
        with self._writing(object_id):
            return copies.repair(self.roots, object_id, recorded)

    def purge(self, object_id: str, *, decision: str) -> None:
        """Remove an object from every root, under a decision. Nothing else ever removes one.

        The first root goes last: killed before that, the object is still there, whole, and
        the same call again completes the removal.

        :raises Invalid: if no decision is named.
        """
        if not decision.strip():
            raise Invalid("an object is removed only under a decision; none was named")
        with self._writing(object_id):
            for root in reversed(self.roots):
                root.remove(object_id)

    def sweep(
        self, known_ids: Collection[str] | None = None, older_than_seconds: float = AGED_SECONDS
    ) -> list[str]:
        """Clear away what killed writers left, aged at least so long; return the objects moved.

        Staging is emptied. With `known_ids` (every object that the database knows) an object
        that is unknown and aged is moved aside, and removed as long again after that.

        :raises Conflict: if so many are unknown that rather the database must be wrong.
        """
        self.demand()
        for root in self.roots:
            with _told(str(root)):
                root.sweep(older_than_seconds)
        if known_ids is None:
            return []
        limit, seen, unknown = clock.now().timestamp() - older_than_seconds, set(), set()
        for root in self.roots:
            for folder, inventory in _readable(root):
                seen.add(inventory["id"])
                if inventory["id"] not in known_ids and folder.stat().st_mtime < limit:
                    unknown.add(inventory["id"])
        if len(unknown) > max(_STRAYS, len(seen) // _STRAYS):
            raise Conflict(
                f"the database does not know {len(unknown)} of {len(seen)} objects: it has been"
                " lost or emptied; rebuild it from the store, nothing was moved"
            )
        for object_id in sorted(unknown):
            with self._writing(object_id):
                for root in self.roots:
                    if root.folder_of(object_id).exists():
                        root.set_aside(object_id)
        return sorted(unknown)

    def _read(self, object_id: str) -> tuple[Path, Inventory]:
        """Return an object's folder and inventory from the first root where they can be read."""
        damaged: Invalid | None = None
        for root in self.readable:
            folder = root.folder_of(object_id)
            if not folder.exists():
                continue
            try:
                return folder, _kept_inventory(folder)
            except Invalid as error:
                damaged = error
        if damaged is not None:
            raise Unavailable(f"object {object_id} is damaged on every root") from damaged
        self._demand_all_read()
        raise NotFound(f"there is no object {object_id!r} in the store")

    def _demand_all_read(self) -> None:
        # What is on none of the others may lie on the root that is away.
        if away := [root.away for root in self.roots if root.away]:
            raise Unavailable("; ".join(away))

    def _place(self, object_id: str, content_path: str) -> Path:
        places = [root.folder_of(object_id) / content_path for root in self.readable]
        return next((place for place in places if place.is_file()), places[0])

    @contextlib.contextmanager
    def _writing(self, object_id: str) -> Iterator[None]:
        self.demand()
        with _told(object_id), self.roots[0].lock(object_id):
            yield


def _kept_inventory(folder: Path) -> Inventory:
    """Return an inventory for reading only, from memory while its file is the same.

    A record of ten thousand pages asks for it ten thousand times; parsing takes 20 ms.
    """
    try:
        file = (folder / "inventory.json").stat()
    except FileNotFoundError as error:
        raise Invalid(f"{folder.name}: no inventory") from error
    return _remembered(folder, file.st_ino, file.st_mtime_ns, file.st_size)


@functools.lru_cache(maxsize=16)
def _remembered(folder: Path, *_same: int) -> Inventory:
    return disk.read_inventory(folder)


def _stage(
    drafts: Sequence[Path],
    before: Inventory | None,
    files: Sources,
    expected: Mapping[str, Mapping[str, str]],
) -> dict[str, StoredFile]:
    """Write the files to every draft and return them by logical path."""
    kept: dict[str, StoredFile] = {}
    wanted = {ocfl.logical_path(path): digests for path, digests in expected.items()}
    folders = [draft / ocfl.version_after(before) / "content" for draft in drafts]
    with Writer(folders, before["manifest"] if before else ()) as writer:
        for path, source in files:
            logical = ocfl.logical_path(path)
            if logical in kept:
                raise Invalid(f"two files have the name {logical!r}")
            size, sha512, sha256 = writer.add(source)
            found = {"sha512": sha512, "sha256": sha256}
            for algorithm, digest in wanted.get(logical, {}).items():
                if found[algorithm] != digest.lower():
                    raise Conflict(f"{path}: not the bytes that were checked ({algorithm})")
            kept[logical] = StoredFile(logical, size, sha512, sha256)
        writer.settle()
    if not kept:
        raise Invalid("an object needs at least one file")
    ocfl.refuse_nested(kept)
    return kept


def _settled(roots: Sequence[Root], object_id: str, onto: str | None) -> Inventory | None:
    before = copies.settle(roots, object_id)
    if onto is not None and (before is None or before["head"] != onto):
        raise Conflict(f"{object_id} is not at {onto} any more: somebody else has added to it")
    return before


def _has_same(inventory: Inventory, kept: Mapping[str, StoredFile]) -> bool:
    return ocfl.state_of(inventory) == {path: file.sha512 for path, file in kept.items()}


def _state(inventory: Inventory, version: str | None) -> dict[str, str]:
    if version is not None and version not in inventory["versions"]:
        raise NotFound(f"object {inventory['id']} has no version {version}")
    return ocfl.state_of(inventory, version)


def _readable(root: Root) -> Iterator[tuple[Path, Inventory]]:
    for folder in root.objects():
        with contextlib.suppress(Invalid):
            yield folder, disk.read_inventory(folder)


def _folder(url: str) -> Path:
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise Invalid(f"{url!r}: only file:// stores are built into this version")
    return Path(unquote(parts.path))


@contextlib.contextmanager
def _told(what: str) -> Iterator[None]:
    """Turn a failing disk into an error that says so; drafts are dropped by their owners."""
    try:
        yield
    except (OSError, shutil.Error) as error:
        raise Unavailable(f"the store cannot reach or write {what}: {error}") from error
