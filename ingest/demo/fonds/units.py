"""The eight units of today: decisions to read, tenders to keep, vouchers to destroy.

One fonds a unit, one series a process. Begin at `units`.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from ingest.demo.draw.picture import Kind, Picture
from ingest.demo.fonds.stock import entries
from ingest.demo.fonds.treasury import budget
from ingest.demo.tree import Fonds, Traits, Tree, body

_NAMES = {
    "SA": ("Stadsarkivets arkiv", "Stadsarkivet"),
    "KL": ("Kontakt Linköpings arkiv", "Kontakt Linköping"),
    "LK": ("LKDATA:s arkiv", "LKDATA"),
    "HR": ("HR-services arkiv", "HR-service"),
    "LO": ("Löneservices arkiv", "Löneservice"),
    "EK": ("Ekonomiservices arkiv", "Ekonomiservice"),
    "UP": ("Upphandling och inköps arkiv", "Upphandling och inköp"),
    "EL": ("eLärandeCenters arkiv", "eLärandeCenter"),
}


def units(prefix: str) -> tuple[Fonds, ...]:
    """Return the fonds of the eight units."""
    return tuple(_unit(prefix, code) for code in _NAMES)


def _unit(prefix: str, code: str) -> Fonds:
    title, name = _NAMES[code]
    tree = Tree(prefix, code, code)
    tree.fonds(
        title,
        "2012–",
        body(f"{name}, Verksamhetsstöd och service", "2012–"),
        f"Handlingar från {name}, levererade till e-arkivet efter enhetens "
        "informationshanteringsplan. Somligt är öppet, annat prövas när någon frågar, och en del "
        "ska förstöras när fristen har gått ut.",
        extent="digitalt arkiv",
    )
    series: dict[str, str] = {}
    volumes: dict[tuple[str, str, str], str] = {}
    for entry in _written():
        if entry["row"][:2] != code:
            continue
        process, _, process_title = entry["process"].partition(" ")
        if process not in series:
            series[process] = tree.series(
                process, process_title, "2012–", f"Process {process}: {process_title.lower()}."
            )
        year = entry["date"][:4]
        if (process, entry["row"], year) not in volumes:
            volumes[process, entry["row"], year] = tree.volume(
                series[process],
                f"{entry['type']} {year}",
                year,
                _traits(entry),
                public_title=f"{entry['type']} {year}",
                events=_events(entry),
            )
            if entry.get("due"):
                tree.due.append(volumes[process, entry["row"], year])
        _record(tree, volumes[process, entry["row"], year], entry, name)
    return tree.grown()


def _record(tree: Tree, volume: str, entry: dict[str, Any], name: str) -> None:
    year = int(entry["date"][:4])
    rows = tuple(tuple(row) for row in entry.get("rows", ()))
    number = f"{entry['row'][:2]} {year}-{100 + len(tree.drafts) * 7:04d}"
    key = f"{entry['row']}/{entry['date']}/{entry['title']}"
    picture = Picture(
        Kind.OFFICE, key, year, entry["title"], entry["text"], rows=rows, caption=f"{name}|{number}"
    )
    more = {"public_title": entry["public"]} if entry.get("public") else {}
    record = tree.item(
        volume,
        entry["title"],
        entry["date"],
        _traits(entry),
        picture,
        text=f"{entry['title']}\n\n{entry['text']}",
        events=_events(entry),
        notes=(f"Diarienummer {number}",),
        **more,
    )
    if entry["row"] == "EK-007":
        lines = ["Post;Budget;Föregående;Skillnad"]
        lines += [
            ";".join(v.replace(" ", "") if n else v for n, v in enumerate(row))
            for row in budget(1970)[1:]
        ]
        content = "\r\n".join(lines).encode("utf-8")
        tree.attach(record, "budget.csv", "Budgeten som CSV", content, "text/csv")


def _events(entry: dict[str, Any]) -> dict[str, date]:
    return {name: date.fromisoformat(day) for name, day in entry.get("events", {}).items()}


def _traits(entry: dict[str, Any]) -> Traits:
    return Traits(
        entry["row"],
        entry.get("genre", "record"),
        personal_data=entry.get("personal", "none"),
        living_persons=entry.get("living", "no"),
        subjects=(entry["type"],),
    )


@cache
def _written() -> tuple[dict[str, Any], ...]:
    return tuple(dict(entry) for entry in entries("unit_records"))
