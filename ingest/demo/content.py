"""The whole invented city: every fonds, in the order of the finding aid.

Deterministic: no clock, no chance. The institution's prefix comes from the caller. Begin at
`city`.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.demo.fonds.building import building, engineer
from ingest.demo.fonds.care import child_welfare, poor_relief
from ingest.demo.fonds.council import council
from ingest.demo.fonds.lindh import lindh
from ingest.demo.fonds.magistrate import magistrate
from ingest.demo.fonds.private import society, workshop
from ingest.demo.fonds.schools import schools
from ingest.demo.fonds.treasury import treasury
from ingest.demo.fonds.units import units
from ingest.demo.tree import Fonds

_FONDS: tuple[Callable[[str], Fonds], ...] = (
    magistrate,
    council,
    building,
    engineer,
    treasury,
    schools,
    poor_relief,
    child_welfare,
    lindh,
    society,
    workshop,
)


def city(prefix: str = "SE/LSA") -> tuple[Fonds, ...]:
    """Return all fonds with their descriptions and files."""
    return (*(grow(prefix) for grow in _FONDS), *units(prefix))
