"""Dashboard cards: a number, what it means, and where to go. Higher rooms hand in their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.accounts.permissions import Viewer


@dataclass(frozen=True, slots=True)
class Task:
    """One thing that waits for the reader: what, where, and why now."""

    label: str
    href: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One card: a title, a number (or a word), a sentence, and the page behind it.

    `tone` is "calm", "warn" or "alarm"; it is always said in words too. `tasks` are the first
    few things behind the number, so that the dashboard is a list of work.
    """

    title: str
    value: str
    text: str
    href: str
    tone: str = "calm"
    tasks: tuple[Task, ...] = ()


_ORDER = {"alarm": 0, "warn": 1, "calm": 2}
Source = Callable[[Session, Viewer], Iterable[Card]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Add a room's cards to the dashboard."""
    if source not in _sources:
        _sources.append(source)


def for_viewer(session: Session, viewer: Viewer) -> list[Card]:
    """Return the cards that a person may see: what is wrong first, then what waits."""
    cards = [card for source in _sources for card in source(session, viewer)]
    return sorted(cards, key=lambda card: (_ORDER[card.tone], not card.tasks))
