"""Write description drafts as Dublin Core with our own fields beside it; `dublincore` reads it.

Every field of a draft has its element, so nothing is lost on the way. Begin at `records`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archive import xml
from archive.xml import OWN
from ingest.dublincore import DC, TERMS
from ingest.package import DescriptionDraft

_SIMPLE = (
    # element, namespace, field of the draft
    ("identifier", DC, "reference"),
    ("title", DC, "title"),
    ("date", DC, "date_text"),
    ("description", DC, "scope"),
    ("language", DC, "language"),
    ("extent", TERMS, "extent"),
    ("key", OWN, "key"),
    ("parent", OWN, "parent"),
    ("level", OWN, "level"),
    ("publicTitle", OWN, "public_title"),
    ("recordType", OWN, "record_type"),
    ("unit", OWN, "unit"),
    ("genre", OWN, "genre"),
    ("rightsState", OWN, "rights"),
    ("personalData", OWN, "personal_data"),
    ("livingPersons", OWN, "living_persons"),
    ("latitude", OWN, "latitude"),
    ("longitude", OWN, "longitude"),
)


def records(drafts: Sequence[DescriptionDraft], files: Mapping[str, str]) -> bytes:
    """Return the drafts as one XML document; `files` maps a file's name to its draft's key."""
    root = xml.element(f"{{{OWN}}}records", {None: OWN, "dc": DC, "dcterms": TERMS})
    named: dict[str, list[str]] = {}
    for path, key in files.items():
        named.setdefault(key, []).append(path)
    for draft in drafts:
        _record(xml.child(root, "record"), draft, named.get(draft.key, []))
    return xml.serialise(root)


def _record(node: Any, draft: DescriptionDraft, files: Sequence[str]) -> None:
    for name, namespace, field in _SIMPLE:
        value = getattr(draft, field)
        if value not in (None, ""):
            xml.child(node, f"{{{namespace}}}{name}", str(value))
    for agent in draft.creators:
        attributes = {f"{{{OWN}}}role": agent.role, f"{{{OWN}}}kind": agent.kind}
        if agent.dates:
            attributes[f"{{{OWN}}}dates"] = agent.dates
        xml.child(node, f"{{{DC}}}creator", agent.name, **attributes)
    for subject in draft.subjects:
        xml.child(node, f"{{{DC}}}subject", subject)
    for place in draft.places:
        xml.child(node, f"{{{TERMS}}}spatial", place)
    for event, day in sorted(draft.events.items()):
        xml.child(node, "event", day.isoformat(), name=event)
    if draft.is_register:
        xml.child(node, "isRegister", "yes")
    for note in draft.notes:
        xml.child(node, "note", note)
    for restriction in draft.restrictions:
        xml.child(node, f"{{{TERMS}}}accessRights", restriction.value)
    if draft.text:
        xml.child(node, "text", draft.text)
    for path in files:
        xml.child(node, "file", path)
