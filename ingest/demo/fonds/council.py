"""Linköpings stadsfullmäktige, 1863–1970: minutes written and typed, motions, posters.

Begin at `council`.
"""

from __future__ import annotations

from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.fonds.stock import entries
from ingest.demo.tree import Fonds, Traits, Tree, body, person

_MINUTES = Traits("HA-A", "minutes", subjects=("Stadsfullmäktige",))
_PRINTS = Traits("HA-L", "print", personal_data="none", subjects=("Stadsfullmäktige",))

_SCOPE = (
    "Stadsfullmäktige valdes första gången på nyåret 1863 och satt i Rådhuset till dess att "
    "kommunfullmäktige tog vid 1971. Här är gasljuset och vattenledningen, spårvägen som "
    "aldrig blev av, kvinnornas inträde 1910 och varenda krona som staden har gett ut."
)


def council(prefix: str) -> Fonds:
    """Return the fonds of the town council."""
    tree = Tree(prefix, "SF", "HA")
    tree.fonds(
        "Linköpings stadsfullmäktiges arkiv",
        "1863–1970",
        body("Linköpings stadsfullmäktige", "1863–1970"),
        _SCOPE,
        extent="196 volymer, 14 hyllmeter",
    )
    _minutes(tree)
    _motions(tree)
    _prints(tree)
    return tree.grown()


def _minutes(tree: Tree) -> None:
    series = tree.series(
        "A1",
        "Protokoll",
        "1863–1970",
        "Fullmäktiges protokoll i original, skrivna för hand till 1912 och därefter på maskin.",
    )
    volumes: dict[int, str] = {}
    for entry in entries("council_minutes"):
        year = int(entry["date"][:4])
        start = 1863 if year < 1880 else year // 20 * 20
        if start not in volumes:
            end = (1879 if start == 1863 else start + 19) if start < 1960 else 1970
            volumes[start] = tree.volume(
                series, f"Protokoll {start}–{end}", f"{start}–{end}", _MINUTES
            )
        kind = Kind.MINUTES if year < 1912 else Kind.TYPESCRIPT
        picture = Picture(
            kind,
            f"SF/A1/{entry['date']}",
            year,
            entry["heading"],
            entry["text"],
            caption=entry["signed"],
        )
        tree.item(
            volumes[start],
            entry["title"],
            entry["date"],
            _MINUTES,
            picture,
            text=f"{entry['heading']}\n\n{entry['text']}\n\n{entry['signed']}",
            scope=entry["scope"],
            place=entry["place"],
            subjects=tuple(entry["subjects"].split("; ")),
            extent="1 sida",
        )


def _motions(tree: Tree) -> None:
    series = tree.series(
        "E1", "Motioner", "1871–1966", "Ledamöternas förslag, med fullmäktiges beslut antecknat."
    )
    volume = tree.volume(series, "Motioner", "1871–1966", Traits("HA-E", "letter"))
    for entry in entries("council_motions"):
        year = int(entry["date"][:4])
        who = person(entry["from"], entry["life"], "author")
        kind = Kind.LETTER if year < 1915 else Kind.TYPESCRIPT
        title = "Till Stadsfullmäktige\ni Linköping" if kind is Kind.LETTER else entry["title"]
        picture = Picture(
            kind, f"SF/E1/{entry['date']}", year, title, entry["text"], caption=entry["sign"]
        )
        tree.item(
            volume,
            entry["title"],
            entry["date"],
            Traits("HA-E", "letter", creators=(who,), subjects=("Motioner",)),
            picture,
            text=f"{entry['title']}\n\n{entry['text']}\n\n{entry['from']}",
            scope=entry["scope"],
            place=entry["place"],
        )


def _prints(tree: Tree) -> None:
    series = tree.series(
        "L1", "Trycksaker", "1868–1952", "Stadens tryckta berättelser, kungörelser och affischer."
    )
    volume = tree.volume(series, "Affischer och berättelser", "1868–1952", _PRINTS)
    for entry in entries("council_prints"):
        year = int(entry["year"])
        kind = Kind.POSTER if entry["kind"] == "poster" else Kind.PRINT
        traits = Traits("HA-L", entry["kind"], personal_data="none", subjects=("Stadsfullmäktige",))
        picture = Picture(kind, f"SF/L1/{year}", year, entry["heading"], entry["text"])
        tree.item(
            volume,
            entry["title"],
            entry["date"],
            traits,
            picture,
            text=f"{entry['heading']}\n{entry['text']}",
            scope=entry["scope"],
            place=entry["place"],
        )
