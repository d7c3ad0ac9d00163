"""Take in what other systems lay in a folder: `<WATCH_DIR>/<UNIT>/delivery.zip`, or a folder.

What has been still between two looks, or has `NAME.ready` or `NAME.klar` beside it, is copied to
quarantine by the one way (`receive`) and moved to `.taken/`; what cannot be taken is moved to
`.refused/`, with a text that says why. Links and devices are never followed. Begin at `watch_step`.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts.models import OrgUnit
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.errors import ArchiveError, Conflict, Invalid, Unavailable
from archive.jobs.worker import Running
from ingest import receive
from ingest.models import Watched

log = logging.getLogger(__name__)

LOOKS = timedelta(minutes=1)
STILL = timedelta(minutes=2)
TAKEN, REFUSED = ".taken", ".refused"
_READY = (".ready", ".klar")
_UNFINISHED = (".part", ".partial", ".tmp", ".filepart", ".crdownload")


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing in a unit's folder; its state is a digest of every name, size and time in it."""

    path: Path
    unit: str
    state: str
    ready: Path | None

    @property
    def key(self) -> str:
        """Return the name under which it is remembered until the next look."""
        return _plain(f"{self.unit}/{self.path.name}")


def watch_step(config: Config, running: Running) -> None:
    """Look once: take what is ready or still, refuse what cannot be taken, remember the rest."""
    if config.watch_dir is None:
        return
    root = config.watch_dir
    if root.is_symlink() or not root.is_dir():
        raise Unavailable(f"there is no folder {root} to watch")
    seen = list(_look(root))
    due = _remember(seen)
    for count, each in enumerate(due):
        running.progress(count, len(due), each.key)
        _take(config, each)
    with db.archive.transaction() as session:
        running.finish(session)


def _look(root: Path) -> Iterator[Seen]:
    for path in sorted(root.iterdir()):
        if path.is_symlink() or not path.is_dir():
            yield from _seen(path, "", set())  # in no unit's folder: it will be refused
        elif not path.name.startswith("."):
            names = {each.name for each in path.iterdir()}
            for name in sorted(names):
                yield from _seen(path / name, path.name, names)


def _seen(path: Path, unit: str, names: set[str]) -> Iterator[Seen]:
    if path.name.startswith(".") or path.suffix.lower() in (*_READY, *_UNFINISHED):
        return
    state = _state(path)
    if state is not None:
        ready = next((path.name + end for end in _READY if path.name + end in names), None)
        yield Seen(path, unit, state, path.with_name(ready) if ready else None)


def _state(path: Path) -> str | None:
    """Return what changes while somebody still writes; None for what has gone meanwhile."""
    whole = hashlib.sha256()
    try:
        for each in (path, *_below(path)):
            at = each.lstat()
            name = each.relative_to(path.parent).as_posix()
            whole.update(
                f"{name}\0{at.st_mode}\0{at.st_size}\0{at.st_mtime_ns}\n".encode(
                    "utf-8", "surrogateescape"
                )
            )
    except FileNotFoundError:
        return None
    return whole.hexdigest()


def _below(path: Path) -> Iterator[Path]:
    """Yield everything in a folder, in order of its names; nothing for a file or a link."""
    for folder, folders, files in os.walk(path, followlinks=False):
        folders.sort()
        yield from (Path(folder, name) for name in sorted([*folders, *files]))


def _remember(seen: list[Seen]) -> list[Seen]:
    """Note what is there now, and return what may be taken."""
    now, due = clock.now(), []
    with db.archive.transaction() as session:
        known = {row.key: row for row in session.scalars(select(Watched))}
        for each in seen:
            row = known.pop(each.key, None)
            if row is None:
                row = Watched(key=each.key, state=each.state, since=now)
                session.add(row)
            elif row.state != each.state:
                row.state, row.since = each.state, now
            if each.ready is not None or row.since <= now - STILL:
                due.append(each)
        for gone in known.values():
            session.delete(gone)
    return due


def _take(config: Config, each: Seen) -> None:
    try:
        unit_id = _demand(each)
        receive.receive(
            each.path,
            each.path.name,
            receive.Declared(unit_id=unit_id),
            quarantine=config.quarantine,
            actor=SYSTEM,
            is_still=lambda: _state(each.path) == each.state,
        )
    except Unavailable:
        raise  # the disk: everything stays where it lies, and the job is tried again
    except Conflict:
        log.info("%s is being written to; it is left for the next look", each.key)
        return
    except (ArchiveError, OSError) as error:
        _refuse(config, each, _why(error))
        return
    _put_away(config, each, TAKEN)


def _demand(each: Seen) -> int:
    """Return the unit's id.

    :raises Invalid: if there is no such unit, or the thing is or holds a link or a device.
    """
    if not each.unit:
        raise Invalid("it lies in no unit's folder; put it in one that is named by the unit's code")
    with db.archive.reading() as session:
        unit = _unit(session, each.unit)
    if unit is None:
        raise Invalid(f"there is no unit {each.unit}; the folder is named by the unit's code")
    for path in (each.path, *_below(each.path)):
        kind = path.lstat().st_mode
        if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
            name = path.relative_to(each.path.parent)
            raise Invalid(f"{name} is a link or a device; only files and folders are taken in")
        if _plain(path.name) != path.name:
            raise Invalid(f"{_plain(path.name)} is no name in UTF-8")
    return unit


def _unit(session: Session, code: str) -> int | None:
    return session.scalars(select(OrgUnit.id).where(OrgUnit.code == code)).first()


def _why(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"it cannot be read: {error.strerror}"
    return str(error)


def _plain(name: str) -> str:
    """Return a name as text: bytes of it that are not UTF-8 are written out."""
    return name.encode("utf-8", "backslashreplace").decode()


def _refuse(config: Config, each: Seen, why: str) -> None:
    place = _put_away(config, each, REFUSED)
    note = place.with_name(place.name + ".txt")
    said = f"{each.key} was not taken in, {clock.now().astimezone(clock.STOCKHOLM):%Y-%m-%d %H:%M}"
    note.write_text(f"{said}:\n{_plain(why)}\n", "utf-8")
    with db.archive.transaction() as session:
        audit.record(session, "watch.refuse", "watch:folder", actor=SYSTEM, note=_plain(why)[:500])


def _put_away(config: Config, each: Seen, where: str) -> Path:
    """Move the thing aside under its unit, and take its ready file away; return where it lies.

    :raises Unavailable: if that cannot be done; the next look does it.
    """
    assert config.watch_dir is not None
    folder = config.watch_dir / where / each.unit
    try:
        folder.mkdir(parents=True, exist_ok=True)
        place = _free(folder, each.path.name)
        shutil.move(each.path, place)  # a link is moved as a link; also to another disk
        if each.ready is not None:
            each.ready.unlink()
    except OSError as error:
        raise Unavailable(f"{each.key} could not be moved to {where}: {error.strerror}") from error
    return place


def _free(folder: Path, name: str) -> Path:
    """Return a place where nothing lies; a second delivery of one name gets its moment too."""
    if not os.path.lexists(folder / name):
        return folder / name
    return folder / f"{clock.now():%Y%m%dT%H%M%S%f}-{name}"
