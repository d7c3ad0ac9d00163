"""OCFL 1.1 as pure functions: where an object lies, and its inventory. Touches no disk.

Source: OCFL 1.1 specification; extension 0004-hashed-n-tuple-storage-layout.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ROOT_NAMASTE = "0=ocfl_1.1"
OBJECT_NAMASTE = "0=ocfl_object_1.1"
LAYOUT = {
    "extension": "0004-hashed-n-tuple-storage-layout",
    "description": "SHA-256 of the object id, three tuples of three characters",
}
LAYOUT_CONFIG = {
    "extensionName": "0004-hashed-n-tuple-storage-layout",
    "digestAlgorithm": "sha256",
    "tupleSize": 3,
    "numberOfTuples": 3,
    "shortObjectRoot": False,
}


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
    name = hashlib.sha256(object_id.encode()).hexdigest()
    return f"{name[:3]}/{name[3:6]}/{name[6:9]}/{name}"


def content_path(version: str, sha512: str) -> str:
    """Return where bytes lie in an object: by digest, for names may tell what is secret."""
    return f"{version}/content/{sha512[:40]}"


def next_inventory(
    before: Mapping[str, Any] | None,
    object_id: str,
    files: Mapping[str, StoredFile],
    *,
    message: str,
    user: tuple[str, str | None],
    created: datetime,
) -> dict[str, Any]:
    """Return the inventory of the next version; bytes that exist already are not named anew."""
    number = 1 if before is None else int(before["head"][1:]) + 1
    version = f"v{number}"
    manifest = {} if before is None else {k: list(v) for k, v in before["manifest"].items()}
    fixity = {} if before is None else dict(before["fixity"]["sha256"])
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


def encode(inventory: Mapping[str, Any]) -> bytes:
    """Return the bytes of an inventory, always the same for the same inventory."""
    return json.dumps(inventory, indent=1, sort_keys=True, ensure_ascii=False).encode()


def sidecar(encoded: bytes) -> bytes:
    """Return the contents of inventory.json.sha512."""
    return f"{hashlib.sha512(encoded).hexdigest()} inventory.json\n".encode()


def state_of(inventory: Mapping[str, Any], version: str | None = None) -> dict[str, str]:
    """Return logical path -> digest of a version, the newest when none is named."""
    state = inventory["versions"][version or inventory["head"]]["state"]
    return {path: digest for digest, paths in state.items() for path in paths}


def sha256_of(inventory: Mapping[str, Any]) -> dict[str, str]:
    """Return content path -> SHA-256, from the fixity block."""
    return {
        path: digest for digest, paths in inventory["fixity"]["sha256"].items() for path in paths
    }
