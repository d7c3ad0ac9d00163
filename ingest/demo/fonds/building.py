"""Byggnadsnämnden and Stadsingenjörskontoret: houses and maps.

Begin at `building` and `engineer`.
"""

from __future__ import annotations

from ingest.demo.dice import dice
from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.fonds.stock import entries
from ingest.demo.names import somebody
from ingest.demo.tree import Fonds, Traits, Tree, body

_DRAWINGS = Traits("HA-J", "drawing", subjects=("Byggande", "Arkitektur"))
_COPYRIGHT = Traits("HA-J", "drawing", rights="in_copyright", subjects=("Byggande", "Arkitektur"))
_MINUTES = Traits("HA-A", "minutes", subjects=("Byggande",))
_MAPS = Traits("HA-J", "map", personal_data="none", subjects=("Kartor", "Stadsplanering"))

_QUARTERS = {
    "Bagaren": "Storgatan",
    "Färgaren": "Hunnebergsgatan",
    "Garvaren": "Ågatan",
    "Hattmakaren": "S:t Larsgatan",
    "Klockaren": "Domkyrkan",
    "Spiran": "Nygatan",
    "Linden": "Drottninggatan",
    "Kvarnen": "Tannefors",
    "Eken": "Ramshäll",
    "Lärkan": "Gottfridsberg",
    "Ångaren": "Kinda kanal",
    "Facklan": "Vasastaden",
    "Barnhemmet": "Barnhemsgatan",
}
_HOUSES = {
    "wood": ("boningshus i trä", "Boningshus i två våningar med lockpanel och tegeltak."),
    "stone": (
        "stenhus med butiker",
        "Stenhus i fyra våningar, putsat, med butiker i bottenvåningen.",
    ),
    "villa": ("villa", "Villa i två våningar med valmat tak och veranda mot trädgården."),
    "modern": ("hyreshus", "Hyreshus med platt tak, badrum i varje lägenhet och sopnedkast."),
    "works": ("verkstadsbyggnad", "Verkstad i rött tegel med traversbana och höga fönster."),
    "school": ("skolhus", "Skolhus med elva fönsteraxlar, gymnastiksal i bottenvåningen."),
    "shed": ("uthus och stall", "Uthus för ved, två kor och en häst."),
}
_YEARS = (
    *((1876 + 3 * n, ("wood", "stone", "shed", "villa")[n % 4]) for n in range(9)),
    *((1903 + 2 * n, ("stone", "school", "villa", "works")[n % 4]) for n in range(9)),
    *((1922 + 2 * n, ("villa", "modern", "stone", "works")[n % 4]) for n in range(10)),
    *((1943 + 2 * n, ("modern", "villa", "school")[n % 3]) for n in range(10)),
)


def building(prefix: str) -> Fonds:
    """Return the fonds of the building committee: drawings by quarter, and its minutes."""
    tree = Tree(prefix, "BN", "HA")
    tree.fonds(
        "Byggnadsnämndens arkiv",
        "1875–1970",
        body("Linköpings byggnadsnämnd", "1875–1970"),
        "Från 1875 måste den som ville bygga i Linköping lämna in ritningar. De blev kvar: nästan "
        "varje hus finns här i svart tusch och akvarell, senare som blåkopior, med nämndens "
        "stämpel i hörnet. Ordnade efter kvarter.",
        extent="88 000 ritningar",
    )
    _minutes(tree)
    series = tree.series(
        "J1", "Bygglovsritningar", "1876–1961", "Fasad, sektion och plan, med beslut."
    )
    volumes: dict[str, str] = {}
    quarters = list(_QUARTERS)
    for number, (year, theme) in enumerate(_YEARS):
        quarter = quarters[number % len(quarters)]
        if quarter not in volumes:
            volumes[quarter] = tree.volume(
                series, f"Kvarteret {quarter}", "1876–1961", _DRAWINGS, place=_QUARTERS[quarter]
            )
        _house(tree, volumes[quarter], quarter, year, theme)
    return tree.grown()


def _house(tree: Tree, volume: str, quarter: str, year: int, theme: str) -> None:
    roll = dice("BN", quarter, year)
    what, scope = _HOUSES[theme]
    owner = somebody(roll, year, woman=roll.random() < 0.2)
    plot, month, day = roll.randint(1, 14), roll.randint(2, 11), roll.randint(1, 28)
    title = f"Ritning till {what} i kv. {quarter} {plot}"
    old = "Bygghere" if year < 1907 else "Byggherre"
    notes = f"Fasad, sektion och plan. Skala 1:100\n{old}: {owner}\nLinköping {day}/{month} {year}"
    words = f"BYGGNADSNÄMNDEN\nBEVILJAD {min(day + 1, 28)}/{month} {year}"
    kind = Kind.BLUEPRINT if 1925 <= year < 1956 else Kind.ELEVATION
    picture = Picture(kind, f"BN/{quarter}/{year}", year, title, notes, theme=theme, caption=words)
    tree.item(
        volume,
        title,
        f"{year}-{month:02d}-{day:02d}",
        _DRAWINGS if year < 1950 else _COPYRIGHT,
        picture,
        scope=f"{scope} {old}: {owner}.",
        text=f"{title}\n{notes}\n{words}",
        place=_QUARTERS[quarter],
        extent="1 ritning",
    )


def _minutes(tree: Tree) -> None:
    series = tree.series("A1", "Protokoll", "1875–1912", "Nämndens protokoll med syner.")
    volume = tree.volume(series, "Protokoll", "1875–1912", _MINUTES)
    for entry in entries("building_minutes"):
        year = int(entry["date"][:4])
        picture = Picture(
            Kind.MINUTES, f"BN/A1/{entry['date']}", year, entry["heading"], entry["text"]
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


def engineer(prefix: str) -> Fonds:
    """Return the fonds of the town engineer: maps since the survey of 1639."""
    tree = Tree(prefix, "SIK", "HA")
    tree.fonds(
        "Stadsingenjörskontorets kartarkiv",
        "1639–1961",
        body("Stadsingenjörskontoret i Linköping", "1868–1970"),
        "Stadens egna kartor, från lantmätarens första avmätning 1639 till generalplanen 1961. De "
        "äldsta är ritade med gåspenna och färgade för hand: rött är hus, gult är åker, grönt är "
        "äng. Norr är uppåt om inget annat sägs.",
        extent="1 140 kartor",
    )
    _maps(tree)
    return tree.grown()


def _maps(tree: Tree) -> None:
    traits = {"town": "Stads- och generalkartor", "plots": "Tomt- och ägokartor"}
    series = {
        kind: tree.series(f"J{number}", title, "1639–1961", "Kartor i original, handritade.")
        for number, (kind, title) in enumerate(traits.items(), 1)
    }
    volumes: dict[tuple[str, int], str] = {}
    for entry in entries("maps"):
        year = int(entry["year"])
        span = (entry["series"], 1639 if year < 1800 else 1800)
        if span not in volumes:
            title = "Kartor 1639–1799" if span[1] == 1639 else "Kartor 1800–1961"
            volumes[span] = tree.volume(series[span[0]], title, title[7:], _MAPS)
        theme = f"{entry['place']}|{entry['reach']}"
        picture = Picture(
            Kind.MAP,
            f"SIK/{entry['date']}/{theme}",
            year,
            entry["heading"],
            entry["made"],
            theme=theme,
        )
        tree.item(
            volumes[span],
            entry["title"],
            entry["date"],
            _MAPS,
            picture,
            scope=entry["scope"],
            text=f"{entry['heading']}\n{entry['made']}",
            place=entry["place"],
            extent="1 karta",
        )
