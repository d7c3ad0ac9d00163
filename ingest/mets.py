"""Read a METS package: E-ARK CSIP/SIP 2.x, Swedish FGS 1.x, and their cousins, into a Package.

Tolerant: everything the METS files say is read, also of files that are missing; what rules they
break is judged by `checks`. Begin at `read`.
"""

from __future__ import annotations

import mimetypes
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from archive import xml
from archive.xml import XLINK, local, where
from ingest import described, mets_header, mets_structure, pages, premis
from ingest.findings import Finding
from ingest.mets_header import attribute
from ingest.package import DescriptionDraft, FileClaim, FileRole, Package, PackageFile

CSIP_NS = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
_ROLES = {
    "documentation": FileRole.DOCUMENTATION,
    "schemas": FileRole.SCHEMA,
    "metadata": FileRole.METADATA,
    "system": FileRole.METADATA,
}
_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384",
               "SHA-512": "sha512", "SHA1": "sha1", "SHA256": "sha256"}  # fmt: skip
# Files that lie in the package and no METS names bear this instead of a place.
UNLISTED = "unlisted"


@dataclass
class _Mets:
    """One METS file being read; a representation's own METS is another."""

    root: Path
    path: str
    folder: str
    tree: Any
    findings: list[Finding]
    files: dict[str, PackageFile] = field(default_factory=dict)
    metadata: list[tuple[str, str]] = field(default_factory=list)  # (MDTYPE, path)
    below: list[str] = field(default_factory=list)
    ids: dict[str, str] = field(default_factory=dict)  # ID of a file -> its path


@dataclass
class _Told:
    """The records that a package tells of, and which file belongs to which."""

    drafts: dict[str, DescriptionDraft] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)  # name of a file -> key of its draft
    claims: list[FileClaim] = field(default_factory=list)
    whole: str | None = None  # the record that all files belong to

    @property
    def only_leaf(self) -> str | None:
        """Return the key of the lowest record where there is one such."""
        below = {draft.parent for draft in self.drafts.values()}
        leaves = [key for key in self.drafts if key not in below]
        return leaves[0] if len(leaves) == 1 else None


def read(root: Path, path: Path | None) -> Package:
    """Return the package whose main METS file is `path`, its representations included."""
    assert path is not None
    main = _open(root, path.relative_to(root).as_posix(), [])
    _take_in_representations(main)
    element = main.tree.getroot()
    header = next((e for e in element if local(e) == "metsHdr"), None)
    known = mets_header.ids(header)
    told = _drafts(main)
    kept = _preserved(main, element)
    _unlisted(main)
    owned = [_owned(file, told) for file in main.files.values()]
    within = pages.arranged(
        owned,
        list(told.drafts.values()),
        pages.texts_of(owned, main.findings),
        mets_structure.sheets_of(element, main.ids),
    )
    return Package(
        profile=profile_of(element),
        root=root,
        object_id=element.get("OBJID") or None,
        label=element.get("LABEL") or None,
        package_type=attribute(header, "OAISPACKAGETYPE") or attribute(header, "OAISSTATUS"),
        status=(header.get("RECORDSTATUS") or "NEW") if header is not None else "NEW",
        updates=mets_header.updates(header),
        segment=mets_header.segment(element, header),
        created=header.get("CREATEDATE") if header is not None else None,
        agreement=known.get("SUBMISSIONAGREEMENT") or attribute(element, "AGREEMENTFORM"),
        unit=known.get("STADSARKIV-UNIT"),
        record_type=known.get("STADSARKIV-RECORDTYPE"),
        agents=tuple(mets_header.agents(header)),
        restrictions=tuple(mets_header.restrictions(element)),
        files=within.files,
        drafts=within.drafts,
        claims=(*told.claims, *kept.claims()),
        events=kept.events(),
        findings=tuple(main.findings),
    )


def _take_in_representations(main: _Mets) -> None:
    """Add what the METS files of the representations name; they themselves are metadata."""
    for below in main.below:
        inner = _inner(main, below)
        if inner is not None:
            main.files |= inner.files
            main.ids |= inner.ids
            main.metadata.extend(inner.metadata)
    for path in main.below:
        if path in main.files:
            main.files[path] = replace(main.files[path], role=FileRole.METADATA)


def profile_of(element: Any) -> str:
    """Return the name of the profile that the METS claims, by prefix (DOMAIN 7.1, 7.2)."""
    claimed = (element.get("PROFILE") or "").lower()
    if "commonspecificationsweden" in claimed or "xml.ra.se" in claimed:
        versions = {"version10": "fgs-1.0", "version11": "fgs-1.1"}
        return next((name for part, name in versions.items() if part in claimed), "fgs-1.2")
    if "v2-2-0" in claimed or "v2.2" in claimed:
        return "csip-2.2"
    if "earksip" in claimed or "earkcsip" in claimed or "e-ark" in claimed or "dilcis" in claimed:
        return "csip-2.1"
    if "arkivverket" in claimed or "dias" in claimed or "noark" in claimed:
        return "dias-mets"
    return "csip-2.0" if CSIP_NS in (element.nsmap or {}).values() else "mets"


def _open(root: Path, path: str, findings: list[Finding]) -> _Mets:
    tree = xml.parse(root / path)
    mets = _Mets(root, path, path.rpartition("/")[0], tree, findings)
    for element in tree.getroot().iter():
        name = local(element)
        if name == "file":
            _file(mets, element)
        elif name == "mdRef":
            _reference(mets, element)
        elif name == "mptr":
            href = _href(mets, element)
            # RODA also points at packages above by their bare ids: no file of this package.
            if href is not None and href.lower().endswith(".xml"):
                mets.below.append(href)
    return mets


def _inner(main: _Mets, path: str) -> _Mets | None:
    try:
        return _open(main.root, path, main.findings)
    except FileNotFoundError:
        main.findings.append(Finding("METS-REPRESENTATION", main.path, {"path": path}))
    except xml.XmlRefused as error:
        where_ = f"{path}:{error.line}"
        main.findings.append(Finding("XML-REFUSED", where_, {"problem": error.reason}))
    except xml.XmlMalformed as error:
        where_ = f"{path}:{error.line}"
        main.findings.append(Finding("XML-MALFORMED", where_, {"problem": error.reason}))
    return None


def _file(mets: _Mets, element: Any) -> None:
    place = next((e for e in element if local(e) == "FLocat"), None)
    path = _href(mets, place) if place is not None else None
    if place is None or path is None:
        return
    mets.ids[element.get("ID") or ""] = path
    use = next((a.get("USE") or "" for a in element.iterancestors() if local(a) == "fileGrp"), "")
    mets.files[path] = _packaged(
        mets,
        element,
        path,
        role=_role(path, use),
        original=attribute(element, "ORIGINALFILENAME"),
        label=place.get(f"{{{XLINK}}}title"),
    )


def _reference(mets: _Mets, element: Any) -> None:
    path = _href(mets, element)
    if path is None:
        return
    mets.metadata.append(((element.get("MDTYPE") or "").upper(), path))
    mets.files[path] = _packaged(mets, element, path, role=FileRole.METADATA)


def _packaged(
    mets: _Mets,
    element: Any,
    path: str,
    *,
    role: FileRole,
    original: str | None = None,
    label: str | None = None,
) -> PackageFile:
    source = mets.root / path
    there = source.is_file()
    kind, digest = element.get("CHECKSUMTYPE"), element.get("CHECKSUM")
    claimed: Mapping[str, str] = {}
    if digest:
        claimed = {_ALGORITHMS.get((kind or "").upper(), f"unknown:{kind}"): digest.lower()}
    size = element.get("SIZE") or ""
    return PackageFile(
        path=path,
        size_bytes=source.stat().st_size if there else 0,
        source=source if there else None,
        role=role,
        claimed=claimed,
        claimed_size=int(size) if size.isdecimal() else None,
        media_type=element.get("MIMETYPE") or mimetypes.guess_type(path)[0],
        original_name=original or path.rsplit("/", 1)[-1],
        representation=_representation(path),
        label=label,
        where=where(element, mets.path),
    )


def _href(mets: _Mets, element: Any) -> str | None:
    """Return the file's name in the package; a link that leads elsewhere is a finding."""
    raw = element.get(f"{{{XLINK}}}href") or element.get("href") or ""
    name = raw.removeprefix("file:///").removeprefix("file://").removeprefix("file:")
    place = where(element, mets.path)
    if not name:
        mets.findings.append(Finding("METS-HREF", place, {"href": raw}))
        return None
    if "\\" in name:
        mets.findings.append(Finding("METS-BACKSLASH", place, {"href": raw}))
        name = name.replace("\\", "/")
    decoded = _existing(mets, name)
    parts = decoded.split("/")
    if "://" in decoded or decoded.startswith("/") or ".." in parts or "\0" in decoded:
        mets.findings.append(Finding("METS-ESCAPE", place, {"href": raw}))
        return None
    return decoded


def _existing(mets: _Mets, name: str) -> str:
    """Return the name as it lies on disk: as written, decoded, or below the METS' own folder."""
    name = name.removeprefix("./")
    candidates = [name, unquote(name)]
    if mets.folder:
        candidates = [f"{mets.folder}/{c}" for c in candidates] + candidates
    candidates = [unicodedata.normalize("NFC", c) for c in candidates]
    for candidate in candidates:
        safe = ".." not in candidate.split("/") and "\0" not in candidate
        if safe and len(candidate) < 1000 and (mets.root / candidate).is_file():
            return candidate
    return candidates[1] if mets.folder else unicodedata.normalize("NFC", unquote(name))


def _role(path: str, use: str) -> FileRole:
    first = path.split("/", 1)[0].lower()
    for name in (use.split("/", 1)[0].lower(), first):
        if name in _ROLES:
            return _ROLES[name]
    if "/metadata/" in path.lower():
        return FileRole.METADATA
    return FileRole.CONTENT


def _representation(path: str) -> str | None:
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0].lower() == "representations" else None


def _unlisted(main: _Mets) -> None:
    """Add what lies in the package and no METS names; `checks` says what that means."""
    files = main.files
    own = {main.path, *main.below}
    for source in sorted(p for p in main.root.rglob("*") if p.is_file()):
        name = unicodedata.normalize("NFC", source.relative_to(main.root).as_posix())
        if name in files or name in own:
            if name not in files:
                files[name] = PackageFile(
                    name, source.stat().st_size, source, FileRole.METADATA, where=name
                )
            continue
        files[name] = PackageFile(
            path=name,
            size_bytes=source.stat().st_size,
            source=source,
            role=FileRole.METADATA if _role(name, "") is FileRole.CONTENT else _role(name, ""),
            where=UNLISTED,
        )


def _drafts(main: _Mets) -> _Told:
    """Return the descriptions that the package carries, and which file belongs to which.

    A list of cases describes wherever it lies; in Swedish packages it is a file like the others.
    """
    told = _Told()
    for kind, path in main.metadata:
        if "EAD" in kind or "DC" in kind or "OTHER" in kind:
            _tell(main, path, told)
    known = {path for _, path in main.metadata}
    for path, file in list(main.files.items()):
        if path in known or file.role is not FileRole.CONTENT or file.source is None:
            continue
        if path.lower().endswith(".xml") and xml.root_name(file.source) in described.CASE_LISTS:
            main.files[path] = replace(file, role=FileRole.METADATA)
            _tell(main, path, told)
    if not told.drafts:
        _from_the_mets(main, told)
    return told


def _tell(main: _Mets, path: str, told: _Told) -> None:
    source = main.root / path
    if not source.is_file() or not path.lower().endswith(".xml"):
        return
    root = described.parsed(source, path, main.findings)
    found = described.records_in(root, path, main.findings) if root is not None else None
    for record in found or ():
        told.drafts.setdefault(record.draft.key, record.draft)
        told.claims.extend(record.claims)
        for file in record.files:
            told.owners[unicodedata.normalize("NFC", file)] = record.draft.key


def _preserved(main: _Mets, element: Any) -> premis.Reader:
    """Read the PREMIS documents that the package names, and what of it stands in the METS."""
    reader = premis.Reader(main.findings)
    for kind, path in dict.fromkeys(main.metadata):
        source = main.root / path
        if "PREMIS" not in kind and "preservation/" not in path:
            continue
        if not source.is_file() or xml.root_name(source) not in premis.ROOTS:
            continue
        root = described.parsed(source, path, main.findings)
        if root is not None and premis.is_premis(root):
            reader.add(root, path)
    for wrapped in element.iter():
        # The sender's masters that were not kept stand here too: only events are taken.
        if local(wrapped) in {"event", "agent"} and premis.is_premis(wrapped):
            reader.add(wrapped, main.path)
    return reader


def _from_the_mets(main: _Mets, told: _Told) -> None:
    """Describe the package by what its METS says of it: an issue with articles, else a label."""
    element = main.tree.getroot()
    title = element.get("LABEL") or element.get("OBJID") or main.path
    found = mets_structure.drafts_of(element, main.path, title)
    told.whole = "package"
    told.drafts = {draft.key: draft for draft in found} or {
        told.whole: DescriptionDraft(
            key=told.whole,
            level="file",
            title=title,
            date_text=mets_header.span(element),
            where=f"{main.path}:{element.sourceline} /mets",
        )
    }


def _owned(file: PackageFile, told: _Told) -> PackageFile:
    """Tie a content file to its record: the one that names it, else the only one there is."""
    if file.role is not FileRole.CONTENT:
        return file
    parts = file.path.split("/")
    names = ["/".join(parts[start:]) for start in range(len(parts))]
    for name in (*names, file.original_name or ""):
        if name in told.owners:
            return replace(file, draft=told.owners[name])
    return replace(file, draft=told.whole or told.only_leaf)
