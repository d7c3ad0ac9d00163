"""What each line of a list becomes: its level, titles, dates, and what it lies in.

Pure: an offer's list and its row in, entries out. Begin at `entries_of`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.holdings.models import Level
from ihp.plan import Rule
from ihp.terms import PersonalData
from ingest.offers import lists
from ingest.offers.models import Offer
from ingest.package import AgentDraft, DescriptionDraft

_LIKE_A_NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{6}[-+ ]?\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A record to be. `volume` names what it lies in, empty for the series itself."""

    key: str
    level: Level
    code: str
    volume: str
    date_text: str
    draft: DescriptionDraft  # title, notes, makers and places
    public_title: str | None
    extent: str | None
    genre: str | None
    personal_data: str | None


def entries_of(found: Offer, rule: Rule) -> list[Entry]:
    """Return an entry for each line of the list, which must be free of errors."""
    make = {"boxes": _box, "persons": _person, "maps": _sheet, "photos": _sheet}[
        lists.kind_of(found.list_kind).key
    ]
    files: dict[str, int] = {}
    entries = []
    for number, row in enumerate(found.rows, 1):
        volume = row.get("volume", "")
        files[volume] = files.get(volume, 0) + 1
        entries.append(make(found, rule, row, number, files[volume]))
    return entries


def has_personal_number(text: str) -> bool:
    """Return whether a text holds what is written as a personal number, right or wrong."""
    return _LIKE_A_NUMBER.search(text) is not None


def _box(found: Offer, rule: Rule, row: lists.Row, number: int, _file: int) -> Entry:
    title = row["title"]
    return Entry(
        key=str(number),
        level=Level.VOLUME,
        code=row["volume"],
        volume="",
        date_text=row["dates"],
        draft=DescriptionDraft(str(number), "volume", title, notes=_notes(row, ("remark",))),
        public_title=_public(rule, title, f"volym {row['volume']}"),
        extent=None,
        genre=None,
        personal_data=_personal(rule, title),
    )


def _person(found: Offer, rule: Rule, row: lists.Row, number: int, file: int) -> Entry:
    title = ", ".join(part for part in (row.get("name", ""), row["number"]) if part)
    known = rule.personal_data is not PersonalData.NONE
    return Entry(
        key=str(number),
        level=Level.FILE,
        code=str(file),
        volume=row["volume"],
        date_text=row["dates"],
        draft=DescriptionDraft(str(number), "file", title, notes=_notes(row, ("remark",))),
        public_title=f"{rule.record_type}, volym {row['volume']}, akt {file}",
        extent=None,
        genre=None,
        personal_data=rule.personal_data.value if known else PersonalData.ORDINARY.value,
    )


def _sheet(found: Offer, rule: Rule, row: lists.Row, number: int, _file: int) -> Entry:
    is_map = found.list_kind == "maps"
    title, maker = row["title"], row.get("maker", "")
    count, unit = row.get("count", ""), "blad" if is_map else "bilder"
    said = ("scale", "size", "remark") if is_map else ("technique", "remark")
    draft = DescriptionDraft(
        key=str(number),
        level="item",
        title=title,
        creators=(AgentDraft(maker, "creator", "person"),) if maker else (),
        places=(row["place"],) if row.get("place") else (),
        notes=_notes(row, said),
    )
    return Entry(
        key=str(number),
        level=Level.ITEM,
        code=row["sheet"],
        volume="",
        date_text=row["dates"],
        draft=draft,
        public_title=_public(rule, title, row["sheet"]),
        extent=f"{count} {unit}" if count else None,
        genre="map" if is_map else "photograph",
        personal_data=_personal(rule, title),
    )


def _public(rule: Rule, title: str, called: str) -> str | None:
    """Return a title for everybody where the staff's own holds a personal number."""
    return f"{rule.record_type}, {called}" if has_personal_number(title) else None


def _personal(rule: Rule, title: str) -> str | None:
    if rule.personal_data is not PersonalData.NONE:
        return rule.personal_data.value
    return PersonalData.ORDINARY.value if has_personal_number(title) else None


_CALLED = {"scale": "Skala", "size": "Format", "technique": "Teknik", "remark": ""}


def _notes(row: lists.Row, keys: Sequence[str]) -> tuple[str, ...]:
    named = [(_CALLED[key], row.get(key, "")) for key in keys]
    return tuple(f"{name}: {text}" if name else text for name, text in named if text)
