"""Pages and issues for tests, written here: ALTO, PAGE and the METS of a newspaper."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape
from pathlib import Path

from tests import factories

_PAGE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
_METS = (
    'xmlns="http://www.loc.gov/METS/" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:mods="http://www.loc.gov/mods/v3"'
)


def write(path: Path, text: str) -> Path:
    """Write a file, its folders too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def sha256(path: Path) -> str:
    """Return the digest of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def picture(path: Path, colour: str) -> Path:
    """Write a small picture that differs from the others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(factories.picture(colour, path.name.encode()))
    return path


def alto(lines: Sequence[str], *, split: str | None = None, version: str = "4") -> str:
    """Return a page of ALTO; with `split` the first line ends in the first half of that word."""
    space = f' xmlns="http://www.loc.gov/standards/alto/ns-v{version}#"' if version else ""
    body = ""
    for number, line in enumerate(lines):
        words = [f'<String CONTENT="{escape(word)}"' for word in line.split()]
        hyphen = ""
        if split is not None and number == 0:
            words[-1] += f' SUBS_TYPE="HypPart1" SUBS_CONTENT="{split}"' if split else ""
            hyphen = '<HYP CONTENT="-"/>'
        if split and number == 1:
            words[0] += f' SUBS_TYPE="HypPart2" SUBS_CONTENT="{split}"'
        body += f"<TextLine>{'<SP/>'.join(word + '/>' for word in words)}{hyphen}</TextLine>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><alto{space}><Layout><Page ID="p"><PrintSpace>'
        f'<ComposedBlock ID="c"><TextBlock ID="b">{body}</TextBlock></ComposedBlock>'
        "</PrintSpace></Page></Layout></alto>"
    )


def page(regions: Sequence[tuple[str, Sequence[str]]], *, order: Sequence[str] = ()) -> str:
    """Return a page of PAGE XML; a line that begins with "<" is put in as it is."""
    named = "".join(
        f'<RegionRefIndexed index="{number}" regionRef="{name}"/>'
        for number, name in reversed(list(enumerate(order)))
    )
    reading = f'<ReadingOrder><OrderedGroup id="o">{named}</OrderedGroup></ReadingOrder>'
    body = "".join(
        f'<TextRegion id="{name}">{"".join(_line(line) for line in lines)}</TextRegion>'
        for name, lines in regions
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><PcGts xmlns="{_PAGE}"><Page imageFilename="">'
        f"{reading if order else ''}{body}</Page></PcGts>"
    )


def _line(line: str) -> str:
    if line.startswith("<"):
        return line
    return f"<TextLine><TextEquiv><Unicode>{escape(line)}</Unicode></TextEquiv></TextLine>"


def issue(folder: Path, *, pages: int, articles: Sequence[str] = (), day: str = "") -> Path:
    """Write a newspaper issue with its METS, its pages named in the wrong order; return it."""
    for number in range(1, pages + 1):
        picture(folder / "bild" / f"{number}.jpg", f"#{number:06x}")
        text = alto((f"Sida {number} av bladet",))
        write(folder / "alto" / f"{number}.xml", text)
    numbers = range(pages, 0, -1)
    files = "".join(_file(f"I{n}", f"bild/{n}.jpg", "image/jpeg") for n in numbers) + "".join(
        _file(f"A{n}", f"alto/{n}.xml", "text/xml") for n in numbers
    )
    physical = "".join(
        f'<div TYPE="page" ORDER="{n}"><fptr FILEID="A{n}"/><fptr FILEID="I{n}"/></div>'
        for n in numbers
    )
    logical = "".join(
        f'<div ID="a{n}" TYPE="ARTICLE" LABEL="{escape(name)}"/>' for n, name in enumerate(articles)
    )
    return write(
        folder / "bladet_18550922_mets.xml",
        f'<mets {_METS} TYPE="Newspaper"><dmdSec ID="D1"><mdWrap MDTYPE="MODS"><xmlData>'
        f"<mods:mods><mods:titleInfo><mods:title>Östgöta Provblad</mods:title>"
        f"<mods:partNumber>38</mods:partNumber></mods:titleInfo><mods:originInfo>"
        f"<mods:dateIssued>{day or '22.09.1855'}</mods:dateIssued></mods:originInfo></mods:mods>"
        f"</xmlData></mdWrap></dmdSec><fileSec><fileGrp>{files}</fileGrp></fileSec>"
        f'<structMap TYPE="PHYSICAL"><div TYPE="physSequence">{physical}</div></structMap>'
        f'<structMap TYPE="LOGICAL"><div TYPE="ISSUE" DMDID="D1">{logical}</div></structMap>'
        "</mets>",
    )


def _file(id_: str, path: str, kind: str) -> str:
    return (
        f'<file ID="{id_}" MIMETYPE="{kind}">'
        f'<FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="{path}"/></file>'
    )
