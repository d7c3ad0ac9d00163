"""Recognise what a delivery is, and let the right reader make a Package of it.

Recognises by what lies at the root, never by the name of the archive. Begin at `read`, or at
`examine` for the whole verdict on a path (`stadsarkiv validate`).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive import xml
from archive.errors import Invalid
from archive.xml import XmlMalformed, XmlRefused
from ingest import bagit, checks, described, ead, folder, mets, pagetext, recognise, unpack
from ingest.findings import Finding, Severity
from ingest.formats.identify import identify
from ingest.formats.judge import judge
from ingest.formats.policy import Policy
from ingest.package import Package

# A lone file of these is a record with its words, or cases with their files: a small folder.
_IN_A_FOLDER = described.CASE_LISTS | pagetext.ROOTS


@dataclass(frozen=True, slots=True)
class Examined:
    """A path examined from end to end: the package, if it could be read, and all findings."""

    package: Package | None
    findings: tuple[Finding, ...]
    files: int
    size_bytes: int

    @property
    def is_valid(self) -> bool:
        """Return whether nothing found is an error."""
        return not any(f.severity is Severity.ERROR for f in self.findings)


def read(root: Path) -> Package:
    """Return the delivery in a folder, read in full by the reader of its kind.

    A single folder at the root is stepped into. What cannot be read is a finding, never an
    exception.
    """
    root = _step_in(root)
    reader, path = _reader_for(root)
    try:
        return reader(root, path)
    except XmlRefused as error:
        return _unreadable(root, path, "XML-REFUSED", error.line, error.reason)
    except XmlMalformed as error:
        return _unreadable(root, path, "XML-MALFORMED", error.line, error.reason)


def renamed(package: Package, ours: str, name: str) -> Package:
    """Return the package with the name of our own folder, wherever it stands, made the sender's."""
    said = {"object_id": package.object_id, "label": package.label}
    changes: dict[str, Any] = {field: name for field, value in said.items() if value == ours}
    if any(draft.title == ours for draft in package.drafts):
        changes["drafts"] = tuple(
            replace(draft, title=name) if draft.title == ours else draft for draft in package.drafts
        )
    return replace(package, **changes)


def examine(path: Path) -> Examined:
    """Return everything that can be said of a file or folder, without keeping any of it.

    :raises Invalid: if there is nothing at the path.
    """
    if not path.exists():
        raise Invalid(f"there is nothing at {path}")
    with tempfile.TemporaryDirectory(prefix="stadsarkiv-") as work:
        if path.is_dir():
            found, root = unpack.look_at(path), path
        else:
            found, root = unpack.unpack(path, Path(work) / "package"), Path(work) / "package"
        if found.is_refused:
            return Examined(None, tuple(found.findings), found.files, found.bytes)
        package = read(root)
        # No house is open here: formats are judged by the list that comes with the program.
        formats = judge(package, identify(package), Policy())
        findings = (*found.findings, *package.findings, *checks.run(package), *formats)
        return Examined(package, findings, found.files, package.size_bytes)


def _step_in(root: Path) -> Path:
    inside = [path for path in root.iterdir() if path.name not in {".DS_Store", "__MACOSX"}]
    if len(inside) == 1 and inside[0].is_dir():
        return _step_in(inside[0])
    return root


_Reader = Callable[[Path, Path | None], Package]


def _reader_for(root: Path) -> tuple[_Reader, Path | None]:
    if (root / "bagit.txt").is_file():
        return bagit.read, root / "bagit.txt"
    if (found := recognise.mets_in(root)) is not None:
        return mets.read, found
    files = [path for path in root.rglob("*") if path.is_file()]
    is_lone = len(files) == 1 and files[0].suffix.lower() == ".xml"
    if is_lone and xml.root_name(files[0]) not in _IN_A_FOLDER:
        return ead.read, files[0]
    return folder.read, None


def _unreadable(root: Path, path: Path | None, code: str, line: int, problem: str) -> Package:
    name = path.relative_to(root).as_posix() if path else ""
    finding = Finding(code, f"{name}:{line}", {"problem": problem})
    return Package(profile=None, root=root, findings=(finding,))
