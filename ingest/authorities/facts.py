"""What an EAC-CPF record (2010 or 2.0) says of an agent, as the archive's own columns hold it.

Relations and resources are not read: they name things by addresses of the sender's system.
Source: EAC-CPF Tag Library 2010 and 2.0; ISAAR(CPF) 5.1-5.4. Begin at `records_in`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.xml import local, words
from ingest import eac

_SAID = frozenset({"term", "citation", "descriptiveNote"})
_NUMBERS = frozenset({"recordId", "otherRecordId", "entityId", "identityId"})
_LONGEST = {"name": 300, "text": 50_000, "value": 200}


def records_in(root: Any) -> Iterator[dict[str, Any]]:
    """Yield the facts of each authority record in a document; its name may be missing: ""."""
    for element in eac.elements_in(root):
        yield _facts(element)


def _facts(record: Any) -> dict[str, Any]:
    draft = eac.agent_of(record, "")
    names = _names(record)
    return {
        "kind": draft.kind,
        "name": draft.name[: _LONGEST["name"]],
        "dates": draft.dates,
        "variants": [{"name": n, "kind": "other"} for n in names if n != draft.name],
        "history": _paragraphs(record, "biogHist"),
        "places": list(dict.fromkeys(_places(record))),
        "functions": _terms(record, ("function", "occupation")),
        "mandate": _terms(record, ("mandate",)),
        "sources": "\n".join(_sources(record)) or None,
        "identifiers": list(_identifiers(record)),
    }


def _names(record: Any) -> list[str]:
    found = []
    for element in record.iter():
        if local(element) == "nameEntry":
            found.append(eac.written(element)[: _LONGEST["name"]])
    return list(dict.fromkeys(name for name in found if name))


def _paragraphs(record: Any, name: str) -> str | None:
    """Return the text of every element of the name, a paragraph a line, empty lines between."""
    found = []
    for element in record.iter():
        if local(element) == name:
            below = [words(p) for p in element.iter() if local(p) in {"p", "head"}]
            found += [text for text in below if text] or [words(element)]
    return "\n\n".join(text for text in found if text)[: _LONGEST["text"]] or None


def _places(record: Any) -> Iterator[str]:
    for element in record.iter():
        if local(element) == "place":
            named = [words(e) for e in element if local(e) in {"placeEntry", "placeName"}]
            yield from (name for name in named if name)


def _terms(record: Any, names: tuple[str, ...]) -> str | None:
    found = []
    for element in record.iter():
        if local(element) in names:
            said = [
                words(e) for e in element if local(e) in {"term", "citation", "descriptiveNote"}
            ]
            found.append(": ".join(text for text in said if text))
    return "\n".join(dict.fromkeys(text for text in found if text)) or None


def _sources(record: Any) -> Iterator[str]:
    for element in record.iter():
        if local(element) == "source":
            named = [words(e) for e in element if local(e) in {"sourceEntry", "reference"}]
            yield from (name for name in named if name)


def _identifiers(record: Any) -> Iterator[dict[str, str]]:
    """Yield the record's own number with its agency, and what else it goes by."""
    agency = next((_agency(e) for e in record.iter() if local(e) == "maintenanceAgency"), "")
    seen: set[tuple[str, str]] = set()
    for element in record.iter():
        name = local(element)
        value = words(element)[: _LONGEST["value"]] if name in _NUMBERS else ""
        if not value:
            continue
        scheme = agency if name == "recordId" else element.get("vocabularySource") or agency
        if (scheme, value) not in seen:
            seen.add((scheme, value))
            yield {"scheme": scheme[:80], "value": value}


def _agency(element: Any) -> str:
    named = {local(e): words(e) for e in element}
    return named.get("agencyCode") or named.get("agencyName") or words(element)
