"""Take Swedish compounds apart, so that `bro` finds Stångebron and `skola` a folkskola.

The head is the last part, the longest that a word list knows; what stands before it must be
known too, or be taken apart in its turn. Parts are a weaker kind of hit, never the word itself.
Begin at `parts`.
"""

from __future__ import annotations

from functools import lru_cache

from archive.search import wordlist
from archive.search.spelling import modern
from archive.search.stems import key, lemma

_SHORTEST, _DEPTH = 3, 4


@lru_cache(maxsize=200_000)
def parts(word: str) -> tuple[str, ...]:
    """Return the keys of the parts of a compound, head first; empty where it is none."""
    if len(word) < 6 or not word.isalpha() or word in wordlist.listed("whole"):
        return ()
    found = _split(word, _DEPTH) or _split(modern(word), _DEPTH)
    own_key = key(word)
    return tuple(dict.fromkeys(k for k in map(key, found) if k != own_key))


def _split(word: str, depth: int) -> list[str]:
    """Return head, then modifiers; a modifier that is a compound stands whole and in parts."""
    if depth == 0 or len(word) < 2 * _SHORTEST or word in wordlist.listed("whole"):
        return []
    for start in range(_SHORTEST, len(word) - _SHORTEST + 1):
        head = _as_head(word[start:])
        if not head:
            continue
        modifier = _as_modifier(word[:start])
        inner = _split(modifier or word[:start].removesuffix("s"), depth - 1)
        if modifier:
            return [head, modifier, *inner]
        if inner:
            return [head, *inner]
    return []


def _as_head(text: str) -> str | None:
    if text in wordlist.listed("not_heads"):
        return None
    if _is_part(text):
        return text
    bent = wordlist.irregular().get(text)
    base = bent or lemma(text)
    return base if len(base) >= _SHORTEST and base != text and _is_part(base) else None


def _as_modifier(text: str) -> str | None:
    """Return the word that `text` is the joining form of: skole- → skola, stads- → stad."""
    if _is_part(text):
        return text
    stem = text[:-1]
    guesses = {
        "s": (stem,),
        "e": (stem + "a", stem),
        "o": (stem + "a", stem),
        "u": (stem + "a",),
        "a": (stem,),
    }.get(text[-1], ())
    for guess in (*guesses, text + "a", text + "e"):
        if len(guess) >= _SHORTEST and _is_part(guess):
            return guess
    return None


def _is_part(text: str) -> bool:
    return text in wordlist.lower_case() or text in wordlist.listed("whole")
