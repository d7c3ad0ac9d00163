"""Write the METS files of our packages: E-ARK SIP, AIP and DIP 2.1, and FGS Paketstruktur 1.2.

Only the documents; bytes are `build`'s business. Begin at `csip` and `fgs`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import metadata as installed
from typing import Any
from urllib.parse import quote

from archive import xml
from archive.xml import XLINK
from ingest.build_shelf import Listed
from ingest.build_spec import Administrative, PackageSpec, PackageType, Section
from ingest.checks_csip import CSIP

METS = "http://www.loc.gov/METS/"
SIP = "https://DILCIS.eu/XML/METS/SIPExtensionMETS"
FGS = "ExtensionMETS"
_SOFTWARE = ("stadsarkiv", installed.version("stadsarkiv"))
_LINK = f"{{{XLINK}}}"
_PROFILES = {
    PackageType.SIP: "https://earksip.dilcis.eu/profile/E-ARK-SIP.xml",
    PackageType.AIP: "https://earkaip.dilcis.eu/profile/E-ARK-AIP.xml",
    PackageType.DIP: "https://earkdip.dilcis.eu/profile/E-ARK-DIP.xml",
}


def csip(
    spec: PackageSpec,
    metadata: Listed,
    kept: Sequence[tuple[Administrative, Listed]],
    documents: Sequence[Listed],
    rep: Listed,
) -> Any:
    """Return the main METS of a CSIP package with one representation."""
    root = _root(spec, spec.object_id)
    _header(root, spec, main=True)
    section = xml.child(root, "dmdSec", ID="dmd-1", CREATED=spec.created, STATUS="CURRENT")
    xml.child(section, "mdRef", **_link(metadata, spec), MDTYPE="DC")
    administered = _administrative(root, spec, kept)
    files = xml.child(root, "fileSec", ID="filesec-1")
    group = xml.child(files, "fileGrp", ID="grp-documentation", USE="Documentation")
    for number, document in enumerate(documents, 1):
        _file(group, document, spec, f"doc-{number}")
    group = xml.child(files, "fileGrp", ID="grp-rep1", USE="Representations/rep1")
    _file(group, rep, spec, "rep-mets")
    top = _top(root, spec.object_id)
    pointing = {"ADMID": " ".join(administered)} if administered else {}
    xml.child(top, "div", ID="div-metadata", LABEL="Metadata", DMDID="dmd-1", **pointing)
    division = xml.child(top, "div", ID="div-documentation", LABEL="Documentation")
    xml.child(division, "fptr", FILEID="grp-documentation")
    division = xml.child(top, "div", ID="div-rep1", LABEL="Representations/rep1")
    href = quote(rep.path)
    pointer = {_LINK + "href": href, _LINK + "type": "simple", _LINK + "title": "grp-rep1"}
    xml.child(division, "mptr", **pointer, LOCTYPE="URL")
    return root


def _administrative(
    root: Any, spec: PackageSpec, kept: Sequence[tuple[Administrative, Listed]]
) -> list[str]:
    """Add the `amdSec`, rights before provenance as METS orders them; return the sections' ids."""
    if not kept:
        return []
    ids: list[str] = []
    section = xml.child(root, "amdSec")
    for kind in (Section.RIGHTS, Section.PROVENANCE):
        for one, listed in kept:
            if one.section is not kind:
                continue
            ids.append(f"amd-{len(ids) + 1}")
            node = xml.child(section, kind.value, ID=ids[-1], STATUS="CURRENT")
            types = {"MDTYPE": one.kind} | ({"OTHERMDTYPE": one.other} if one.other else {})
            xml.child(node, "mdRef", **_link(listed, spec), **types)
    return ids


def representation(spec: PackageSpec, content: Sequence[Listed]) -> Any:
    """Return a representation's own METS; paths are relative to its folder."""
    root = _root(spec, "rep1")
    _header(root, spec, main=False)
    files = xml.child(root, "fileSec", ID="filesec-rep1")
    group = xml.child(files, "fileGrp", ID="grp-data", USE="Data")
    for number, file in enumerate(content, 1):
        _file(group, file, spec, f"file-{number}")
    top = _top(root, "rep1")
    division = xml.child(top, "div", ID="div-data", LABEL="Data")
    xml.child(division, "fptr", FILEID="grp-data")
    return root


def fgs(spec: PackageSpec, content: Sequence[Listed], metadata: Listed) -> Any:
    """Return the sip.xml of an FGS package (DOMAIN 7.2)."""
    profile = "http://xml.ra.se/e-arkiv/METS/CommonSpecificationSwedenPackageProfile.xml"
    root = xml.element(
        f"{{{METS}}}mets",
        {None: METS, "xlink": XLINK, "ext": FGS},
        OBJID=spec.object_id,
        LABEL=spec.label,
        TYPE="SIP",
        PROFILE=profile,
    )
    if spec.record_type:
        root.set(f"{{{FGS}}}INFORMATIONCLASS", spec.record_type)
    if spec.segment:
        root.set(f"{{{FGS}}}DATASUBMISSIONSESSION", spec.segment[0])
        root.set(f"{{{FGS}}}PACKAGENUMBER", spec.segment[1])
    header = xml.child(root, "metsHdr", CREATEDATE=spec.created)
    header.set(f"{{{FGS}}}OAISSTATUS", "SIP")
    _agent(header, "ARCHIVIST", "ORGANIZATION", spec.creator or spec.label)
    _agent(header, "CREATOR", "ORGANIZATION", spec.submitter or spec.creator or spec.label)
    _agent(header, "ARCHIVIST", "OTHER", _SOFTWARE[0], other="SOFTWARE", note=_SOFTWARE[1])
    _ids(header, spec)
    section = xml.child(root, "dmdSec", ID="dmd-1", CREATED=spec.created)
    xml.child(section, "mdRef", **_link(metadata, spec, "file:///"), MDTYPE="DC")
    files = xml.child(root, "fileSec")
    group = xml.child(files, "fileGrp", ID="grp-content", USE="Content")
    for number, file in enumerate(content, 1):
        _file(group, file, spec, f"file-{number}", "file:///")
    structure = xml.child(root, "structMap")
    xml.child(structure, "div")
    return root


def _root(spec: PackageSpec, object_id: str) -> Any:
    root = xml.element(
        f"{{{METS}}}mets",
        {None: METS, "xlink": XLINK, "csip": CSIP, "sip": SIP},
        OBJID=object_id,
        LABEL=spec.label,
        TYPE="Mixed",
        PROFILE=_PROFILES[spec.package_type],
    )
    root.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "MIXED")
    return root


def _header(root: Any, spec: PackageSpec, *, main: bool) -> None:
    header = xml.child(root, "metsHdr", CREATEDATE=spec.created, RECORDSTATUS=spec.status)
    header.set(f"{{{CSIP}}}OAISPACKAGETYPE", spec.package_type.value)
    agent = _agent(header, "CREATOR", "OTHER", _SOFTWARE[0], other="SOFTWARE", note=_SOFTWARE[1])
    agent[1].set(f"{{{CSIP}}}NOTETYPE", "SOFTWARE VERSION")
    if not main:
        return
    _agent(header, "CREATOR", "ORGANIZATION", spec.submitter or spec.creator or spec.label)
    if spec.creator:
        _agent(header, "ARCHIVIST", "ORGANIZATION", spec.creator)
    _ids(header, spec)


def _agent(
    header: Any, role: str, kind: str, name: str, *, other: str | None = None, note: str = ""
) -> Any:
    attributes = {"ROLE": role, "TYPE": kind}
    if other:
        attributes["OTHERTYPE"] = other
    agent = xml.child(header, "agent", **attributes)
    xml.child(agent, "name", name)
    if note:
        xml.child(agent, "note", note)
    return agent


def _ids(header: Any, spec: PackageSpec) -> None:
    for kind, value in (
        ("SUBMISSIONAGREEMENT", spec.agreement),
        ("STADSARKIV-UNIT", spec.unit),
        ("STADSARKIV-RECORDTYPE", spec.record_type),
        ("PREVIOUSREFERENCECODE", spec.updates),
    ):
        if value:
            xml.child(header, "altRecordID", value, TYPE=kind)


def _file(group: Any, file: Listed, spec: PackageSpec, file_id: str, scheme: str = "") -> None:
    node = xml.child(
        group,
        "file",
        ID=file_id,
        MIMETYPE=file.media_type,
        SIZE=str(file.size_bytes),
        CREATED=spec.created,
        CHECKSUM=file.sha256,
        CHECKSUMTYPE="SHA-256",
    )
    link = {_LINK + "type": "simple", _LINK + "href": scheme + quote(file.path)}
    xml.child(node, "FLocat", LOCTYPE="URL", **link)


def _link(file: Listed, spec: PackageSpec, scheme: str = "") -> dict[str, str]:
    return {
        "LOCTYPE": "URL",
        _LINK + "type": "simple",
        _LINK + "href": scheme + quote(file.path),
        "MIMETYPE": file.media_type,
        "SIZE": str(file.size_bytes),
        "CREATED": spec.created,
        "CHECKSUM": file.sha256,
        "CHECKSUMTYPE": "SHA-256",
    }


def _top(root: Any, label: str) -> Any:
    structure = xml.child(root, "structMap", ID="structmap-1", TYPE="PHYSICAL", LABEL="CSIP")
    return xml.child(structure, "div", ID="div-top", LABEL=label)
