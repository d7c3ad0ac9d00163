"""The requirements of FGS Paketstruktur 1.x that can be judged on its METS.

The 1.2 list of mandatory elements was not at hand, so this judges what real deliveries and open
generators agree on, tolerantly: dates with a time are a warning, for real SIPs have them. Begin
at `run`. Source: DOMAIN 7.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from archive import xml
from archive.xml import XLINK, local, where, words
from ingest.findings import Finding
from ingest.package import Package

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}.*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def run(package: Package) -> Iterator[Finding]:
    """Yield every broken requirement of the package's METS file."""
    for path in sorted(p for p in package.root.iterdir() if p.name.lower() in _NAMES):
        try:
            root = xml.parse(path).getroot()
        except (xml.XmlRefused, xml.XmlMalformed):
            continue  # the reader has told of it
        name = path.name
        yield from _head(root, name)
        yield from _agents(root, name)
        yield from _dates(root, name)
        yield from _files(root, name)
        return


_NAMES = frozenset({"sip.xml", "mets.xml"})


def _head(root: Any, name: str) -> Iterator[Finding]:
    place = where(root, name)
    for attribute in ("OBJID", "TYPE"):
        if not (root.get(attribute) or "").strip():
            yield Finding(f"FGS-{attribute}", place)
    if "CommonSpecificationSweden" not in (root.get("PROFILE") or ""):
        yield Finding("FGS-PROFILE", place, {"found": root.get("PROFILE") or "–"})
    if not any(local(e) == "structMap" for e in root):
        yield Finding("FGS-STRUCTMAP", place)
    header = _header(root)
    if header is None:
        yield Finding("FGS-HEADER", place)
        return
    created = header.get("CREATEDATE") or ""
    if not _MOMENT.fullmatch(created):
        yield Finding("FGS-CREATEDATE", where(header, name), {"found": created or "–"})
    status = _any(header, "OAISSTATUS")
    if status != "SIP":
        yield Finding("FGS-STATUS", where(header, name), {"found": status or "–"})
    agreements = [e for e in header if e.get("TYPE") == "SUBMISSIONAGREEMENT" and words(e)]
    if not agreements and not _any(root, "AGREEMENTFORM"):
        yield Finding("FGS-AGREEMENT", where(header, name))


def _agents(root: Any, name: str) -> Iterator[Finding]:
    header = _header(root)
    if header is None:
        return
    have = {
        (e.get("ROLE"), e.get("TYPE"))
        for e in header
        if local(e) == "agent" and any(words(n) for n in e if local(n) == "name")
    }
    for code, role in (("FGS-ARCHIVIST", "ARCHIVIST"), ("FGS-CREATOR", "CREATOR")):
        if (role, "ORGANIZATION") not in have:
            yield Finding(code, where(header, name))


def _dates(root: Any, name: str) -> Iterator[Finding]:
    for attribute in ("STARTDATE", "ENDDATE"):
        value = _any(root, attribute)
        if value is not None and not _DAY.fullmatch(value):
            params = {"attribute": attribute, "found": value}
            yield Finding("FGS-DATE", where(root, name), params)


def _files(root: Any, name: str) -> Iterator[Finding]:
    for element in (e for e in root.iter() if local(e) == "file"):
        place = where(element, name)
        for attribute in ("ID", "CHECKSUM", "CHECKSUMTYPE", "SIZE"):
            if not (element.get(attribute) or "").strip():
                yield Finding("FGS-FILE", place, {"attribute": attribute})
        links = [e for e in element if local(e) == "FLocat" and e.get(f"{{{XLINK}}}href")]
        if len(links) != 1:
            yield Finding("FGS-LOCATION", place, {"count": len(links)})


def _header(root: Any) -> Any:
    return next((e for e in root if local(e) == "metsHdr"), None)


def _any(element: Any, name: str) -> str | None:
    return next((v for k, v in element.attrib.items() if str(k).rpartition("}")[2] == name), None)
