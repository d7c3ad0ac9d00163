"""The head of a METS: who made and sends it, under which agreement, and what it claims.

Begin at `agents`, `ids` and `restrictions`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.xml import local, words
from ingest import segments
from ingest.package import AgentDraft, Restriction, Segment


def agents(header: Any) -> Iterator[AgentDraft]:
    """Yield the agents of the metsHdr; None has none."""
    if header is None:
        return
    for element in header:
        if local(element) != "agent":
            continue
        name = next((words(e) for e in element if local(e) == "name"), "")
        kind = (element.get("OTHERTYPE") or element.get("TYPE") or "").lower()
        role = (element.get("OTHERROLE") or element.get("ROLE") or "").lower()
        notes = tuple(words(e) for e in element if local(e) == "note" and words(e))
        if name:
            yield AgentDraft(name, role, _kind(kind), notes=notes)


def _kind(kind: str) -> str:
    return {"individual": "person", "software": "software"}.get(kind, "organization")


def ids(header: Any) -> dict[str, str]:
    """Return the altRecordIDs of the metsHdr by their type, in capitals."""
    if header is None:
        return {}
    return {
        (e.get("TYPE") or "").upper(): words(e)
        for e in header
        if local(e) == "altRecordID" and words(e)
    }


def updates(header: Any) -> tuple[str, ...]:
    """Return the reference codes that the header gives for what was delivered before."""
    known = ids(header)
    return tuple(
        known[kind].strip() for kind in ("PREVIOUSREFERENCECODE", "REFERENCECODE") if kind in known
    )


def segment(element: Any, header: Any) -> Segment | None:
    """Return which part of a delivery in several packages it is (FGS Paketstruktur)."""
    known = ids(header)
    group, count = (
        attribute(element, name) or attribute(header, name) or known.get(name)
        for name in ("DATASUBMISSIONSESSION", "PACKAGENUMBER")
    )
    return segments.read(group, count)


def restrictions(element: Any) -> Iterator[Restriction]:
    """Yield what the ExtensionMETS attributes of an element claim (FGS Paketstruktur)."""
    yield from _access(attribute(element, "ACCESSRESTRICT"))
    for name, kind in (
        ("APPRAISAL", "appraisal"),
        ("INFORMATIONCLASS", "information_class"),
        ("ARCHIVALRECORDTYPE", "record_type"),
    ):
        if value := attribute(element, name):
            yield Restriction(kind, value)


def _access(said: str | None) -> Iterator[Restriction]:
    """Yield the kinds of restriction that a word of the list names; another word is secrecy."""
    kinds = {"pul": ("privacy",), "gdpr": ("privacy",), "secrecy and pul": ("secrecy", "privacy")}
    for kind in kinds.get(said.strip().lower(), ("secrecy",)) if said else ():
        yield Restriction(kind, said or "")


def span(element: Any) -> str | None:
    """Return the days from STARTDATE to ENDDATE, or None."""
    start, end = attribute(element, "STARTDATE"), attribute(element, "ENDDATE")
    days = [day[:10] for day in (start, end) if day]
    return "/".join(days) if len(days) == 2 else None


def attribute(element: Any, name: str) -> str | None:
    """Return an attribute by its local name, in whatever namespace it stands."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name and value.strip():
            return str(value)
    return None
