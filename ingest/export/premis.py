"""Write what is known of files and packages, and what happened to them, as PREMIS 3.

Begin at `document`. Source: PREMIS 3.0 (Library of Congress); DOMAIN section 7.3.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archive import xml

PREMIS = "http://www.loc.gov/premis/v3"
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_SPACES = {None: PREMIS, "xsi": "http://www.w3.org/2001/XMLSchema-instance"}


@dataclass(frozen=True, slots=True)
class FileObject:
    """A file: its id, where it lies in the package, its digests, and the package it was kept in."""

    file_id: str
    path: str
    digests: Mapping[str, str]  # "SHA-512" -> hex
    size_bytes: int
    media_type: str
    puid: str | None = None
    format_name: str | None = None
    format_version: str | None = None
    format_note: str | None = None
    original_name: str | None = None
    kept_in: str | None = None
    migrated_from: str | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An event; `objects` are the ids of the packages or files that it happened to."""

    event_id: str
    kind: str
    at: datetime
    outcome: str
    agent: str
    objects: tuple[str, ...]
    detail: Mapping[str, Any]
    source: str | None = None  # of a migration: the file that it began from


def document(
    packages: Sequence[str], files: Sequence[FileObject], events: Sequence[Happening]
) -> bytes:
    """Return the PREMIS document: packages by their ids, files, events and their agents."""
    root = xml.element(f"{{{PREMIS}}}premis", _SPACES, version="3.0")
    for object_id in packages:
        node = xml.child(root, "object", **{_TYPE: "representation"})
        _identifier(node, "objectIdentifier", object_id)
    for file in files:
        _file(root, file)
    for event in events:
        _event(root, event)
    for agent in dict.fromkeys(event.agent for event in events):
        node = xml.child(root, "agent")
        _identifier(node, "agentIdentifier", agent)
        xml.child(node, "agentName", agent)
        xml.child(node, "agentType", "software")
    return xml.serialise(root)


def _file(root: Any, file: FileObject) -> None:
    node = xml.child(root, "object", **{_TYPE: "file"})
    _identifier(node, "objectIdentifier", file.file_id)
    traits = xml.child(node, "objectCharacteristics")
    for algorithm, digest in file.digests.items():
        fixity = xml.child(traits, "fixity")
        xml.child(fixity, "messageDigestAlgorithm", algorithm)
        xml.child(fixity, "messageDigest", digest)
    xml.child(traits, "size", str(file.size_bytes))
    form = xml.child(traits, "format")
    designation = xml.child(form, "formatDesignation")
    xml.child(designation, "formatName", file.format_name or file.media_type)
    if file.format_version:
        xml.child(designation, "formatVersion", file.format_version)
    if file.puid:
        registry = xml.child(form, "formatRegistry")
        xml.child(registry, "formatRegistryName", "PRONOM")
        xml.child(registry, "formatRegistryKey", file.puid)
    if file.format_note:
        xml.child(form, "formatNote", file.format_note)
    if file.original_name:
        xml.child(node, "originalName", file.original_name)
    place = xml.child(xml.child(node, "storage"), "contentLocation")
    xml.child(place, "contentLocationType", "path in package")
    xml.child(place, "contentLocationValue", file.path)
    if file.kept_in:
        relation = xml.child(node, "relationship")
        xml.child(relation, "relationshipType", "structural")
        xml.child(relation, "relationshipSubType", "is included in")
        _identifier(relation, "relatedObjectIdentifier", file.kept_in)
    if file.migrated_from:
        relation = xml.child(node, "relationship")
        xml.child(relation, "relationshipType", "derivation")
        xml.child(relation, "relationshipSubType", "has source")
        _identifier(relation, "relatedObjectIdentifier", file.migrated_from)


def _event(root: Any, event: Happening) -> None:
    node = xml.child(root, "event")
    _identifier(node, "eventIdentifier", event.event_id)
    xml.child(node, "eventType", event.kind)
    xml.child(node, "eventDateTime", event.at.isoformat())
    if event.detail:
        said = json.dumps(event.detail, ensure_ascii=False, sort_keys=True)
        xml.child(xml.child(node, "eventDetailInformation"), "eventDetail", said)
    xml.child(xml.child(node, "eventOutcomeInformation"), "eventOutcome", event.outcome)
    _identifier(node, "linkingAgentIdentifier", event.agent)
    for object_id in event.objects:
        linked = _identifier(node, "linkingObjectIdentifier", object_id)
        if event.source:
            xml.child(linked, "linkingObjectRole", "outcome")
    if event.source:
        linked = _identifier(node, "linkingObjectIdentifier", event.source)
        xml.child(linked, "linkingObjectRole", "source")


def _identifier(node: Any, name: str, value: str) -> Any:
    identifier = xml.child(node, name)
    xml.child(identifier, f"{name}Type", "stadsarkiv")
    xml.child(identifier, f"{name}Value", value)
    return identifier
