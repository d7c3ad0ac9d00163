"""Read cases and their records as Riksarkivet's FGS Ärendehantering 1.0 writes them.

Names are read without regard to namespace. Secrecy, disposal and protected identities become
claims, as in `erms`. Begin at `records_of`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from archive.xml import Places, local, words
from ingest.dublincore import DcRecord
from ingest.erms_parts import (
    ALGORITHMS,
    Listing,
    day_of,
    is_claimed,
    last_day_of,
    protected_identity,
    span,
    widened,
)
from ingest.findings import Finding
from ingest.package import AgentDraft, DescriptionDraft, FileClaim, Restriction

_ROOTS = frozenset({"Leveransobjekt", "ArkivobjektListaArenden", "ArkivobjektListaHandlingar"})
_CASE, _RECORD = "ArkivobjektArende", "ArkivobjektHandling"
_DATED = frozenset({"Skapad", "Inkommen", "Upprattad", "Expedierad", "Beslutat", "Avslutat"})
_EVENTS = {"Avslutat": "case_closed", "Inkommen": "received"}
_PARTIES = frozenset({"Avsandare", "Mottagare", "Motpart"})
_RESTRICTIONS = {"integritet": "privacy"}


def is_case_list(root: Any) -> bool:
    """Return whether the document is a list of cases of FGS Ärendehantering 1.0."""
    return local(root) in _ROOTS | {_CASE, _RECORD}


def records_of(root: Any, name: str, findings: list[Finding]) -> list[DcRecord]:
    """Return each case and each record in it, the case first; what cannot be read is a finding."""
    listing = Listing(Places(name), findings)
    waiting: list[tuple[Any, str | None]] = [(root, None)]
    while waiting:
        element, parent = waiting.pop()
        if local(element) in {_CASE, _RECORD}:
            record = _record(element, parent, listing)
            listing.records.append(record)
            parent = record.draft.key
        below = [e for e in element if local(e) in _ROOTS | {_CASE, _RECORD}]
        waiting.extend((child, parent) for child in reversed(below))
    creators = tuple(_creators(root))
    return widened([_made_by(r, creators) for r in listing.records])


def _record(element: Any, parent: str | None, listing: Listing) -> DcRecord:
    place = listing.place(element)
    own = {local(e): words(e) for e in reversed(element)}
    is_case = local(element) == _CASE
    title = own.get("Arendemening") if is_case else own.get("Rubrik")
    if not title:
        listing.findings.append(
            Finding("CASE-TITLE", place, {"id": own.get("ArkivobjektID") or "–"})
        )
    days = {
        trigger: day
        for name, trigger in _EVENTS.items()
        if (day := day_of(own.get(name), listing.findings, place)) is not None
    }
    draft = DescriptionDraft(
        key=listing.key(element.get("Systemidentifierare"), own.get("ArkivobjektID")),
        level="file" if is_case else "item",
        title=title or own.get("Handlingstyp") or own.get("ArkivobjektID") or "–",
        parent=parent,
        reference=own.get("ArkivobjektID") or None,
        date_text=span(words(e) for e in element if local(e) in _DATED),
        scope=own.get("Beskrivning") or None,
        creators=tuple(_agents(element)),
        events=days,
        restrictions=tuple(_restrictions(element)),
        notes=tuple(words(e) for e in element if local(e) == "Notering" and words(e)),
        where=place,
    )
    claims = tuple(_files(element, listing.place))
    return DcRecord(draft, tuple(claim.path for claim in claims), claims)


def _agents(element: Any) -> Iterator[AgentDraft]:
    """Yield the officers of the record; its parties are not its makers."""
    for agent in element:
        if local(agent) != "Agent" or _is_protected(agent):
            continue
        texts = {local(e): words(e) for e in agent}
        body = texts.get("Organisationsnamn") or texts.get("Enhetsnamn")
        name = texts.get("Namn") or body
        if name:
            kind = "person" if texts.get("Namn") else "organization"
            yield AgentDraft(name, texts.get("Roll") or "creator", kind)


def _creators(root: Any) -> Iterator[AgentDraft]:
    """Yield the bodies whose cases these are (ArkivbildarStruktur)."""
    for element in root.iter():
        if local(element) != "Arkivbildare":
            continue
        texts = {local(e): words(e) for e in element if local(e) != "Arkivbildare"}
        years = [texts.get("VerksamhetstidFran", ""), texts.get("VerksamhetstidTill", "")]
        if texts.get("Namn"):
            dates = "–".join(years) if any(years) else None
            yield AgentDraft(texts["Namn"], "creator", "organization", dates=dates)


def _made_by(record: DcRecord, creators: tuple[AgentDraft, ...]) -> DcRecord:
    if record.draft.parent is not None or not creators:
        return record
    draft = replace(record.draft, creators=(*creators, *record.draft.creators))
    return replace(record, draft=draft)


def _restrictions(element: Any) -> Iterator[Restriction]:
    for child in element:
        name, text = local(child), words(child)
        if name in {"Restriktion", "Sekretess"}:
            yield _restriction(child)
        elif name == "Gallring":
            yield _disposal(child)
        elif name == "Informationsklass" and text:
            yield Restriction("information_class", text)
        elif name in {"Klass", "KlassReferens"} and text:
            yield Restriction("classification", text)
        elif name in {"Handlingstyp", "HandlingstypsReferens", "ArendeTyp"} and text:
            yield Restriction("record_type", text)
    if any(_is_protected(e) for e in element if local(e) in _PARTIES | {"Agent"}):
        yield protected_identity()


def _restriction(element: Any) -> Restriction:
    texts = {local(e): words(e) for e in element}
    kind = (element.get("Typ") or "").lower()
    said = texts.get("ForklarandeText") or element.get("AnnanTyp") or element.get("Typ")
    return Restriction(
        kind=_RESTRICTIONS.get(kind, "secrecy"),
        value=said or words(element) or "Sekretess",
        clause=texts.get("Lagrum") or None,
        until=last_day_of(texts.get("RestriktionsDatum", "")[:10]),
    )


def _disposal(element: Any) -> Restriction:
    texts = {local(e): words(e) for e in element}
    word = "gallras" if is_claimed(element.get("Gallras", "false")) else "bevaras"
    parts = (texts.get("GallringsFrist"), texts.get("GallringsForklaring"))
    return Restriction(
        "appraisal",
        ", ".join([word, *filter(None, parts)]),
        until=last_day_of(texts.get("GallringsPeriodSlut", "")[:10]),
    )


def _is_protected(element: Any) -> bool:
    return any(is_claimed(words(e)) for e in element.iter() if local(e) == "SkyddadIdentitet")


def _files(element: Any, place: Places) -> Iterator[FileClaim]:
    for child in element:
        path = child.get("Lank") or child.get("Namn") if local(child) == "Bilaga" else None
        if not path:
            continue
        method = (child.get("ChecksummaMetod") or "").upper().replace("-", "")
        digest, size = child.get("Checksumma"), child.get("Storlek") or ""
        named = ALGORITHMS.get(method, f"unknown:{method or '–'}")
        yield FileClaim(
            path.removeprefix("file:///").removeprefix("file:"),
            digests={named: digest.strip().lower()} if digest else {},
            size_bytes=int(size) if size.isdecimal() else None,
            original_name=child.get("Namn") or None,
            format_name=child.get("Mimetyp") or None,
            where=place(child),
        )
