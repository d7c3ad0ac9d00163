"""Dublin Core (simple, oai_dc or dcterms) into description drafts, and back is `build_dc`.

One element may hold one record or many (`records`). Fields beyond Dublin Core stand in our own
namespace, documented in docs/formats.md. Begin at `drafts_of`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from archive.xml import OWN, Places, local, words
from ingest.findings import Finding
from ingest.package import AgentDraft, DescriptionDraft, FileClaim, Restriction

DC = "http://purl.org/dc/elements/1.1/"
TERMS = "http://purl.org/dc/terms/"
LEVELS = frozenset({"fonds", "series", "volume", "file", "item"})


@dataclass(frozen=True, slots=True)
class DcRecord:
    """A draft with the names of the files it says it describes."""

    draft: DescriptionDraft
    files: tuple[str, ...]
    claims: tuple[FileClaim, ...] = ()


def is_dublin_core(root: Any) -> bool:
    """Return whether the document's elements are Dublin Core."""
    namespaces = {str(e.tag)[1:].partition("}")[0] for e in root.iter() if isinstance(e.tag, str)}
    return bool(namespaces & {DC, TERMS})


def drafts_of(root: Any, name: str, findings: list[Finding]) -> Iterator[DcRecord]:
    """Yield each record of the document; what cannot be read is a finding."""
    places = Places(name)
    for number, element in enumerate(_holders(root), 1):
        yield _record(element, name, number, places(element), findings)


def _holders(root: Any) -> list[Any]:
    return [element for element in root.iter() if any(_is_dc(child) for child in element)]


def _is_dc(element: Any) -> bool:
    return isinstance(element.tag, str) and element.tag.startswith((f"{{{DC}}}", f"{{{TERMS}}}"))


def _record(element: Any, name: str, number: int, place: str, findings: list[Finding]) -> DcRecord:
    values = _values(element)
    first = {key: found[0] for key, found in values.items()}
    if "title" not in first:
        findings.append(Finding("DC-TITLE", place))
    draft = DescriptionDraft(
        key=first.get("key") or first.get("identifier") or f"{name}#{number}",
        level=_level(first, place, findings),
        title=first.get("title", name),
        parent=first.get("parent") or first.get("isPartOf"),
        reference=first.get("identifier"),
        public_title=first.get("publicTitle") or first.get("alternative"),
        date_text=first.get("date") or first.get("created") or first.get("issued"),
        extent=first.get("extent"),
        scope="\n\n".join(values.get("description", [])) or first.get("abstract"),
        language=first.get("language"),
        record_type=first.get("recordType"),
        unit=first.get("unit"),
        creators=tuple(_agents(element)),
        subjects=tuple(values.get("subject", ())),
        places=(*values.get("coverage", ()), *values.get("spatial", ())),
        genre=first.get("genre") or first.get("type"),
        latitude=_number(first.get("latitude"), place, findings),
        longitude=_number(first.get("longitude"), place, findings),
        rights=_rights(first.get("rightsState"), values.get("rights", [])),
        personal_data=first.get("personalData"),
        living_persons=first.get("livingPersons"),
        is_register=first.get("isRegister") == "yes",
        events=_events(element, place, findings),
        restrictions=tuple(Restriction("access", text) for text in values.get("accessRights", ())),
        text="\n".join(_raw(element, "text")) or None,
        notes=tuple(values.get("note", ())),
        where=place,
    )
    return DcRecord(draft, (*values.get("file", ()), *values.get("hasFormat", ())))


def _values(element: Any) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for child in element:
        if isinstance(child.tag, str) and (text := words(child)):
            values.setdefault(local(child), []).append(text)
    return values


def _level(first: Mapping[str, str], place: str, findings: list[Finding]) -> str:
    level = first.get("level", "file").lower()
    if level in LEVELS:
        return level
    findings.append(Finding("DC-LEVEL", place, {"level": level}))
    return "file"


def _agents(element: Any) -> Iterator[AgentDraft]:
    roles = {"creator": "creator", "contributor": "contributor", "publisher": "publisher"}
    for child in element:
        role = roles.get(local(child))
        if role and (text := words(child)):
            yield AgentDraft(
                name=text,
                role=child.get(f"{{{OWN}}}role", role),
                kind=child.get(f"{{{OWN}}}kind", "organization"),
                dates=child.get(f"{{{OWN}}}dates"),
            )


def _raw(element: Any, name: str) -> list[str]:
    return [child.text or "" for child in element if local(child) == name]


def _events(element: Any, place: str, findings: list[Finding]) -> Mapping[str, date]:
    found: dict[str, date] = {}
    for child in element:
        if local(child) != "event":
            continue
        try:
            found[child.get("name", "")] = date.fromisoformat(words(child))
        except ValueError:
            findings.append(Finding("DC-EVENT", place, {"date": words(child)}))
    return found


def _number(text: str | None, place: str, findings: list[Finding]) -> float | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        findings.append(Finding("DC-NUMBER", place, {"value": text}))
        return None


def _rights(state: str | None, statements: list[str]) -> str | None:
    if state in {"free", "in_copyright", "unknown"}:
        return state
    said = " ".join(statements).lower()
    if any(word in said for word in ("publicdomain", "public domain", "cc0", "fri från upphovs")):
        return "free"
    return "unknown" if statements else None
