"""The whole invented city: every fonds, in the order of the finding aid.

Deterministic: no clock, no chance. The institution's prefix comes from the caller. Begin at
`city`.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.demo.fonds.lindh import lindh
from ingest.demo.fonds.magistrate import magistrate
from ingest.demo.tree import Fonds

_FONDS: tuple[Callable[[str], Fonds], ...] = (magistrate, lindh)


def city(prefix: str = "SE/LSA") -> tuple[Fonds, ...]:
    """Return all fonds with their descriptions and files."""
    return tuple(grow(prefix) for grow in _FONDS)
