"""The Swedish words that the stemmer and the splitter of compounds trust.

Two sources: the archive's own list, shipped with the product, and the hunspell dictionary of
the machine where it is installed. The own list alone is enough for the room's language tests.
Begin at `known`; `fingerprint` tells an index made with other lists from ours.
"""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from archive.search.tokens import plain

HUNSPELL = Path("/usr/share/hunspell/sv_SE.dic")
_HERE = Path(__file__).parent


def own() -> frozenset[str]:
    """Return the shipped words, in their dictionary form."""
    return listed("words")


@cache
def listed(name: str) -> frozenset[str]:
    """Return the words of the shipped list `name`: words, whole, not_heads, stop."""
    return frozenset(word for line in _lines(name) for word in line.split())


@lru_cache(maxsize=1)
def lower_case() -> frozenset[str]:
    """Return every trusted word that is not a proper name, three letters or more."""
    return own() | {w for w in _hunspell() if w[0].islower() and len(w) > 3}


@lru_cache(maxsize=1)
def _all_words() -> frozenset[str]:
    return own() | {plain(w) for w in _hunspell()}


def known(word: str) -> bool:
    """Say whether `word` stands in a dictionary exactly so; names count as well."""
    return word in _all_words()


def known_tail(word: str) -> bool:
    """Say whether `word` ends in a trusted word of four letters or more, after three others."""
    trusted = lower_case()
    return any(word[i:] in trusted for i in range(3, len(word) - 3))


def own_tail(word: str) -> bool:
    """The same, by the shipped words alone: kungsgata, which a dictionary has as a name."""
    return any(word[i:] in own() for i in range(3, len(word) - 3))


@lru_cache(maxsize=1)
def irregular() -> dict[str, str]:
    """Return bent form → dictionary form, for nouns that change their vowel: böcker → bok."""
    return {form: lemma for lemma, *forms in _rows("irregular") for form in (lemma, *forms)}


@lru_cache(maxsize=1)
def names() -> dict[str, str]:
    """Return spelling of a name → the spelling that stands for them all: Carl → karl."""
    return {form: first for first, *forms in _rows("names") for form in forms}


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return a short digest of every list in use; keys made under another one may differ."""
    digest = hashlib.sha256()
    for path in (*sorted(_HERE.glob("*_sv.txt")), HUNSPELL):
        digest.update(path.read_bytes() if path.is_file() else b"-")
    return digest.hexdigest()[:16]


def _rows(name: str) -> list[list[str]]:
    return [line.split() for line in _lines(name)]


def _lines(name: str) -> list[str]:
    text = (_HERE / f"{name}_sv.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


@lru_cache(maxsize=1)
def _hunspell() -> frozenset[str]:
    if not HUNSPELL.is_file():
        return frozenset()
    lines = HUNSPELL.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    found = (line.split("/", 1)[0].split("\t", 1)[0].strip() for line in lines)
    return frozenset(word for word in found if word.isalpha())
