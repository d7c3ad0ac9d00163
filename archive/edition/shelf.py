"""The edition's files on disk: bytes that everyone may fetch, under names that say nothing.

Each published file lies once, at `<first two of its id>/<id>`. A row without bytes is a broken
page, bytes without a row are unreachable and swept. Begin at `place` and `remove`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import db, syncing
from archive.edition.models import PublicFile


def folder() -> Path:
    """Return the folder of the edition's files, as the settings in force have it."""
    return db.settings().public_dir / "files"


def place(source: Path, file_id: str) -> str:
    """Copy a file in under its id and return its path there; done before the row is written."""
    path = f"{file_id[:2]}/{file_id}"
    target = folder() / path
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    shutil.copyfile(source, part)
    part.rename(target)
    syncing.files([target])
    return path


def locate(path: str) -> Path | None:
    """Return where a published file lies, or None if it is gone or would lie elsewhere."""
    root = folder().resolve()
    found = (root / path).resolve()
    return found if found.is_relative_to(root) and found.is_file() else None


def remove(paths: Iterable[str]) -> None:
    """Take files off the shelf; those already gone are no error."""
    for path in paths:
        found = locate(path)
        if found is not None:
            found.unlink(missing_ok=True)


def sweep(session: Session) -> int:
    """Remove bytes that no row names, left by a process that died; return how many.

    Only for who has the drains alone: what a publication has placed has no row yet.
    """
    named = set(session.scalars(select(PublicFile.path)))
    root = folder()
    orphans = [
        str(each.relative_to(root))
        for each in root.glob("??/*")
        if str(each.relative_to(root)) not in named
    ]
    remove(orphans)
    return len(orphans)
