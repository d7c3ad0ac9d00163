"""What the holdings consist of, by format: the rows of a table, and bars drawn from the same.

Reads only, one query. Begin at `by_format`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive.holdings.models import Description, File, format_called

DRAWN = 10  # the most common formats; a bar too small to be seen tells nothing
_ROW, _LABEL, _WIDTH = 28, 330, 520
_LETTERS = 44


@dataclass(frozen=True, slots=True)
class Share:
    """How many files have a format, and how much they hold. No `puid`: not identified."""

    puid: str | None
    name: str
    files: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the drawing, with its words, in the units of the drawing."""

    label: str
    files: int
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The bars of the most common formats, the longest first, and the drawing's height."""

    bars: Sequence[Bar]
    height: int
    left: int = _LABEL


def by_format(session: Session, units: frozenset[int] | None) -> list[Share]:
    """Return what the units have of each format, the most files first; None means all units."""
    count = func.count(File.id)
    query = (
        select(
            File.puid,
            func.max(File.format_name),
            func.max(File.format_version),
            count,
            func.sum(File.size_bytes),
        )
        .group_by(File.puid)
        .order_by(count.desc(), File.puid.nulls_first())
    )
    if units is not None:
        query = query.join(Description, Description.id == File.description_id).where(
            Description.unit_id.in_(units)
        )
    return [
        Share(puid, format_called(name, version), n, int(size))
        for puid, name, version, n, size in session.execute(query)
    ]


def drawn(shares: Sequence[Share], unknown: Any) -> Drawing:
    """Return the drawing of the most common formats; `unknown` are the words for no format."""
    most = max((share.files for share in shares), default=0)
    bars = [
        Bar(
            _short(share.name or share.puid or str(unknown)),
            share.files,
            number * _ROW,
            max(2, share.files * _WIDTH // most),
        )
        for number, share in enumerate(shares[:DRAWN])
    ]
    return Drawing(bars, max(len(bars), 1) * _ROW)


def _short(text: str) -> str:
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"
