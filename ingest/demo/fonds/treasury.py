"""Drätselkammaren: ledgers, vouchers, and tables with their figures as CSV.

Every figure is invented. Begin at `treasury`.
"""

from __future__ import annotations

from random import Random

from ingest.demo.dice import dice
from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.names import somebody
from ingest.demo.tree import Fonds, Traits, Tree, body

_LEDGERS = Traits("HA-G", "ledger", subjects=("Räkenskaper", "Stadens styrelse"))
_VOUCHERS = Traits("HA-G", "voucher", subjects=("Räkenskaper",))
_TABLES = Traits("HA-H", "table", personal_data="none", subjects=("Statistik",))
_BUDGET = Traits("HA-H", "table", personal_data="none", subjects=("Budget", "Statistik"))
_LEDGER_YEARS = (
    *(1641, 1652, 1669, 1684, 1700, 1701, 1718, 1743),
    *(1771, 1809, 1832, 1848, 1862, 1877, 1891, 1906),
)
Rows = tuple[tuple[str, ...], ...]

_OLD_POSTS = (
    "Tomptören",
    "Wågh Penningar",
    "Qwarntull aff Tannefors",
    "Burskaps Penningar",
    "Saköören",
    "Bakugns Penningar",
    "Torghyra wedh Marcknaden",
    "Broo Penningar",
    "Borgmestarens löön",
    "Stadzens tienare",
    "Liuus till Rådstugun",
    "Wedh, 14 lass",
    "Brandspannar aff läder",
    "En ny klockesträng",
    "The fattige till Juhl",
)
_NEW_POSTS = (
    "Tomtören och arrenden",
    "Vågpenningar",
    "Hamnafgifter vid kanalen",
    "Utskylder",
    "Försäljning af ved",
    "Gasverkets öfverskott",
    "Torghyror",
    "Statsbidrag till skolan",
    "Aflöningar",
    "Gatubelysning",
    "Gaturenhållning",
    "Brandväsendet",
    "Folkskolan",
    "Fattigvården",
    "Trädgårdsföreningen",
)


def treasury(prefix: str) -> Fonds:
    """Return the fonds of the town's treasury."""
    tree = Tree(prefix, "DK", "HA")
    tree.fonds(
        "Drätselkammarens arkiv",
        "1638–1970",
        body("Drätselkammaren i Linköping", "1810–1970"),
        "Stadens pengar, in och ut. De äldre räkenskaperna fördes av kämnärer och övertogs av "
        "drätselkammaren när den inrättades. Här syns vad staden betalade för: ljus till "
        "rådstugan, läderspannar, klocksträngar, och 1897 en elefant.",
        extent="734 volymer",
    )
    _ledgers(tree)
    _vouchers(tree)
    _tables(tree)
    return tree.grown()


def _ledgers(tree: Tree) -> None:
    series = tree.series(
        "G1", "Stadens räkenskaper", "1641–1906", "Huvudböcker, renskrivna vid årets slut."
    )
    old = tree.volume(series, "Kämnärsräkenskaper", "1641–1799", _LEDGERS)
    new = tree.volume(series, "Huvudböcker", "1800–1906", _LEDGERS)
    for year in _LEDGER_YEARS:
        roll = dice("DK/G1", year)
        rows = ledger_rows(roll, year)
        heading = (
            f"Stadzens Räkenskap för Åhr {year}" if year < 1800 else f"Hufvudbok för år {year}"
        )
        picture = Picture(Kind.LEDGER, f"DK/G1/{year}", year, heading, rows=rows)
        tree.item(
            old if year < 1800 else new,
            f"{'Stadens räkenskaper' if year < 1800 else 'Huvudbok'} {year}",
            str(year),
            _LEDGERS,
            picture,
            text=heading + "\n" + "\n".join(" ".join(row) for row in rows),
            scope=f"Inkomster och utgifter i urval; summa {rows[-1][-1]} {_coin(year)}.",
            place="Rådhuset",
            extent="1 uppslag",
        )


def ledger_rows(roll: Random, year: int) -> Rows:
    """Return a ledger page's lines; the sum is the sum."""
    posts = list(_OLD_POSTS if year < 1800 else _NEW_POSTS)
    roll.shuffle(posts)
    rows, total = [("N:o", "Tijtel" if year < 1800 else "Titel", "Blad", "Summa")], 0
    for number, post in enumerate(posts[:14], 1):
        value = roll.randint(2, 90) * (1 if year < 1800 else 37) + roll.randint(0, 40)
        total += value
        rows.append((str(number), post, str(roll.randint(1, 88)), f"{value}"))
    rows.append(("Summa", "", "", str(total)))
    return tuple(rows)


def _vouchers(tree: Tree) -> None:
    series = tree.series("G2", "Verifikationer", "1874–1938", "Kvitton och räkningar, ett urval.")
    volume = tree.volume(series, "Verifikationer, urval", "1874–1938", _VOUCHERS)
    bought = (
        (1874, "putsning af gaslyktor", "fjorton kronor 50 öre"),
        (1883, "sex par ridstöflar till polisen", "nittio kronor"),
        (1889, "bläck, pennor och en spottlåda", "elfva kronor 25 öre"),
        (1897, "hö till en elefant, tre dagar", "tjugotvå kronor"),
        (1902, "telefonering till Norrköping", "två kronor 40 öre"),
        (1908, "flaggor till prinsens besök", "sextiosju kronor"),
        (1913, "reparation av musikpaviljongen", "trehundra kronor"),
        (1921, "valurnor av plåt, fyra stycken", "fyrtioåtta kronor"),
        (1929, "dynamit mot isen vid Stångebro", "tvåhundra kronor"),
        (1938, "hopptorn, virke och arbete", "sjuhundra kronor"),
    )
    for year, what, price in bought:
        roll = dice("DK/G2", year)
        who = somebody(roll, year)
        day = f"den {roll.randint(1, 28)}/{roll.randint(1, 12)} {year}"
        rows = (
            ("Utbetalt till", who),
            ("För", what),
            ("Belopp", price),
            ("Datum", day),
            ("Attest", somebody(roll, year, woman=False)),
        )
        picture = Picture(
            Kind.VOUCHER, f"DK/G2/{year}", year, "Linköpings Drätselkammare", rows=rows
        )
        tree.item(
            volume,
            f"Kvitto: {what}",
            str(year),
            _VOUCHERS,
            picture,
            text="\n".join(f"{name}: {value}" for name, value in rows),
            scope=f"Kvitto på {price} för {what}.",
            place="Rådhuset",
        )


def _tables(tree: Tree) -> None:
    series = tree.series(
        "H1", "Statistik och stater", "1840–1970", "Befolkning och budget, tryckta och som data."
    )
    volume = tree.volume(series, "Befolkning", "1840–1970", _TABLES)
    for start in (1840, 1890, 1930):
        rows = population(start)
        _table(
            tree,
            volume,
            f"Folkmängd {start}–{start + 40}",
            "Linköpings stad, 31 december",
            (start, start + 40),
            rows,
            _TABLES,
        )
    budgets = tree.volume(series, "Utgifts- och inkomststater", "1880–1970", _BUDGET)
    for year in (1880, 1900, 1920, 1938, 1955, 1970):
        rows = budget(year)
        _table(
            tree,
            budgets,
            f"Utgiftsstat för {year}",
            "Antagen av Stadsfullmäktige, kronor",
            (year, year),
            rows,
            _BUDGET,
        )


def _table(
    tree: Tree,
    volume: str,
    title: str,
    caption: str,
    years: tuple[int, int],
    rows: Rows,
    traits: Traits,
) -> None:
    note = "Anm. Siffrorna är påhittade för demostaden och bör inte läggas till grund för beslut."
    picture = Picture(
        Kind.TABLE, f"DK/H1/{title}", years[1], title, note, rows=rows, caption=caption
    )
    dates = str(years[0]) if years[0] == years[1] else f"{years[0]}–{years[1]}"
    key = tree.item(
        volume,
        title,
        dates,
        traits,
        picture,
        text="\n".join([title, caption, *("; ".join(row) for row in rows), note]),
        scope=f"{title}. Tabellen finns som bild och som CSV att räkna vidare på.",
        place="Rådhuset",
    )
    plain = [
        [
            value.replace("\u2009", "").replace(" ", "") if n else value
            for n, value in enumerate(row)
        ]
        for row in rows
    ]
    content = "\r\n".join(";".join(row) for row in plain) + "\r\n"
    tree.attach(key, "tabell.csv", "Tabellen som CSV", content.encode("utf-8"), "text/csv")


def population(start: int) -> Rows:
    """Return the town's invented people, every fifth year."""
    rows: list[tuple[str, ...]] = [("År", "Män", "Kvinnor", "Summa", "Födda", "Döda")]
    for year in range(start, start + 41, 5):
        total = int(4200 * 1.0225 ** (year - 1840)) + dice("people", year).randint(-60, 60)
        men = int(total * 0.482)
        born, dead = (
            int(total * (0.031 - (year - 1840) * 0.00012)),
            int(total * (0.024 - (year - 1840) * 0.0001)),
        )
        rows.append((str(year), *(_thousands(v) for v in (men, total - men, total, born, dead))))
    return tuple(rows)


def budget(year: int) -> Rows:
    """Return a year's invented budget: this year's and last year's, with the difference."""
    roll = dice("budget", year)
    scale = 1.055 ** (year - 1880) * 21_000
    rows: list[tuple[str, ...]] = [("Utgifter", "Året", "Föregående", "Skillnad")]
    sums = [0, 0]
    for post, share in (
        ("Folkskolan", 3.4),
        ("Fattigvård och barnavård", 2.6),
        ("Gator och parker", 1.9),
        ("Belysning", 0.9),
        ("Vatten och avlopp", 1.3),
        ("Brandväsende", 0.6),
        ("Polis och ordning", 0.7),
        ("Sjukvård", 1.5),
        ("Bibliotek och arkiv", 0.2),
        ("Räntor och amorteringar", 2.1),
        ("Rådhuset och administration", 1.0),
        ("Oförutsett", 0.3),
    ):
        now = int(scale * share * roll.uniform(0.9, 1.1)) // 100 * 100
        before = int(now * roll.uniform(0.88, 1.02)) // 100 * 100
        sums = [sums[0] + now, sums[1] + before]
        rows.append((post, _thousands(now), _thousands(before), _thousands(now - before)))
    rows.append(("Summa", *(_thousands(v) for v in (*sums, sums[0] - sums[1]))))
    return tuple(rows)


def _coin(year: int) -> str:
    if year < 1777:
        return "daler silvermynt"
    return "riksdaler" if year < 1874 else "kronor"


def _thousands(value: int) -> str:
    return f"{value:,}".replace(",", " ")
