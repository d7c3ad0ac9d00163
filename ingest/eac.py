"""Read an authority record (EAC-CPF 2010 or 2.0) into an agent. Begin at `read`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.xml import local, where, words
from ingest.findings import Finding
from ingest.package import AgentDraft, Package, PackageFile

_KINDS = {"person": "person", "family": "family", "corporatebody": "organization"}


def is_authority(root: Any) -> bool:
    """Return whether the document is EAC-CPF, of either edition, perhaps in a wrapping of its own.

    A record may carry a finding aid that it refers to; that makes it no finding aid.
    """
    return _is_one(root) or any(_is_one(child) for child in root)


def read(root: Any, folder: Path, file: PackageFile) -> Package:
    """Return the authority records as a Package that holds their agents and no records."""
    elements = elements_in(root)
    agents, findings = [], []
    for element in elements:
        agent = agent_of(element, file.path)
        if agent.name == file.path:
            findings.append(Finding("EAC-NAME", where(element, file.path)))
        agents.append(agent)
    is_new = str(elements[0].tag).startswith("{https://archivists.org/ns/eac/v2}")
    return Package(
        profile="eac-cpf-2.0" if is_new else "eac-cpf",
        root=folder,
        object_id=agents[0].identifier or file.path,
        label=agents[0].name,
        agents=tuple(agents),
        files=(file,),
        findings=tuple(findings),
    )


def elements_in(root: Any) -> list[Any]:
    """Return the authority records of a document: itself, or those in its wrapping."""
    return [root] if _is_one(root) else [child for child in root if _is_one(child)]


def _is_one(element: Any) -> bool:
    return local(element) in {"eac-cpf", "eac"}


def agent_of(root: Any, fallback: str) -> AgentDraft:
    """Return the agent that an authority record is of; `fallback` is its name where it has none."""
    found: dict[str, Any] = {}
    for element in root.iter():
        found.setdefault(local(element), element)
    return AgentDraft(
        name=_name(root) or fallback,
        role="creator",
        kind=_KINDS.get(_kind(found), "organization"),
        identifier=words(found["recordId"]) if "recordId" in found else None,
        dates=_dates(found["existDates"]) if "existDates" in found else None,
    )


def _dates(element: Any) -> str | None:
    """Return the dates as one writes them ("1918–1988"); a set of them with commas between."""
    parts = []
    for part in element.iter():
        if local(part) == "date" and words(part):
            parts.append(words(part))
        elif local(part) == "dateRange":
            ends = {local(e): words(e) for e in part}
            if any(ends.values()):
                parts.append(f"{ends.get('fromDate', '')}–{ends.get('toDate', '')}")
    return ", ".join(parts) or words(element) or None


def _kind(found: dict[str, Any]) -> str:
    element = found.get("entityType")
    if element is None:
        return ""
    return str(element.get("value") or words(element)).lower()


def _name(root: Any) -> str | None:
    for element in root.iter():
        if local(element) == "nameEntry" and written(element):
            return written(element)
    return None


def written(entry: Any) -> str:
    """Return a name as one writes it: its parts with commas between, "" if it has none."""
    parts = [words(part).rstrip(" ,") for part in entry if local(part) == "part"]
    return ", ".join(part for part in parts if part)
