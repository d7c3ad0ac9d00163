"""OCFL 1.1 as pure functions: where an object lies, and its inventory. Touches no disk.

Source: OCFL 1.1 specification; extension 0003-hash-and-id-n-tuple-storage-layout.
"""

from __future__ import annotations

import hashlib
import json
import string
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive.errors import Invalid

Inventory = dict[str, Any]

ROOT_NAMASTE = "0=ocfl_1.1"
OBJECT_NAMASTE = "0=ocfl_object_1.1"
LAYOUT = {
    "extension": "0003-hash-and-id-n-tuple-storage-layout",
    "description": "SHA-256 of the object id in three tuples, then the id itself",
}
LAYOUT_CONFIG = {
    "extensionName": "0003-hash-and-id-n-tuple-storage-layout",
    "digestAlgorithm": "sha256",
    "tupleSize": 3,
    "numberOfTuples": 3,
}

_PLAIN = frozenset(string.ascii_letters + string.digits + "-_")
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as kept: its logical path, size and digests (lower-case hex)."""

    path: str
    size_bytes: int
    sha512: str
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """An object at a version: the digest of its inventory, and its files by logical path."""

    object_id: str
    version: str
    digest: str
    files: Mapping[str, StoredFile]


def place_of(object_id: str) -> str:
    """Return the object's folder, relative to the storage root."""
    digest = hashlib.sha256(object_id.encode()).hexdigest()
    plain = "".join(c if c in _PLAIN else _escaped(c) for c in object_id)
    name = plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}-{digest}"
    return f"{digest[:3]}/{digest[3:6]}/{digest[6:9]}/{name}"


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02x}" for byte in character.encode())


def content_path(version: str, sha512: str) -> str:
    """Return where bytes lie in an object: by digest, for names may tell what is secret."""
    return f"{version}/content/{content_name(sha512)}"


def content_name(sha512: str) -> str:
    """Return the name that bytes have in their version's content folder."""
    return sha512[:40]


def logical_path(path: str) -> str:
    """Return the name of a file in an object: NFC, relative, "/"-separated.

    :raises Invalid: if the name climbs, is absolute, has an empty part, NUL or a lone surrogate.
    """
    name = unicodedata.normalize("NFC", path)
    parts = name.split("/")
    strange = any(c == "\0" or "\ud800" <= c <= "\udfff" for c in name)
    if strange or any(part in {"", ".", ".."} for part in parts):
        raise Invalid(f"{path!r} cannot be the name of a file in an object")
    return name


def refuse_nested(paths: Iterable[str]) -> None:
    """Refuse a set of names in which one is both a file and a folder; OCFL 1.1 forbids it.

    :raises Invalid: and names the first such pair.
    """
    names = set(paths)
    for name in sorted(names):
        parts = name.split("/")
        for n in range(1, len(parts)):
            if (above := "/".join(parts[:n])) in names:
                raise Invalid(f"{above!r} is a file and cannot also hold {name!r}")


def number_of(version: str) -> int:
    """Return 3 for "v3"."""
    return int(version[1:])


def version_after(before: Mapping[str, Any] | None) -> str:
    """Return the name of the version that comes after an inventory's head."""
    return "v1" if before is None else f"v{number_of(before['head']) + 1}"


def next_inventory(
    before: Mapping[str, Any] | None,
    object_id: str,
    files: Mapping[str, StoredFile],
    *,
    message: str,
    user: tuple[str, str | None],
    created: datetime,
) -> Inventory:
    """Return the inventory of the next version; bytes that exist already are not named anew."""
    version = version_after(before)
    manifest = {} if before is None else {k: list(v) for k, v in before["manifest"].items()}
    fixity = {} if before is None else {k: list(v) for k, v in before["fixity"]["sha256"].items()}
    state: dict[str, list[str]] = {}
    for path, file in sorted(files.items()):
        if file.sha512 not in manifest:
            where = content_path(version, file.sha512)
            manifest[file.sha512] = [where]
            fixity.setdefault(file.sha256, []).append(where)
        state.setdefault(file.sha512, []).append(path)
    versions = {} if before is None else dict(before["versions"])
    name, address = user
    versions[version] = {
        "created": created.isoformat(timespec="seconds"),
        "message": message,
        "state": state,
        "user": {"name": name, "address": address or "urn:stadsarkiv:system"},
    }
    return {
        "id": object_id,
        "type": "https://ocfl.io/1.1/spec/#inventory",
        "digestAlgorithm": "sha512",
        "head": version,
        "contentDirectory": "content",
        "manifest": manifest,
        "fixity": {"sha256": fixity},
        "versions": versions,
    }


def inventory_at(inventory: Mapping[str, Any], version: str) -> Inventory:
    """Return the inventory as it was at an earlier version: history only grows."""
    last = number_of(version)

    def known(paths: Mapping[str, list[str]]) -> dict[str, list[str]]:
        kept = {
            digest: [p for p in places if number_of(p.split("/", 1)[0]) <= last]
            for digest, places in paths.items()
        }
        return {digest: places for digest, places in kept.items() if places}

    return {
        **inventory,
        "head": version,
        "manifest": known(inventory["manifest"]),
        "fixity": {"sha256": known(inventory["fixity"]["sha256"])},
        "versions": {v: f for v, f in inventory["versions"].items() if number_of(v) <= last},
    }


def encode(inventory: Mapping[str, Any]) -> bytes:
    """Return the bytes of an inventory, always the same for the same inventory."""
    return json.dumps(inventory, indent=1, sort_keys=True, ensure_ascii=False).encode()


def parse(encoded: bytes) -> Inventory:
    """Return an inventory of this store from its bytes.

    :raises Invalid: if it is no JSON, lacks a part, or names bytes outside its own folders.
    """
    try:
        inventory: Inventory = json.loads(encoded)
        _require_whole(inventory)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid(f"the inventory cannot be understood: {error!r}") from error
    return inventory


def _require_whole(inventory: Inventory) -> None:
    last, manifest = number_of(inventory["head"]), inventory["manifest"]
    if sorted(inventory["versions"], key=number_of) != [f"v{n + 1}" for n in range(last)]:
        raise ValueError("its versions are not one unbroken row")
    places = [path for paths in manifest.values() for path in paths]
    for path in places:
        version, folder, name = path.split("/")
        if version not in inventory["versions"] or folder != "content" or name in {"", ".", ".."}:
            raise ValueError(f"it names {path!r}")
    if sorted(places) != sorted(sha256_of(inventory)):
        raise ValueError("its fixity block does not cover its files")
    for form in inventory["versions"].values():
        if not manifest.keys() >= form["state"].keys():
            raise ValueError("a version holds bytes that the manifest lacks")


def sidecar(encoded: bytes) -> bytes:
    """Return the contents of inventory.json.sha512."""
    return f"{digest_of(encoded)} inventory.json\n".encode()


def digest_of(encoded: bytes) -> str:
    """Return the SHA-512 of an inventory's bytes, by which the database remembers it."""
    return hashlib.sha512(encoded).hexdigest()


def state_of(inventory: Mapping[str, Any], version: str | None = None) -> dict[str, str]:
    """Return logical path -> digest of a version, the newest when none is named."""
    state = inventory["versions"][version or inventory["head"]]["state"]
    return {path: digest for digest, paths in state.items() for path in paths}


def sha256_of(inventory: Mapping[str, Any]) -> dict[str, str]:
    """Return content path -> SHA-256, from the fixity block."""
    return {
        path: digest for digest, paths in inventory["fixity"]["sha256"].items() for path in paths
    }
