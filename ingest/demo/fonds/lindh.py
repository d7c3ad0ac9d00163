"""Fotograf Agda Lindhs samling: a private deposit of photographs, 1897–1948.

Begin at `lindh`.
"""

from __future__ import annotations

from datetime import date

from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.fonds.stock import entries
from ingest.demo.tree import Fonds, Traits, Tree, person
from ingest.package import Restriction

_CONTRACT = Restriction(
    "access_contract", "Depositionsavtal 2009-04-15 med släkten Lindh, § 4", until=date(2019, 4, 15)
)
AGDA = person("Lindh, Agda (fotograf)", "1874–1951")
_PLATES = Traits(
    "HA-K-DEP",
    "photograph",
    personal_data="none",
    creators=(person("Lindh, Agda (fotograf)", "1874–1951", "photographer"),),
    restrictions=(_CONTRACT,),
)

_SCOPE = (
    "Agda Lindh öppnade ateljé vid Nygatan 1897, tjugotre år gammal, och gick ut med kameran varje "
    "söndag tills hon slutade 1948. Hon fotograferade torgdagar, båtar, isar och gator som skulle "
    "rivas, och skrev bildtexterna själv på kartongen. Samlingen är deponerad av släkten; avtalet "
    "låter stadsarkivet visa bilderna sedan 2019."
)


def lindh(prefix: str) -> Fonds:
    """Return the photographer's collection, one volume for each decade or two."""
    tree = Tree(prefix, "AL", "HA")
    tree.fonds("Fotograf Agda Lindhs samling", "1897–1948", AGDA, _SCOPE, extent="2 340 plåtar")
    series = tree.series(
        "K1", "Glasplåtar och kopior", "1898–1948", "Stadsbilder ordnade efter fotografens journal."
    )
    volumes: dict[int, str] = {}
    for shot in entries("lindh_photographs"):
        dates, theme = shot["date"], shot["theme"]
        year = int(dates[-4:] if dates.startswith("ca") else dates[:4])
        span = min(1930, 1898 + (year - 1898) // 11 * 11)
        if span not in volumes:
            title = f"Plåtar från {span}" if span < 1930 else "Plåtar från 1930- och 40-talen"
            end = min(span + 10, 1948) if span < 1930 else 1948
            volumes[span] = tree.volume(series, title, f"{span}–{end}", _PLATES)
        picture = Picture(
            Kind.PHOTOGRAPH, f"AL/{dates}/{theme}", year, theme=theme, caption=shot["caption"]
        )
        tree.item(
            volumes[span],
            shot["caption"],
            dates,
            _PLATES,
            picture,
            scope=shot["scope"],
            place=shot["place"],
            subjects=tuple(shot["subjects"].split("; ")),
            extent="1 fotografi, 13 × 18 cm",
        )
    return tree.grown()
