"""Cut text into words, as the index and the reader of a query see them.

Nothing here knows Swedish grammar: that is `stems`, `spelling` and `compounds`. Words are NFC
and lower case, å ä ö are kept apart from a and o, other accents are dropped. Begin at `words`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

MAX_WORD = 40

_WORD = re.compile(r"[^\W_]+")
# A mark at the end of a line in the middle of a word, as print and transcribers have it; the soft
# hyphen stands where a page of ALTO breaks a word without one.
_BROKEN_LINE = re.compile(r"(?<=[^\W\d_])[-¬\u00ad\u2010\u2e17=][ \t]*(?:\r?\n|\f)\s*(?=[^\W\d_])")
_KEPT = "åäö"
_LETTERS = str.maketrans({"æ": "ä", "ø": "ö", "ß": "ss", "ſ": "s", "\u00ad": ""})
_FOLDED = str.maketrans("åäö", "aao")


def tidy(text: str) -> str:
    """Return `text` in NFC, with words that a line break cut in two put together again."""
    return _BROKEN_LINE.sub("", unicodedata.normalize("NFC", text))


def words(text: str) -> Iterator[str]:
    """Yield the words of `text` in reading order, lower case, each at most `MAX_WORD` letters."""
    for match in _WORD.finditer(tidy(text)):
        yield plain(match.group())


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word with where it begins and ends in `text` itself, for marking."""
    for match in _WORD.finditer(text):
        yield plain(match.group()), match.start(), match.end()


@lru_cache(maxsize=200_000)
def plain(word: str) -> str:
    """Return one word in lower case without foreign accents: `Idé` → `ide`, `Åby` → `åby`."""
    low = unicodedata.normalize("NFC", word).lower().translate(_LETTERS)[:MAX_WORD]
    if low.isascii():
        return low
    return "".join(c if c in _KEPT else _bare(c) for c in low)


def _bare(letter: str) -> str:
    decomposed = unicodedata.normalize("NFD", letter)
    return "".join(c for c in decomposed if not unicodedata.combining(c)) or letter


def fold(word: str) -> str:
    """Return `word` as typed on a keyboard without å, ä and ö. Never used in the index."""
    return word.translate(_FOLDED)


def reference_key(reference: str) -> str:
    """Return a reference code as compared: `SE / LSA/0001/A1:2` → `se/lsa/0001/a1:2`."""
    return "".join(unicodedata.normalize("NFC", reference).lower().split())


def reference_suffixes(reference: str) -> list[str]:
    """Return the whole reference and every ending of it that begins after a slash."""
    steps = reference_key(reference).strip("/").split("/")
    return ["/".join(steps[i:]) for i in range(len(steps)) if steps[i]]
