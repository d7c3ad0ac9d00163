"""Build packages of our own: for the demo city, for tests, and for handing records on.

Four kinds: E-ARK CSIP (as SIP, AIP or DIP), Swedish FGS, BagIt, and a folder with metadata
beside the files. What is built here is read back by our readers without loss, and passes our
checks. Begin at `build`.
"""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from archive import xml
from ingest import build_dc, build_mets
from ingest.build_shelf import FolderShelf, Listed, Shelf, ZipShelf, member
from ingest.build_spec import Administrative, BuildFile, Kind, PackageSpec, PackageType, Section

__all__ = [
    "Administrative",
    "BuildFile",
    "Kind",
    "PackageSpec",
    "PackageType",
    "Section",
    "build",
    "build_zip",
    "pack_tar",
    "pack_zip",
]
_DATA = "representations/rep1/data"


def build(kind: Kind, spec: PackageSpec, target: Path) -> Path:
    """Build the package as a folder below `target` and return that folder.

    :raises FileExistsError: if it is there already.
    """
    root = target / _folder_name(spec.object_id)
    root.mkdir(parents=True)
    _MAKERS[kind](spec, FolderShelf(root))
    return root


def build_zip(kind: Kind, spec: PackageSpec, stream: IO[bytes]) -> None:
    """Build the package straight into a ZIP, in one folder, no file of it twice on disk.

    :raises Unavailable: if a file's bytes are not those that its `digest` names.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as packed:
        _MAKERS[kind](spec, ZipShelf(packed, _folder_name(spec.object_id)))


def pack_zip(folder: Path, archive: Path) -> Path:
    """Pack a folder as ZIP; the same folder gives the same bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for path in _files_below(folder):
            info = member(f"{folder.name}/{path.relative_to(folder).as_posix()}")
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


def _csip(spec: PackageSpec, shelf: Shelf) -> None:
    """One representation; its own METS lists the content, the main METS lists everything else."""
    content = [shelf.add(f"{_DATA}/{f.path}", f.source, f.media_type, f.digest) for f in spec.files]
    dc = build_dc.records(spec.drafts, {f.path: f.draft for f in spec.files})
    metadata = shelf.add("metadata/descriptive/records.xml", dc, "application/xml")
    kept = [
        (one, shelf.add(f"metadata/{one.path}", one.source, one.media_type, one.digest))
        for one in spec.administrative
    ]
    notes = f"{spec.readme or spec.label}\n".encode()
    documents = [shelf.add("documentation/readme.txt", notes, "text/plain")]
    inner = build_mets.representation(spec, [c.below("representations/rep1/") for c in content])
    rep = shelf.add("representations/rep1/METS.xml", xml.serialise(inner), "application/xml")
    main = build_mets.csip(spec, metadata, kept, documents, rep)
    shelf.add("METS.xml", xml.serialise(main), "application/xml")


def _fgs(spec: PackageSpec, shelf: Shelf) -> None:
    content = [shelf.add(f"Content/{f.path}", f.source, f.media_type) for f in spec.files]
    dc = build_dc.records(spec.drafts, {f.path: f.draft for f in spec.files})
    metadata = shelf.add("Metadata/records.xml", dc, "application/xml")
    main = build_mets.fgs(spec, content, metadata)
    shelf.add("sip.xml", xml.serialise(main), "application/xml")


def _bag(spec: PackageSpec, shelf: Shelf) -> None:
    listed = [shelf.add(f"data/{f.path}", f.source, f.media_type) for f in spec.files]
    dc = build_dc.records(spec.drafts, {f.path: f.draft for f in spec.files})
    listed.append(shelf.add("data/metadata/records.xml", dc, "application/xml"))
    size = sum(one.size_bytes for one in listed)
    lines = [
        f"External-Identifier: {spec.object_id}",
        f"External-Description: {spec.label}",
        f"Bagging-Date: {spec.created[:10]}",
        f"Payload-Oxum: {size}.{len(listed)}",
        *(_segment(spec)),
        *([f"X-Unit: {spec.unit}"] if spec.unit else []),
        *([f"X-Record-Type: {spec.record_type}"] if spec.record_type else []),
    ]
    declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    tags = [
        shelf.add("bagit.txt", declaration.encode(), "text/plain"),
        shelf.add("bag-info.txt", ("\n".join(lines) + "\n").encode(), "text/plain"),
        shelf.add("manifest-sha512.txt", _manifest(listed), "text/plain"),
    ]
    shelf.add("tagmanifest-sha512.txt", _manifest(tags), "text/plain")


def _segment(spec: PackageSpec) -> list[str]:
    if spec.segment is None:
        return []
    return [f"Bag-Group-Identifier: {spec.segment[0]}", f"Bag-Count: {spec.segment[1]}"]


def _folder(spec: PackageSpec, shelf: Shelf) -> None:
    for file in spec.files:
        shelf.add(file.path, file.source, file.media_type)
    dc = build_dc.records(spec.drafts, {f.path: f.draft for f in spec.files})
    shelf.add("records.xml", dc, "application/xml")


_MAKERS = {Kind.CSIP: _csip, Kind.FGS: _fgs, Kind.BAG: _bag, Kind.FOLDER: _folder}


def _manifest(listed: Sequence[Listed]) -> bytes:
    escapes = {"%": "%25", "\n": "%0A", "\r": "%0D"}
    lines = []
    for one in listed:
        path = "".join(escapes.get(c, c) for c in one.path)
        lines.append(f"{one.sha512}  {path}\n")
    return "".join(lines).encode()


def _files_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _folder_name(object_id: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "_" for c in object_id)[:100]
