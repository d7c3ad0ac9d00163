"""Fixity and completeness, whatever the profile: every claim against every byte.

Each file is read once, streamed, for all digests claimed of it. Begin at `run`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ingest.findings import Finding
from ingest.mets import UNLISTED
from ingest.package import FileRole, Package, PackageFile

_CHUNK = 1024 * 1024
_TEXT_BYTES = 16 * 1024 * 1024
KNOWN = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})
# Operating systems leave these; they are told of, not refused for.
_JUNK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def run(package: Package, progress: Callable[[int, int], None]) -> Iterator[Finding]:
    """Yield what is missing, extra, of the wrong size or changed, telling files read and in all."""
    for number, file in enumerate(package.files, 1):
        progress(number, len(package.files) + 1)  # never "all": that would be told at once
        if file.source is None:
            yield Finding("FILE-MISSING", file.where, {"path": file.path})
            continue
        if file.where == UNLISTED:
            yield from _unlisted(file)
        if file.claimed_size is not None and file.claimed_size != file.size_bytes:
            params = {"path": file.path, "claimed": file.claimed_size, "found": file.size_bytes}
            yield Finding("FILE-SIZE", file.where, params)
        yield from _digests(file, file.source)
    yield from _without_record(package)


def _unlisted(file: PackageFile) -> Iterator[Finding]:
    if file.path.rsplit("/", 1)[-1] in _JUNK:
        yield Finding("FILE-JUNK", file.path, {"path": file.path})
    elif file.role in {FileRole.SCHEMA, FileRole.DOCUMENTATION}:
        yield Finding("FILE-UNLISTED-OTHER", file.path, {"path": file.path})
    else:
        yield Finding("FILE-UNLISTED", file.path, {"path": file.path})


def _digests(file: PackageFile, source: Path) -> Iterator[Finding]:
    wanted = {name: digest for name, digest in file.claimed.items() if name in KNOWN}
    for name in file.claimed.keys() - wanted.keys():
        params = {"path": file.path, "algorithm": name.removeprefix("unknown:")}
        yield Finding("FILE-ALGORITHM", file.where, params)
    for name, found in digests_of(source, wanted.keys()).items():
        if found != wanted[name]:
            code = "FILE-DIGEST"
            if wanted[name] == digest_with_crlf(source, name):
                code = "FILE-LINE-ENDS"
            params = {"path": file.path, "algorithm": name, "claimed": wanted[name], "found": found}
            yield Finding(code, file.where, params)


def digest_with_crlf(source: Path, algorithm: str) -> str | None:
    """Return the digest of a text as it was with the line ends of Windows; None if it has them."""
    text = _with_crlf(source)
    return hashlib.new(algorithm, text, usedforsecurity=False).hexdigest() if text else None


def size_with_crlf(source: Path) -> int | None:
    """Return the bytes of a text as it was with the line ends of Windows; None if it has them."""
    text = _with_crlf(source)
    return len(text) if text else None


def _with_crlf(source: Path) -> bytes | None:
    if source.stat().st_size > _TEXT_BYTES:
        return None
    raw = source.read_bytes()
    if b"\0" in raw or b"\r\n" in raw or b"\n" not in raw:
        return None
    return raw.replace(b"\n", b"\r\n")


def digests_of(source: Path, algorithms: Iterable[str]) -> dict[str, str]:
    """Return the digests (lower-case hex) of a file, read once."""
    running = {name: hashlib.new(name, usedforsecurity=False) for name in sorted(algorithms)}
    if running:
        with source.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                for digest in running.values():
                    digest.update(chunk)
    return {name: digest.hexdigest() for name, digest in running.items()}


def _without_record(package: Package) -> Iterator[Finding]:
    if not package.drafts:
        return
    for file in package.files:
        if file.role is FileRole.CONTENT and file.draft is None and file.source is not None:
            yield Finding("FILE-NO-RECORD", file.where or file.path, {"path": file.path})
