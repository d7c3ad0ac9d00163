"""Members of a TAR file, plain or packed with gzip, bzip2 or xz, read once from end to end.

`tarfile` stops quietly at a damaged or second archive; the stream is read to its end here, and
what follows the last member must be zeros. Begin at `members`.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from ingest.unpack_member import Bad, Member

_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}
MAX_AFTER = 10 * 1024 * 1024


def looks_like_tar(head: bytes) -> bool:
    """Return whether a file begins as a TAR does, or as a compressed stream that may hold one."""
    return head[257:262] == b"ustar" or any(head.startswith(magic) for magic in _PACKED)


def members(source: Path) -> Iterator[Member]:
    """Yield the members in their order.

    :raises Bad: when something follows the end of the archive.
    :raises BROKEN: (`unpack_member`), or an OSError without number, when it is damaged.
    """
    with source.open("rb") as raw:
        stream = _unpacked(raw)
        with tarfile.open(fileobj=stream, mode="r|", bufsize=64 * 1024) as archive:
            for info in archive:
                yield _member(archive, info)
        _look_at_the_rest(stream)


def _unpacked(raw: BinaryIO) -> BinaryIO:
    head = raw.read(6)
    raw.seek(0)
    for magic, name in _PACKED.items():
        if head.startswith(magic):
            openers: dict[str, Any] = {"gzip": gzip.open, "bzip2": bz2.open, "xz": lzma.open}
            return cast(BinaryIO, openers[name](raw, "rb"))
    return raw


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Member:
    if info.issym() or info.islnk():
        return Member(info.name, 0, problem="UNPACK-LINK")
    if info.issparse():
        return Member(info.name, 0, problem="UNPACK-SPARSE")
    # Some tools write a folder as a file of no bytes whose name ends in a slash.
    if info.isdir() or (info.isreg() and not info.size and info.name.endswith("/")):
        return Member(info.name, 0, is_folder=True)
    if not info.isreg():
        return Member(info.name, 0, problem="UNPACK-SPECIAL")
    return Member(info.name, info.size, opener=lambda: _opened(archive, info))


def _opened(archive: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    stream = archive.extractfile(info)
    assert stream is not None
    return cast(BinaryIO, stream)


def _look_at_the_rest(stream: BinaryIO) -> None:
    """Read on to the end: a checksum is only compared there, and nothing but zeros may follow."""
    read = 0
    while chunk := stream.read(64 * 1024):
        read += len(chunk)
        if chunk.strip(b"\0") or read > MAX_AFTER:
            raise Bad("UNPACK-TRAILING")
