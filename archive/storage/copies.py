"""Keep the copies of an object equal: settle, compare, and rebuild from what is good.

Called with the object's lock held, by `store` only. Begin at `settle`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.errors import Conflict, Invalid, Unavailable
from archive.storage import disk, ocfl, verify
from archive.storage.disk import Root, Writer
from archive.storage.ocfl import Inventory
from archive.storage.verify import Fault, Problem


def settle(roots: Sequence[Root], object_id: str) -> Inventory | None:
    """Return the inventory that every root has, after completing those that lag behind.

    :raises Unavailable: if a copy is damaged or the copies contradict each other.
    """
    held: list[Inventory | None] = []
    for root in roots:
        root.tidy(object_id)
        folder = root.folder_of(object_id)
        try:
            held.append(disk.read_inventory(folder) if folder.exists() else None)
        except Invalid as error:
            raise Unavailable(f"object {object_id} is damaged; repair it first") from error
    there = [inventory for inventory in held if inventory is not None]
    if not there:
        return None
    newest = max(there, key=lambda inventory: ocfl.number_of(inventory["head"]))
    if any(ocfl.inventory_at(newest, one["head"]) != one for one in there):
        raise Unavailable(f"the copies of object {object_id} differ; repair it first")
    for root, inventory in zip(roots, held, strict=True):
        if inventory != newest:
            try:
                _rebuild(roots, root, newest)
            except Conflict as error:
                raise Unavailable(str(error)) from error
    return newest


def confirm(roots: Sequence[Root], object_id: str) -> None:
    """Read every byte of every copy.

    :raises Unavailable: if one is not good.
    """
    found = check(roots, object_id, None)
    if found:
        raise Unavailable(f"object {object_id} is damaged; repair it first: {found[0].what}")


def check(roots: Sequence[Root], object_id: str, recorded: str | None) -> list[Problem]:
    """Return what is wrong with each copy; `recorded` is the inventory's digest, if known."""
    wanted = _accepted(roots, object_id, recorded) if recorded else None
    folders = [(str(root), root.folder_of(object_id)) for root in roots]
    found = [p for name, folder in folders for p in verify.check_copy(name, folder, wanted)]
    if not found and len({verify.digest_of_inventory(folder) for _, folder in folders}) > 1:
        found.append(Problem(folders[-1][0], "inventory.json", Fault.DIFFER))
    return found


@dataclass(slots=True)
class Mended:
    """What a repair did: whether all copies are good now, and which copy gave what to which.

    `sources` is by (damaged copy, path); `believed` is the copy whose inventory was taken for true.
    """

    is_whole: bool = False
    believed: str = ""
    sources: dict[tuple[str, str], str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.is_whole

    def source_of(self, problem: Problem) -> str | None:
        """Return from which copy the damaged part came back; None if it did not."""
        return self.sources.get((problem.copy, problem.path), self.believed) if self else None


def repair(roots: Sequence[Root], object_id: str, recorded: str) -> Mended:
    """Rebuild every damaged copy; return whether all copies are good now, and from where."""
    wanted = _accepted(roots, object_id, recorded)
    folders = [root.folder_of(object_id) for root in roots]
    faults = {
        str(root): verify.check_copy(str(root), folder, wanted)
        for root, folder in zip(roots, folders, strict=True)
    }
    mended, inventory = Mended(), None
    # A copy without faults is believed before one that only has a good inventory left.
    for root, folder in sorted(
        zip(roots, folders, strict=True), key=lambda p: -len(faults[str(p[0])])
    ):
        if (found := _inventory_if(folder, wanted)) is not None:
            mended.believed, inventory = str(root), found
    if inventory is None:
        return mended
    for root in roots:
        if faults[str(root)]:
            try:
                sources = _rebuild(roots, root, inventory)
            except Conflict:
                return mended
            for fault in faults[str(root)]:
                mended.sources[fault.copy, fault.path] = sources.get(fault.path, mended.believed)
    mended.is_whole = not check(roots, object_id, recorded)
    return mended


def _accepted(roots: Sequence[Root], object_id: str, recorded: str) -> str:
    """Return the digest that the inventory must have: the one recorded, or a newer one.

    Between a `put` and its row every copy has a version that the database does not know yet.
    It is accepted where all copies agree and the recorded version is among its own.
    """
    folders = [root.folder_of(object_id) for root in roots]
    digests = {_digest_or_none(folder) for folder in folders}
    newest = next(iter(digests))
    if len(digests) != 1 or newest is None or newest == recorded:
        return recorded
    earlier = {_digest_or_none(version) for version in folders[0].glob("v*")}
    return newest if recorded in earlier else recorded


def _digest_or_none(folder: Path) -> str | None:
    try:
        return verify.digest_of_inventory(folder)
    except OSError:
        return None


def _inventory_if(folder: Path, digest: str) -> Inventory | None:
    """Return the inventory in a folder if its bytes have the digest; a sidecar may be lost."""
    try:
        encoded = (folder / "inventory.json").read_bytes()
        return ocfl.parse(encoded) if ocfl.digest_of(encoded) == digest else None
    except (OSError, Invalid):
        return None


def _rebuild(roots: Sequence[Root], target: Root, inventory: Inventory) -> dict[str, str]:
    """Assemble a whole object from whichever root has each file, install it, and say from where."""
    object_id, sources = inventory["id"], dict[str, str]()
    with target.draft() as draft:
        for version in inventory["versions"]:
            with Writer([draft / version / "content"]) as writer:
                for digest, paths in inventory["manifest"].items():
                    for path in paths:
                        if path.startswith(f"{version}/"):
                            root, place = _good(roots, object_id, path, digest)
                            sources[path] = str(root)
                            writer.add(place)
                writer.settle()
            disk.seal_version(draft / version, ocfl.encode(ocfl.inventory_at(inventory, version)))
        disk.seal(draft, ocfl.encode(inventory))
        verify.read_back(draft, inventory)
        target.install(draft, object_id)
    return sources


def _good(roots: Sequence[Root], object_id: str, path: str, digest: str) -> tuple[Root, Path]:
    for root in roots:
        place = root.folder_of(object_id) / path
        if verify.is_good(place, digest):
            return root, place
    raise Conflict(f"no copy of {object_id} has good bytes of {path}")
