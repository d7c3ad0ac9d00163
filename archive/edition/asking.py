"""What a visitor asked for, read from the address: never an error, sometimes a warning. Pure.

A filter that cannot be used is left out and named. Begin at `read`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from archive.edition.finding import FACETS, MOST_PAGES, Asked, Sort

MOST_VALUES = 20
LONGEST = 200
_YEARS = range(2200)


@dataclass(frozen=True, slots=True)
class Reading:
    """The question as understood, and what was left out of it."""

    asked: Asked
    as_grid: bool = False
    warnings: list[str] = field(default_factory=list)


def read(args: Mapping[str, list[str]]) -> Reading:
    """Return the question in the address. `args` maps each name to its values, in order."""
    warnings: list[str] = []
    words = plain(_first(args, "q"))
    if len(words) > LONGEST:
        words = words[:LONGEST]
        warnings.append(_("Frågan var för lång. Bara de första 200 tecknen används."))
    year_from, year_to = _year(args, "from", warnings), _year(args, "to", warnings)
    if year_from is not None and year_to is not None and year_from > year_to:
        warnings.append(_("Från-året är senare än till-året. Åren används inte."))
        year_from = year_to = None
    asked = Asked(
        words=words,
        chosen=_chosen(args, warnings),
        year_from=year_from,
        year_to=year_to,
        sort=_sort(_first(args, "sort"), warnings),
        page=_page(_first(args, "page"), warnings),
    )
    return Reading(asked, _first(args, "view") == "grid", warnings)


def _first(args: Mapping[str, list[str]], name: str) -> str:
    return (args.get(name) or [""])[0].strip()


def plain(text: str) -> str:
    """Leave out control characters (a NUL, a turned direction) and join the white space."""
    kept = "".join(" " if unicodedata.category(c) in {"Cc", "Cf", "Cs"} else c for c in text)
    return unicodedata.normalize("NFC", " ".join(kept.split()))


def _year(args: Mapping[str, list[str]], name: str, warnings: list[str]) -> int | None:
    given = _first(args, name)
    if not given:
        return None
    if given.isascii() and given.isdigit() and len(given) <= 4 and int(given) in _YEARS:
        return int(given)
    warnings.append(_("”%(given)s” är inget årtal som går att söka på.", given=plain(given)[:40]))
    return None


def _chosen(args: Mapping[str, list[str]], warnings: list[str]) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, tuple[str, ...]] = {}
    for name in FACETS:
        values = [plain(value) for value in args.get(name, [])[: MOST_VALUES * 2]]
        kept = [value for value in dict.fromkeys(values) if 0 < len(value) <= LONGEST]
        if len(kept) > MOST_VALUES:
            kept = kept[:MOST_VALUES]
            warnings.append(_("Fler filter valdes än som kan användas. De första gäller."))
        if kept:
            chosen[name] = tuple(kept)
    return chosen


def _sort(given: str, warnings: list[str]) -> Sort:
    if not given:
        return Sort.RELEVANCE
    if given in set(Sort):
        return Sort(given)
    warnings.append(_("Den sorteringen finns inte. Träffarna står efter hur väl de passar."))
    return Sort.RELEVANCE


def _page(given: str, warnings: list[str]) -> int:
    if not given:
        return 1
    if given.isascii() and given.isdigit() and len(given) <= 4 and 1 <= int(given) <= MOST_PAGES:
        return int(given)
    warnings.append(_("Den sidan finns inte. Första sidan visas."))
    return 1
