"""Names of people who never lived, for each time its own. Begin at `somebody`."""

from __future__ import annotations

from random import Random

_OLD_MEN = [
    "Nils",
    "Anders",
    "Jöns",
    "Olof",
    "Lars",
    "Erich",
    "Måns",
    "Per",
    "Hans",
    "Håkan",
    "Swen",
    "Bengt",
    "Jonas",
    "Mårten",
]
_OLD_WOMEN = [
    "Karin",
    "Brita",
    "Kirstin",
    "Ingrid",
    "Malin",
    "Elin",
    "Margareta",
    "Anna",
    "Sara",
    "Ingeborg",
]
_MEN = [
    "Carl",
    "Gustaf",
    "August",
    "Oscar",
    "Axel",
    "Johan",
    "Emil",
    "Frans",
    "Knut",
    "Hjalmar",
    "Albin",
    "Ernst",
    "Otto",
    "Ture",
]
_WOMEN = [
    "Hilda",
    "Augusta",
    "Matilda",
    "Emma",
    "Amanda",
    "Ester",
    "Signe",
    "Elsa",
    "Agda",
    "Sigrid",
    "Hedvig",
    "Judit",
    "Tekla",
    "Märta",
]
_FAMILIES = [
    "Lindqvister",
    "Hagelbom",
    "Tannerud",
    "Stångby",
    "Ekhällen",
    "Qvarnbeck",
    "Ramshjelm",
    "Åsklint",
    "Wallmosse",
    "Brokind",
    "Ljungfalk",
    "Tornsjö",
    "Grevbäck",
    "Sandklef",
    "Ågrund",
    "Hjelmvik",
    "Rosengrip",
    "Nykvarnsson",
    "Malmslätter",
    "Skeppsmyr",
    "Wårfält",
    "Klosterlind",
    "Hultqvarn",
    "Bergslund",
    "Dalhem",
    "Frimodig",
]
_TRADES = [
    "smeden",
    "skräddaren",
    "bagaren",
    "garvaren",
    "hattmakaren",
    "snickaren",
    "krukmakaren",
    "färgaren",
    "borgaren",
    "kopparslagaren",
    "handskmakaren",
    "bundtmakaren",
]
_TRADES_OLD = [
    "smedh",
    "skreddare",
    "bagare",
    "garfware",
    "hattmakare",
    "snickare",
    "krukomakare",
    "färgare",
    "borgare",
    "kopparslagare",
    "handskomakare",
    "bundtmakare",
]


def somebody(roll: Random, year: int, *, woman: bool | None = None) -> str:
    """Return an invented name such as the year might have written."""
    female = roll.random() < 0.4 if woman is None else woman
    if year < 1780:
        first = roll.choice(_OLD_WOMEN if female else _OLD_MEN)
        father = roll.choice(_OLD_MEN)
        of = father if father.endswith("s") else f"{father}s"
        return f"{first} {of}{'dotter' if female else 'son'}"
    return f"{roll.choice(_WOMEN if female else _MEN)} {roll.choice(_FAMILIES)}"


def trade(roll: Random, year: int) -> str:
    """Return a trade, in the year's spelling."""
    return roll.choice(_TRADES_OLD if year < 1780 else _TRADES)


def family(roll: Random) -> str:
    """Return an invented family name."""
    return roll.choice(_FAMILIES)
