"""What is to be drawn: a kind of document, its words and its year.

Plain facts; the drawing itself is in the modules beside. Begin at `Picture`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of documents that the demo city's archive holds."""

    MINUTES = "minutes"
    LETTER = "letter"
    LEDGER = "ledger"
    REGISTER = "register"
    TYPESCRIPT = "typescript"
    PRINT = "print"
    TABLE = "table"
    OFFICE = "office"
    POSTER = "poster"
    VOUCHER = "voucher"
    PHOTOGRAPH = "photograph"
    CLASS_PHOTOGRAPH = "class_photograph"
    MAP = "map"
    ELEVATION = "elevation"
    BLUEPRINT = "blueprint"


@dataclass(frozen=True, slots=True)
class Picture:
    """One scan to be. The same picture is always drawn the same way.

    `text` may hold line breaks; `rows` is for what has columns, the heads first. `theme` picks
    the scene of a photograph or the district of a map; `caption` stands below it.
    """

    kind: Kind
    key: str
    year: int
    title: str = ""
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    theme: str = ""
    caption: str = ""
