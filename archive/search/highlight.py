"""Choose the piece of a text that shows why it was found, and mark the words in it.

The text stays as it was written: words are compared by the same keys as in the index, so
`hvad` is marked for `vad` and `Stångebron` for `bro`. No HTML: templates do the marking.
Begin at `highlight`.
"""

from __future__ import annotations

from collections.abc import Iterable

from archive.search import tokens
from archive.search.compounds import parts
from archive.search.stems import key

MAX_SCANNED = 300_000
MAX_WIDTH = 10_000

Span = tuple[int, int]


def highlight(text: str, terms: Iterable[str], *, width: int = 240) -> list[tuple[str, bool]]:
    """Return segments (text, whether to mark it) of about `width` characters.

    `terms` as in `Results.terms`. The piece with the most different terms is chosen, cut at
    words, with "…" where something was left out; without a hit it is the beginning.
    """
    width = max(20, min(width, MAX_WIDTH))
    marks = _marks(text[:MAX_SCANNED], terms)
    start, end = _window(text, marks, width)
    pieces: list[tuple[str, bool]] = [("… ", False)] if start > 0 else []
    at = start
    for (first, last), _ in marks:
        if first < start or last > end:
            continue
        pieces.append((text[at:first], False))
        pieces.append((text[first:last], True))
        at = last
    pieces.append((text[at:end], False))
    if end < len(text):
        pieces.append((" …", False))
    return [(piece, marked) for piece, marked in pieces if piece]


def _marks(text: str, terms: Iterable[str]) -> list[tuple[Span, str]]:
    """Return where the words stand that one of the terms means, and which it is."""
    wanted: dict[str, str] = {}
    prefixes: list[str] = []
    for term in terms:
        if term.endswith("*"):
            prefixes.append(tokens.plain(term[:-1]))
        else:
            word = tokens.plain(term)
            wanted.setdefault(key(word), key(word))
    meant: dict[str, str | None] = {}
    found = []
    for word, first, last in tokens.spans(text):
        if word not in meant:
            meant[word] = _meaning(word, wanted, prefixes)
        if (term_key := meant[word]) is not None:
            found.append(((first, last), term_key))
    return found


def _meaning(word: str, wanted: dict[str, str], prefixes: list[str]) -> str | None:
    for own in (key(word), *parts(word)):
        if own in wanted:
            return own
    return next((prefix for prefix in prefixes if prefix and word.startswith(prefix)), None)


def _window(text: str, marks: list[tuple[Span, str]], width: int) -> Span:
    if len(text) <= width:
        return 0, len(text)
    start = 0
    if marks:
        best = max(range(len(marks)), key=lambda i: (_worth(marks, i, width), -i))
        start = max(0, marks[best][0][0] - width // 4)
    if start:
        space = text.find(" ", start, start + 40)
        start = space + 1 if 0 <= space < (marks[best][0][0] if marks else start) else start
    end = min(len(text), start + width)
    space = text.rfind(" ", start + width // 2, end)
    return start, (space if end < len(text) and space > start else end)


def _worth(marks: list[tuple[Span, str]], first: int, width: int) -> tuple[int, int]:
    """Return how many different terms, and how many marks, fit in a window that begins there."""
    limit = marks[first][0][0] + width * 3 // 4
    inside = []
    for (start, _), term in marks[first : first + 50]:
        if start > limit:
            break
        inside.append(term)
    return len(set(inside)), len(inside)
