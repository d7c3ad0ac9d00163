"""Folkskolestyrelsen: registers, class photographs, and what the school doctor wrote.

Begin at `schools`.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.demo.dice import dice
from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.names import family, somebody
from ingest.demo.tree import Fonds, Traits, Tree, body

_REGISTERS = Traits("HA-D-SKG", "register", subjects=("Skola", "Barn och unga"), is_register=True)
_CLASSES = Traits("HA-K", "photograph", subjects=("Skola", "Barn och unga"))
_HEALTH = Traits(
    "HA-F-SH", "record", "sensitive", "yes", subjects=("Skolhälsovård", "Barn och unga")
)
# Whoever was seven in 1923 was born 110 years before the hundred-and-tenth year is full.
_MAY_LIVE_SINCE = 1922
_SCHOOLS = {
    "Ågatans skola": "Ågatan",
    "Tannefors skola": "Tannefors",
    "Gottfridsbergs skola": "Gottfridsberg",
    "S:t Lars skola": "S:t Larsgatan",
    "Vasaskolan": "Vasastaden",
}
_PHOTOGRAPHED = (
    *(1889, 1892, 1895, 1897, 1899, 1901, 1904, 1906, 1908, 1910, 1912, 1914, 1916, 1918),
    *(1921, 1924, 1931, 1938, 1947, 1955, 1966),
)
_HEAD = ("N:o", "Namn", "Född", "Läs.", "Räkn.", "Skrivn.", "Uppf.", "Anm.")
_REMARKS = ("", "", "", "flyttad", "flitig", "sjunger bra", "ofta försenad", "lång skolväg", "glad")


def schools(prefix: str) -> Fonds:
    """Return the fonds of the elementary schools."""
    tree = Tree(prefix, "FSS", "HA")
    tree.fonds(
        "Folkskolestyrelsens arkiv",
        "1862–1968",
        body("Linköpings folkskolestyrelse", "1862–1958"),
        "Alla barn i staden, klass för klass. I matriklarna står namn, betyg och en och annan "
        "anmärkning; på klassfotografierna syns vilka som hade skor. Yngre matriklar och "
        "skolläkarens journaler är sekretessbelagda.",
        extent="260 volymer, 3 100 fotografier",
    )
    _registers(tree)
    _photographs(tree)
    _health(tree)
    return tree.grown()


def _registers(tree: Tree) -> None:
    series = tree.series("D1", "Skolmatriklar", "1868–1962", "Klassvis förda, med betyg.")
    old = tree.volume(series, "Matriklar 1868–1921", "1868–1921", _REGISTERS)
    recent = replace(_REGISTERS, record_type="HA-D-SK", living_persons="yes")
    opened = tree.volume(series, "Matriklar 1934–1954", "1934–1954", recent)
    closed = tree.volume(series, "Matriklar 1957–1963", "1957–1963", recent)
    years = (1868, 1874, 1879, 1883, 1888, 1892, 1896, 1899, 1903, 1907, 1911, 1914, 1918, 1921)
    for number, year in enumerate((*years, 1934, 1948, 1953, 1957, 1962)):
        name = list(_SCHOOLS)[number % len(_SCHOOLS)]
        living = year >= _MAY_LIVE_SINCE
        rows = _pupils(year)
        head = f"Linköpings folkskolor – {name}"
        below = f"Skolmatrikel, klass {number % 6 + 1}, läsåret {year}–{year + 1}"
        picture = Picture(Kind.REGISTER, f"FSS/D1/{year}", year, head, rows=rows, caption=below)
        tree.item(
            (closed if year > 1954 else opened) if living else old,
            f"Skolmatrikel {name}, klass {number % 6 + 1}, {year}/{str(year + 1)[2:]}",
            f"{year}–{year + 1}",
            recent if living else _REGISTERS,
            picture,
            text="\n".join([head, below, *(" ".join(row) for row in rows)]),
            scope=f"{len(rows) - 1} elever. Betyg i läsning, räkning, skrivning och uppförande.",
            place=_SCHOOLS[name],
            extent="1 uppslag",
        )


def _pupils(year: int) -> tuple[tuple[str, ...], ...]:
    roll = dice("pupils", year)
    rows: list[tuple[str, ...]] = [_HEAD]
    names = sorted(
        {somebody(roll, max(1800, year)) for _ in range(16)}, key=lambda n: n.split()[-1]
    )
    for number, name in enumerate(names, 1):
        marks = [roll.choice(("A", "a", "AB", "AB", "Ba", "B", "B", "BC")) for _ in range(4)]
        born = f"{roll.randint(1, 28)}/{roll.randint(1, 12)} {year - roll.randint(7, 11)}"
        rows.append((str(number), name, born, *marks, roll.choice(_REMARKS)))
    return tuple(rows)


def _photographs(tree: Tree) -> None:
    series = tree.series("K1", "Klassfotografier", "1889–1966", "Ett urval, ordnat efter år.")
    old = tree.volume(series, "Klassfotografier 1889–1921", "1889–1921", _CLASSES)
    young = tree.volume(
        series, "Klassfotografier 1924–1966", "1924–1966", replace(_CLASSES, living_persons="yes")
    )
    for number, year in enumerate(_PHOTOGRAPHED):
        name = list(_SCHOOLS)[(number * 2 + 1) % len(_SCHOOLS)]
        living = year >= _MAY_LIVE_SINCE
        letter = "ABC"[number % 3]
        teacher = f"{'fröken' if number % 2 else 'magister'} {family(dice('teacher', year))}"
        title = f"{name}, klass {number % 6 + 1} {letter} med {teacher}, {year}"
        picture = Picture(Kind.CLASS_PHOTOGRAPH, f"FSS/K1/{year}", year, caption=title)
        tree.item(
            young if living else old,
            title,
            f"ca {year}" if number % 4 == 1 else str(year),
            replace(_CLASSES, living_persons="yes" if living else "no"),
            picture,
            public_title=f"{name}, klassfotografi {year}",
            scope="Klassen framför skolhuset, fyra rader. Namnen är inte kända.",
            place=_SCHOOLS[name],
            extent="1 fotografi",
        )


def _health(tree: Tree) -> None:
    series = tree.series(
        "F1", "Skolläkarens journaler", "1938–1968", "Hälsokort, ett för varje elev. Sekretess."
    )
    opened = tree.volume(series, "Hälsokort 1938–1954", "1938–1954", _HEALTH)
    closed = tree.volume(series, "Hälsokort 1957–1968", "1957–1968", _HEALTH)
    for number, year in enumerate((1938, 1946, 1951, 1954, 1957, 1961, 1968), 1):
        roll = dice("health", year)
        name = somebody(roll, year)
        rows = (
            ("Elev", name),
            ("Skola", list(_SCHOOLS)[number % len(_SCHOOLS)]),
            ("Längd, vikt", f"{roll.randint(118, 150)} cm, {roll.randint(22, 41)} kg"),
            (
                "Läkaren",
                roll.choice(("behöver glasögon", "blek, bör ha mer mat", "öronen, åter i maj")),
            ),
            ("Datum", f"{roll.randint(1, 28)}/{roll.randint(1, 12)} {year}"),
        )
        picture = Picture(
            Kind.VOUCHER,
            f"FSS/F1/{year}",
            year,
            "Linköpings skolhälsovård",
            rows=rows,
            caption="SKOLLÄKAREN",
        )
        tree.item(
            closed if year > 1954 else opened,
            f"Hälsokort för {name}",
            str(year),
            _HEALTH,
            picture,
            public_title=f"Hälsokort nr {number * 37 + 4}",
            text="\n".join(f"{a}: {b}" for a, b in rows),
        )
