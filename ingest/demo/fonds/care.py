"""Fattigvårdsstyrelsen and Barnavårdsnämnden: what the town knew of those it helped.

Secret for seventy years (OSL 26:1); every person is invented. Begin at `poor_relief` and
`child_welfare`.
"""

from __future__ import annotations

from datetime import date
from random import Random

from ingest.demo.dice import dice
from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.fonds.stock import entries
from ingest.demo.names import somebody
from ingest.demo.tree import Fonds, Traits, Tree, body

_MINUTES = Traits("HA-A-SOG", "minutes", subjects=("Fattigvård",))
_HELP = Traits("HA-F-FVG", "register", subjects=("Fattigvård",))
_FILES = Traits("HA-F-BV", "record", "sensitive", "yes", subjects=("Barnavård",))
_HEAD = ("N:o", "Namn", "Ålder", "Orsak", "Hjelp i veckan")
_CAUSES = ("ålderdom", "enka, fyra barn", "brutet ben", "lungsot", "arbetslös", "blind", "lam hand")
_HELPS = (
    "1 kr och ved",
    "2 skålpund mjöl",
    "75 öre",
    "plats å fattiggården",
    "skor",
    "soppa dagligen",
)


def poor_relief(prefix: str) -> Fonds:
    """Return the fonds of the poor relief board, open by now."""
    tree = Tree(prefix, "FVS", "HA")
    tree.fonds(
        "Fattigvårdsstyrelsens arkiv",
        "1847–1956",
        body("Linköpings fattigvårdsstyrelse", "1847–1956"),
        "Fattigvården efter 1847 års förordning: fattiggården vid Barnhemsgatan, soppkoket, "
        "rotehållningen. Handlingarna är äldre än sjuttio år och sekretessen har upphört för de "
        "flesta av dem.",
        extent="98 volymer",
    )
    series = tree.series("A1", "Protokoll", "1847–1917", "Styrelsens beslut om hjälp.")
    volume = tree.volume(series, "Protokoll", "1847–1917", _MINUTES)
    for entry in entries("relief_minutes"):
        year = int(entry["date"][:4])
        picture = Picture(
            Kind.MINUTES, f"FVS/A1/{year}", year, entry["heading"], entry["text"], theme="plain"
        )
        tree.item(
            volume,
            entry["title"],
            entry["date"],
            _MINUTES,
            picture,
            text=f"{entry['heading']}\n\n{entry['text']}",
            place=entry["place"],
        )
    _relief_books(tree)
    return tree.grown()


def _relief_books(tree: Tree) -> None:
    series = tree.series(
        "F1", "Understödslängder", "1850–1912", "Vilka som fick hjälp, och varför."
    )
    volume = tree.volume(series, "Understödslängder", "1850–1912", _HELP)
    for year in (1850, 1861, 1868, 1879, 1893, 1904, 1912):
        roll = dice("FVS/F1", year)
        rows = [_HEAD]
        for number in range(1, 14):
            rows.append(
                (
                    str(number),
                    somebody(roll, year, woman=roll.random() < 0.65),
                    str(roll.randint(24, 86)),
                    roll.choice(_CAUSES),
                    roll.choice(_HELPS),
                )
            )
        heading = f"Understödslängd för år {year}"
        picture = Picture(Kind.LEDGER, f"FVS/F1/{year}", year, heading, rows=tuple(rows))
        tree.item(
            volume,
            heading,
            str(year),
            _HELP,
            picture,
            text="\n".join([heading, *(" ".join(row) for row in rows)]),
            scope="Tretton understödstagare i urval, med orsak och hjälp.",
            place="Barnhemsgatan",
        )


def child_welfare(prefix: str) -> Fonds:
    """Return the fonds of the child welfare board: files that open day by day."""
    tree = Tree(prefix, "BVN", "HA")
    tree.fonds(
        "Barnavårdsnämndens arkiv",
        "1926–1970",
        body("Linköpings barnavårdsnämnd", "1926–1970"),
        "Nämndens personakter är stängda i sjuttio år från den nyaste handlingen. De äldsta börjar "
        "nu öppnas, en dag i taget, men personerna kan leva och varje begäran prövas.",
        extent="310 volymer",
    )
    series = tree.series(
        "F1", "Personakter", "1926–1970", "Akter, ordnade efter nummer. Sekretess."
    )
    # The last day of a file decides when its secrecy ends, and a volume is as closed as its newest
    # file: so each file has its own.
    for position, closed in enumerate(
        (
            date(1941, 3, 4), date(1947, 10, 20), date(1950, 6, 1), date(1953, 2, 12),
            date(1955, 9, 30), date(1956, 2, 29), date(1956, 12, 1), date(1958, 3, 1),
            date(1961, 5, 16), date(1966, 11, 8), date(1969, 4, 22),
        ),
        1,
    ):  # fmt: skip
        number = position * 13 + 101
        dates = f"{closed.year - position % 4 - 1}–{closed.isoformat()}"
        volume = tree.volume(
            series,
            f"Personakter, volym {position}",
            dates,
            _FILES,
            public_title=f"Personakter, volym {position}",
        )
        _file(tree, volume, number, dates, closed)
    return tree.grown()


def _file(tree: Tree, volume: str, number: int, dates: str, closed: date) -> None:
    roll = dice("BVN", number)
    child = somebody(roll, closed.year)
    akt = tree.file(
        volume,
        f"Akt {number}: {child}",
        dates,
        _FILES,
        public_title=f"Personakt nr {number}",
        events={"case_closed": closed},
    )
    notes = _notes(child, dates[:4], roll)
    for page, (title, day) in enumerate(
        (("Utredning", dates[:4]), ("Beslut om avskrivning", closed.isoformat()))
    ):
        heading = f"Barnavårdsnämnden – akt {number} – {title}"
        picture = Picture(
            Kind.TYPESCRIPT,
            f"BVN/{number}/{page}",
            closed.year,
            heading,
            notes[page],
            caption="T. Dalhem",
        )
        tree.item(
            akt,
            f"{title} rörande {child}",
            day,
            _FILES,
            picture,
            public_title=f"{title}, personakt nr {number}",
            text=f"{heading}\n\n{notes[page]}",
        )


def _notes(child: str, opened: str, roll: Random) -> tuple[str, str]:
    return (
        f"Barnet {child}, {roll.randint(4, 13)} år, har efter moderns sjukdom vistats hos moster. "
        f"Hembesök den {roll.randint(1, 28)}/{roll.randint(1, 12)} {opened}. Hemmet är rent. "
        "Barnet går regelbundet i skolan och har fått vinterkläder.\n\n"
        "Anmälaren önskar inte bli nämnd.",
        f"Nämnden beslutade avskriva ärendet om {child}. Modern är frisk och familjen har fått "
        "lägenhet. Barnavårdsassistenten säger sig vilja ha ett vykort.",
    )
