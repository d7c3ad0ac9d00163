"""Hold what metadata says of files (PREMIS, lists of cases) against the bytes.

Begin at `run`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ingest.checks_files import KNOWN, digest_with_crlf, digests_of, size_with_crlf
from ingest.finding_files import Finder
from ingest.findings import Finding
from ingest.package import FileClaim, Package

# A folder says itself which files its records lack.
_TELLS_ITSELF = frozenset({"folder"})
# How the bytes of a format begin, by PRONOM's ids and by the words in a format's name.
_MAGIC: tuple[tuple[tuple[bytes, ...], frozenset[str], tuple[str, ...]], ...] = (
    ((b"%PDF-",), frozenset({*(f"fmt/{n}" for n in range(14, 21)), "fmt/95", "fmt/276", "fmt/354"}
                            | {f"fmt/{n}" for n in range(476, 482)}), ("pdf", "portable document")),
    ((b"\x89PNG",), frozenset({"fmt/11", "fmt/12", "fmt/13"}), ("png", "portable network")),
    ((b"\xff\xd8\xff",), frozenset({"fmt/41", "fmt/42", "fmt/43", "fmt/44"}), ("jpeg", "jfif")),
    ((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), frozenset({"fmt/353"}), ("tiff", "tagged image")),
    ((b"GIF8",), frozenset({"fmt/3", "fmt/4"}), ("gif", "graphics interchange")),
    ((b"PK\x03\x04",), frozenset({"x-fmt/263", "fmt/189", "fmt/214", "fmt/215", "fmt/412"}), ()),
)  # fmt: skip
_LONGEST_HEAD = 1024


def run(package: Package) -> Iterator[Finding]:
    """Yield each claim that the bytes contradict, and what is claimed of no file that came."""
    finder = Finder(package.files)
    for claim in package.claims:
        file = finder.file_of(claim)
        if file is None:
            if package.profile not in _TELLS_ITSELF:
                yield Finding("CLAIM-FILE", claim.where, {"path": claim.path})
        elif file.source is not None:
            yield from _against(claim, file.path, file.source)
    for event in package.events:
        if any(finder.find(path) is None for path in event.paths):
            yield Finding("PREMIS-UNTIED", event.where, {"kind": event.kind})


def _against(claim: FileClaim, path: str, source: Path) -> Iterator[Finding]:
    size = source.stat().st_size
    if claim.size_bytes not in {None, size, size_with_crlf(source)}:
        params = {"path": path, "claimed": claim.size_bytes, "found": size}
        yield Finding("CLAIM-SIZE", claim.where, params)
    wanted = {name: digest for name, digest in claim.digests.items() if name in KNOWN}
    for name in claim.digests.keys() - wanted.keys():
        said = {"path": path, "algorithm": name.removeprefix("unknown:")}
        yield Finding("CLAIM-ALGORITHM", claim.where, said)
    for name, found in digests_of(source, wanted).items():
        if wanted[name] not in {found, digest_with_crlf(source, name)}:
            said = {"path": path, "algorithm": name, "claimed": wanted[name], "found": found}
            yield Finding("CLAIM-DIGEST", claim.where, said)
    if _is_another_format(claim, source):
        yield Finding("CLAIM-FORMAT", claim.where, {"path": path, "format": _format_of(claim)})


def _is_another_format(claim: FileClaim, source: Path) -> bool:
    """Return whether the bytes begin otherwise than those of the format claimed, if we know it."""
    with source.open("rb") as stream:
        head = stream.read(_LONGEST_HEAD)
    called = (claim.format_name or "").lower()
    for starts, puids, names in _MAGIC:
        is_claimed = claim.puid in puids or (
            claim.puid is None and any(name in called for name in names)
        )
        # A PDF may have other bytes before its mark.
        fits = b"%PDF-" in head if starts == (b"%PDF-",) else head.startswith(starts)
        if is_claimed:
            return not fits
    return False


def _format_of(claim: FileClaim) -> str:
    return " ".join(filter(None, (claim.format_name, claim.puid)))
