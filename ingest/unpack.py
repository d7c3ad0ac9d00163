"""Unpack a delivery, member by member, with every limit counted while the bytes flow.

Nothing is ever extracted by a library: names are checked as data (`names`), bytes are copied by
us. A refused archive leaves nothing behind. Begin at `unpack`.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

from archive import syncing
from archive.errors import Unavailable
from ingest import unpack_tar, unpack_zip
from ingest.findings import Finding, Severity
from ingest.names import NameBook
from ingest.unpack_member import BROKEN, Bad, Member

_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a delivery may hold. Bytes and counts; `ratio` is unpacked to packed."""

    total_bytes: int = 200 * 1024**3
    file_bytes: int = 100 * 1024**3
    count: int = 200_000
    ratio: int = 200
    ratio_from: int = 10 * 1024**2  # small text packs very well; it harms nobody


@dataclass(slots=True)
class Unpacked:
    """What came out: the folder, the number of files and bytes, and what was found."""

    root: Path
    files: int = 0
    bytes: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Return whether anything found is an error; then the folder is empty."""
        return any(f.severity is Severity.ERROR for f in self.findings)


def unpack(
    source: Path,
    target: Path,
    *,
    name: str | None = None,
    limits: Limits | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Unpacked:
    """Unpack a file (zip, tar, tar.gz, tar.bz2, tar.xz), or take a folder or an XML file as is.

    `name` is what the deliverer calls it, for the findings; the source's own unless given.
    `progress` is told the bytes unpacked; how many there will be is not known (0).
    Bad input gives findings, all that can be known; then `target` is left empty. What is good is
    on the disk, synced. Files of a folder get a second name rather than a second copy, so nobody
    may change them afterwards.

    :raises Unavailable: if the disk is full.
    """
    result = Unpacked(target)
    try:
        target.mkdir(parents=True, exist_ok=True)
        _Unpacking(source, name or source.name, result, limits or Limits(), progress).run()
        if not result.is_refused:
            syncing.tree(target)
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Unavailable("the disk is full; the delivery was not unpacked") from error
        raise
    if result.is_refused:
        shutil.rmtree(target)
        target.mkdir()
    return result


class _Unpacking:
    """One delivery being unpacked."""

    def __init__(
        self,
        source: Path,
        name: str,
        result: Unpacked,
        limits: Limits,
        progress: Callable[[int, int], None],
    ) -> None:
        self.source, self.name, self.result, self.limits = source, name, result, limits
        self.progress = progress
        self.book = NameBook()
        self.packed = max(_size(source), 1)

    def run(self) -> None:
        members = _members(self.source, self.name, self.limits.count)
        if members is None:
            self._say("UNPACK-FORMAT", name=self.name)
            return
        try:
            for member in members:
                if not self._take(member):
                    break
        except Bad as bad:
            self._say(bad.code, **bad.params)
        except BROKEN as error:
            self._say("UNPACK-BROKEN", problem=error)
        except OSError as error:
            if error.errno is not None:  # the disk's; the decompressors' own bear no number
                raise
            self._say("UNPACK-BROKEN", problem=error)
        self.result.findings[:0] = self.book.findings
        if not self.result.files and not self.result.is_refused:
            self._say("UNPACK-EMPTY")

    def _take(self, member: Member) -> bool:
        """Take one member; return False when going on would only cost time."""
        if member.problem is not None:
            self._say(member.problem, name=member.name)
            return len(self.result.findings) < 1000
        name = self.book.add(member.name, self.name)
        if len(self.book.findings) >= 1000:
            return False
        if name is None or name == "":
            return True
        try:
            return self._place(member, self.result.root / name)
        except (NotADirectoryError, FileExistsError):
            # The same name is a file here and a folder there.
            self._say("UNPACK-DUPLICATE", name=member.name)
            return True

    def _place(self, member: Member, place: Path) -> bool:
        if member.is_folder:
            place.mkdir(parents=True, exist_ok=True)
            return True
        self.result.files += 1
        if self.result.files > self.limits.count:
            self._say("UNPACK-COUNT", limit=self.limits.count)
            return False
        return self._copy(member, place)

    def _copy(self, member: Member, place: Path) -> bool:
        if not self._fits(member.size, member.name):
            return False
        if any(f.severity is Severity.ERROR for f in self.book.findings + self.result.findings):
            return True  # refused already: go on for the findings, not for the bytes
        place.parent.mkdir(parents=True, exist_ok=True)
        if member.lies_at is not None and _is_linked(member.lies_at, place):
            self.result.bytes += member.size
            return True
        with member.open() as stream, place.open("xb") as file:
            return self._pour(stream, file, member.name)

    def _pour(self, stream: BinaryIO, file: BinaryIO, name: str) -> bool:
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            self.result.bytes += len(chunk)
            if not self._fits(0, name) or size > self.limits.file_bytes:
                return False
            file.write(chunk)
            self.progress(self.result.bytes, 0)
        return True

    def _fits(self, more: int, name: str) -> bool:
        total = self.result.bytes + more
        if total > self.limits.total_bytes or more > self.limits.file_bytes:
            self._say("UNPACK-SIZE", name=name, limit=self.limits.total_bytes)
            return False
        if total > self.limits.ratio_from and total > self.packed * self.limits.ratio:
            self._say("UNPACK-RATIO", name=name, limit=self.limits.ratio)
            return False
        return True

    def _say(self, code: str, **params: object) -> None:
        self.result.findings.append(Finding(code, self.name, params))


def _is_linked(source: Path, place: Path) -> bool:
    """Give the bytes a second name instead of a second copy, where the disk can."""
    try:
        os.link(source, place, follow_symlinks=False)
    except OSError as error:
        if error.errno in {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP}:
            return False
        raise
    return True


def _members(source: Path, name: str, most: int) -> Iterator[Member] | None:
    if source.is_dir():
        return _of_folder(source)
    with source.open("rb") as stream:
        head = stream.read(512)
    if unpack_zip.looks_like_zip(head):
        return unpack_zip.members(source, most)
    if unpack_tar.looks_like_tar(head):
        return unpack_tar.members(source)
    if name.lower().endswith(".xml"):  # a finding aid or an authority record by itself
        return iter([_as_it_lies(name, source)])
    return None


def _of_folder(source: Path) -> Iterator[Member]:
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_symlink():
            yield Member(name, 0, problem="UNPACK-LINK")
        elif path.is_dir():
            yield Member(name, 0, is_folder=True)
        elif path.is_file():
            yield _as_it_lies(name, path)
        else:
            yield Member(name, 0, problem="UNPACK-SPECIAL")


def _as_it_lies(name: str, path: Path) -> Member:
    return Member(name, path.stat().st_size, opener=partial(_open, path), lies_at=path)


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _size(source: Path) -> int:
    if source.is_dir():
        return sum(path.stat().st_size for path in source.rglob("*") if path.is_file())
    return source.stat().st_size


def look_at(source: Path) -> Unpacked:
    """Return what unpacking a folder would find, without copying a byte."""
    result, book = Unpacked(source), NameBook()
    for member in _of_folder(source):
        if member.problem is not None:
            result.findings.append(Finding(member.problem, source.name, {"name": member.name}))
        elif book.add(member.name, source.name) and not member.is_folder:
            result.files += 1
            result.bytes += member.size
    result.findings.extend(book.findings)
    if not result.files:
        result.findings.append(Finding("UNPACK-EMPTY", source.name))
    return result
