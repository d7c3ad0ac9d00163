"""What a person asks the index: the words, the filters, the order, the page.

Whatever an address carries becomes a Query: what cannot be understood is left out and named,
never an error. The words themselves are read by `grammar`. Begin at `parse`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

MAX_TEXT = 200
MAX_FILTER = 200
MAX_PAGE = 2_000
MAX_PER_PAGE = 100
SORTS = ("relevance", "date", "-date", "title", "reference", "newest")

# Query field → the names it may have in an address; the first that is there is used.
_NAMES: dict[str, tuple[str, ...]] = {
    "kind": ("type", "kind"),
    "place": ("place",),
    "creator": ("creator",),
    "subject": ("subject",),
    "unit": ("unit",),
    "fonds": ("fonds",),
    "level": ("level",),
}
_YES, _NO = frozenset({"1", "true", "yes", "ja", "on"}), frozenset({"0", "false", "no", "nej"})


@dataclass(frozen=True, slots=True)
class Query:
    """One question. An empty string or None means: no such filter. Years are inclusive."""

    text: str = ""
    kind: str = ""
    place: str = ""
    creator: str = ""
    subject: str = ""
    unit: str = ""
    fonds: str = ""
    level: str = ""
    digitized: bool | None = None
    year_from: int | None = None
    year_to: int | None = None
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    within: frozenset[str] | None = None  # units whose records may be told of; None: all


def parse(args: Mapping[str, str | list[str]]) -> tuple[Query, tuple[str, ...]]:
    """Return the Query that an address asks for, and the names of what could not be applied.

    Takes `q` (or `text`), `type` (or `kind`), `place`, `creator`, `subject`, `unit`, `fonds`,
    `level`, `digitized`, `from` and `to` (or `year_from`, `year_to`), `sort`, `page` and
    `per_page`. Of several values for one name the first counts and the name is a problem.
    Unknown names are left alone: they belong to the page, not to the search.
    """
    reader = _Reader(args)
    labels: dict[str, Any] = {
        field: reader.text(*names, longest=MAX_FILTER) for field, names in _NAMES.items()
    }
    query = Query(
        text=reader.text("q", "text", longest=MAX_TEXT),
        digitized=reader.yes_or_no("digitized"),
        year_from=reader.number("from", "year_from", lowest=1, highest=9999),
        year_to=reader.number("to", "year_to", lowest=1, highest=9999),
        sort=reader.choice("sort", SORTS),
        page=reader.number("page", lowest=1, highest=MAX_PAGE) or 1,
        per_page=reader.number("per_page", lowest=1, highest=MAX_PER_PAGE) or 20,
    )
    return replace(query, **labels), tuple(dict.fromkeys(reader.problems))


class _Reader:
    """Takes values out of the arguments and remembers the names of those it could not use."""

    def __init__(self, args: Mapping[str, str | list[str]]) -> None:
        self._args = args
        self.problems: list[str] = []

    def text(self, *names: str, longest: int) -> str:
        name, value = self._first(names)
        cleaned = "".join(c if c.isprintable() else " " for c in value[: longest * 10])
        cleaned = " ".join(unicodedata.normalize("NFC", cleaned).split())
        if len(cleaned) > longest or len(value) > longest * 10:
            self.problems.append(name)
        return cleaned[:longest].strip()

    def number(self, *names: str, lowest: int, highest: int) -> int | None:
        name, value = self._first(names)
        value = value.strip()
        if not value:
            return None
        if value.isascii() and value.isdecimal() and len(value) <= 6:
            number = int(value)
            if lowest <= number <= highest:
                return number
        self.problems.append(name)
        return None

    def yes_or_no(self, name: str) -> bool | None:
        _, value = self._first((name,))
        word = value.strip().lower()
        if word in _YES | _NO:
            return word in _YES
        if word:
            self.problems.append(name)
        return None

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        _, value = self._first((name,))
        if value and value not in allowed:
            self.problems.append(name)
        return value if value in allowed else allowed[0]

    def _first(self, names: tuple[str, ...]) -> tuple[str, str]:
        for name in names:
            value = self._args.get(name)
            if value is None:
                continue
            several = [value] if isinstance(value, str) else [str(one) for one in value]
            filled = [one for one in several if one.strip()]
            if len(filled) > 1:
                self.problems.append(name)
            if filled:
                return name, filled[0]
        return names[0], ""
