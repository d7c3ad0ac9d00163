"""The words of one page, from ALTO (any version) or PAGE XML, line by line in reading order.

The text is what the file says was written on each line; where a word goes on in the next line
without a mark in the text, the line's number is given beside it. Begin at `read`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive import xml
from archive.xml import local

ROOTS = frozenset({"alto", "PcGts"})
_MARKS = (
    "-\u00ac\u00ad\u2010\u2e17\u2e5a="  # what stands at the end of a line that is not the word's
)
_NO_PLACE = 1_000_000_000


@dataclass(frozen=True, slots=True)
class PageText:
    """What is written on a page: its lines, those that end in half a word, and its picture.

    `broken` are the numbers, from 0, of lines whose last word goes on in the next. `kind` is
    "alto" or "page"; `picture` is the name of the picture that was read, as it stands in the file
    and perhaps a path of another machine.
    """

    kind: str
    lines: tuple[str, ...]
    broken: tuple[int, ...] = ()
    picture: str | None = None

    @property
    def text(self) -> str:
        """Return the lines, one each; nothing when no line has a word."""
        return "\n".join(self.lines) if any(line.strip() for line in self.lines) else ""


def is_page(root: Any) -> bool:
    """Return whether the document is ALTO or PAGE."""
    return local(root) in ROOTS


def read(source: Path) -> PageText:
    """Return the page that the file tells of; of an ALTO file with many pages, all their lines.

    :raises archive.xml.XmlRefused, XmlMalformed: when it cannot be read at all.
    """
    return page_of(xml.parse(source).getroot())


def page_of(root: Any) -> PageText:
    """Return the page of a parsed document."""
    return _alto(root) if local(root) == "alto" else _page(root)


# ALTO


def _alto(root: Any) -> PageText:
    lines = list(_in_order(root, "TextBlock", "TextLine"))
    written = (
        " ".join(e.get("CONTENT", "") for e in line if local(e) == "String") for line in lines
    )
    name = next((e for e in root.iter() if local(e) == "fileName"), None)
    return PageText(
        "alto",
        tuple(written),
        tuple(n for n, line in enumerate(lines) if _is_broken(line)),
        xml.words(name) or None if name is not None else None,
    )


def _is_broken(line: Any) -> bool:
    """Return whether a hyphen ends the line: an element of its own, or said of its last word."""
    strings = [e for e in line if local(e) == "String"]
    if not strings:
        return False
    return strings[-1].get("SUBS_TYPE") == "HypPart1" or any(local(e) == "HYP" for e in line)


# PAGE


def _page(root: Any) -> PageText:
    lines = [_line(e) for e in _in_order(root, "TextRegion", "TextLine")]
    if not any(lines):  # read no finer than region by region
        whole = [_own_text(e) for e in _in_order(root, "TextRegion", "TextRegion")]
        lines = whole if any(whole) else lines
    page = next((e for e in root.iter() if local(e) == "Page"), None)
    return PageText(
        "page",
        tuple(lines),
        picture=page.get("imageFilename") if page is not None else None,
    )


def _line(line: Any) -> str:
    """Return the line's own words; else those of its words, written one after the other."""
    if own := _own_text(line):
        return own
    return " ".join(filter(None, (_own_text(e) for e in line if local(e) == "Word")))


def _own_text(element: Any) -> str:
    """Return the first choice of what the element says (TextEquiv with the lowest index)."""
    choices = [e for e in element if local(e) == "TextEquiv"]
    choices.sort(key=lambda e: _number(e.get("index")))  # stable: without index, as they stand
    for choice in choices:
        for form in ("Unicode", "PlainText"):
            for found in (e for e in choice if local(e) == form):
                return " ".join("".join(found.itertext()).splitlines()).strip()
    return ""


# The order in which one reads


def _in_order(root: Any, block: str, wanted: str) -> Iterator[Any]:
    """Yield the wanted elements of the page: as the reading order says, then as they stand.

    The order names regions or lines; what it does not name keeps its place after those that it
    does, in the region or the page.
    """
    order = _reading_order(root)
    body = [e for e in root.iter() if local(e) in {block, wanted}]
    if not order:
        yield from (e for e in body if local(e) == wanted)
        return
    places = {id_: n for n, id_ in enumerate(order)}
    keyed = [
        (_place(element, places), number, element)
        for number, element in enumerate(e for e in body if local(e) == wanted)
    ]
    yield from (element for _, _, element in sorted(keyed, key=lambda k: (k[0], k[1])))


def _place(element: Any, places: Mapping[str, int]) -> int:
    for node in (element, *element.iterancestors()):
        name = node.get("id") or node.get("ID")
        if name in places:
            return places[name]
    return _NO_PLACE


def _reading_order(root: Any) -> list[str]:
    """Return the ids of the ReadingOrder of PAGE or ALTO 4, groups walked in their own order."""
    top = next((e for e in root.iter() if local(e) == "ReadingOrder"), None)
    return list(dict.fromkeys(_walk(top))) if top is not None else []


def _walk(group: Any) -> Iterator[str]:
    members = [e for e in group if local(e)]
    if local(group).startswith("OrderedGroup"):
        members.sort(key=lambda e: _number(e.get("index")))
    for member in members:
        name = member.get("regionRef") or member.get("REF")
        if name:
            yield from name.split()
        yield from _walk(member)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else _NO_PLACE
