"""Back up a living archive to a folder, and restore it into an empty one.

Databases first, store second: the store only grows, so every row in the copy has its file. Works
for the embedded databases; a server's own tools back up a server. Begin at `back_up`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url

from archive import clock, db
from archive.audit import queries as audits
from archive.config import Config
from archive.errors import Conflict, Invalid, Unavailable
from archive.keeping import journal
from archive.storage.store import open_store

log = logging.getLogger(__name__)

MANIFEST = "backup.json"
_FOLDERS = ("store", "files", "derivatives", "quarantine", "releases")


@contextmanager
def _to_ourselves() -> Iterator[None]:
    """Let nobody but the archive's own user read what is written inside: it holds secrets."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@_to_ourselves()
def back_up(config: Config, target: Path) -> dict[str, Any]:
    """Write a whole backup below a new folder and return its manifest.

    :raises Conflict: if the folder is not empty.
    :raises Invalid: if a database is not embedded.
    :raises Unavailable: if no disk of the store is there to be copied.
    """
    databases = _databases(config)
    folders = {**_folders(config), "store": open_store(config).readable[0].path}
    if target.exists() and any(target.iterdir()):
        raise Conflict(f"{target} is not empty; a backup is written to a new folder")
    target.mkdir(parents=True, exist_ok=True, mode=0o700)  # it holds secret records and keys
    _settle(config)
    with db.archive.reading() as session:
        head = audits.head(session)
    for name, path in databases.items():
        with closing(sqlite3.connect(path)) as source:
            source.execute("VACUUM INTO ?", (str(target / f"{name}.db"),))
    for name, folder in folders.items():
        if folder.is_dir():
            shutil.copytree(folder, target / name, symlinks=False)
    _copy_key(config.data_dir, target)
    manifest = {
        "schema": "stadsarkiv-backup/1",
        "at": clock.now().isoformat(),
        "audit_head": {"seq": head.seq, "digest": head.digest},
        "files": {str(p.relative_to(target)): _digest(p) for p in _files(target)},
    }
    (target / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), "utf-8")
    return manifest


@_to_ourselves()
def restore(config: Config, source: Path) -> dict[str, Any]:
    """Put a backup back into an empty data folder, every byte compared first; return its manifest.

    :raises Invalid: if the backup is incomplete or changed; nothing is restored.
    :raises Conflict: if the archive to restore into is not empty.
    """
    manifest = _checked(source)
    places = _databases(config)
    if any(path.exists() for path in places.values()):
        raise Conflict(f"{config.data_dir} holds an archive; a backup is restored into a new one")
    for name, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / f"{name}.db", path)
    for name, folder in _folders(config).items():
        if (source / name).is_dir():
            shutil.copytree(source / name, folder, dirs_exist_ok=True)
    second = _path_of(config.storage_copy_url)
    if second is not None:
        shutil.copytree(source / "store", second, dirs_exist_ok=True)
    _copy_key(source, config.data_dir)
    return manifest


def _settle(config: Config) -> None:
    """Let the store have every change first, so that the copy of it alone gives back all of them.

    A store that cannot be written now is no reason for having no backup: the changes wait in
    the database, which is in it too.
    """
    try:
        journal.write_all(open_store(config))
    except Unavailable as error:
        log.warning("the journal could not be written before the backup: %s", error)


def _checked(source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid(f"{source} is no backup: {error}") from error
    wrong = [
        name
        for name, digest in manifest["files"].items()
        if not (source / name).is_file() or _digest(source / name) != digest
    ]
    if wrong:
        shown = ", ".join(sorted(wrong)[:10])
        raise Invalid(f"{len(wrong)} files of the backup are missing or changed: {shown}")
    return manifest


def _copy_key(source: Path, target: Path) -> None:
    """Copy the installation's own key, unless it was given by a setting and is on no disk."""
    if (source / "secret.key").exists():
        shutil.copyfile(source / "secret.key", target / "secret.key")
        (target / "secret.key").chmod(0o600)


def _databases(config: Config) -> dict[str, Path]:
    urls = {
        "archive": config.database_url,
        "edition": config.edition_url,
        "counter": config.counter_url,
    }
    found = {}
    for name, text in urls.items():
        url = make_url(text)
        if url.get_backend_name() != "sqlite" or not url.database:
            raise Invalid(
                f"the {name} database is on a server, which this command neither backs up nor"
                " restores, and nothing was written; run pg_dump for each database first and copy"
                " the store after it, as docs/operator.md says under PostgreSQL"
            )
        found[name] = Path(url.database)
    return found


def _folders(config: Config) -> dict[str, Path]:
    store = _path_of(config.storage_url)
    if store is None:
        raise Invalid("only a store on disk is backed up here")
    places = (
        store,
        config.public_dir / "files",
        config.data_dir / "derivatives",
        config.quarantine,
        config.data_dir / "counter" / "releases",
    )
    return dict(zip(_FOLDERS, places, strict=True))


def _path_of(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(parts.path) if parts.scheme == "file" else None


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
