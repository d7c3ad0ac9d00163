"""Write finding aids as EAD3, one description after the other, however many there are.

Knows how EAD3 is built and nothing of databases or of the law: whoever hands a `Unit` in has
decided what may stand in it. `ingest.ead` reads back what is written here. Begin at `document`.
Source: EAD3 1.1 (Society of American Archivists); DOMAIN section 7.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from archive import xml
from archive.xml import OWN

EAD3 = "http://ead3.archivists.org/schema/"
_LEVELS = frozenset({"fonds", "series", "file", "item"})  # EAD3 has no word for a volume
_NAMES = {"person": "persname", "family": "famname", "organization": "corpname"}
_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Control:
    """What a finding aid says of itself: its id, title, who keeps it, and when it was made."""

    record_id: str
    title: str
    agency: str
    at: datetime
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Name:
    """Who made the records: a person, family or organization, in what role, of which years."""

    name: str
    kind: str | None = None
    role: str | None = None
    dates: str | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of description as it stands in a finding aid; what is None or empty is left out.

    `key` becomes its XML id. `normal_date` is ISO 8601 ("1634-05-12/1635"). `own` are fields of
    ours that EAD3 has no element for, by name.
    """

    key: str
    level: str
    title: str
    reference: str
    date_text: str | None = None
    normal_date: str | None = None
    extent: str | None = None
    language: str | None = None
    names: tuple[Name, ...] = ()
    scope: str | None = None
    places: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    genre: str | None = None
    restrictions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    own: Mapping[str, str] = field(default_factory=dict)


class FindingAid:
    """An EAD3 document being written: units in the order of the tree, each with its depth."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._open: list[ExitStack] = []
        self._has_list = False

    def add(self, unit: Unit, depth: int) -> None:
        """Write a unit; depth 0 is the top, which comes first and once.

        :raises ValueError: if the unit above is not the one written last at `depth` - 1.
        """
        if depth > len(self._open) or (depth == 0 and self._open):
            raise ValueError(f"{unit.reference}: no unit of depth {depth - 1} is open")
        while len(self._open) > depth:
            self._open.pop().close()
        if depth == 1 and not self._has_list:
            self._open[0].enter_context(self._out.element(_q("dsc")))
            self._has_list = True
        stack = ExitStack()
        stack.enter_context(self._out.element(_q("c" if depth else "archdesc"), _head(unit)))
        for part in _parts(unit):
            xml.put(self._out, part)
        self._out.write("\n")
        self._open.append(stack)

    def close(self) -> None:
        """Close every open element, the deepest first."""
        while self._open:
            self._open.pop().close()


@contextmanager
def document(stream: IO[bytes], control: Control) -> Iterator[FindingAid]:
    """Yield a finding aid that is written to the stream as units are added to it."""
    with xml.streamed(stream) as out, out.element(_q("ead"), nsmap={None: EAD3}):
        xml.put(out, _control(control))
        out.write("\n")
        aid = FindingAid(out)
        yield aid
        aid.close()


def _control(said: Control) -> Any:
    control = xml.element(_q("control"))
    attributes = {"instanceurl": said.address} if said.address else {}
    xml.child(control, "recordid", said.record_id, **attributes)
    titles = xml.child(xml.child(control, "filedesc"), "titlestmt")
    xml.child(titles, "titleproper", said.title)
    xml.child(control, "maintenancestatus", value="derived")
    xml.child(xml.child(control, "maintenanceagency"), "agencyname", said.agency)
    event = xml.child(xml.child(control, "maintenancehistory"), "maintenanceevent")
    xml.child(event, "eventtype", value="derived")
    xml.child(event, "eventdatetime", standarddatetime=said.at.isoformat(timespec="seconds"))
    xml.child(event, "agenttype", value="machine")
    xml.child(event, "agent", "stadsarkiv")
    return control


def _head(unit: Unit) -> dict[str, str]:
    if unit.level in _LEVELS:
        return {"level": unit.level, "id": f"r{unit.key}"}
    return {"level": "otherlevel", "otherlevel": unit.level, "id": f"r{unit.key}"}


def _parts(unit: Unit) -> Iterator[Any]:
    yield _did(unit)
    if unit.scope:
        yield _block("scopecontent", *unit.scope.split("\n\n"))
    for restriction in unit.restrictions:
        yield _block("accessrestrict", restriction)
    for note in unit.notes:
        yield _block("odd", note)
    for name, value in unit.own.items():
        part = _block("odd", value)
        part.set("localtype", f"{OWN}#{name}")
        yield part
    if unit.places or unit.subjects or unit.genre:
        yield _access(unit)


def _did(unit: Unit) -> Any:
    did = xml.element(_q("did"))
    xml.child(did, "unitid", unit.reference)
    xml.child(did, "unittitle", unit.title)
    if unit.date_text:
        normal = {"normal": unit.normal_date} if unit.normal_date else {}
        xml.child(did, "unitdate", unit.date_text, **normal)
    if unit.extent:
        xml.child(did, "physdesc", unit.extent)
    if unit.language:
        code = {"langcode": unit.language} if _CODE.fullmatch(unit.language) else {}
        xml.child(xml.child(did, "langmaterial"), "language", unit.language, **code)
    for name in unit.names:
        relator = {"relator": name.role} if name.role else {}
        element = _NAMES.get(name.kind or "", "name")
        node = xml.child(xml.child(did, "origination"), element, **relator)
        xml.child(node, "part", name.name)
        if name.dates:
            xml.child(node, "part", name.dates, localtype="dates")
    return did


def _access(unit: Unit) -> Any:
    access = xml.element(_q("controlaccess"))
    for element, values in (
        ("geogname", unit.places),
        ("subject", unit.subjects),
        ("genreform", (unit.genre,) if unit.genre else ()),
    ):
        for value in values:
            xml.child(xml.child(access, element), "part", value)
    return access


def _block(name: str, *paragraphs: str) -> Any:
    block = xml.element(_q(name))
    for paragraph in paragraphs:
        xml.child(block, "p", paragraph)
    return block


def _q(name: str) -> str:
    return f"{{{EAD3}}}{name}"
