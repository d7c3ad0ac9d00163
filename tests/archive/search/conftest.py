"""A small city in an index: what the tests of the search room ask about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from archive.search import Query, SearchDoc, SearchIndex

TODAY = date(2026, 1, 2)

CITY = [
    SearchDoc(
        "minutes", "SE/LSA/0001/A1:2", "Protokoll hållet hos magistraten",
        "Hvad som skedde vid Stångebron i Linkiöping. Själfva kartan öfver staden lades fram.",
        level="volume", kind="minutes", unit="Stadsarkivet", fonds="Magistraten",
        creators=("Magistraten i Linköping", "Carl Larsson"), places=("Linköping", "Stångebro"),
        subjects=("broar",), year_min=1712, year_max=1712, published_on=date(2025, 1, 1),
    ),
    SearchDoc(
        "drawing", "SE/LSA/0002/B1", "Folkskolans byggnadsritning",
        "En ritning af skolan, med kyrkböcker i skåpet.",
        level="item", kind="drawing", unit="Byggnadsnämnden", fonds="Folkskolestyrelsen",
        creators=("Folkskolestyrelsen",), places=("Norrköping",), subjects=("skolor", "byggnader"),
        year_min=1880, year_max=1889, digitized=True, published_on=date(2025, 3, 1),
    ),
    SearchDoc(
        "photo", "SE/LSA/0002/B10", "Skolor i Linköping", "Barn på en skolgård. Far står bredvid.",
        level="item", kind="photograph", unit="Byggnadsnämnden", fonds="Folkskolestyrelsen",
        places=("Linköping",), subjects=("skolor",), year_min=1900, year_max=1905, digitized=True,
        published_on=date(2025, 2, 1),
    ),
    SearchDoc(
        "sheep", "SE/LSA/0003/C2", "Får på bete vid Roxen", "Lamm och får. En öl.",
        level="item", kind="photograph", places=("Roxen",), open_until=date(2030, 1, 1),
    ),
    SearchDoc(
        "closed", "SE/LSA/0003/C3", "Hemligstämplad hundkoja", "Vaktslottet får ej nämnas.",
        level="item", kind="photograph", places=("Vaktslottet",), open_until=date(2026, 1, 2),
    ),
]  # fmt: skip


@pytest.fixture
def city(tmp_path: Path) -> SearchIndex:
    """Five records in a fresh index; `closed` was open until yesterday."""
    index = SearchIndex(tmp_path / "index")
    index.write(CITY)
    return index


Ask = Callable[..., list[str]]


@pytest.fixture
def ask(city: SearchIndex) -> Ask:
    """Ask the city in words, with filters; returns ids."""

    def ids(text: str = "", **filters: object) -> list[str]:
        return city.search(Query(text=text, **filters), today=TODAY).ids  # type: ignore[arg-type]

    return ids
