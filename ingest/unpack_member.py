"""One member of an archive, whatever the archive; and the way an archive says it is broken."""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

# What the standard library's readers raise at archives that lie or are cut off.
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Member:
    """A file or folder in an archive, or something that is neither (`problem` is its code)."""

    name: str
    size: int
    is_folder: bool = False
    problem: str | None = None
    opener: Callable[[], BinaryIO] | None = None
    lies_at: Path | None = None  # where the same bytes lie already, unpacked

    def open(self) -> BinaryIO:
        """Return the member's bytes as a stream.

        :raises Bad: when the archive is broken at this place.
        """
        assert self.opener is not None
        return self.opener()


class Bad(Exception):
    """The archive as a whole cannot be trusted; `code` is the finding to report."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params
