"""The folder of an index: which build is in use, switching to a new one, putting a broken one away.

`CURRENT` names the build in use and is replaced in one step, so readers see the old index or
the new one. An index is a cache: nothing here is a record, everything may be made anew. This
is the one file of the room that removes or replaces files. Begin at `current`.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from archive.search import schema

CURRENT, STAMP = "CURRENT", "stamp.json"


def current(folder: Path) -> Path | None:
    """Return the folder of the build in use, or None where there is none."""
    name = _named(folder)
    while name is not None and not (folder / name).is_dir():
        # The writer may have switched, and removed the old build, since the name was read.
        now = _named(folder)
        if now == name:
            return None
        name = now
    return folder / name if name is not None else None


def state(folder: Path) -> tuple[str, ...]:
    """Return what changes whenever a writer commits or switches: the build and its contents lists.

    The same state before and after a failure means that no writer was the cause.
    """
    build = current(folder)
    if build is None:
        return ()
    try:
        return (build.name, *sorted(path.name for path in build.glob("*.toc")))
    except FileNotFoundError:
        return (build.name,)


def begin(folder: Path) -> Path:
    """Make and return an empty folder for a new build, which nobody reads yet."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    numbers = [_number(path) for path in folder.iterdir() if path.is_dir()]
    build = folder / f"build-{max(numbers, default=0) + 1:06d}"
    build.mkdir(mode=0o700)
    (build / STAMP).write_text(json.dumps(schema.stamp()), encoding="utf-8")
    return build


def switch(folder: Path, build: Path) -> None:
    """Let every reader use `build` from now on, and remove the builds before it."""
    beside = folder / f"{CURRENT}.new"
    beside.write_text(build.name, encoding="utf-8")
    beside.replace(folder / CURRENT)
    for old in folder.glob("build-*"):
        if old != build:
            shutil.rmtree(old, ignore_errors=True)


def quarantine(folder: Path, build: Path) -> Path | None:
    """Put a broken build aside under another name, for a person to look at; keep only the last.

    Returns where it went, or None where this process may not write (the public side).
    """
    aside = folder / build.name.replace("build-", "broken-")
    for old in folder.glob("broken-*"):
        shutil.rmtree(old, ignore_errors=True)
    try:
        build.replace(aside)
    except OSError:
        return None
    return aside


def stamp_of(build: Path) -> dict[str, object]:
    """Return what the build was made with; empty where that cannot be read."""
    try:
        found = json.loads((build / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _named(folder: Path) -> str | None:
    try:
        name = (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return None
    return name if name.startswith("build-") and "/" not in name else None


def _number(path: Path) -> int:
    tail = path.name.rpartition("-")[2]
    return int(tail) if tail.isdecimal() else 0
