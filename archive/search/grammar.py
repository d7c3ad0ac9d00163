"""Read the words of a question: words, "phrases", -minus, pre*, field:word, A OR B.

There is no wrong question: whatever is not one of these is plain words. The limits that keep
a question cheap are here; brackets, ranges, regular expressions and leading stars are not part
of the language at all. Begin at `read`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.search import tokens, wordlist
from archive.search.query import MAX_TEXT

MAX_TERMS = 12
MIN_PREFIX = 3
# What may stand before a colon, in Swedish and English → the field it means.
FIELDS: dict[str, str] = {
    "title": "title", "titel": "title",
    "text": "body", "body": "body",
    "ref": "ref", "reference": "ref", "referens": "ref", "signum": "ref",
    "creator": "creator", "arkivbildare": "creator", "person": "creator",
    "place": "place", "plats": "place", "ort": "place",
    "subject": "subject", "ämne": "subject",
    "kind": "kind", "type": "kind", "typ": "kind",
    "unit": "unit", "enhet": "unit",
    "fonds": "fonds", "arkiv": "fonds",
    "level": "level", "nivå": "level",
    "year": "year", "år": "year",
}  # fmt: skip

_PIECE = re.compile(r'(-?)(?:(\w{2,12}):)?(?:"([^"]*)"|([^\s"]+))')
_REFERENCE = re.compile(r"(?=.*\d)[^\s]*[^\W_][/:][^\W_][^\s]*")


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that is asked for. `words` has one word, or the words of a phrase.

    `reference` is set where the piece looks like a reference code; `field` is empty or one of
    the values of `FIELDS`.
    """

    words: tuple[str, ...]
    field: str = ""
    negative: bool = False
    prefix: bool = False
    reference: str = ""

    @property
    def is_stop_word(self) -> bool:
        """Say whether the clause is a word too common to be asked for."""
        return not self.field and len(self.words) == 1 and self.words[0] in wordlist.listed("stop")


Group = tuple[Clause, ...]


def read(text: str) -> list[Group]:
    """Return groups that must all be met, each by one of its clauses; at most 12 clauses."""
    groups: list[list[Clause]] = []
    joined = False
    left = MAX_TERMS
    for piece in _PIECE.finditer(text[:MAX_TEXT]):
        if piece.group() in ("OR", "ELLER"):
            joined = bool(groups)
            continue
        for clause in _clauses(*piece.groups()):
            if left == 0:
                break
            left -= len(clause.words) if len(clause.words) <= left else left
            if joined and not clause.negative:
                groups[-1].append(clause)
            else:
                groups.append([clause])
            joined = False
    return _without_stop_words([tuple(group) for group in groups])


def _clauses(minus: str, name: str | None, phrase: str | None, plain: str | None) -> list[Clause]:
    negative = minus == "-"
    field = FIELDS.get((name or "").lower(), "")
    text = phrase if phrase is not None else plain or ""
    if name and not field:
        text = f"{name}:{text}"
    if phrase is not None or field == "year":
        words = tuple(tokens.words(text))[:MAX_TERMS]
        return [Clause(words, field, negative)] if words else []
    if field == "ref" or (not field and _REFERENCE.fullmatch(text)):
        return _reference(text, field, negative)
    return _words(text, field, negative)


def _reference(text: str, field: str, negative: bool) -> list[Clause]:
    prefix = text.endswith("*")
    code = tokens.reference_key(text.strip("*.,;()"))
    words = tuple(tokens.words(text))[:MAX_TERMS]
    if not words:
        return []
    return [Clause(words, field, negative, prefix and len(code) >= MIN_PREFIX, code)]


def _words(text: str, field: str, negative: bool) -> list[Clause]:
    prefix = text.endswith("*")
    found = list(tokens.words(text))
    clauses = [Clause((word,), field, negative) for word in found]
    if prefix and found and len(found[-1]) >= MIN_PREFIX:
        clauses[-1] = Clause((found[-1],), field, negative, prefix=True)
    return clauses


def _without_stop_words(groups: list[Group]) -> list[Group]:
    kept = [g for g in groups if not (len(g) == 1 and g[0].is_stop_word)]
    return kept if any(not g[0].negative for g in kept) else groups
