"""Members of a ZIP file, read through `zipfile` but believed only after its own checks.

`zipfile` cuts names at NUL and says nothing of duplicates, overlaps or data before and after;
all that is looked at here. Begin at `members`.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

from ingest.unpack_member import Bad, Member

_STORED, _DEFLATED, _BZIP2, _LZMA = 0, 8, 12, 14
_KNOWN = frozenset({_STORED, _DEFLATED, _BZIP2, _LZMA})
MAX_DIRECTORY = 64 * 1024 * 1024


def looks_like_zip(head: bytes) -> bool:
    """Return whether a file begins as a ZIP does, or is an empty one."""
    return head[:4] in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"}


def members(source: Path, most: int) -> Iterator[Member]:
    """Yield the members in their order.

    :raises Bad: when members overlap or something lies before or after them, or when there are
        more than `most`: then before `zipfile` makes an object of each, which takes a minute.
    :raises BROKEN: (`unpack_member`) when the directory, a member or a checksum is broken.
    """
    _demand_few(source, most)
    with zipfile.ZipFile(source) as archive:
        infos = archive.infolist()
        _look_at_layout(source, archive, infos)
        for info in infos:
            yield _member(archive, info)


def _demand_few(source: Path, most: int) -> None:
    """Walk the directory, entry by entry, without trusting the number that it gives itself.

    What cannot be walked is left to `zipfile`, which knows how to complain of it.
    """
    with source.open("rb") as stream:
        size = _size_of_directory(stream)
        if size is None:
            return
        if size > MAX_DIRECTORY:
            raise Bad("UNPACK-COUNT", limit=most)
        directory = stream.read(size)
    at = found = 0
    while directory[at : at + 4] == b"PK\x01\x02" and at + 46 <= size:
        found += 1
        if found > most:
            raise Bad("UNPACK-COUNT", limit=most)
        at += 46 + sum(struct.unpack_from("<HHH", directory, at + 28))


def _size_of_directory(stream: BinaryIO) -> int | None:
    """Return how many bytes the directory has, and leave the stream at its beginning."""
    tail_at = max(0, stream.seek(0, io.SEEK_END) - 22 - 65_535 - 20)
    stream.seek(tail_at)
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 > len(tail):
        return None
    size, ends_at = struct.unpack_from("<I", tail, end + 12)[0], tail_at + end
    if end >= 20 and tail[end - 20 : end - 16] == b"PK\x06\x07":
        ends_at = struct.unpack_from("<Q", tail, end - 12)[0]
        stream.seek(min(ends_at, tail_at + end))
        large = stream.read(56)
        if len(large) < 56 or large[:4] != b"PK\x06\x06":
            return None
        size = struct.unpack_from("<Q", large, 40)[0]
    if size > ends_at:
        return None
    stream.seek(ends_at - size)
    return int(size)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    name, mode = info.orig_filename, info.external_attr >> 16
    if info.flag_bits & 0x1:
        return Member(name, 0, problem="UNPACK-ENCRYPTED")
    if stat.S_ISLNK(mode):
        return Member(name, 0, problem="UNPACK-LINK")
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return Member(name, 0, problem="UNPACK-SPECIAL")
    if info.compress_type not in _KNOWN:
        return Member(name, 0, problem="UNPACK-METHOD")
    if info.is_dir():
        return Member(name, 0, is_folder=True)
    return Member(name, info.file_size, opener=lambda: _opened(archive, info))


def _opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    return cast(BinaryIO, io.BufferedReader(_Counted(archive.open(info), info.file_size)))


class _Counted(io.RawIOBase):
    """A member's bytes; more than its directory entry promised is a broken archive."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream, self._left = stream, size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        chunk = self._stream.read(len(buffer))
        self._left -= len(chunk)
        if self._left < 0:
            raise zipfile.BadZipFile("a member is longer than the directory says")
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _look_at_layout(source: Path, archive: zipfile.ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    size, start = source.stat().st_size, archive.start_dir
    end = 0
    for info in sorted(infos, key=lambda i: i.header_offset):
        if info.header_offset < end or info.header_offset >= start:
            raise Bad("UNPACK-OVERLAP", name=info.orig_filename)
        end = info.header_offset + 30 + info.compress_size
        if end > start:
            raise Bad("UNPACK-OVERLAP", name=info.orig_filename)
    if infos and min(i.header_offset for i in infos) > 0:
        raise Bad("UNPACK-PREFIX")
    if size - start > MAX_DIRECTORY:
        raise Bad("UNPACK-COUNT", limit=MAX_DIRECTORY)
    _look_at_the_end(source, len(archive.comment), size)


def _look_at_the_end(source: Path, comment: int, size: int) -> None:
    with source.open("rb") as stream:
        stream.seek(max(0, size - comment - 22))
        if stream.read(4) != b"PK\x05\x06":
            raise Bad("UNPACK-TRAILING")
