"""ALTO: what a machine read on a page, word by word, with the place of each word.

Read from what Tesseract writes, and written anew with nothing but the words: its own document
names folders of this machine. Version 4.4 of the Library of Congress. Begin at `read` and `write`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from archive import xml
from archive.errors import Invalid

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
MEDIA_TYPE = "application/xml"
# A drawing full of lines is "read" as letters without sense; those words are not sure.
DOUBTFUL, SURE = 0.3, 0.6
FEWEST_SURE = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box in pixels of the page; `sureness` is from 0 to 1."""

    text: str
    left: int
    top: int
    width: int
    height: int
    sureness: float


@dataclass(frozen=True, slots=True)
class Page:
    """What was read on one page: lines of words, the size of what was read, and by what."""

    width: int
    height: int
    lines: tuple[tuple[Word, ...], ...]
    software: str

    @property
    def text(self) -> str:
        """Return the words, a line each line."""
        return "\n".join(" ".join(word.text for word in line) for line in self.lines)

    @property
    def words(self) -> list[Word]:
        """Return every word in reading order."""
        return [word for line in self.lines for word in line]


def read(source: Path | bytes) -> Page:
    """Return the page that an ALTO document tells of, in any version of ALTO.

    :raises Invalid: if it is not one page of ALTO.
    """
    root = xml.parse(source).getroot()
    page = next(root.iter("{*}Page"), None)
    if page is None:
        raise Invalid("the ALTO document has no page")
    name = next(root.iter("{*}softwareName"), None)
    version = next(root.iter("{*}softwareVersion"), None)
    software = " ".join(node.text for node in (name, version) if node is not None and node.text)
    lines = tuple(_words(line) for line in page.iter("{*}TextLine"))
    width, height = _number(page, "WIDTH"), _number(page, "HEIGHT")
    return Page(width, height, tuple(line for line in lines if line), software)


def without_doubtful(page: Page) -> Page:
    """Return the page without words the machine is unsure of; with none if too few are sure."""
    sure = sum(w.sureness >= SURE and len(w.text) > 2 and w.text.isalpha() for w in page.words)
    if sure < FEWEST_SURE:
        return replace(page, lines=())
    lines = (tuple(w for w in line if w.sureness >= DOUBTFUL) for line in page.lines)
    return replace(page, lines=tuple(line for line in lines if line))


def write(page: Page) -> bytes:
    """Return the page as ALTO 4: one block, its lines, their words."""
    root = xml.element(f"{{{NAMESPACE}}}alto", {None: NAMESPACE}, SCHEMAVERSION="4.4")
    description = xml.child(root, "Description")
    xml.child(description, "MeasurementUnit", "pixel")
    step = xml.child(description, "Processing", ID="ocr")
    xml.child(xml.child(step, "processingSoftware"), "softwareName", page.software)
    size = {"WIDTH": str(page.width), "HEIGHT": str(page.height)}
    sheet = xml.child(xml.child(root, "Layout"), "Page", ID="page", PHYSICAL_IMG_NR="1", **size)
    space = xml.child(sheet, "PrintSpace", HPOS="0", VPOS="0", **size)
    if page.lines:
        block = xml.child(space, "TextBlock", ID="block", **_box(page.words))
        for number, line in enumerate(page.lines, 1):
            _write_line(block, number, line)
    return xml.serialise(root)


def _write_line(block: Any, number: int, line: Sequence[Word]) -> None:
    node = xml.child(block, "TextLine", ID=f"line{number}", **_box(line))
    for position, word in enumerate(line):
        if position:
            xml.child(node, "SP")
        xml.child(node, "String", CONTENT=word.text, WC=f"{word.sureness:.2f}", **_box([word]))


def _box(words: Sequence[Word]) -> dict[str, str]:
    left, top = min(w.left for w in words), min(w.top for w in words)
    right, bottom = max(w.left + w.width for w in words), max(w.top + w.height for w in words)
    sides = {"HPOS": left, "VPOS": top, "WIDTH": right - left, "HEIGHT": bottom - top}
    return {name: str(value) for name, value in sides.items()}


def _words(line: Any) -> tuple[Word, ...]:
    return tuple(
        Word(
            text,
            left=_number(node, "HPOS"),
            top=_number(node, "VPOS"),
            width=_number(node, "WIDTH"),
            height=_number(node, "HEIGHT"),
            sureness=_share(node),
        )
        for node in line.iter("{*}String")
        if (text := xml.writable(node.get("CONTENT", "")).strip())
    )


def _number(node: Any, name: str) -> int:
    try:
        return max(0, round(float(node.get(name, "0"))))
    except (ValueError, OverflowError) as error:
        raise Invalid(f"the ALTO document's {name} is no number") from error


def _share(node: Any) -> float:
    try:
        return min(1.0, max(0.0, float(node.get("WC", "0"))))
    except ValueError:
        return 0.0
