"""Linköpings rådhusrätt och magistrat, 1620–1970: minutes in the spelling of their time.

Begin at `magistrate`.
"""

from __future__ import annotations

from ingest.demo.dice import dice
from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.fonds.stock import entries
from ingest.demo.names import somebody, trade
from ingest.demo.tree import Fonds, Traits, Tree, body, person

_MINUTES = Traits("HA-A", "minutes", subjects=("Stadens styrelse", "Rättskipning"))
_LETTERS = Traits("HA-E", "letter", subjects=("Inkomna skrivelser",))
_ROLLS = Traits("HA-D", "register", subjects=("Borgare", "Näringsliv"), is_register=True)

_SCOPE = (
    "Magistraten styrde staden och rådhusrätten dömde i den; samma borgmästare och rådmän satt "
    "vid samma bord. Protokollen följer Linköping från drottning Kristinas tid, genom branden "
    "1700 och återuppbyggnaden, till dess att tingsrätten tog över 1971. De äldsta banden är "
    "skrivna på lumppapper med järngallusbläck och med stavning efter skrivarens öra."
)


def magistrate(prefix: str) -> Fonds:
    """Return the fonds of the town court and magistracy."""
    tree = Tree(prefix, "RRM", "HA")
    tree.fonds(
        "Linköpings rådhusrätts och magistrats arkiv",
        "1620–1970",
        body("Linköpings rådhusrätt och magistrat", "1287–1970"),
        _SCOPE,
        extent="412 volymer, 38 hyllmeter",
    )
    _minutes(tree)
    _rolls(tree)
    _letters(tree)
    return tree.grown()


def _minutes(tree: Tree) -> None:
    series = tree.series(
        "A1",
        "Dom- och rådstuguprotokoll",
        "1620–1862",
        "Protokoll förda vid rådstugan: arv och gräl, brandsyn och bakning, tullar och tomtrår. "
        "Renskrivna i band, ett för varje eller varannan decennium.",
    )
    volumes: dict[int, str] = {}
    for entry in entries("magistrate_minutes"):
        year = int(entry["year"])
        span = year // 50 * 50
        if span not in volumes:
            volumes[span] = tree.volume(
                series, f"Rådstuguprotokoll {span}–{span + 49}", f"{span}–{span + 49}", _MINUTES
            )
        picture = Picture(
            Kind.MINUTES, f"RRM/A1/{entry['date']}", year, entry["heading"], entry["text"]
        )
        tree.item(
            volumes[span],
            entry["title"],
            entry["date"],
            _MINUTES,
            picture,
            text=f"{entry['heading']}\n\n{entry['text']}",
            scope=entry["scope"],
            place=entry["place"],
            subjects=tuple(entry["subjects"].split("; ")),
            extent="1 sida",
        )


def _rolls(tree: Tree) -> None:
    series = tree.series(
        "D1",
        "Burskapslängder",
        "1641–1846",
        "Förteckningar över dem som vunnit burskap, det vill säga rätten att driva handel eller "
        "hantverk i staden, med yrke, borgensmän och avgift.",
    )
    volume = tree.volume(series, "Burskapslängd", "1641–1846", _ROLLS)
    for year in (1641, 1668, 1695, 1723, 1751, 1784, 1815, 1846):
        roll = dice("RRM/D1", year)
        rows = [("Dag", "Namn", "Yrke", "Borgen", "Daler")]
        for _ in range(15):
            rows.append(
                (
                    f"{roll.randint(1, 28)}/{roll.randint(1, 12)}",
                    somebody(roll, year, woman=roll.random() < 0.12),
                    trade(roll, year),
                    somebody(roll, year, woman=False),
                    f"{roll.randint(2, 24)}:{roll.randint(0, 31)}",
                )
            )
        rows[1:] = sorted(
            rows[1:], key=lambda r: tuple(reversed([int(p) for p in r[0].split("/")]))
        )
        heading = (
            f"Burskaps Längd för Åhr {year}" if year < 1780 else f"Burskapslängd för år {year}"
        )
        picture = Picture(Kind.LEDGER, f"RRM/D1/{year}", year, heading, rows=tuple(rows))
        tree.item(
            volume,
            f"Burskapslängd {year}",
            str(year),
            _ROLLS,
            picture,
            text=heading + "\n" + "\n".join(" ".join(row) for row in rows[1:]),
            scope=f"Femton nya borgare antogs under {year}. Avgift i daler och öre silvermynt.",
            place="Rådhuset",
        )


def _letters(tree: Tree) -> None:
    series = tree.series(
        "E1",
        "Inkomna skrivelser",
        "1648–1869",
        "Brev till borgmästare och råd: suppliker från borgare och änkor, kungabrev i avskrift, "
        "böner om uppskov och klagomål över grannar. Ordnade efter år.",
    )
    volume = tree.volume(series, "Suppliker och brev", "1648–1869", _LETTERS)
    for entry in entries("magistrate_letters"):
        writer = person(entry["from"], entry["life"], "author")
        picture = Picture(
            Kind.LETTER,
            f"RRM/E1/{entry['date']}",
            int(entry["year"]),
            entry["to"],
            entry["text"],
            caption=entry["dateline"],
        )
        tree.item(
            volume,
            entry["title"],
            entry["date"],
            Traits("HA-E", "letter", creators=(writer,), subjects=("Suppliker",)),
            picture,
            text=f"{entry['dateline']}\n\n{entry['text']}",
            scope=entry["scope"],
            place=entry["place"],
        )
