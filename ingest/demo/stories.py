"""Four collections for the reading room: a subject told in two languages, with its records.

References come without the institution's prefix. Begin at `collections`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.demo.content import city
from ingest.demo.fonds.stock import entries
from ingest.package import DescriptionDraft


@dataclass(frozen=True, slots=True)
class Story:
    """A collection: its address, its words, and the references of its records in order."""

    slug: str
    title_sv: str
    title_en: str
    text_sv: str
    text_en: str
    references: tuple[str, ...]


def collections(prefix: str = "SE/LSA") -> tuple[Story, ...]:
    """Return the four collections, with the references of records that exist."""
    drafts = [d for fonds in city(prefix) for d in fonds.drafts if d.level == "item"]
    return tuple(
        Story(
            entry["slug"],
            entry["title_sv"],
            entry["title_en"],
            entry["text_sv"],
            entry["text_en"],
            _chosen(drafts, entry["words"], prefix),
        )
        for entry in entries("stories")
    )


def _chosen(drafts: list[DescriptionDraft], words: list[list[str]], prefix: str) -> tuple[str, ...]:
    """Return the records whose fonds and title are named, in the order of the naming."""
    found: list[str] = []
    for fonds, title in words:
        for draft in drafts:
            reference = draft.reference or ""
            if reference.startswith(f"{prefix}/{fonds}/") and title.lower() in draft.title.lower():
                found.append(reference)
    return tuple(dict.fromkeys(found))
