"""A store on two roots in a temporary folder, and an independent OCFL validator."""

from __future__ import annotations

from pathlib import Path

import pytest
from ocfl.storage_root import StorageRoot
from ocfl.validator import Validator

from archive.storage.disk import Root
from archive.storage.store import Store, StoredVersion

ID = "urn:stadsarkiv:protokoll-1885"
FILES = [("content/sid 1.txt", b"Stadsfullmaktige 1885"), ("metadata/records.json", b"{}")]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Return an empty store with one copy."""
    return open_at(tmp_path)


def open_at(folder: Path) -> Store:
    """Open the store that lies in a folder, as a new process would."""
    roots = [Root(folder / "store"), Root(folder / "copy")]
    for root in roots:
        root.prepare()
    return Store(roots)


def put(store: Store, files: list[tuple[str, bytes]] | None = None) -> StoredVersion:
    """Put the minutes of 1885, or other files under the same id."""
    return store.put(
        ID, files or FILES, message="accession", user=("stadsarkiv", None), expected=None
    )


def complaints(store: Store) -> list[str]:
    """Return what an independent OCFL validator says of both roots, warnings included."""
    found = []
    for root in store.roots:
        whole = StorageRoot(str(root.path))
        if not whole.validate(log_warnings=True, log_errors=False):
            found.append(f"{root}: {whole.log.messages} {whole.errors}")
        for folder in root.objects():
            one = Validator(log_warnings=True, log_errors=False)
            one.validate_object(str(folder))
            found.extend(f"{root}: {message}" for message in one.log.messages)
    return found
