"""Where the builder puts its files: a folder, or a ZIP that is written as it goes.

Every file is digested while it is copied, and compared with what it must be. Begin at `Shelf`.
"""

from __future__ import annotations

import hashlib
import io
import mimetypes
import zipfile
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from archive.errors import Unavailable

STAMP = (1980, 1, 1, 0, 0, 0)
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Listed:
    """A file of the package as its METS or manifest lists it."""

    path: str
    size_bytes: int
    media_type: str
    sha256: str
    sha512: str

    def below(self, folder: str) -> Listed:
        """Return it under its name inside a folder of the package ("representations/rep1/")."""
        name = self.path.removeprefix(folder)
        return Listed(name, self.size_bytes, self.media_type, self.sha256, self.sha512)


class Shelf(ABC):
    """A package being written, file by file."""

    def add(
        self,
        name: str,
        source: bytes | Path,
        media_type: str | None = None,
        digest: str | None = None,
    ) -> Listed:
        """Put a file in and return how it is listed.

        :raises Unavailable: if the bytes are not those that `digest` names.
        """
        stream = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
        short, long, size = hashlib.sha256(), hashlib.sha512(), 0
        with stream, self._open(name) as sink:
            while piece := stream.read(_PIECE):
                short.update(piece)
                long.update(piece)
                size += sink.write(piece)
        if digest is not None and digest not in {short.hexdigest(), long.hexdigest()}:
            raise Unavailable(f"{name}: not the bytes that were kept; run: stadsarkiv fixity")
        kind = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Listed(name, size, kind, short.hexdigest(), long.hexdigest())

    @abstractmethod
    def _open(self, name: str) -> IO[bytes]:
        """Return a new file of the package, open for writing."""


class FolderShelf(Shelf):
    """A package as a folder on disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def _open(self, name: str) -> IO[bytes]:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("wb")


class ZipShelf(Shelf):
    """A package as one folder inside a ZIP; nothing is written anywhere else."""

    def __init__(self, packed: zipfile.ZipFile, folder: str) -> None:
        self._packed, self._folder = packed, folder

    def _open(self, name: str) -> IO[bytes]:
        return self._packed.open(member(f"{self._folder}/{name}"), "w", force_zip64=True)


def member(name: str) -> zipfile.ZipInfo:
    """Return a ZIP member without the hour at which it was packed."""
    info = zipfile.ZipInfo(name, STAMP)
    info.external_attr = 0o100644 << 16
    return info
