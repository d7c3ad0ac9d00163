"""Grow a fonds: descriptions from the top down, each with the pictures that belong to it.

Keeps references unique and hands out numbers; knows nothing of what the city did. Begin at
`Tree`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypedDict, Unpack

from ingest.demo.draw.picture import Picture
from ingest.demo.places import PLACES
from ingest.package import AgentDraft, DescriptionDraft, Restriction


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file of a delivery: a picture still to be drawn, or bytes that are already there."""

    name: str
    draft: str
    label: str
    picture: Picture | None = None
    content: bytes | None = None
    media_type: str = "image/jpeg"


@dataclass(frozen=True, slots=True)
class Fonds:
    """One fonds of the demo city, its descriptions in tree order and its files."""

    code: str
    unit: str
    drafts: tuple[DescriptionDraft, ...]
    files: tuple[DemoFile, ...]
    due: frozenset[str] = frozenset()  # volumes whose time of keeping is over when they come

    @property
    def title(self) -> str:
        """Return the title of the fonds itself."""
        return self.drafts[0].title


@dataclass(frozen=True, slots=True)
class Traits:
    """What the records of a series have in common, in the eyes of the law and of the reader."""

    record_type: str
    genre: str
    personal_data: str = "ordinary"
    living_persons: str = "no"
    rights: str = "free"
    creators: tuple[AgentDraft, ...] = ()
    subjects: tuple[str, ...] = ()
    is_register: bool = False
    restrictions: tuple[Restriction, ...] = ()


class Details(TypedDict, total=False):
    """What one record may say beside its title, date and picture."""

    scope: str
    text: str
    place: str
    subjects: tuple[str, ...]
    public_title: str
    extent: str
    notes: tuple[str, ...]
    events: Mapping[str, date]


@dataclass
class Tree:
    """A fonds in the making. `prefix` is the institution's ("SE/LSA")."""

    prefix: str
    code: str
    unit: str
    drafts: list[DescriptionDraft] = field(default_factory=list)
    files: list[DemoFile] = field(default_factory=list)
    due: list[str] = field(default_factory=list)
    _children: dict[str, int] = field(default_factory=dict)

    def fonds(
        self, title: str, dates: str, creator: AgentDraft, scope: str, *, extent: str = ""
    ) -> str:
        """Open the fonds; its creator is inherited by what has none of its traits."""
        return self._add(
            DescriptionDraft(
                key=self.code,
                level="fonds",
                title=title,
                reference=f"{self.prefix}/{self.code}",
                date_text=dates,
                scope=scope,
                extent=extent or None,
                creators=(creator,),
                language="swe",
                living_persons="no",
                personal_data="none",
                rights="free",
                unit=self.unit,
            )
        )

    def series(self, signum: str, title: str, dates: str, scope: str) -> str:
        """Add a series under its signum of the general archive schema ("A 1")."""
        return self._add(
            DescriptionDraft(
                key=f"{self.code}/{signum}",
                level="series",
                title=title,
                parent=self.code,
                reference=f"{self.prefix}/{self.code}/{signum}",
                date_text=dates,
                scope=scope,
                creators=self.drafts[0].creators,
                language="swe",
                living_persons="no",
                personal_data="none",
                rights="free",
                unit=self.unit,
            )
        )

    def volume(
        self, series: str, title: str, dates: str, traits: Traits, **details: Unpack[Details]
    ) -> str:
        """Add the next volume of a series ("A1:3")."""
        number = self._next(series)
        key = f"{series}:{number}"
        return self._add(self._record(key, "volume", series, title, dates, traits, details))

    def file(
        self, volume: str, title: str, dates: str, traits: Traits, **details: Unpack[Details]
    ) -> str:
        """Add a file (akt) to a volume; items go into it."""
        key = f"{volume}/{self._next(volume)}"
        return self._add(self._record(key, "file", volume, title, dates, traits, details))

    def item(
        self,
        parent: str,
        title: str,
        dates: str,
        traits: Traits,
        *pictures: Picture,
        **details: Unpack[Details],
    ) -> str:
        """Add a record with its pictures, page after page."""
        key = f"{parent}/{self._next(parent)}"
        self._add(self._record(key, "item", parent, title, dates, traits, details))
        for number, picture in enumerate(pictures, 1):
            name = f"{_file_name(key)}-{number:02d}.jpg"
            label = f"Sida {number}" if len(pictures) > 1 else title
            self.files.append(DemoFile(name, key, label, picture=picture))
        return key

    def attach(self, key: str, name: str, label: str, content: bytes, media_type: str) -> None:
        """Lay a ready file with a record."""
        self.files.append(
            DemoFile(f"{_file_name(key)}-{name}", key, label, None, content, media_type)
        )

    def grown(self) -> Fonds:
        """Return the finished fonds."""
        drafts, files = tuple(self.drafts), tuple(self.files)
        return Fonds(self.code, self.unit, drafts, files, frozenset(self.due))

    def _record(
        self,
        key: str,
        level: str,
        parent: str,
        title: str,
        dates: str,
        traits: Traits,
        details: Details,
    ) -> DescriptionDraft:
        place = details.get("place")
        where = PLACES.get(place) if place else None
        return DescriptionDraft(
            key=key,
            level=level,
            title=title,
            parent=parent,
            reference=f"{self.prefix}/{key}",
            public_title=details.get("public_title"),
            date_text=dates,
            extent=details.get("extent"),
            scope=details.get("scope"),
            language="swe",
            record_type=traits.record_type,
            unit=self.unit,
            creators=traits.creators or self.drafts[0].creators,
            subjects=details.get("subjects", traits.subjects),
            places=(place,) if place else (),
            genre=traits.genre,
            latitude=where[0] if where else None,
            longitude=where[1] if where else None,
            rights=traits.rights,
            personal_data=traits.personal_data,
            living_persons=traits.living_persons,
            is_register=traits.is_register,
            events=details.get("events", {}),
            restrictions=traits.restrictions,
            text=details.get("text"),
            notes=details.get("notes", ()),
        )

    def _next(self, key: str) -> int:
        self._children[key] = self._children.get(key, 0) + 1
        return self._children[key]

    def _add(self, draft: DescriptionDraft) -> str:
        self.drafts.append(draft)
        return draft.key


def with_living(traits: Traits, living: str) -> Traits:
    """Return the traits of records that may tell of living persons ("yes", "unknown")."""
    return replace(traits, living_persons=living)


def body(name: str, dates: str, role: str = "creator") -> AgentDraft:
    """Return an authority, company or association as a creator."""
    return AgentDraft(name, role, "organization", dates=dates)


def person(name: str, dates: str, role: str = "creator") -> AgentDraft:
    """Return an invented person as a creator."""
    return AgentDraft(name, role, "person", dates=dates or None)


def _file_name(key: str) -> str:
    table = str.maketrans(
        {"/": "_", ":": "-", " ": "", "Å": "A", "Ä": "A", "Ö": "O", "å": "a", "ä": "a", "ö": "o"}
    )
    return key.translate(table).lower()
