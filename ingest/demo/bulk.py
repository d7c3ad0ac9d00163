"""Thousands of records for benchmarks: varied words, one volume a series, a few shared pictures.

Not part of the city's story, and quick: nothing is drawn but six scans. Begin at `bulk`.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from ingest.demo.dice import dice
from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.names import somebody, trade
from ingest.demo.places import PLACES
from ingest.demo.tree import Fonds, Traits, Tree, body

_SERIES_SIZE = 1000
_EVERY = 100  # one record in so many has a picture of its own

_KINDS = (
    ("HA-A", "minutes", "Protokoll om {matter} vid {place}"),
    ("HA-E", "letter", "Skrivelse från {name} om {matter}"),
    ("HA-F", "record", "Akt rörande {matter}, {trade} {name}"),
    ("HA-J", "drawing", "Ritning till {house} vid {place}"),
    ("HA-K", "photograph", "Fotografi: {matter} vid {place}"),
    ("HA-D", "register", "Längd över {matter}, fört av {name}"),
)
_MATTERS = (
    "vattenledningen", "gatubelysningen", "torghandeln", "brandsyn", "skolhuset", "brons underhåll",
    "kvarnens dämme", "tomtgränser", "marknadsplatser", "renhållningen", "lyktornas tändning",
    "båttrafiken", "spannmålsmagasinet", "hospitalets ved", "kyrkogårdsmuren", "stadens skog",
    "brunnarna", "stenläggningen", "fattighuset", "tullstugan", "vägvisare", "isupptagning",
)  # fmt: skip
_HOUSES = ("boningshus", "uthus", "magasin", "smedja", "bageri", "garveri", "skolhus", "verkstad")
_SENTENCES = (
    "Ärendet väcktes av {name}, som bor vid {place}, och gällde {matter}.",
    "Nämnden fann att {matter} kräver åtgärd före vintern.",
    "En besiktning gjordes på platsen av {name} och {trade} {other}.",
    "Kostnaden beräknades till {sum} kronor, varav hälften betalas av grannarna.",
    "Mot beslutet reserverade sig {other}, som ansåg att {matter} kan vänta.",
    "Frågan om {matter} återremitterades till nästa sammanträde.",
    "Handlingarna om {matter} vid {place} överlämnades till stadsingenjören.",
    "Hvad som afhandlats om {matter} må blifva vid magistratens förra beslut.",
)


def bulk(count: int, prefix: str) -> Iterator[Fonds]:
    """Return so many records, a fonds of one series for each thousand of them."""
    for number, start in enumerate(range(0, count, _SERIES_SIZE), 1):
        yield _fonds(number, min(_SERIES_SIZE, count - start), prefix)


def _fonds(number: int, count: int, prefix: str) -> Fonds:
    row, genre, pattern = _KINDS[number % len(_KINDS)]
    roll = dice("bulk", number)
    tree = Tree(prefix, f"X{number:03d}", "HA")
    title = f"Demostadens provarkiv {number}"
    scope = "Påhittade handlingar för prov av hastighet och sökning."
    tree.fonds(title, "1700–1914", body("Provmyndigheten", "1700–1914"), scope)
    series = tree.series(f"{row[-1]}1", f"Prov, serie {row[-1]}", "1700–1914", scope)
    traits = Traits(row, genre, personal_data="none", subjects=("Prov",))
    volume = tree.volume(series, f"Provvolym {number}", "1700–1914", traits)
    places = list(PLACES)
    for position in range(count):
        year = 1700 + roll.randrange(215)
        words = _words(roll, year, places)
        text = " ".join(s.format(**words) for s in roll.sample(_SENTENCES, 5))
        pictures = (_picture(position),) if position % _EVERY == 0 else ()
        tree.item(
            volume,
            pattern.format(**words),
            f"{year}-{roll.randint(1, 12):02d}-{roll.randint(1, 28):02d}",
            traits,
            *pictures,
            text=text,
            place=words["place"],
        )
    return tree.grown()


def _words(roll: Random, year: int, places: list[str]) -> dict[str, str]:
    return {
        "matter": roll.choice(_MATTERS),
        "house": roll.choice(_HOUSES),
        "place": roll.choice(places),
        "name": somebody(roll, year),
        "other": somebody(roll, year),
        "trade": trade(roll, year),
        "sum": str(roll.randint(3, 9000)),
    }


def _picture(position: int) -> Picture:
    turn = position // _EVERY % 6
    heading = "Prov af handstil och bläck"
    text = "Detta blad är skrifvet för prov. " * 6
    return Picture(Kind.MINUTES, f"bulk/{turn}", 1700 + turn * 36, heading, text, theme="plain")
