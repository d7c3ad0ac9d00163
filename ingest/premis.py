"""Read preservation metadata (PREMIS 2 and 3): what files are, and what has happened to them.

Objects become claims that are held against the bytes, events what the package's own events are
beside ours. What cannot be used is a finding and the rest is read. Begin at `Reader`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from archive import clock
from archive.xml import Places, local, words
from ingest.erms_parts import ALGORITHMS
from ingest.findings import Finding
from ingest.package import EventDraft, FileClaim

ROOTS = frozenset({"premis", "object", "event", "agent"})
_OUTCOMES = {
    "success": "success", "successful": "success", "ok": "success", "pass": "success",
    "passed": "success", "valid": "success", "true": "success", "0": "success",
    "failure": "failure", "fail": "failure", "failed": "failure", "error": "failure",
    "invalid": "failure", "false": "failure", "warning": "warning", "partial": "warning",
}  # fmt: skip
_KEPT_OF_TEXT = 2000


def is_premis(root: Any) -> bool:
    """Return whether the document is PREMIS, whole or one entity by itself."""
    return local(root) in ROOTS and "premis" in str(root.tag).lower()


class Reader:
    """Takes in the PREMIS documents of a package, and then tells what they say together.

    An event in one document may name agents and objects of another.
    """

    def __init__(self, findings: list[Finding]) -> None:
        self.findings = findings
        self._claims: dict[str, FileClaim] = {}  # by identifier
        self._agents: dict[str, str] = {}
        self._events: list[tuple[Any, str]] = []

    def add(self, root: Any, name: str) -> None:
        """Take in a document; `name` is how findings speak of it."""
        place = Places(name)
        for element in (root, *root) if local(root) == "premis" else (root,):
            if local(element) == "object":
                self._object(element, place(element))
            elif local(element) == "agent":
                called = _first(element, "agentName")
                for id_ in _identifiers(element, "agentIdentifier"):
                    self._agents[id_] = called or id_
            elif local(element) == "event":
                self._events.append((element, place(element)))

    def claims(self) -> tuple[FileClaim, ...]:
        """Return what is said of each file, once."""
        return tuple({id(claim): claim for claim in self._claims.values()}.values())

    def events(self) -> tuple[EventDraft, ...]:
        """Return the events that have a kind and a time."""
        return tuple(e for element, place in self._events if (e := self._event(element, place)))

    def _object(self, element: Any, place: str) -> None:
        kind = next((v for k, v in element.attrib.items() if str(k).endswith("}type")), "")
        is_file = kind.rpartition(":")[2] == "file" or (
            not kind and _first(element, "objectCategory") in {None, "file"}
        )
        ids = _identifiers(element, "objectIdentifier")
        names = [_first(element, "contentLocationValue"), _first(element, "originalName"), *ids]
        named = tuple(dict.fromkeys(_as_path(name) for name in names if name))
        if not is_file or not named:
            return
        size = _first(element, "size") or ""
        claim = FileClaim(
            named[0],
            also=named[1:],
            digests=dict(_digests(element)),
            size_bytes=int(size) if size.isdecimal() else None,
            puid=_puid(element),
            format_name=_first(element, "formatName"),
            original_name=_name_of(_first(element, "originalName")),
            where=place,
        )
        for id_ in ids or named[:1]:
            self._claims[id_] = claim

    def _event(self, element: Any, place: str) -> EventDraft | None:
        kind, time = _first(element, "eventType"), _first(element, "eventDateTime")
        at = _moment(time)
        if not kind or at is None:
            said = {"kind": kind or "–", "time": time or "–"}
            self.findings.append(Finding("PREMIS-EVENT", place, said))
            return None
        agents = [self._agents.get(i, i) for i in _identifiers(element, "linkingAgentIdentifier")]
        linked = _identifiers(element, "linkingObjectIdentifier")
        outcome = (_first(element, "eventOutcome") or "unknown").lower()
        detail = _first(element, "eventDetail")
        return EventDraft(
            kind=kind,
            at=at,
            outcome=_OUTCOMES.get(outcome, outcome),
            agent="; ".join(dict.fromkeys(agents)) or "–",
            paths=tuple(self._claims[id_].path for id_ in linked if id_ in self._claims),
            detail=detail[:_KEPT_OF_TEXT] if detail else None,
            identifier=next(iter(_identifiers(element, "eventIdentifier")), None),
            where=place,
        )


def _first(element: Any, name: str) -> str | None:
    return next((words(e) for e in element.iter() if local(e) == name and words(e)), None)


def _identifiers(element: Any, name: str) -> list[str]:
    """Return the values of the identifiers of a name that stand right below the element."""
    holders = [e for e in element if local(e) == name]
    return [words(e) for h in holders for e in h if local(e) == f"{name}Value" and words(e)]


def _digests(element: Any) -> Iterator[tuple[str, str]]:
    for fixity in element.iter():
        if local(fixity) != "fixity":
            continue
        kind, digest = _first(fixity, "messageDigestAlgorithm"), _first(fixity, "messageDigest")
        if kind and digest:
            plain = kind.upper().replace("-", "").replace("_", "")
            yield ALGORITHMS.get(plain, f"unknown:{kind}"), digest.lower()


def _puid(element: Any) -> str | None:
    for registry in element.iter():
        if local(registry) != "formatRegistry":
            continue
        key = (_first(registry, "formatRegistryKey") or "").rpartition("pronom/")[2]
        if key.startswith(("fmt/", "x-fmt/")):
            return key[:40]
    return None


def _as_path(name: str) -> str:
    plain = unquote(name).replace("\\", "/")
    return plain.removeprefix("file://").removeprefix("file:").lstrip("/").removeprefix("./")


def _name_of(name: str | None) -> str | None:
    return _as_path(name).rsplit("/", 1)[-1] if name else None


def _moment(text: str | None) -> datetime | None:
    """Return the time; without a zone it is that of Sweden, and a day alone is its beginning."""
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    # Times near the ends of the calendar have no other zone, and nothing happened to a file then.
    if found is None or not 1000 <= found.year < 9999:
        return None
    return found if found.tzinfo else found.replace(tzinfo=clock.STOCKHOLM)
