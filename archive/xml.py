"""The one hardened XML parser. Nothing else in the product parses XML.

A pre-scan with expat refuses what lxml would swallow or choke on (any DOCTYPE, huge tokens,
depth, attributes) before lxml sees a byte; lxml itself opens no file and no network. Begin at
`parse`. Traps: PROMISES section 6, items 1-6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat

from lxml import etree

from archive.errors import Invalid

MAX_BYTES = 512 * 1024 * 1024
MAX_TOKEN = 1024 * 1024
MAX_DEPTH = 200
MAX_ATTRIBUTES = 200
MAX_ELEMENTS = 5_000_000
_PIECE = 64 * 1024
_FIRST_PIECES = 16

XLINK = "http://www.w3.org/1999/xlink"
OWN = "https://stadsarkivet.example/ns/record/1"  # fields of ours, in any vocabulary


class XmlRefused(Invalid):
    """Well formed or not, the document holds something that is not read here."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason, self.line = reason, line


class XmlMalformed(Invalid):
    """The document is not well-formed XML."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(f"line {line}: {reason}")
        self.reason, self.line = reason, line


def parse(source: Path | bytes) -> Any:
    """Return the document as an lxml tree, with line numbers.

    :raises XmlRefused: for a DOCTYPE of any kind, or a limit passed.
    :raises XmlMalformed: if it is not well formed, or in a wrong encoding.
    """
    scan(source)
    try:
        with _opened(source) as stream:
            return etree.parse(stream, _parser())
    except etree.XMLSyntaxError as error:
        raise XmlMalformed(error.msg or "not well formed", error.lineno or 0) from error
    except (OSError, ValueError) as error:  # lxml reports a wrong encoding as an OSError
        raise XmlMalformed(f"cannot be read: {error}", 0) from error


def iterate(source: Path, *tags: str) -> Iterator[tuple[str, Any]]:
    """Yield ("start" | "end", element) for the tags, streamed; the same guarantees as `parse`.

    `tags` are in lxml's form ("{namespace}name" or "{*}name"). Clear what you are done with.

    :raises XmlRefused, XmlMalformed: as `parse`.
    """
    scan(source)
    try:
        with source.open("rb") as stream:
            yield from etree.iterparse(
                stream,
                events=("start", "end"),
                tag=list(tags) or None,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                remove_pis=True,
            )
    except etree.XMLSyntaxError as error:
        raise XmlMalformed(error.msg or "not well formed", error.lineno or 0) from error


def scan(source: Path | bytes) -> None:
    """Pass over the document and refuse what is not read here.

    :raises XmlRefused, XmlMalformed: as `parse`.
    """
    guard = _Guard()
    with _opened(source) as stream:
        while piece := stream.read(_PIECE):
            guard.feed(piece)
    guard.close()


def root_name(source: Path) -> str:
    """Return the name of a document's first element without namespace, "" if it is none we read.

    Looks at the first bytes only, so that a folder of many documents may be asked.
    """
    found: list[str] = []
    guard = _Guard(found.append)
    try:
        with source.open("rb") as stream:
            for _ in range(_FIRST_PIECES):
                piece = stream.read(_PIECE)
                if found or not piece:
                    break
                guard.feed(piece)
    except (XmlRefused, XmlMalformed):  # it may be what it says, and not well formed further on
        pass
    return found[0].rpartition(":")[2] if found else ""


def where(element: Any, file: str) -> str:
    """Return "file:line xpath" of an element, with short names; for many, see `Places`."""
    path = []
    for node in (element, *element.iterancestors()):
        name = etree.QName(node).localname
        same = sum(1 for s in node.itersiblings(node.tag, preceding=True))
        more = same or next(node.itersiblings(node.tag), None) is not None
        path.append(f"{name}[{same + 1}]" if more else name)
    return f"{file}:{element.sourceline} /{'/'.join(reversed(path))}"


class Places:
    """Says of many elements of one document what `where` says of one.

    A parent's children are counted once, so a list of ten thousand files costs no more than its
    length. Call it with an element.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._below: dict[Any, tuple[str, dict[Any, str]]] = {}

    def __call__(self, element: Any) -> str:
        return f"{self._file}:{element.sourceline} {self._path(element)}"

    def _path(self, element: Any) -> str:
        parent = element.getparent()
        if parent is None:
            return f"/{etree.QName(element).localname}"
        if parent not in self._below:
            self._below[parent] = (self._path(parent), _steps(parent))
        above, steps = self._below[parent]
        return f"{above}/{steps[element]}"


def _steps(parent: Any) -> dict[Any, str]:
    """Return the name of each child, with its number where there are more of that name."""
    children = [child for child in parent if isinstance(child.tag, str)]
    many = Counter(child.tag for child in children)
    seen: Counter[str] = Counter()
    steps = {}
    for child in children:
        seen[child.tag] += 1
        name = etree.QName(child).localname
        steps[child] = f"{name}[{seen[child.tag]}]" if many[child.tag] > 1 else name
    return steps


def local(element: Any) -> str:
    """Return an element's name without namespace; comments and the like have none: ""."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def words(element: Any) -> str:
    """Return all text below an element, with single spaces."""
    return " ".join(" ".join(element.itertext()).split())


def schema_errors(tree: Any, schema: Path) -> list[tuple[int, str]]:
    """Return (line, message) of every schema violation; the schema comes from our own disk."""
    with schema.open("rb") as stream:
        validator = etree.XMLSchema(etree.parse(stream, _parser(), base_url=str(schema)))
    validator.validate(tree)
    return [(entry.line, entry.message) for entry in validator.error_log]


def serialise(root: Any) -> bytes:
    """Return an element as a UTF-8 document."""
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def element(tag: str, namespaces: dict[str | None, str] | None = None, **attributes: str) -> Any:
    """Return a new root element for a document of ours."""
    return etree.Element(tag, attrib=attributes, nsmap=namespaces)


def child(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    """Add an element in its parent's namespace unless the tag names one; return it."""
    namespace = etree.QName(parent).namespace
    full = tag if tag.startswith("{") or not namespace else f"{{{namespace}}}{tag}"
    node = etree.SubElement(parent, full, attrib=attributes)
    node.text = text and writable(text)
    return node


@contextmanager
def streamed(stream: IO[bytes]) -> Iterator[Any]:
    """Yield a writer (lxml's `xmlfile`) that puts elements out as they come; UTF-8.

    Documents of any size take the memory of one element; see `put`.
    """
    with etree.xmlfile(stream, encoding="UTF-8") as out:
        out.write_declaration()
        yield out


def put(out: Any, element: Any) -> None:
    """Write an element to a `streamed` document, in the namespaces that are open there."""
    with out.element(element.tag, dict(element.attrib)):
        if element.text:
            out.write(element.text)
        for below in element:
            put(out, below)


def writable(text: str) -> str:
    """Return the text without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n\r" or (ord(c) >= 32 and c not in "\ufffe\uffff"))


def _parser() -> Any:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
    )


def _opened(source: Path | bytes) -> Any:
    return BytesIO(source) if isinstance(source, bytes) else source.open("rb")


class _Guard:
    """expat with handlers that count and refuse; stops at the first thing that is too much."""

    def __init__(self, name: Callable[[str], object] | None = None) -> None:
        self._name = name  # is told the name of each element
        self._expat = expat.ParserCreate(namespace_separator=None)
        self._expat.buffer_text = False
        self._expat.StartDoctypeDeclHandler = self._doctype
        self._expat.EntityDeclHandler = self._doctype
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._depth = self._elements = self._fed = 0

    def feed(self, piece: bytes) -> None:
        self._fed += len(piece)
        if self._fed > MAX_BYTES:
            self._refuse(f"larger than {MAX_BYTES} bytes")
        try:
            self._expat.Parse(piece, False)
        except expat.ExpatError as error:
            raise XmlMalformed(expat.ErrorString(error.code), error.lineno) from error
        except (ValueError, LookupError) as error:
            raise XmlMalformed(f"unknown encoding: {error}", 0) from error
        # Quadratic work hides in one token that never ends (CVE-2023-52425).
        if self._fed - max(self._expat.CurrentByteIndex, 0) > MAX_TOKEN + _PIECE:
            self._refuse(f"one token is longer than {MAX_TOKEN} bytes")

    def close(self) -> None:
        try:
            self._expat.Parse(b"", True)
        except expat.ExpatError as error:
            raise XmlMalformed(expat.ErrorString(error.code), error.lineno) from error

    def _doctype(self, *declared: Any) -> None:
        self._refuse("has a DOCTYPE; documents that declare entities or a DTD are not read")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._name is not None:
            self._name(name)
        if self._depth > MAX_DEPTH:
            self._refuse(f"nested deeper than {MAX_DEPTH} levels")
        if len(attributes) > MAX_ATTRIBUTES:
            self._refuse(f"more than {MAX_ATTRIBUTES} attributes on one element")
        if self._elements > MAX_ELEMENTS:
            self._refuse(f"more than {MAX_ELEMENTS} elements")

    def _end(self, name: str) -> None:
        self._depth -= 1

    def _refuse(self, reason: str) -> None:
        raise XmlRefused(reason, self._expat.CurrentLineNumber)
