"""The fields of an index, and how one document becomes terms.

Nothing can be read back but the card: the id, the values that facets count and the keys that
results are sorted by. Positions stand in a field of their own, so that plain words never pay
for phrases. Begin at `fields_of`; terms are made by `stems`, `compounds` and `tokens`.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain

from whoosh import columns, fields, formats

from archive.search import tokens, wordlist
from archive.search.compounds import parts
from archive.search.documents import SearchDoc
from archive.search.stems import key

VERSION = 1
MAX_BODY = 2_000_000
PHRASE_GAP = 100

Posting = tuple[bytes, int, float, bytes]


class Terms(fields.FieldType):  # type: ignore[misc]
    """A field whose terms are made beforehand, by this room and not by Whoosh's analysers."""

    def __init__(self, *, unique: bool = False) -> None:
        super().__init__(formats.Existence(), None, unique=unique)

    def index(self, value: Iterable[Posting], **_: object) -> Iterator[Posting]:
        """Yield the postings as they were handed in."""
        return iter(value)


class Places(Terms):
    """Terms with the places at which they stand, as four-byte numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.format = formats.Positions()


def schema() -> fields.Schema:
    """Return the schema of both indexes. A change to it is a new `VERSION`."""
    return fields.Schema(
        id=Terms(unique=True),
        ref=Terms(),
        title=Terms(),
        names=Terms(),
        body=Terms(),
        parts=Terms(),
        surface=Terms(),
        places=Places(),
        card=fields.COLUMN(columns.VarBytesColumn()),
    )


def stamp() -> dict[str, object]:
    """Return what an index must have been made with to be searched as this program does."""
    return {"version": VERSION, "words": wordlist.fingerprint()}


def fields_of(doc: SearchDoc) -> dict[str, object]:
    """Return one document as the writer takes it."""
    title = list(tokens.words(doc.title))
    body = list(tokens.words(doc.body[:MAX_BODY]))
    names = [list(tokens.words(label)) for label in _labels(doc)]
    every = {*title, *body, *chain.from_iterable(names)}
    found = {
        "id": [(doc.id.encode(), 1, 1.0, b"")],
        "ref": _once(tokens.reference_suffixes(doc.reference)),
        "title": _counted(title),
        "names": _counted(list(chain.from_iterable(names))),
        "body": _counted(body),
        "parts": _once(sorted({part for word in every for part in parts(word)})),
        "surface": _once(sorted(every)),
        "places": _placed([title, *names, body]),
    }
    return {**found, "card": _card(doc, len(title), len(body))}


def _labels(doc: SearchDoc) -> Iterator[str]:
    yield from (*doc.creators, *doc.places, *doc.subjects, *doc.also_named)
    yield from (label for label in (doc.kind, doc.unit, doc.fonds) if label)


def _once(terms: Iterable[str]) -> list[Posting]:
    return [(term.encode(), 1, 1.0, b"") for term in terms]


def _counted(words: list[str]) -> list[Posting]:
    counts = Counter(map(key, words))
    return [(term.encode(), n, float(n), b"") for term, n in counts.items()]


def _placed(runs: list[list[str]]) -> list[Posting]:
    """Return where each key stands; a phrase must not reach from one run into the next."""
    places: dict[str, array[int]] = {}
    at = 0
    for run in runs:
        for word in run:
            places.setdefault(key(word), array("I")).append(at)
            at += 1
        at += PHRASE_GAP
    return [(term.encode(), 1, 1.0, where.tobytes()) for term, where in places.items()]


def _card(doc: SearchDoc, title_words: int, body_words: int) -> bytes:
    card = {
        "id": doc.id,
        "kind": doc.kind,
        "unit": doc.unit,
        "fonds": doc.fonds,
        "level": doc.level,
        "rights": doc.rights,
        "creator": sorted(set(doc.creators)),
        "place": sorted(set(doc.places)),
        "subject": sorted(set(doc.subjects)),
        "years": [doc.year_min, doc.year_max],
        "digitized": doc.digitized,
        "new": doc.published_on.toordinal() if doc.published_on else 0,
        "until": doc.open_until.toordinal() if doc.open_until else 0,
        "title": doc.title[:200],
        "ref": doc.reference[:200],
        "words": [title_words, body_words],
    }
    return json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode()
