"""Build packages of our own: for the demo city, for tests, and for handing records on.

Four kinds: E-ARK CSIP, Swedish FGS, BagIt, and a folder with metadata beside the files. What is
built here is read back by our readers without loss, and passes our checks. Begin at `build`.
"""

from __future__ import annotations

import hashlib
import mimetypes
import shutil
import tarfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from archive import xml
from ingest import build_dc, build_mets
from ingest.build_mets import Listed
from ingest.package import AgentDraft, DescriptionDraft

_STAMP = (1980, 1, 1, 0, 0, 0)


class Kind(StrEnum):
    """What kind of package to build."""

    CSIP = "csip"
    FGS = "fgs"
    BAG = "bag"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class BuildFile:
    """A file to put in: its name in the package, its bytes (or where they lie), its draft."""

    path: str
    source: bytes | Path
    draft: str
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class PackageSpec:
    """Everything a package says and holds. `created` is ISO 8601, given, not taken from a clock."""

    object_id: str
    label: str
    drafts: tuple[DescriptionDraft, ...]
    files: tuple[BuildFile, ...] = ()
    unit: str | None = None
    record_type: str | None = None
    agreement: str | None = None
    creator: str = ""
    submitter: str = ""
    agents: tuple[AgentDraft, ...] = ()
    created: str = "2026-01-02T08:00:00+01:00"


def build(kind: Kind, spec: PackageSpec, target: Path) -> Path:
    """Build the package as a folder below `target` and return that folder.

    :raises FileExistsError: if it is there already.
    """
    root = target / _folder_name(spec.object_id)
    root.mkdir(parents=True)
    makers = {Kind.CSIP: _csip, Kind.FGS: _fgs, Kind.BAG: _bag, Kind.FOLDER: _folder}
    makers[kind](spec, root)
    return root


def pack_zip(folder: Path, archive: Path) -> Path:
    """Pack a folder as ZIP; the same folder gives the same bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for path in _files_below(folder):
            info = zipfile.ZipInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}", _STAMP)
            info.external_attr = 0o100644 << 16
            with path.open("rb") as source, packed.open(info, "w", force_zip64=True) as sink:
                shutil.copyfileobj(source, sink, 1024 * 1024)
    return archive


def pack_tar(folder: Path, archive: Path) -> Path:
    """Pack a folder as TAR; the same folder gives the same bytes."""
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as packed:
        for path in _files_below(folder):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            info = tarfile.TarInfo(name)
            info.size, info.mode = path.stat().st_size, 0o644
            with path.open("rb") as source:
                packed.addfile(info, source)
    return archive


def _csip(spec: PackageSpec, root: Path) -> None:
    """One representation; its own METS lists the content, the main METS lists everything else."""
    paths = {f.path: f"representations/rep1/data/{f.path}" for f in spec.files}
    content = [_write(root, paths[f.path], f.source, f.media_type) for f in spec.files]
    dc = build_dc.records(spec.drafts, {f.path: f.draft for f in spec.files})
    metadata = _write(root, "metadata/descriptive/records.xml", dc, "application/xml")
    notes = f"{spec.label}\n".encode()
    documents = [_write(root, "documentation/readme.txt", notes, "text/plain")]
    inner = build_mets.representation(spec, [_below(c, "representations/rep1/") for c in content])
    rep = _write(root, "representations/rep1/METS.xml", xml.serialise(inner), "application/xml")
    main = build_mets.csip(spec, metadata, documents, rep)
    _write(root, "METS.xml", xml.serialise(main), "application/xml")


def _fgs(spec: PackageSpec, root: Path) -> None:
    content = [_write(root, f"Content/{f.path}", f.source, f.media_type) for f in spec.files]
    dc = build_dc.records(spec.drafts, {f.path: f.draft for f in spec.files})
    metadata = _write(root, "Metadata/records.xml", dc, "application/xml")
    main = build_mets.fgs(spec, content, metadata)
    _write(root, "sip.xml", xml.serialise(main), "application/xml")


def _bag(spec: PackageSpec, root: Path) -> None:
    listed = [_write(root, f"data/{f.path}", f.source, f.media_type) for f in spec.files]
    dc = build_dc.records(spec.drafts, {f.path: f.draft for f in spec.files})
    listed.append(_write(root, "data/metadata/records.xml", dc, "application/xml"))
    size = sum(one.size_bytes for one in listed)
    lines = [
        f"External-Identifier: {spec.object_id}",
        f"External-Description: {spec.label}",
        f"Bagging-Date: {spec.created[:10]}",
        f"Payload-Oxum: {size}.{len(listed)}",
        *([f"X-Unit: {spec.unit}"] if spec.unit else []),
        *([f"X-Record-Type: {spec.record_type}"] if spec.record_type else []),
    ]
    declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    tags = [
        _write(root, "bagit.txt", declaration.encode(), "text/plain"),
        _write(root, "bag-info.txt", ("\n".join(lines) + "\n").encode(), "text/plain"),
        _write(root, "manifest-sha512.txt", _manifest(listed), "text/plain"),
    ]
    _write(root, "tagmanifest-sha512.txt", _manifest(tags), "text/plain")


def _folder(spec: PackageSpec, root: Path) -> None:
    for file in spec.files:
        _write(root, file.path, file.source, file.media_type)
    dc = build_dc.records(spec.drafts, {f.path: f.draft for f in spec.files})
    _write(root, "records.xml", dc, "application/xml")


def _manifest(listed: Sequence[Listed]) -> bytes:
    escapes = {"%": "%25", "\n": "%0A", "\r": "%0D"}
    lines = []
    for one in listed:
        path = "".join(escapes.get(c, c) for c in one.path)
        lines.append(f"{one.sha512}  {path}\n")
    return "".join(lines).encode()


def _write(root: Path, name: str, source: bytes | Path, media_type: str | None) -> Listed:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, bytes):
        path.write_bytes(source)
    else:
        shutil.copyfile(source, path)
    short, long = hashlib.sha256(), hashlib.sha512()
    with path.open("rb") as stream:
        while chunk := stream.read(1024 * 1024):
            short.update(chunk)
            long.update(chunk)
    kind = media_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Listed(name, path.stat().st_size, kind, short.hexdigest(), long.hexdigest())


def _below(listed: Listed, folder: str) -> Listed:
    return Listed(
        listed.path.removeprefix(folder),
        listed.size_bytes,
        listed.media_type,
        listed.sha256,
        listed.sha512,
    )


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _folder_name(object_id: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in object_id)[:100]
