"""The requirements of E-ARK CSIP and SIP 2.x that can be judged on a METS file.

Attribute requirements are a table; the rest is one function each. Codes are the
specification's own; texts and severities stand in findings_csip.json. Begin at `run`.
Source: E-ARK CSIP 2.1/2.2 and SIP 2.1/2.2 (DILCIS Board).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import clock, xml
from archive.xml import XLINK, local, where, words
from ingest import checks_files
from ingest.findings import Finding
from ingest.package import Package

CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
_STATUS = frozenset({"CURRENT", "SUPERSEDED"})
_MIME = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;.*)?")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?")
_SUMS = frozenset(
    {"Adler-32", "CRC32", "HAVAL", "MD5", "MNP", "SHA-1", "SHA-256", "SHA-384", "SHA-512"}
    | {"TIGER", "WHIRLPOOL"}
)
_MDTYPES = frozenset(
    {"MARC", "MODS", "EAD", "DC", "NISOIMG", "LC-AV", "VRA", "TEIHDR", "DDI", "FGDC", "LOM"}
    | {"PREMIS", "PREMIS:OBJECT", "PREMIS:AGENT", "PREMIS:RIGHTS", "PREMIS:EVENT", "TEXTMD"}
    | {"METSRIGHTS", "EAC-CPF", "LIDO", "OTHER", "ISO 19115:2003 NAP"}
)
_TYPES_OTHER = "OTHER"
_SIP_PROFILE = re.compile(r"https?://earksip\.dilcis\.eu/profile/E-ARK-SIP(-v\d-\d-\d)?\.xml")


@dataclass(frozen=True, slots=True)
class Document:
    """A METS file of the package: the main one, or a representation's."""

    path: str
    root: Any
    is_main: bool
    folder: Path

    def all(self, *names: str) -> list[Any]:
        """Return every element with one of the local names, in document order."""
        return [e for e in self.root.iter() if local(e) in names]

    def here(self, code: str, element: Any, **params: object) -> Finding:
        """Return a finding at an element."""
        return Finding(code, where(element, self.path), params)


def run(package: Package) -> Iterator[Finding]:
    """Yield every broken requirement of the main METS and of each representation's."""
    for document in _documents(package.root):
        for check in _CHECKS:
            yield from check(document)


def _documents(root: Path) -> Iterator[Document]:
    paths = [p for p in root.iterdir() if p.name.lower() == "mets.xml"]
    paths += sorted(root.glob("representations/*/METS.xml"))
    for number, path in enumerate(paths):
        try:
            tree = xml.parse(path)
        except (xml.XmlRefused, xml.XmlMalformed):
            continue  # the reader has told of it
        yield Document(path.relative_to(root).as_posix(), tree.getroot(), number == 0, path.parent)


# --- attributes, as a table ---------------------------------------------------------------

Test = Callable[[str], bool]


def _filled(value: str) -> bool:
    return bool(value.strip())


def _one_of(allowed: Iterable[str]) -> Test:
    wanted = frozenset(allowed)
    return lambda value: value in wanted


def _matches(pattern: re.Pattern[str]) -> Test:
    return lambda value: pattern.fullmatch(value.strip()) is not None


def _is_number(value: str) -> bool:
    return value.strip().isdecimal()


_LINK = f"{{{XLINK}}}"
_ATTRIBUTES: tuple[tuple[str, str, str, Test], ...] = (
    # code, element (by path of local names from its section), attribute, test
    ("CSIP1", "mets", "OBJID", _filled),
    ("CSIP2", "mets", "TYPE", _filled),
    ("CSIP6", "mets", "PROFILE", _filled),
    ("CSIP7", "metsHdr", "CREATEDATE", _matches(_MOMENT)),
    ("CSIP9", "metsHdr", f"{{{CSIP}}}OAISPACKAGETYPE", _one_of(
        {"SIP", "AIP", "DIP", "AIU", "AIC"})),
    ("CSIP18", "dmdSec", "ID", _filled),
    ("CSIP19", "dmdSec", "CREATED", _matches(_MOMENT)),
    ("CSIP22", "dmdSec/mdRef", "LOCTYPE", _one_of({"URL"})),
    ("CSIP23", "dmdSec/mdRef", _LINK + "type", _one_of({"simple"})),
    ("CSIP24", "dmdSec/mdRef", _LINK + "href", _filled),
    ("CSIP25", "dmdSec/mdRef", "MDTYPE", _one_of(_MDTYPES)),
    ("CSIP26", "dmdSec/mdRef", "MIMETYPE", _matches(_MIME)),
    ("CSIP27", "dmdSec/mdRef", "SIZE", _is_number),
    ("CSIP28", "dmdSec/mdRef", "CREATED", _matches(_MOMENT)),
    ("CSIP29", "dmdSec/mdRef", "CHECKSUM", _filled),
    ("CSIP30", "dmdSec/mdRef", "CHECKSUMTYPE", _one_of(_SUMS)),
    ("CSIP33", "digiprovMD", "ID", _filled),
    ("CSIP36", "digiprovMD/mdRef", "LOCTYPE", _one_of({"URL"})),
    ("CSIP37", "digiprovMD/mdRef", _LINK + "type", _one_of({"simple"})),
    ("CSIP38", "digiprovMD/mdRef", _LINK + "href", _filled),
    ("CSIP39", "digiprovMD/mdRef", "MDTYPE", _one_of(_MDTYPES)),
    ("CSIP40", "digiprovMD/mdRef", "MIMETYPE", _matches(_MIME)),
    ("CSIP41", "digiprovMD/mdRef", "SIZE", _is_number),
    ("CSIP42", "digiprovMD/mdRef", "CREATED", _matches(_MOMENT)),
    ("CSIP43", "digiprovMD/mdRef", "CHECKSUM", _filled),
    ("CSIP44", "digiprovMD/mdRef", "CHECKSUMTYPE", _one_of(_SUMS)),
    ("CSIP46", "rightsMD", "ID", _filled),
    ("CSIP49", "rightsMD/mdRef", "LOCTYPE", _one_of({"URL"})),
    ("CSIP50", "rightsMD/mdRef", _LINK + "type", _one_of({"simple"})),
    ("CSIP51", "rightsMD/mdRef", _LINK + "href", _filled),
    ("CSIP52", "rightsMD/mdRef", "MDTYPE", _one_of(_MDTYPES)),
    ("CSIP53", "rightsMD/mdRef", "MIMETYPE", _matches(_MIME)),
    ("CSIP54", "rightsMD/mdRef", "SIZE", _is_number),
    ("CSIP55", "rightsMD/mdRef", "CREATED", _matches(_MOMENT)),
    ("CSIP56", "rightsMD/mdRef", "CHECKSUM", _filled),
    ("CSIP57", "rightsMD/mdRef", "CHECKSUMTYPE", _one_of(_SUMS)),
    ("CSIP59", "fileSec", "ID", _filled),
    ("CSIP64", "fileGrp", "USE", _filled),
    ("CSIP65", "fileGrp", "ID", _filled),
    ("CSIP67", "file", "ID", _filled),
    ("CSIP68", "file", "MIMETYPE", _matches(_MIME)),
    ("CSIP69", "file", "SIZE", _is_number),
    ("CSIP70", "file", "CREATED", _matches(_MOMENT)),
    ("CSIP71", "file", "CHECKSUM", _filled),
    ("CSIP72", "file", "CHECKSUMTYPE", _one_of(_SUMS)),
    ("CSIP77", "FLocat", "LOCTYPE", _one_of({"URL"})),
    ("CSIP78", "FLocat", _LINK + "type", _one_of({"simple"})),
    ("CSIP79", "FLocat", _LINK + "href", _filled),
    ("CSIP81", "structMap", "TYPE", _one_of({"PHYSICAL"})),
    ("CSIP82", "structMap", "LABEL", _one_of({"CSIP"})),
    ("CSIP83", "structMap", "ID", _filled),
)  # fmt: skip


def _attributes(document: Document) -> Iterator[Finding]:
    for code, place, name, test in _ATTRIBUTES:
        for element in _at(document, place):
            value = element.get(name)
            if value is None or not test(value):
                short = name.rpartition("}")[2]
                yield document.here(code, element, attribute=short, found=value or "–")


def _at(document: Document, place: str) -> list[Any]:
    parent, _, name = place.rpartition("/")
    found = document.all(name)
    if not parent:
        return found
    return [e for e in found if local(e.getparent()) == parent]


# --- the rest, one function each ----------------------------------------------------------


def _other_type(document: Document) -> Iterator[Finding]:
    root = document.root
    if root.get("TYPE") == _TYPES_OTHER and not root.get(f"{{{CSIP}}}OTHERTYPE"):
        yield document.here("CSIP3", root)
    content = root.get(f"{{{CSIP}}}CONTENTINFORMATIONTYPE")
    if content is None and not document.is_main:
        yield document.here("CSIP4", root)
    if content == "OTHER" and not root.get(f"{{{CSIP}}}OTHERCONTENTINFORMATIONTYPE"):
        yield document.here("CSIP5", root)


def _sip_profile(document: Document) -> Iterator[Finding]:
    if not document.is_main:
        return
    header = next(iter(document.all("metsHdr")), None)
    kind = header.get(f"{{{CSIP}}}OAISPACKAGETYPE") if header is not None else None
    profile = document.root.get("PROFILE") or ""
    if "earkcsip.dilcis.eu/profile/E-ARK-CSIP" in profile:
        yield document.here("SIP2-CSIP", document.root)  # what RODA-in 2 writes
    elif kind in {"SIP", None} and _SIP_PROFILE.fullmatch(profile) is None:
        yield document.here("SIP2", document.root, found=profile or "–")


def _header(document: Document) -> Iterator[Finding]:
    headers = document.all("metsHdr")
    if len(headers) != 1:
        yield document.here("CSIP117", document.root, count=len(headers))
        return
    changed = headers[0].get("LASTMODDATE")
    if changed is not None:
        day = changed[:10]
        wrong = not _MOMENT.fullmatch(changed) or day > clock.today().isoformat()
        if wrong or day < (headers[0].get("CREATEDATE") or "")[:10]:
            yield document.here("CSIP8", headers[0], found=changed)


def _software(document: Document) -> Iterator[Finding]:
    """A CREATOR/OTHER/SOFTWARE agent with one name and one versioned note (CSIP10-16)."""
    header = next(iter(document.all("metsHdr")), None)
    if header is None or not document.is_main:
        return
    agents = [e for e in header if local(e) == "agent"]
    if not agents:
        yield document.here("CSIP10", header)
        return
    wanted = (("CSIP11", "ROLE", "CREATOR"), ("CSIP12", "TYPE", "OTHER"),
              ("CSIP13", "OTHERTYPE", "SOFTWARE"))  # fmt: skip
    best = max(agents, key=lambda a: sum(a.get(name) == value for _, name, value in wanted))
    complete = all(best.get(name) == value for _, name, value in wanted)
    scattered = not complete and all(
        any(a.get(name) == value for a in agents) for _, name, value in wanted
    )
    for code, name, value in wanted:
        # Each is there, but no agent is all of it: then none of the three is met.
        if scattered or best.get(name) != value:
            yield document.here(code, best, found=best.get(name) or "–")
    if any(best.get(name) != value for _, name, value in wanted[1:]):
        return
    if not any(words(e) for e in best if local(e) == "name"):
        yield document.here("CSIP14", best)
    notes = [e for e in best if local(e) == "note"]
    if len(notes) != 1 or not words(notes[0]):
        yield document.here("CSIP15", best, count=len(notes))
    elif notes[0].get(f"{{{CSIP}}}NOTETYPE") != "SOFTWARE VERSION":
        yield document.here("CSIP16", notes[0])


def _metadata_sections(document: Document) -> Iterator[Finding]:
    for section, missing, status, reference in (
        ("dmdSec", "CSIP17", "CSIP20", "CSIP21"),
        ("digiprovMD", "CSIP32", "CSIP34", "CSIP35"),
        ("rightsMD", None, "CSIP47", "CSIP48"),
    ):
        found = document.all(section)
        if not found and missing:
            yield document.here(missing, document.root)
        for element in found:
            state = element.get("STATUS")
            if state is not None and state not in _STATUS:
                yield document.here(status, element, found=state)
            if not any(local(e) == "mdRef" for e in element):
                yield document.here(reference, element)
    amd = document.all("amdSec")
    if not amd:
        yield document.here("CSIP31", document.root)


def _metadata_bytes(document: Document) -> Iterator[Finding]:
    """What mdRef claims of a file is compared with the file (CSIP27, 29, 41, 43, 54, 56)."""
    codes = {"dmdSec": ("CSIP27", "CSIP29", "CSIP26"), "digiprovMD": ("CSIP41", "CSIP43", "CSIP40"),
             "rightsMD": ("CSIP54", "CSIP56", "CSIP53")}  # fmt: skip
    for element in document.all("mdRef"):
        section = local(element.getparent())
        path = _named(document.folder, element.get(_LINK + "href") or "-")
        if section not in codes or path is None:
            continue
        size, digest, mime = codes[section]
        claimed = element.get("SIZE") or ""
        sizes = {path.stat().st_size, checks_files.size_with_crlf(path)}
        if claimed.isdecimal() and int(claimed) not in sizes:
            yield document.here(size, element, attribute="SIZE", found=claimed)
        name = (element.get("CHECKSUMTYPE") or "").replace("-", "").lower()
        value = (element.get("CHECKSUM") or "").lower()
        if value and name in checks_files.KNOWN and not _is_sum_of(path, name, value):
            yield document.here(digest, element, attribute="CHECKSUM", found=value)
        kind = element.get("MIMETYPE") or ""
        if path.suffix.lower() == ".xml" and kind and "xml" not in kind:
            yield document.here(mime, element, attribute="MIMETYPE", found=kind)


def _is_sum_of(path: Path, name: str, value: str) -> bool:
    """Return whether the digest is the file's: as it lies here, or as it was on Windows.

    What a rule of CSIP demands is that the claim was true when it was made; that the bytes
    changed on their way is fixity's business (`checks_files`).
    """
    real = checks_files.digests_of(path, [name])[name]
    return value in {real, checks_files.digest_with_crlf(path, name)}


def _named(folder: Path, href: str) -> Path | None:
    """Return the file of a link inside the folder, its name in whatever case, else None."""
    if ".." in Path(href).parts or not folder.is_dir():
        return None
    path = folder
    for part in Path(href).parts:
        exact = path / part
        twins = [] if exact.exists() or not path.is_dir() else sorted(path.iterdir())
        path = next((t for t in twins if t.name.lower() == part.lower()), exact)
    is_inside = path.is_file() and path.resolve().is_relative_to(folder.resolve())
    return path if is_inside else None


def _file_section(document: Document) -> Iterator[Finding]:
    sections = document.all("fileSec")
    if not sections:
        yield document.here("CSIP58", document.root)
        return
    uses = [(e.get("USE") or "").lower() for e in document.all("fileGrp")]
    for code, name in (("CSIP60", "documentation"), ("CSIP113", "schemas")):
        if document.is_main and not any(use.startswith(name) for use in uses):
            yield document.here(code, sections[0])
    if document.is_main and not any(u.startswith(("representations", "data")) for u in uses):
        yield document.here("CSIP114", sections[0])
    for group in document.all("fileGrp"):
        if not any(local(e) in {"file", "fileGrp"} for e in group):
            yield document.here("CSIP66", group)
    for file in document.all("file"):
        places = [e for e in file if local(e) == "FLocat"]
        if len(places) != 1:
            yield document.here("CSIP76", file, count=len(places))


def _structure(document: Document) -> Iterator[Finding]:
    maps = document.all("structMap")
    mine = [m for m in maps if m.get("LABEL") == "CSIP"] or maps
    if not mine:
        yield document.here("CSIP80", document.root)
        return
    top = [e for e in mine[0] if local(e) == "div"]
    if len(top) != 1:
        yield document.here("CSIP84", mine[0], count=len(top))
        return
    yield from _divisions(document, top[0])


def _divisions(document: Document, top: Any) -> Iterator[Finding]:
    if not top.get("ID"):
        yield document.here("CSIP85", top)
    label, own = top.get("LABEL"), document.root.get("OBJID")
    if not label or (document.is_main and own and label != own):
        yield document.here("CSIP86", top, found=label or "–")
    below = [e for e in top if local(e) == "div"]
    labels = [(e.get("LABEL") or "") for e in below]
    uses = {(e.get("USE") or "").lower().split("/")[0] for e in document.all("fileGrp")}
    # A representation without metadata of its own has nothing to divide.
    needed = document.is_main or document.all("mdRef") or "Metadata" in labels
    if needed and labels.count("Metadata") != 1:
        yield document.here("CSIP90", top)
    for name, code, twice, pointer in (
        ("Documentation", "CSIP93", "CSIP95", "CSIP116"),
        ("Schemas", "CSIP97", "CSIP97", "CSIP118"),
    ):
        if labels.count(name) > 1:
            yield document.here(twice, top)
        if name.lower() in uses and labels.count(name) == 0:
            yield document.here(pointer if name == "Schemas" else code, top)
        groups = {
            e.get("ID") for e in document.all("fileGrp")
            if (e.get("USE") or "").lower().startswith(name.lower())
        }  # fmt: skip
        for division in (e for e in below if e.get("LABEL") == name):
            yield from _points(document, division, groups, pointer)
    for division in below:
        if not division.get("ID"):
            codes = {"Metadata": "CSIP89", "Documentation": "CSIP94", "Schemas": "CSIP98"}
            yield document.here(codes.get(division.get("LABEL") or "", "CSIP102"), division)


def _points(
    document: Document, division: Any, groups: set[str | None], code: str
) -> Iterator[Finding]:
    pointed = {e.get("FILEID") for e in division.iter() if local(e) == "fptr"}
    if groups and not pointed & groups:
        yield document.here(code, division)


_CHECKS: tuple[Callable[[Document], Iterator[Finding]], ...] = (
    _attributes,
    _other_type,
    _sip_profile,
    _header,
    _software,
    _metadata_sections,
    _metadata_bytes,
    _file_section,
    _structure,
)
