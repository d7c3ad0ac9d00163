"""The key under which all forms of a Swedish word meet: skola, skolan, skolor, skolornas.

Snowball's Swedish stemmer leaves the definite forms of many nouns alone (protokollet, skolan)
and cannot know vowel change (bok, böcker). A rule guarded by word lists and a table of
irregular nouns come before it. The keys are for comparing only. Begin at `key`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer

from archive.search import wordlist
from archive.search.spelling import modern

_VOWELS = frozenset("aeiouyåäö")
# A stemmer keeps the word it works on inside itself: each thread has its own.
_own = threading.local()
# Ending → what a dictionary form may have in its place, likeliest first. "2" halves a double
# consonant (rummet, rum), "e" before the last letter gives vowels lost (regler, regel) back.
_ENDINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("orna", ("a", "")),
    ("arna", ("", "<e", "2", "e")),
    ("erna", ("", "<e", "e")),
    ("ena", ("e",)),
    ("or", ("a",)),
    ("ar", ("", "<e", "2")),
    ("er", ("", "<e")),
    ("an", ("a",)),
    ("et", ("e", "", "2", "<e")),
    ("en", ("", "2", "<e", "e")),
    ("na", ("",)),
    ("n", ("",)),
)
_LONGEST_IRREGULAR, _SHORTEST_IRREGULAR = 12, 3
# Irregular nouns whose forms look like common endings (ordför-anden): only as whole words.
_NEVER_HEAD = frozenset(
    ("and", "not", "rot", "bot", "fot", "mus", "lus", "rand", "tång", "ko", "sko", "tå", "klo")
)


@lru_cache(maxsize=400_000)
def key(word: str) -> str:
    """Return the key of one word (as `tokens.plain` gives it). Words with digits are their own."""
    if not word.isalpha():
        return word
    word = modern(wordlist.names().get(word, word))
    base = wordlist.names().get(word, word)
    bent = _irregular(base)
    return _harden(bent if bent else _stem(lemma(base)))


def _irregular(word: str) -> str | None:
    """Return the key of a noun that changes its vowel, alone or as the end of a compound."""
    table = wordlist.irregular()
    if word in table:
        return table[word]
    longest = min(_LONGEST_IRREGULAR, len(word) - 3)
    for size in range(longest, _SHORTEST_IRREGULAR, -1):
        found = table.get(word[-size:])
        if found and found not in _NEVER_HEAD:
            return word[:-size] + found
    if word.endswith(("män", "mäns")) and len(word) > 5:
        return word[: word.rindex("män")] + "man"
    return None


@lru_cache(maxsize=200_000)
def lemma(word: str) -> str:
    """Return the dictionary form that `word` is bent from, or `word` where none is known."""
    word = _without_genitive(word)
    if word in wordlist.own() or len(word) < 4:
        return word
    tried = list(_bases(word))
    for base in tried:
        if base in wordlist.own():
            return base
    for base in tried:
        if wordlist.own_tail(base):
            return base
    if wordlist.known(word):
        return word
    for base in tried:
        if wordlist.known(base):
            return base
    for base in tried:
        if wordlist.known_tail(base):
            return base
    return word


def _without_genitive(word: str) -> str:
    if len(word) > 5 and word.endswith(("ans", "ens", "ets", "ns", "nas", "ors", "ars", "ers")):
        return word if wordlist.known(word) else word[:-1]
    return word


def _bases(word: str) -> Iterator[str]:
    for ending, replacements in _ENDINGS:
        stem = word[: -len(ending)]
        if not word.endswith(ending) or len(stem) < 2:
            continue
        if ending == "n" and stem[-1] not in _VOWELS and stem[-2:] not in ("el", "er", "or"):
            continue
        for replacement in replacements:
            base = _rebuilt(stem, replacement)
            if len(base) > 2:
                yield base


def _rebuilt(stem: str, replacement: str) -> str:
    if replacement == "2":
        return stem[:-1] if stem[-1] == stem[-2] else ""
    if replacement == "<e":
        return stem[:-1] + "e" + stem[-1] if stem[-1] in "lnr" else ""
    return stem + replacement


def _stem(word: str) -> str:
    if not hasattr(_own, "stemmer"):
        _own.stemmer = snowballstemmer.stemmer("swedish")
    return str(_own.stemmer.stemWord(word))


def _harden(stem: str) -> str:
    """Let bref and brev, lif and liv meet: the reform of 1906 at the end of a stem."""
    return stem[:-1] + "v" if len(stem) > 1 and stem.endswith("f") else stem
