"""What the structMaps of a METS say: the pages in order, and the issue with its articles.

For digitised newspapers, books and volumes, described by MODS inside the METS (`mdWrap`). Begin at
`sheets_of` and `drafts_of`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from archive.xml import Places, local, words
from ingest.package import AgentDraft, DescriptionDraft
from ingest.pages import Sheet

_ISSUES = frozenset({"issue", "newspaperissue", "periodicalissue"})
_ARTICLES = frozenset({"article", "chapter", "contribution"})
_NAMELESS = frozenset({"", "untitled", "[untitled]", "utan titel", "ohne titel", "sans titre"})
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


@dataclass(frozen=True, slots=True)
class _Mods:
    """What one MODS record says of what it describes."""

    title: str | None = None
    number: str | None = None
    date: str | None = None
    identifier: str | None = None
    language: str | None = None
    abstract: str | None = None
    creators: tuple[AgentDraft, ...] = ()
    subjects: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def sheets_of(root: Any, paths: Mapping[str, str]) -> tuple[Sheet, ...]:
    """Return the pages of the physical structMap in order; `paths` are those of the files' ids.

    A package whose structMap points at groups of files, as CSIP does, has no pages.
    """
    sheets = []
    for div in _pages(root):
        ids = (id_ for pointer in div if local(pointer) == "fptr" for id_ in _ids(pointer))
        found = tuple(dict.fromkeys(paths[id_] for id_ in ids if id_ in paths))
        if found:
            sheets.append(Sheet(found))
    return tuple(sheets)


def drafts_of(root: Any, name: str, fallback: str) -> tuple[DescriptionDraft, ...]:
    """Return the issue (or what else the package is) and below it each article that has a name.

    Nothing if the METS holds no description of its own. `fallback` names what has no title.
    """
    described = {e.get("ID") or "": _mods(e) for e in root if local(e) == "dmdSec"}
    if not any(described.values()):
        return ()
    place = Places(name)
    top = _top(root)
    mods = _described(top, described) or next(m for m in described.values() if m is not None)
    label = (top.get("LABEL") if top is not None else None) or root.get("LABEL")
    kind = (top.get("TYPE") or "").lower() if top is not None else ""
    whole = DescriptionDraft(
        key="package",
        level="file",
        title=label or _named(mods) or mods.identifier or fallback,
        date_text=mods.date,
        extent=_extent(root),
        scope=mods.abstract,
        language=mods.language,
        creators=mods.creators,
        subjects=mods.subjects,
        places=mods.places,
        genre="newspaper" if kind in _ISSUES or kind == "newspaper" else None,
        notes=mods.notes,
        where=place(top if top is not None else root),
    )
    return (whole, *_articles(top, described, whole, place))


def _pages(root: Any) -> Iterator[Any]:
    """Yield the divs that are pages: those that point at files and lie in no other such."""
    for chart in root:
        if local(chart) != "structMap" or (chart.get("TYPE") or "").lower() != "physical":
            continue
        waiting = list(reversed(_divs(chart)))
        while waiting:
            div = waiting.pop()
            if any(local(e) == "fptr" for e in div):
                yield div
            else:
                waiting.extend(reversed(_divs(div)))


def _divs(element: Any) -> list[Any]:
    divs = [e for e in element if local(e) == "div"]
    orders = [e.get("ORDER") or "" for e in divs]
    if all(order.isdecimal() for order in orders):
        divs.sort(key=lambda e: int(e.get("ORDER")))
    return divs


def _ids(pointer: Any) -> Iterator[str]:
    for element in pointer.iter():
        if id_ := element.get("FILEID"):
            yield id_


def _extent(root: Any) -> str | None:
    count = sum(1 for _ in _pages(root))
    return f"{count} {'sida' if count == 1 else 'sidor'}" if count else None


def _top(root: Any) -> Any:
    """Return the logical div that is the package: an issue, else the first that is described."""
    charts = [e for e in root if local(e) == "structMap"]
    logical = [e for e in charts if (e.get("TYPE") or "").lower() == "logical"]
    divs = [e for chart in logical for e in chart.iter() if local(e) == "div"]
    issues = [e for e in divs if (e.get("TYPE") or "").lower() in _ISSUES]
    return next(iter(issues or [e for e in divs if e.get("DMDID")] or divs), None)


def _described(div: Any, described: Mapping[str, _Mods | None]) -> _Mods | None:
    ids = (div.get("DMDID") or "").split() if div is not None else []
    return next((mods for id_ in ids if (mods := described.get(id_)) is not None), None)


def _articles(
    top: Any, described: Mapping[str, _Mods | None], whole: DescriptionDraft, place: Places
) -> Iterator[DescriptionDraft]:
    for number, div in enumerate(top.iter() if top is not None else (), 1):
        if local(div) != "div" or (div.get("TYPE") or "").lower() not in _ARTICLES:
            continue
        mods = _described(div, described) or _Mods()
        title = (div.get("LABEL") or mods.title or "").strip()
        if title.lower() in _NAMELESS:
            continue
        yield DescriptionDraft(
            key=f"article-{div.get('ID') or number}",
            level="item",
            title=title,
            parent=whole.key,
            date_text=mods.date or whole.date_text,
            scope=mods.abstract,
            language=mods.language or whole.language,
            creators=mods.creators,
            subjects=mods.subjects,
            genre="article",
            where=place(div),
        )


# MODS


def _mods(section: Any) -> _Mods | None:
    """Return what the MODS inside a dmdSec says; None if there is none."""
    root = next((e for e in section.iter() if local(e) == "mods"), None)
    if root is None:
        return None
    own = [e for e in root if isinstance(e.tag, str) and local(e) != "relatedItem"]
    origin = [e for part in own if local(part) == "originInfo" for e in part]
    return _Mods(
        title=_title(own),
        number=_number(own),
        date=_date(origin) or _date([e for p in own if local(p) == "part" for e in p]),
        identifier=_first(own, "identifier"),
        language=_first([e for p in own if local(p) == "language" for e in p], "languageTerm"),
        abstract=_first(own, "abstract"),
        creators=tuple(_names(own)),
        subjects=tuple(_terms(own, "subject", {"topic"})),
        places=tuple(_terms(origin, "place", {"placeTerm"}, {"text", None})),
        notes=tuple(words(e) for e in own if local(e) in {"note", "accessCondition"} and words(e)),
    )


def _first(elements: list[Any], name: str) -> str | None:
    return next((words(e) for e in elements if local(e) == name and words(e)), None)


def _title(own: list[Any]) -> str | None:
    info = next((e for e in own if local(e) == "titleInfo" and words(e)), None)
    if info is None:
        return None
    parts = {local(e): words(e) for e in info}
    title = " ".join(filter(None, (parts.get("nonSort"), parts.get("title"))))
    return ": ".join(filter(None, (title, parts.get("subTitle")))) or None


def _number(own: list[Any]) -> str | None:
    for holder in own:
        for element in holder.iter():
            is_issue = local(element) == "detail" and element.get("type") in {"issue", "number"}
            if (is_issue or local(element) == "partNumber") and words(element):
                return words(element)
    return None


def _date(elements: list[Any]) -> str | None:
    for name in ("dateIssued", "dateCreated", "date", "copyrightDate", "dateOther"):
        for element in elements:
            if local(element) == name and words(element):
                mark = "~" if element.get("qualifier") == "approximate" else ""
                return _year_first(words(element)) + mark
    return None


def _year_first(text: str) -> str:
    found = _DAY_FIRST.fullmatch(text)
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else text


def _names(own: list[Any]) -> Iterator[AgentDraft]:
    kinds = {"personal": "person", "family": "family"}
    for element in own:
        if local(element) != "name":
            continue
        parts = [words(e) for e in element if local(e) in {"namePart", "displayForm"} and words(e)]
        if parts:
            kind = kinds.get(element.get("type") or "", "organization")
            yield AgentDraft(", ".join(dict.fromkeys(parts)), "creator", kind)


def _terms(
    elements: list[Any], holder: str, names: set[str], types: set[str | None] | None = None
) -> Iterator[str]:
    for element in elements:
        if local(element) != holder:
            continue
        for term in element.iter():
            if local(term) in names and words(term) and (not types or term.get("type") in types):
                yield words(term)


def _named(mods: _Mods) -> str | None:
    """Return the title as one asks for the issue: with its number and day."""
    if mods.title is None:
        return None
    number = f" nr {mods.number}" if mods.number else ""
    return f"{mods.title}{number}" + (f", {mods.date}" if mods.date else "")
