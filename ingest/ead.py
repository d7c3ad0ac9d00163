"""Read finding aids: EAD 2002, EAD3 and Riksarkivet's dialects, as a tree of any depth.

Names are read without regard to namespace, so a dialect costs nothing. Dates stay text. Begin at
`tree_of`; `read` makes a Package of a finding aid that comes alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from archive import xml
from archive.xml import OWN, Places, local, words
from ingest import eac
from ingest.dublincore import DcRecord, drafts_of, is_dublin_core
from ingest.findings import Finding
from ingest.package import AgentDraft, DescriptionDraft, FileRole, Package, PackageFile, Restriction

_COMPONENTS = frozenset({"c", *(f"c{n:02d}" for n in range(1, 13))})
_LEVELS = {
    "fonds": "fonds", "collection": "fonds", "recordgrp": "fonds", "subfonds": "series",
    "subgrp": "series", "series": "series", "subseries": "series", "class": "series",
    "file": "file", "item": "item", "arkiv": "fonds", "serie": "series", "volym": "volume",
    "volume": "volume", "akt": "file", "handling": "item", "box": "volume", "folder": "file",
}  # fmt: skip
_PROFILES = {
    "http://ead3.archivists.org/schema/": "ead3",
    "urn:isbn:1-931666-22-9": "ead2002",
    "http://xml.ra.se/EAD": "ead-ra",
}


@dataclass(frozen=True, slots=True)
class FindingAid:
    """A finding aid as read: its profile, its records in document order, and what was odd."""

    profile: str
    identifier: str | None
    title: str | None
    records: tuple[DcRecord, ...]
    findings: tuple[Finding, ...]


def is_finding_aid(root: Any) -> bool:
    """Return whether the document is EAD, or carries EAD inside (an OAI answer)."""
    return any(local(element) == "archdesc" for element in root.iter())


def read(root: Path, path: Path | None) -> Package:
    """Return a lone XML file as a Package: a finding aid, an authority record, or Dublin Core."""
    assert path is not None
    name = path.relative_to(root).as_posix()
    tree = xml.parse(path)
    file = PackageFile(
        path=name,
        size_bytes=path.stat().st_size,
        source=path,
        role=FileRole.METADATA,
        media_type="application/xml",
    )
    if eac.is_authority(tree.getroot()):
        return eac.read(tree.getroot(), root, file)
    if is_finding_aid(tree.getroot()):
        aid = tree_in(tree.getroot(), name)
        return Package(
            profile=aid.profile,
            root=root,
            object_id=aid.identifier or name,
            label=aid.title,
            files=(file,),
            drafts=tuple(record.draft for record in aid.records),
            findings=aid.findings,
        )
    findings: list[Finding] = []
    if is_dublin_core(tree.getroot()):
        drafts = tuple(r.draft for r in drafts_of(tree.getroot(), name, findings))
        return Package("folder", root, name, files=(file,), drafts=drafts, findings=tuple(findings))
    findings.append(_unknown(tree.getroot(), name))
    return Package(profile=None, root=root, files=(file,), findings=tuple(findings))


def _unknown(root: Any, name: str) -> Finding:
    """Say what the document is; of an answer of OAI-PMH, what it answers and in which form."""
    if local(root) != "OAI-PMH":
        return Finding("EAD-UNKNOWN", f"{name}:1", {"root": local(root)})
    verb = next((local(e) for e in root if local(e) not in {"responseDate", "request", ""}), "–")
    holders = [e for e in root.iter() if local(e) == "metadata"]
    forms = {local(child) for holder in holders for child in holder} - {""}
    params = {"verb": verb, "forms": ", ".join(sorted(forms)) or "–"}
    return Finding("EAD-OAI", f"{name}:1", params)


def tree_of(path: Path, name: str) -> FindingAid:
    """Return the finding aid in a file; `name` is how findings speak of the file.

    :raises archive.xml.XmlRefused, XmlMalformed: when it cannot be read at all.
    """
    return tree_in(xml.parse(path).getroot(), name)


def tree_in(root: Any, name: str) -> FindingAid:
    """Return the finding aid in a parsed document."""
    archdesc = next(element for element in root.iter() if local(element) == "archdesc")
    namespace = str(archdesc.tag)[1:].partition("}")[0] if "}" in str(archdesc.tag) else ""
    reader = _Reader(name)
    reader.walk(archdesc)
    identifier = _text(root, "recordid") or _text(root, "eadid")
    return FindingAid(
        profile=_PROFILES.get(namespace, "ead2002"),
        identifier=identifier,
        title=_text(root, "titleproper"),
        records=tuple(reader.records),
        findings=tuple(reader.findings),
    )


class _Reader:
    """Walks the components without recursion: a tree may be as deep as the parser allows."""

    def __init__(self, name: str) -> None:
        self.place = Places(name)
        self.records: list[DcRecord] = []
        self.findings: list[Finding] = []
        self.keys: set[str] = set()

    def walk(self, archdesc: Any) -> None:
        waiting: list[tuple[Any, str | None, str]] = [(archdesc, None, "fonds")]
        while waiting:
            element, parent, above = waiting.pop()
            record = self._record(element, parent, above)
            self.records.append(record)
            children = list(_children(element))
            for child in reversed(children):
                waiting.append((child, record.draft.key, record.draft.level))

    def _record(self, element: Any, parent: str | None, above: str) -> DcRecord:
        did = next((c for c in element if local(c) == "did"), None)
        place = self.place(element)
        if did is None:
            self.findings.append(Finding("EAD-DID", place))
            did = element
        level = self._level(element, above, place)
        unitid = _text(did, "unitid")
        title = _text(did, "unittitle") or _date_words(did)
        if not title:
            self.findings.append(Finding("EAD-TITLE", place))
            title = unitid or "–"
        own = _own_fields(element)
        draft = DescriptionDraft(
            key=self._key(element, unitid),
            level=level,
            title=title,
            parent=parent,
            reference=unitid,
            public_title=own.get("publicTitle"),
            date_text=_date_words(did),
            extent=_text(did, "extent") or _text(did, "physdesc"),
            scope=_paragraphs(element, ("scopecontent", "abstract", "bioghist")),
            language=_language(did),
            record_type=own.get("recordType"),
            unit=own.get("unit"),
            creators=tuple(_creators(did)),
            subjects=tuple(_controlled(element, "subject")),
            places=tuple(_controlled(element, "geogname")),
            genre=next(iter(_controlled(element, "genreform")), None),
            rights=own.get("rightsState"),
            personal_data=own.get("personalData"),
            living_persons=own.get("livingPersons"),
            is_register=own.get("isRegister") == "yes",
            events=self._events(own, place),
            restrictions=tuple(_restrictions(element)),
            notes=tuple(_notes(element)),
            where=place,
        )
        return DcRecord(draft, tuple(_files(element, did)))

    def _level(self, element: Any, above: str, place: str) -> str:
        raw = (element.get("level") or "").lower()
        if raw in {"otherlevel", ""}:
            raw = (element.get("otherlevel") or "").lower()
        if raw in _LEVELS:
            return _LEVELS[raw]
        if local(element) == "archdesc":
            return "fonds"
        if raw:
            self.findings.append(Finding("EAD-LEVEL", place, {"level": raw}))
        return "file" if above in {"fonds", "series", "volume"} else "item"

    def _events(self, own: Mapping[str, str], place: str) -> Mapping[str, date]:
        found: dict[str, date] = {}
        for name, value in own.items():
            if not name.startswith("event."):
                continue
            try:
                found[name.removeprefix("event.")] = date.fromisoformat(value)
            except ValueError:
                self.findings.append(Finding("DC-EVENT", place, {"date": value}))
        return found

    def _key(self, element: Any, unitid: str | None) -> str:
        key = element.get("id") or unitid or f"c{len(self.records)}"
        while key in self.keys:
            key = f"{key}+{len(self.records)}"
        self.keys.add(key)
        return key


def _children(element: Any) -> Iterator[Any]:
    for child in element:
        name = local(child)
        if name in _COMPONENTS:
            yield child
        elif name == "dsc":
            yield from (c for c in child if local(c) in _COMPONENTS)


def _text(element: Any, name: str) -> str | None:
    found = next((e for e in element.iter() if local(e) == name), None)
    return (words(found) or None) if found is not None else None


def _date_words(did: Any) -> str | None:
    """Return the date as written; the machine form when the words are only for people."""
    for element in did.iter():
        if local(element) == "unitdate" and words(element):
            return _plain(words(element))
        if local(element) == "unitdatestructured":
            return _structured(element)
    return None


def _structured(element: Any) -> str | None:
    days = {local(e): e.get("standarddate") or words(e) for e in element.iter()}
    if days.get("fromdate") or days.get("todate"):
        return f"{days.get('fromdate', '..')}/{days.get('todate', '..')}"
    return days.get("datesingle") or None


def _plain(text: str) -> str:
    return text.replace("--", "–")


def _paragraphs(element: Any, names: tuple[str, ...]) -> str | None:
    found: list[str] = []
    for child in element:
        if local(child) in names:
            found.extend(words(p) for p in child if local(p) == "p" and words(p))
        elif local(child) == "did":
            found.extend(words(a) for a in child if local(a) in names and words(a))
    return "\n\n".join(found) or None


def _language(did: Any) -> str | None:
    found = next((e for e in did.iter() if local(e) == "language"), None)
    return (found.get("langcode") or words(found) or None) if found is not None else None


def _creators(did: Any) -> Iterator[AgentDraft]:
    kinds = {"persname": "person", "famname": "family", "corpname": "organization"}
    for origin in did:
        if local(origin) not in {"origination"}:
            continue
        named = [e for e in origin.iter() if local(e) in kinds and words(e)]
        for element in named:
            dates = [words(e) for e in element if e.get("localtype") == "dates"]
            name = words(element).removesuffix(dates[0] if dates else "").rstrip()
            role = element.get("relator") or "creator"
            yield AgentDraft(name, role, kinds[local(element)], dates=dates[0] if dates else None)
        if not named and words(origin):
            yield AgentDraft(words(origin), "creator")


def _controlled(element: Any, name: str) -> Iterator[str]:
    for child in element:
        if local(child) == "controlaccess":
            yield from (words(e) for e in child.iter() if local(e) == name and words(e))


def _restrictions(element: Any) -> Iterator[Restriction]:
    for child in element:
        if local(child) == "accessrestrict" and words(child):
            yield Restriction("access", words(child))


def _notes(element: Any) -> Iterator[str]:
    for child in element:
        is_note = local(child) in {"odd", "note", "custodhist", "arrangement"} and words(child)
        if is_note and not child.get("localtype", "").startswith(f"{OWN}#"):
            yield words(child)


def _own_fields(element: Any) -> dict[str, str]:
    """Return the fields of ours, kept in `odd` elements whose localtype names our namespace."""
    return {
        child.get("localtype", "").removeprefix(f"{OWN}#"): words(child)
        for child in element
        if local(child) == "odd" and child.get("localtype", "").startswith(f"{OWN}#")
    }


def _files(element: Any, did: Any) -> Iterator[str]:
    """Yield the names of files in the package; links to other places are not files of ours."""
    for holder in (did, element):
        for child in holder:
            if local(child) not in {"dao", "daogrp", "daoset"}:
                continue
            for link in child.iter():
                href = link.get("href") or link.get(f"{{{xml.XLINK}}}href") or ""
                if href and "://" not in href:
                    yield href
