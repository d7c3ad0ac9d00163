"""Read an authority record (EAC-CPF 2010 or 2.0) into an agent. Begin at `read`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from archive.xml import local, where, words
from ingest.findings import Finding
from ingest.package import AgentDraft, Package, PackageFile

_KINDS = {"person": "person", "family": "family", "corporatebody": "organization"}


def is_authority(root: Any) -> bool:
    """Return whether the document is EAC-CPF, of either edition."""
    return local(root) in {"eac-cpf", "eac"}


def read(root: Any, folder: Path, file: PackageFile) -> Package:
    """Return the authority record as a Package that holds one agent and no records."""
    found: dict[str, Any] = {}
    for element in root.iter():
        found.setdefault(local(element), element)
    kind = _KINDS.get(_kind(found), "organization")
    name = _name(root)
    findings = () if name else (Finding("EAC-NAME", where(root, file.path)),)
    agent = AgentDraft(
        name=name or file.path,
        role="creator",
        kind=kind,
        identifier=words(found["recordId"]) if "recordId" in found else None,
        dates=words(found["existDates"]) if "existDates" in found else None,
    )
    is_new = str(root.tag).startswith("{https://archivists.org/ns/eac/v2}")
    return Package(
        profile="eac-cpf-2.0" if is_new else "eac-cpf",
        root=folder,
        object_id=agent.identifier or file.path,
        label=agent.name,
        agents=(agent,),
        files=(file,),
        findings=findings,
    )


def _kind(found: dict[str, Any]) -> str:
    element = found.get("entityType")
    if element is None:
        return ""
    return str(element.get("value") or words(element)).lower()


def _name(root: Any) -> str | None:
    for element in root.iter():
        if local(element) == "nameEntry":
            parts = [words(p) for p in element if local(p) == "part" and words(p)]
            if parts:
                return ", ".join(parts)
    return None
