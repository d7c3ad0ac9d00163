"""Which words of a page a question means, so that they can be pointed at where they stand.

The words are compared as in the index and its highlights: other forms, old spellings and
compounds are found too; a phrase is a row of words. Begin at `pointed_at`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archive.search import tokens
from archive.search.compounds import parts
from archive.search.grammar import Clause, read
from archive.search.stems import key

Range = tuple[int, int]


def pointed_at(question: str, words: Sequence[str]) -> list[Range]:
    """Return (first, after the last) of each row of words that the question asks for, in order.

    What it asks not to see, and what it asks of other fields than the text, is left out.
    """
    asked = [
        clause
        for group in read(question)
        for clause in group
        if not clause.negative and clause.field in {"", "body"}
    ]
    plain = [(token, number) for number, word in enumerate(words) for token in tokens.words(word)]
    found = {place for clause in asked for place in _places(clause, plain)}
    return sorted(found)


def _places(clause: Clause, plain: Sequence[tuple[str, int]]) -> Iterator[Range]:
    size = len(clause.words)
    for start in range(len(plain) - size + 1):
        row = plain[start : start + size]
        if all(
            _means(asked, token, prefix=clause.prefix)
            for asked, (token, _) in zip(clause.words, row, strict=True)
        ):
            yield row[0][1], row[-1][1] + 1


def _means(asked: str, token: str, *, prefix: bool) -> bool:
    if token == asked or (prefix and token.startswith(asked)):
        return True
    wanted = key(asked)
    return wanted == key(token) or wanted in parts(token)
