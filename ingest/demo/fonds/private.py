"""Private archives held for safe keeping: a craftsmen's society and a workshop.

Not public records: the deposit's contract says who may see what. Begin at `society` and
`workshop`.
"""

from __future__ import annotations

from datetime import date

from ingest.demo.dice import dice
from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.fonds.stock import entries
from ingest.demo.fonds.treasury import ledger_rows
from ingest.demo.names import somebody, trade
from ingest.demo.tree import Fonds, Traits, Tree, body
from ingest.package import Restriction

_SOCIETY = Restriction(
    "access_contract", "Depositionsavtal 1998-03-02 med Hantverksgillet", until=date(1998, 3, 2)
)
# Ten years from the deposit: the workshop's contract opens only in 2031.
_WORKSHOP = Restriction(
    "access_contract", "Depositionsavtal 2021-06-01 med verkstadens ägare", until=date(2031, 6, 1)
)


def society(prefix: str) -> Fonds:
    """Return the archive of the craftsmen's guild, open by its contract."""
    tree = Tree(prefix, "HGL", "HA")
    tree.fonds(
        "Hantverksgillet S:t Lars arkiv",
        "1846–1939",
        body("Hantverksgillet S:t Lars", "1846–1939"),
        "När skråna upphörde 1846 bildade stadens hantverkare ett gille för sjukhjälp, begravning "
        "och dans. Arkivet deponerades 1998 och får användas fritt.",
        extent="22 volymer",
    )
    _told(tree, "A1", "Protokoll", "society_minutes", Kind.MINUTES, _deposit("HA-A-DEP", "minutes"))
    _told(tree, "L1", "Affischer", "society_posters", Kind.POSTER, _deposit("HA-L-DEP", "poster"))
    traits = _deposit("HA-G-DEP", "register")
    series = tree.series("D1", "Medlemsmatriklar", "1846–1912", "Medlemmar, yrke och avgift.")
    volume = tree.volume(series, "Medlemsmatriklar", "1846–1912", traits)
    for year in (1846, 1868, 1890, 1912):
        roll = dice("HGL", year)
        rows = [("N:o", "Namn", "Yrke", "Avgift")]
        rows += [
            (
                str(n),
                somebody(roll, year, woman=False),
                trade(roll, year),
                f"{roll.randint(1, 6)}:50",
            )
            for n in range(1, 15)
        ]
        title = f"Matrikel öfver Gillets medlemmar {year}"
        picture = Picture(Kind.LEDGER, f"HGL/D1/{year}", year, title, rows=tuple(rows))
        text = "\n".join([title, *(" ".join(row) for row in rows)])
        tree.item(volume, f"Medlemsmatrikel {year}", str(year), traits, picture, text=text)
    return tree.grown()


def _told(tree: Tree, signum: str, title: str, source: str, kind: Kind, traits: Traits) -> None:
    found = entries(source)
    dates = f"{found[0]['date'][:4]}–{found[-1]['date'][:4]}"
    series = tree.series(signum, title, dates, "Ordnade efter år.")
    volume = tree.volume(series, title, dates, traits)
    for entry in found:
        year = int(entry["date"][:4])
        picture = Picture(
            kind,
            f"{tree.code}/{signum}/{year}",
            year,
            entry["heading"],
            entry["text"],
            theme="plain",
        )
        tree.item(
            volume,
            entry["title"],
            entry["date"],
            traits,
            picture,
            text=f"{entry['heading']}\n\n{entry['text']}",
            place=entry["place"],
        )


def workshop(prefix: str) -> Fonds:
    """Return the archive of an engineering works whose contract keeps it closed for a while."""
    tree = Tree(prefix, "TMV", "HA")
    tree.fonds(
        "Tannefors Mekaniska Verkstads arkiv",
        "1898–1962",
        body("Tannefors Mekaniska Verkstads AB", "1898–1962"),
        "Separatorer, tröskverk och från 1931 dörrhandtag. Arkivet är nytt hos oss: avtalet håller "
        "det stängt till juni 2031, utom för den som ägarna medger.",
        extent="61 volymer, 900 ritningar",
    )
    drawings = _closed("HA-J-DEP", "drawing")
    series = tree.series("J1", "Ritningar", "1898–1951", "Byggnader och tillbyggnader.")
    volume = tree.volume(series, "Byggnadsritningar", "1898–1951", drawings)
    for year in (1898, 1906, 1917, 1929, 1937, 1951):
        title = f"Verkstadsbyggnad {year}, fasad och plan"
        kind = Kind.BLUEPRINT if year > 1920 else Kind.ELEVATION
        picture = Picture(
            kind,
            f"TMV/J1/{year}",
            year,
            title,
            "Tannefors Mekaniska Verkstad",
            theme="works",
            caption="GODKÄND",
        )
        tree.item(volume, title, str(year), drawings, picture, text=title, place="Tannefors")
    _views(tree)
    books = _closed("HA-G-DEP", "ledger")
    series = tree.series("G1", "Huvudböcker", "1899–1931", "Bokslut i sammandrag.")
    volume = tree.volume(series, "Huvudböcker", "1899–1931", books)
    for year in (1899, 1915, 1931):
        rows = ledger_rows(dice("TMV", year), year)
        title = f"Hufvudbok {year}" if year < 1907 else f"Huvudbok {year}"
        picture = Picture(Kind.LEDGER, f"TMV/G1/{year}", year, title, rows=rows)
        text = "\n".join([title, *(" ".join(row) for row in rows)])
        tree.item(volume, title, str(year), books, picture, text=text, place="Tannefors")
    return tree.grown()


def _views(tree: Tree) -> None:
    traits = _closed("HA-K-DEP", "photograph")
    series = tree.series("K1", "Fotografier", "1899–1950", "Personal, byggnader och utflykter.")
    volume = tree.volume(series, "Fotografier", "1899–1950", traits)
    for theme, year, caption in (
        ("works", 1899, "Verkstadens personal, första året"),
        ("canal", 1907, "Utflykt med ångaren, sommaren 1907"),
        ("fire", 1913, "Gjuteriet brinner, 2 mars 1913"),
        ("works", 1924, "Verkstaden från ån, 1924"),
        ("winter", 1942, "Vedutdelning på isen, 1942"),
        ("works", 1950, "Femtio år! Alla anställda, 1950"),
    ):
        picture = Picture(Kind.PHOTOGRAPH, f"TMV/K1/{year}", year, theme=theme, caption=caption)
        tree.item(volume, caption, str(year), traits, picture, place="Tannefors")


def _deposit(row: str, genre: str) -> Traits:
    return Traits(row, genre, restrictions=(_SOCIETY,), subjects=("Hantverk", "Föreningsliv"))


def _closed(row: str, genre: str) -> Traits:
    return Traits(row, genre, restrictions=(_WORKSHOP,), subjects=("Industri", "Arbetsliv"))
