"""Read cases and their records as E-ARK CITS ERMS writes them (also FGS Ärendehantering 2.0).

Secrecy, disposal and protected identities become claims, never decisions; a person whose identity
is protected is not named. Begin at `records_of`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from archive.xml import Places, local, words
from ingest.dublincore import DcRecord
from ingest.erms_parts import (
    Listing,
    closes,
    day_of,
    is_claimed,
    last_day_of,
    protected_identity,
    span,
    widened,
)
from ingest.findings import Finding
from ingest.package import AgentDraft, DescriptionDraft, FileClaim, Restriction

_LEVELS = {
    "class": "series", "volume": "volume", "casefile": "file", "file": "file", "subfile": "file",
    "component": "file",
}  # fmt: skip
_DATED = frozenset(
    {"created", "opened", "opening_date", "originated", "received", "prepared", "expedited", "sent"}
    | {"dispatch", "closed", "finished", "decision", "decision_date", "last_addition"}
)
_EVENTS = {"closed": "case_closed", "received": "received"}
_MAKERS = {"creator", "responsible_person", "authorising_person", "owner"}
_RESTRICTIONS = {"gdpr": "privacy", "integrity": "privacy"}
_ENDS = frozenset({"end", "expiration", "finished"})
# Everything below these is about something else than the record that holds them.
_APART = frozenset({"aggregation", "record", "additionalXMLData", "additionalBinData"})


def is_erms(root: Any) -> bool:
    """Return whether the document is a list of cases of CITS ERMS."""
    return local(root) == "erms"


def records_of(root: Any, name: str, findings: list[Finding]) -> list[DcRecord]:
    """Return each case and each record in it, the case first; what cannot be read is a finding."""
    listing = Listing(Places(name), findings)
    tops = [e for holder in root if local(holder) in {"aggregations", "records"} for e in holder]
    waiting: list[tuple[Any, str | None]] = [(e, None) for e in reversed(tops)]
    while waiting:
        element, parent = waiting.pop()
        if local(element) not in {"aggregation", "record"}:
            continue
        record = _record(element, parent, listing)
        listing.records.append(record)
        waiting.extend((child, record.draft.key) for child in reversed(list(element)))
    return widened(listing.adopted())


def _record(element: Any, parent: str | None, listing: Listing) -> DcRecord:
    place = listing.place(element)
    own = {local(e): words(e) for e in reversed(element)}
    dates = list(_dates(element))
    restrictions = tuple(_restrictions(element, listing))
    public = _other_title(element, "public")
    title = own.get("title") or own.get("objectId")
    if not own.get("title"):
        listing.findings.append(Finding("CASE-TITLE", place, {"id": own.get("objectId") or "–"}))
    is_case = local(element) == "aggregation"
    kind = (element.get("aggregationType") or "").lower()
    draft = DescriptionDraft(
        key=listing.key(element.get("systemIdentifier"), own.get("objectId")),
        level=_LEVELS.get(kind, "file") if is_case else "item",
        title=title or "–",
        parent=parent,
        reference=own.get("objectId") or None,
        # A title for the public is believed of what is open; on the rest a person looks first.
        public_title=None if closes(restrictions) else public,
        date_text=span(text for kind, text in dates if kind in _DATED),
        scope=own.get("description") or None,
        creators=tuple(_makers(element)),
        subjects=tuple(_subjects(element)),
        events=_events(dates, listing.findings, place),
        restrictions=restrictions,
        notes=tuple(_notes(element, public if closes(restrictions) else None)),
        where=place,
    )
    claims = tuple(_files(element, listing.place))
    listing.know(draft.key, element.get("systemIdentifier"), own.get("objectId"))
    if parent is None and own.get("parentAggregationId"):
        listing.above[draft.key] = own["parentAggregationId"]
    return DcRecord(draft, tuple(claim.path for claim in claims), claims)


def _inside(element: Any, name: str) -> Iterator[Any]:
    """Yield the elements of a name that speak of this record, at any depth."""
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if local(child) in _APART or not local(child):
            continue
        if local(child) == name:
            yield child
        else:
            waiting.extend(reversed(child))


def _dates(element: Any) -> Iterator[tuple[str, str]]:
    """Yield (kind, text) of the record's own dates, not those of its agents, notes and claims."""
    for holder in element:
        if local(holder) == "dates":
            for child in holder:
                if local(child) == "date" and words(child):
                    yield child.get("dateType") or "", words(child)


def _events(dates: list[tuple[str, str]], findings: list[Finding], place: str) -> dict[str, date]:
    found: dict[str, date] = {}
    for kind, text in dates:
        day = day_of(text, findings, place) if kind in _EVENTS else None
        if day is not None:
            found[_EVENTS[kind]] = max(day, found.get(_EVENTS[kind], day))
    return found


def _makers(element: Any) -> Iterator[AgentDraft]:
    """Yield who made the record: no party to it, and nobody whose identity is protected."""
    for agent in _inside(element, "agent"):
        kind = agent.get("agentType") or ""
        name = next((words(e) for e in agent if local(e) == "name"), "")
        hidden = any(is_claimed(words(e)) for e in agent if local(e) == "protectedIdentity")
        if kind in _MAKERS and name and not hidden:
            number = next((e for e in agent if local(e) == "idNumber"), None)
            is_body = number is None or "org" in (number.get("idNumberType") or "").lower()
            yield AgentDraft(name, kind, "organization" if is_body else "person")


def _subjects(element: Any) -> Iterator[str]:
    for child in element:
        if local(child) == "subject" and words(child):
            yield words(child)
        elif local(child) == "keywords":
            yield from (words(e) for e in child if words(e))


def _restrictions(element: Any, listing: Listing) -> Iterator[Restriction]:
    for child in element:
        name = local(child)
        if name == "restriction":
            yield _restriction(child)
        elif name in {"informationClass", "securityClass"} and words(child):
            yield Restriction("information_class", words(child))
        elif name == "classification":
            code = child.get("classificationCode") or words(child)
            if code:
                yield Restriction("classification", code)
        elif name == "disposal":
            yield _disposal(child)
    kind = element.get("recordType")
    if kind:
        yield Restriction("record_type", kind)
    protected = _inside(element, "protectedIdentity")
    if any(is_claimed(words(e)) for e in protected):
        yield protected_identity()


def _restriction(element: Any) -> Restriction:
    texts = {local(e): words(e) for e in element}
    kind = (element.get("restrictionType") or "").lower()
    ends = [
        last_day_of(words(e)[:10])
        for e in element.iter()
        if local(e) == "date" and e.get("dateType") in _ENDS
    ]
    return Restriction(
        kind=_RESTRICTIONS.get(kind, "secrecy"),
        value=texts.get("explanatoryText") or element.get("otherRestrictionType") or kind or "–",
        clause=texts.get("regulation") or None,
        until=max((day for day in ends if day is not None), default=None),
    )


def _disposal(element: Any) -> Restriction:
    named = ("disposalAction", "disposalPeriod", "disposalMandate", "disposalDescription")
    texts = {local(e): words(e) for e in element}
    parts = [texts[name] for name in named if texts.get(name)]
    word = "gallras" if is_claimed(element.get("disposable", "false")) else "bevaras"
    day = next((words(e) for e in element.iter() if local(e) == "disposalDate"), None)
    return Restriction("appraisal", ", ".join([word, *parts]), until=last_day_of((day or "")[:10]))


def _other_title(element: Any, kind: str) -> str | None:
    for child in element:
        if local(child) == "otherTitle" and child.get("titleType") == kind and words(child):
            return words(child)
    return None


def _notes(element: Any, public: str | None) -> Iterator[str]:
    for child in element:
        if local(child) == "classification" and words(child):
            code = child.get("classificationCode") or ""
            yield f"Klassificering: {code} {words(child)}".strip()
        elif local(child) == "notes":
            yield from (words(e) for e in child if local(e) == "note" and words(e))
        elif local(child) == "otherTitle" and child.get("titleType") != "public" and words(child):
            yield words(child)
    if public:
        yield f"Offentlig titel enligt leveransen: {public}"


def _files(element: Any, place: Places) -> Iterator[FileClaim]:
    holders = [e for e in element if local(e) == "additionalInformation"]
    for holder in holders:
        # An extension of the schema may hold the attachments (Svenska kyrkan does so).
        for child in holder.iter():
            path = child.get("path") if local(child) == "appendix" else None
            if path:
                yield FileClaim(
                    path,
                    original_name=child.get("name") or None,
                    format_name=child.get("fileFormat") or None,
                    where=place(child),
                )
