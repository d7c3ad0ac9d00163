"""Faults at the calls by which a process changes a disk: counted, refused, or the last it makes.

The calls are wrapped in the process that asks for it, a child that ends soon, and only where they
touch one folder: `os` itself, files opened by Python, and the commits of SQLite. What C libraries
and child processes write is not seen. Begin at `Faults.install`.
"""

from __future__ import annotations

import builtins
import errno
import io
import os
import shutil
import signal
import sqlite3
import threading
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect


class Kind(StrEnum):
    """What happens at the chosen call."""

    NONE = "none"
    ENOSPC = "enospc"  # this call finds the disk full, the next finds room
    FULL = "full"  # from this call on the disk is full
    EIO = "eio"
    KILL = "kill"  # the process is killed instead of the call
    POWER = "power"  # so too, and the disk has nothing of a file that was not synced


_BY_PATH = ("rename", "replace", "link", "mkdir", "unlink", "remove", "rmdir")
_ENOUGH = {Kind.ENOSPC: errno.ENOSPC, Kind.FULL: errno.ENOSPC, Kind.EIO: errno.EIO}


class Faults:
    """Counts the calls below `folder`; at number `at` the fault happens. `seen` names them."""

    def __init__(self, folder: Path, kind: Kind = Kind.NONE, at: int = -1) -> None:
        self.folder, self.kind, self.at = str(folder.resolve()), kind, at
        self.seen: list[str] = []
        self._unsynced: set[str] = set()
        self._lock = threading.Lock()
        self._fsync = os.fsync

    def install(self) -> None:
        """Wrap the calls in this process, for the rest of its life."""
        for name in _BY_PATH:
            setattr(os, name, self._by_path(name, getattr(os, name)))
        for name in ("fsync", "fdatasync"):
            setattr(os, name, self._sync(name, getattr(os, name)))
        os.write = self._write(os.write)
        os.open = self._open(os.open)
        opened = self._file(io.open)
        io.open = builtins.open = opened  # type: ignore[assignment]
        shutil._USE_CP_SENDFILE = False  # type: ignore[attr-defined]
        DefaultDialect.do_commit = self._commit(DefaultDialect.do_commit)  # type: ignore[method-assign]

    def happens(self, name: str, *, only_kill: bool = False) -> None:
        """Count one call; be its fault if it is the one."""
        with self._lock:
            number = len(self.seen)
            self.seen.append(name)
        is_hit = number == self.at or (self.kind is Kind.FULL and number > self.at >= 0)
        if not is_hit or self.kind is Kind.NONE:
            return
        if self.kind in {Kind.KILL, Kind.POWER}:
            self._die()
        if only_kill or (self.kind is Kind.FULL and name.split()[0] in {"unlink", "rmdir"}):
            return  # a full disk has room for a removal
        number = _ENOUGH[self.kind]
        if name == "commit":
            says = "disk I/O error" if number == errno.EIO else "database or disk is full"
            raise sqlite3.OperationalError(says)
        raise OSError(number, os.strerror(number))

    def _die(self) -> None:
        if self.kind is Kind.POWER:
            for path in self._unsynced:
                if Path(path).is_file() and not path.endswith((".db", "-wal", "-shm", ".lock")):
                    Path(path).chmod(0o600)
                    os.truncate(path, 0)
        os.kill(os.getpid(), signal.SIGKILL)

    def _is_ours(self, path: Any, at: int | None = None) -> bool:
        if at is not None:
            path = f"{_path_of(at)}/{os.fsdecode(path)}"
        return os.path.abspath(os.fsdecode(path)).startswith(self.folder)

    def _by_path(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(path: Any, *args: Any, **named: Any) -> Any:
            at = named.get("dir_fd") or named.get("src_dir_fd")
            if self._is_ours(path, at) and not (name == "mkdir" and Path(path).is_dir()):
                self.happens(f"{name} {self._short(path)}")
                if name in {"rename", "replace"}:
                    self._moved(os.fsdecode(path), os.fsdecode(args[0]))
            return call(path, *args, **named)

        return wrapped

    def _moved(self, old: str, new: str) -> None:
        old, new = os.path.abspath(old), os.path.abspath(new)
        with self._lock:
            moved = {p for p in self._unsynced if p == old or p.startswith(f"{old}/")}
            self._unsynced -= moved
            self._unsynced |= {new + p[len(old) :] for p in moved}

    def _sync(self, name: str, call: Callable[[int], None]) -> Callable[[Any], None]:
        def wrapped(handle: Any) -> None:
            number = handle if isinstance(handle, int) else handle.fileno()
            path = _path_of(number)
            if self._is_ours(path):
                self.happens(f"{name} {self._short(path)}")
            call(handle)
            with self._lock:
                self._unsynced.discard(path)

        return wrapped

    def _write(self, call: Callable[[int, Any], int]) -> Callable[[int, Any], int]:
        def wrapped(handle: int, data: Any) -> int:
            self.wrote(handle)
            return call(handle, data)

        return wrapped

    def wrote(self, handle: int) -> None:
        """Count a write to an open file of ours."""
        path = _path_of(handle)
        if self._is_ours(path):
            self.happens(f"write {self._short(path)}")
            with self._lock:
                self._unsynced.add(path)

    def _open(self, call: Callable[..., int]) -> Callable[..., int]:
        def wrapped(path: Any, flags: int, *args: Any, **named: Any) -> int:
            is_new = flags & os.O_CREAT and not os.path.lexists(path)
            if is_new and self._is_ours(path, named.get("dir_fd")):
                self.happens(f"create {self._short(path)}")
            return call(path, flags, *args, **named)

        return wrapped

    def _file(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(file: Any, mode: str = "r", *args: Any, **named: Any) -> Any:
            is_changed = any(letter in mode for letter in "wxa+")
            path = _path_of(file) if isinstance(file, int) else file
            if not is_changed or not self._is_ours(path):
                return call(file, mode, *args, **named)
            if not isinstance(file, int):
                self.happens(f"create {self._short(path)}")
            raw = _Counted(file, mode.replace("b", "").replace("t", ""))
            raw.faults = self
            if "b" not in mode:
                return io.TextIOWrapper(io.BufferedWriter(raw), *args[1:], **named)
            return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)

        return wrapped

    def _commit(self, call: Callable[..., None]) -> Callable[..., None]:
        def wrapped(dialect: Any, connection: Any) -> None:
            self.happens("commit")
            call(dialect, connection)
            self.happens("committed", only_kill=True)

        return wrapped

    def _short(self, path: Any) -> str:
        return os.fsdecode(path).removeprefix(self.folder)[:120]


class _Counted(io.FileIO):
    """A file whose every real write is counted."""

    faults: Faults

    def write(self, data: Any) -> int:
        self.faults.wrote(self.fileno())
        return super().write(data)


def _path_of(handle: int) -> str:
    try:
        return os.readlink(f"/proc/self/fd/{handle}")
    except OSError:
        return ""
