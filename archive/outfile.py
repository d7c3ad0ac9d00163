"""A file handed out to somebody: whole at its place, or not there at all.

Written under another name beside its target, synced, and renamed at the end; what fails leaves
nothing. Only its owner may read it, for what is handed out may be secret. Begin at `written`.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from archive.errors import Conflict, Invalid, Unavailable


class OutFile:
    """A file being written; `stream` takes its bytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.stream = stream

    def settle(self) -> str:
        """Bring every byte to the disk and return the file's SHA-256, before anybody is told."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        self.stream.seek(0)
        digest = hashlib.file_digest(self.stream, "sha256").hexdigest()  # type: ignore[arg-type]
        self.stream.seek(0, os.SEEK_END)
        return digest


@contextmanager
def written(target: Path, *, force: bool = False) -> Iterator[OutFile]:
    """Yield a file that is at `target` when the block ends well, and nowhere when it does not.

    :raises Conflict: if the target exists and `force` does not say to replace it.
    :raises Invalid: if its folder does not exist, or the target is a folder.
    :raises Unavailable: if the disk is full or fails.
    """
    if not target.absolute().parent.is_dir():
        raise Invalid(f"there is no folder {target.absolute().parent}")
    _demand_free(target, force)
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(".part", f".{target.name}.", target.absolute().parent)
        part = Path(name)
        with os.fdopen(handle, "w+b") as stream:
            file = OutFile(stream)
            yield file
            stream.flush()
            os.fsync(stream.fileno())
        _demand_free(target, force)
        part.replace(target)
    except OSError as error:
        raise Unavailable(f"{target} was not written, and nothing is left: {error}") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def _demand_free(target: Path, force: bool) -> None:
    if target.is_dir():
        raise Invalid(f"{target} is a folder; name a file")
    if target.exists() and not force:
        raise Conflict(f"{target} exists already; --force replaces it")
