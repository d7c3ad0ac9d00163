"""Which documents a question means, and how well each fits.

Every term's documents are a number array, so AND, OR and minus are operations on masks; BM25
is summed field by field. A word also finds its other forms, the same word typed without
dots, compounds that it is part of, and, if it is a compound, its head: each weaker than the
word itself. Begin at `match`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from archive.search import tokens, wordlist
from archive.search.compounds import parts
from archive.search.grammar import Clause, Group
from archive.search.snapshot import Mask, Snapshot
from archive.search.stems import key

WEIGHTS = {"title": 3.0, "names": 2.0, "body": 1.0}
PART, HEAD, DOTTED, SAME_FORM, REFERENCE, YEAR, PHRASE = 0.35, 0.2, 0.4, 0.5, 12.0, 0.5, 2.0
MAX_YEAR_SPAN = 10
_K1, _B = 1.2, 0.5
_YEARS = range(1000, 2101)


@dataclass
class Match:
    """The documents found (deleted and expired ones not yet taken out) and their scores."""

    mask: Mask
    scores: npt.NDArray[np.float32]
    words: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def match(index: Snapshot, groups: list[Group]) -> Match:
    """Return what meets every group; no groups, or only negative ones, begin from everything."""
    found = Match(np.ones(index.size, np.bool_), np.zeros(index.size, np.float32))
    for group in groups:
        if group[0].negative:
            found.mask &= ~_met(index, group[0], Match(found.mask, found.scores.copy()))
            continue
        any_of = np.zeros(index.size, np.bool_)
        for clause in group:
            any_of |= _met(index, clause, found)
        found.mask &= any_of
    return found


def _met(index: Snapshot, clause: Clause, found: Match) -> Mask:
    """Return the documents that meet one clause, having added to scores and words."""
    if clause.field == "year":
        return _year(index, clause)
    if clause.reference:
        exact = _reference(index, clause, found)
        if exact.any() or clause.field == "ref":
            return exact
    found.words.extend(clause.words if not clause.prefix else [f"{clause.words[0]}*"])
    if clause.field not in ("", "title", "body"):
        return _label(index, clause)
    if clause.prefix and len(clause.words) == 1:
        return _prefix(index, clause, found)
    if len(clause.words) > 1:
        return _phrase(index, clause, found)
    return _word(index, clause.words[0], clause.field, found, is_negative=clause.negative)


def _word(
    index: Snapshot, word: str, only: str, found: Match, *, is_negative: bool = False
) -> Mask:
    mask = np.zeros(index.size, np.bool_)
    fields = [only] if only else list(WEIGHTS)
    own = key(word)
    # Who leaves out the cathedral (-domkyrkan) leaves out no other church.
    heads = {} if is_negative else _heads(word)
    for term, weight in {**heads, **_dotted(index, word, found), own: 1.0}.items():
        for name in fields:
            _add(index, name, term, weight * WEIGHTS[name], mask, found)
    if not only:
        if not is_negative:
            _add(index, "parts", own, PART, mask, found)
        _add(index, "surface", word, SAME_FORM, mask, found)
        _add(index, "ref", word, REFERENCE, mask, found)
        if word.isdecimal() and int(word) in _YEARS:
            mask |= _about(index, int(word), found)
    if not index.live[mask].any():
        found.unknown.append(word)
    return mask


def _heads(word: str) -> dict[str, float]:
    """Return the head of a compound: who asks for a folkskola may be glad of a skola, last."""
    split = parts(word)
    return {split[0]: HEAD} if split else {}


def _dotted(index: Snapshot, word: str, found: Match) -> dict[str, float]:
    """Return keys of words with å, ä, ö that `word` may mean: Linkoping → linköping.

    Only where `word` is no Swedish word of its own: får and far must not meet.
    """
    if not index.may_be_dotted(word) or (wordlist.known(word) and len(word) < 7):
        return {}
    meant = list(dict.fromkeys(index.unfolded(word)))
    found.words.extend(meant)
    return {key(one): DOTTED for one in meant}


def _add(index: Snapshot, name: str, term: str, weight: float, mask: Mask, found: Match) -> None:
    numbers, counts = index.postings(name, term)
    if not len(numbers):
        return
    mask[numbers] = True
    rarity = math.log(1 + (index.size - len(numbers) + 0.5) / (len(numbers) + 0.5))
    if name == "body":
        length = 1 - _B + _B * index.columns.body_words[numbers] / index.mean_body
    elif name == "title":
        length = 1 - _B + _B * index.columns.title_words[numbers] / index.mean_title
    else:
        length = np.ones(1, np.float32)
    gain = counts * (_K1 + 1) / (counts + _K1 * length)
    found.scores[numbers] += (weight * rarity * gain).astype(np.float32)


def _prefix(index: Snapshot, clause: Clause, found: Match) -> Mask:
    mask = np.zeros(index.size, np.bool_)
    words = index.completions(clause.words[0])
    if clause.field:
        for term in {key(word) for word in words}:
            mask[index.postings(clause.field, term)[0]] = True
    else:
        for word in words:
            mask[index.postings("surface", word)[0]] = True
    found.scores[mask] += np.float32(1.0)
    if not mask.any():
        found.unknown.append(clause.words[0])
    return mask


def _phrase(index: Snapshot, clause: Clause, found: Match) -> Mask:
    """Return where the words follow each other, in any of their forms."""
    terms = [key(word) for word in clause.words]
    fields = [clause.field] if clause.field else list(WEIGHTS)
    wanted = np.ones(index.size, np.bool_)
    for term in dict.fromkeys(terms):
        having = np.zeros(index.size, np.bool_)
        for name in fields:
            having[index.postings(name, term)[0]] = True
        wanted &= having
    places: npt.NDArray[np.int64] | None = None
    for step, term in enumerate(terms):
        if not wanted.any():
            break
        here = index.places(term, wanted) - step
        places = here if places is None else np.intersect1d(places, here, assume_unique=True)
    mask = np.zeros(index.size, np.bool_)
    if places is not None and wanted.any():
        mask[(places >> 32).astype(np.int32)] = True
    found.scores[mask] += np.float32(PHRASE * len(terms))
    return mask


def _reference(index: Snapshot, clause: Clause, found: Match) -> Mask:
    mask = np.zeros(index.size, np.bool_)
    codes = index.references_from(clause.reference) if clause.prefix else [clause.reference]
    for code in codes:
        mask[index.postings("ref", code)[0]] = True
    found.scores[mask] += np.float32(REFERENCE)
    return mask


def _label(index: Snapshot, clause: Clause) -> Mask:
    """Return the documents one of whose labels (a place, a creator…) has all the words."""
    wanted = {key(word) for word in clause.words}
    facet = index.columns.facets[clause.field]
    fitting = {
        label for label in facet.labels if _fits(label, wanted, clause.words[-1], clause.prefix)
    }
    return facet.having(fitting, index.size)


def _fits(label: str, wanted: set[str], last: str, prefix: bool) -> bool:
    words = list(tokens.words(label))
    if prefix:
        return any(word.startswith(last) for word in words)
    keys = {key(word) for word in words}
    return wanted <= keys | {part for word in words for part in parts(word)}


def _year(index: Snapshot, clause: Clause) -> Mask:
    years = [int(word[:4]) for word in clause.words if word[:4].isdecimal()]
    if not years:
        return np.zeros(index.size, np.bool_)
    known = index.columns.year_max > 0
    return known & (index.columns.year_min <= max(years)) & (index.columns.year_max >= min(years))


def _about(index: Snapshot, year: int, found: Match) -> Mask:
    """Return the records of that year by their dates, if they are dated to a decade or better."""
    first, last = index.columns.year_min, index.columns.year_max
    mask: Mask = (first <= year) & (last >= year) & (last - first <= MAX_YEAR_SPAN)
    found.scores[mask] += np.float32(YEAR)
    return mask
