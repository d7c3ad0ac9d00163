"""Measure the search room: build an index of N invented records, then ask it questions.

Run `python -m bench.search_bench [--records 20000]`; prints one JSON object. Not a test: the
bars are in the issue, the figures depend on the machine. Begin at `main`.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path

from archive.search import Query, SearchDoc, SearchIndex

TODAY = date(2026, 1, 2)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


KINDS = ("minutes", "photograph", "map", "drawing", "ledger", "letter", "register", "poster")
PLACES = [
    f"{a}{b}" for a in ("Stånge", "Kungs", "Norr", "Söder", "Berga", "Valla", "Ryd", "Tanne",
                        "Lamb", "Skägge", "Gottfrids", "Johannelund", "Ham", "Vim", "Vik")
    for b in ("bron", "gatan", "torp", "by", "berg", "hem", "vall", "ängen", "dal", "lund")
]  # fmt: skip
FIRST = ("Carl", "Anna", "Gustaf", "Brita", "Erik", "Maria", "Johan", "Kristina", "Per", "Elsa")
HEADS = _words(
    "karta ritning protokoll bok skola kyrka nämnd byggnad förening räkenskap brev register "
    "längd plan gata bro hus gård kvarn stämma syn beslut ansökan ledning vård kassa"
)
FRONTS = _words(
    "stads folkskole byggnads kyrko fattigvårds brand hälsovårds skol lands hus kvarters vatten "
    "järnvägs drätsel magistrats rådhus sjukhus härads socken post gas el fastighets"
)
SMALL = _words(
    "och i av på för till från med om den det som är att vid hos under över samt efter hvad af "
    "öfver själf icke eller hafva blifvit staden Linköping Linkiöping år dag möte ärende"
)
TERM = _words("karta protokollet skolan kvarn Stångebron hvad räkenskaper gatan")
CLASSES: dict[str, list[Query]] = {
    "term": [Query(text=t) for t in TERM],
    "and": [Query(text=f"{a} {b}") for a, b in pairwise(TERM)],
    "or": [Query(text=f"{a} OR {b}") for a, b in pairwise(TERM)],
    "filters": [Query(text=t, kind="map", place=PLACES[3]) for t in TERM],
    "years": [Query(text=t, year_from=1880, year_to=1899, sort="date") for t in TERM],
    "landing": [Query(), Query(sort="title"), Query(sort="reference"), Query(kind="map")],
    "page 50": [Query(text=t, page=50) for t in TERM],
    "prefix": [Query(text=t) for t in ("sko*", "byg*", "sta*", "kyrk*", "pro*", "hus*")],
    "phrase": [Query(text=f'"{t}"') for t in ("i staden", "möte och", "karta över", "den det")],
    "undotted": [Query(text=t) for t in ("Linkoping", "halsovardsnamnd", "fattigvard")],
    "nothing": [Query(text=t) for t in ("skoaln", "Stångebrn", "qwertyuiop")],
}


def documents(count: int, seed: int = 7) -> Iterator[SearchDoc]:
    """Yield `count` invented records of about 130 words, the same for the same seed."""
    chance = random.Random(seed)
    compounds = [front + head for front in FRONTS for head in HEADS]
    rare = [f"{a}{b}{c}" for a in FRONTS for b in ("ny", "gam", "stor", "lill") for c in HEADS]
    for number in range(count):
        year = chance.randint(1620, 2015)
        body = chance.choices(SMALL, k=70) + chance.choices(HEADS, k=15)
        body += chance.choices(compounds, k=30) + chance.choices(rare, k=10)
        body += [f"{chance.choice(FIRST)} {chance.choice(PLACES)}sson" for _ in range(3)]
        chance.shuffle(body)
        place = chance.choice(PLACES)
        yield SearchDoc(
            id=f"r{number:07d}",
            reference=f"SE/LSA/{number % 40:04d}/{chance.choice('ABCDEFG')}{number % 9}:{number}",
            title=f"{chance.choice(HEADS).title()} över {place} {year}",
            body=" ".join(body),
            level="item",
            kind=chance.choice(KINDS),
            unit=f"Enhet {number % 9}",
            fonds=f"Arkiv {number % 40}",
            creators=(f"{chance.choice(FIRST)} {chance.choice(PLACES)}sson",),
            places=(place, chance.choice(PLACES)),
            subjects=tuple(chance.sample(HEADS, 2)),
            year_min=year,
            year_max=year + chance.choice((0, 0, 1, 10)),
            digitized=chance.random() < 0.5,
            published_on=date(2020, 1, 1 + number % 28),
        )


def main() -> None:
    """Build, ask and print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--records", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="search-bench-"))
    try:
        print(json.dumps(measure(folder, given.records, given.rounds), indent=1))
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, records: int, rounds: int) -> dict[str, object]:
    """Return seconds, sizes and the 95th percentile in ms of each class of question."""
    index = SearchIndex(folder)
    build = _seconds(lambda: index.rebuild(documents(records)))
    first = _seconds(lambda: index.search(Query(), today=TODAY))
    cold = {name: _p95(index, queries, 1) for name, queries in CLASSES.items()}
    warm = {name: _p95(index, queries, rounds) for name, queries in CLASSES.items()}
    suggest = sorted(
        _seconds(lambda p=p: index.suggest(p, today=TODAY)) * 1000  # type: ignore[misc]
        for p in ("sk", "sko", "stå", "lin", "proto", "carl", "hälso") * rounds
    )
    batch = _seconds(lambda: index.write(list(documents(100, seed=9))))
    after = _seconds(lambda: index.search(Query(text="karta"), today=TODAY))
    return {
        "records": records,
        "build_seconds": round(build, 1),
        "records_per_second": round(records / build),
        "open_seconds": round(first, 2),
        "first_ask_worst_ms": cold,
        "p95_ms": warm,
        "suggest_p95_ms": round(suggest[int(len(suggest) * 0.95)], 1),
        "write_100_seconds": round(batch, 2),
        "first_search_after_write_ms": round(after * 1000, 1),
        "sound_seconds": round(_seconds(index.is_sound), 1),
        "optimise_seconds": round(_seconds(index.optimise), 1),
        "index_mb": round(sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) / 1e6),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _p95(index: SearchIndex, queries: list[Query], rounds: int) -> float:
    times = sorted(
        _seconds(lambda q=q: index.search(q, today=TODAY))  # type: ignore[misc]
        for q in queries * rounds
    )
    return round(times[min(len(times) - 1, int(len(times) * 0.95))] * 1000, 1)


def _seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
