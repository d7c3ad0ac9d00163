"""What a reader may have meant: completions while she types, and "did you mean" afterwards.

Only words and labels that stand in a document which is there and open are ever offered.
References are never guessed at. Begin at `suggest` and `did_you_mean`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import numpy as np

from archive.search import tokens
from archive.search.snapshot import Mask, Snapshot
from archive.search.stems import key

MIN_WORD = 4
MAX_TRIED = 40
_ALPHABET = "abcdefghijklmnopqrstuvwxyzåäö"
_LABELS = ("creator", "place", "subject", "kind", "fonds", "unit")


def suggest(index: Snapshot, typed: str, visible: Mask, limit: int) -> list[str]:
    """Return at most `limit` ways to go on from what was typed: labels first, then words."""
    typed = " ".join(tokens.tidy(typed)[:200].split())
    if len(typed) < 2 or limit < 1:
        return []
    found = dict.fromkeys(_labels(index, typed, visible))
    said = {label.lower() for label in found}
    *before, last = typed.split(" ")
    stem = tokens.plain(last)
    if len(stem) > 1 and stem.isalnum():
        for word in index.completions(stem, MAX_TRIED):
            if len(found) >= limit:
                break
            if (
                word != stem
                and word not in said
                and visible[index.postings("surface", word)[0]].any()
            ):
                found.setdefault(" ".join([*before, word]))
    return list(found)[:limit]


def did_you_mean(index: Snapshot, text: str, unknown: list[str], today: date) -> str | None:
    """Return `text` with each unknown word put right, or None where nothing is near enough."""
    visible: Mask = index.live & (index.columns.until > today.toordinal())
    meant: str = text
    for word in unknown:
        better = _nearest(index, word, visible)
        if better:
            meant = re.sub(rf"\b{re.escape(word)}\b", better, meant, count=1, flags=re.IGNORECASE)
    return meant if meant != text else None


def _labels(index: Snapshot, typed: str, visible: Mask) -> Iterator[str]:
    """Yield labels in which a word begins as typed, the most used first."""
    wanted = typed.lower()
    found: list[tuple[int, str]] = []
    for name in _LABELS:
        facet = index.columns.facets[name]
        fitting = [
            i
            for i, label in enumerate(facet.labels)
            if label.lower().startswith(wanted) or f" {wanted}" in label.lower()
        ]
        if not fitting:
            continue
        counts = np.bincount(facet.codes[visible[facet.docs]], minlength=len(facet.labels))
        found.extend((-int(counts[i]), facet.labels[i]) for i in fitting if counts[i])
    yield from (label for _, label in sorted(found)[:MAX_TRIED])


def _nearest(index: Snapshot, word: str, visible: Mask) -> str | None:
    """Return the commonest visible word at one edit from `word`; å for a counts least of all."""
    if len(word) < MIN_WORD or not word.isalpha():
        return None
    near = {w for w in _edits(word) if index.word_count(w)} | set(index.unfolded(word))
    near |= set(index.unfolded(tokens.fold(word)))
    near.discard(word)
    plain = tokens.fold(word)
    ranked = sorted(near, key=lambda w: (tokens.fold(w) != plain, -_found(index, w), w))
    for candidate in ranked[:MAX_TRIED]:
        if visible[index.postings("surface", candidate)[0]].any():
            return candidate
    return None


def _found(index: Snapshot, word: str) -> int:
    """Return how many documents hold the word in any of its forms: bro counts bron and broar."""
    places = [index.postings(field, key(word))[0] for field in ("title", "body")]
    return len(np.union1d(*places))


def _edits(word: str) -> Iterator[str]:
    """Yield every word at one deletion, exchange, replacement or insertion from `word`."""
    for i in range(len(word) + 1):
        before, after = word[:i], word[i:]
        if after:
            yield before + after[1:]
            yield from (before + letter + after[1:] for letter in _ALPHABET)
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        yield from (before + letter + after for letter in _ALPHABET)
