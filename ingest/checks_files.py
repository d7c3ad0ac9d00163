"""Fixity and completeness, whatever the profile: every claim against every byte.

Each file is read once, streamed, for all digests claimed of it. Begin at `run`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.findings import Finding
from ingest.mets import UNLISTED
from ingest.package import FileRole, Package, PackageFile

_CHUNK = 1024 * 1024
_KNOWN = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})
# Operating systems leave these; they are told of, not refused for.
_JUNK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def run(package: Package) -> Iterator[Finding]:
    """Yield what is missing, extra, of the wrong size or changed."""
    for file in package.files:
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
    wanted = {name: digest for name, digest in file.claimed.items() if name in _KNOWN}
    for name in file.claimed.keys() - wanted.keys():
        params = {"path": file.path, "algorithm": name.removeprefix("unknown:")}
        yield Finding("FILE-ALGORITHM", file.where, params)
    for name, found in digests_of(source, wanted.keys()).items():
        if found != wanted[name]:
            params = {"path": file.path, "algorithm": name, "claimed": wanted[name], "found": found}
            yield Finding("FILE-DIGEST", file.where, params)


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
