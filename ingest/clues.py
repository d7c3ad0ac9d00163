"""What in a delivery hints at its record type, kept when it is checked so that a list need not
read packages again: codes it declares, titles, the series it names, its dates, its rows.

Nothing is judged here; `suggest` weighs the clues against the plans. Begin at `clues_of`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ihp import dates
from ingest.classify import Classified
from ingest.models import Transfer
from ingest.package import DescriptionDraft, Package

_ABOVE = frozenset({"fonds", "series", "volume"})
_SUPPLIERS = ("submitter", "creator", "producer", "archivist")
_TITLES, _LONGEST, _DAYS, _CODES = 12, 200, 60, 20


@dataclass(frozen=True, slots=True)
class Clues:
    """What hints at the record type. A day is None where a record has no date that can be read."""

    codes: tuple[str, ...] = ()  # record types and classes, as the delivery words them
    titles: tuple[str, ...] = ()
    series: tuple[str, ...] = ()  # references of what lies above its records
    days: tuple[date | None, ...] = ()
    rows: tuple[str, ...] = ()  # the rows under which its records stood when it was checked


def clues_of(package: Package, gate: Classified) -> dict[str, Any]:
    """Return the clues of a delivery, as they are stored with it."""
    leaves = [d for d in package.drafts if d.level not in _ABOVE] or list(package.drafts)
    found = Clues(
        codes=_some(_declared(package), _CODES),
        titles=_some([package.label or "", *(d.title for d in leaves)], _TITLES),
        series=_some((d.reference or "" for d in package.drafts if d.level in _ABOVE), _CODES),
        rows=_some(
            (
                p.rule or ""
                for p in gate.placed
                if p.draft.level not in _ABOVE or not p.draft.parent
            ),
            _CODES,
        ),
    )
    return asdict(found) | {"days": _days(leaves)}


def stored(transfer: Transfer) -> Clues:
    """Return the clues kept with a delivery; none for one that was never checked."""
    kept = transfer.clues or {}
    days = [date.fromisoformat(day) if day else None for day in kept.get("days", ())]
    texts = {n: tuple(kept.get(n, ())) for n in ("codes", "titles", "series", "rows")}
    return Clues(**texts, days=tuple(days))


def supplier_of(package: Package) -> str | None:
    """Return who delivers, as the package names it: a body, never a person or a program."""
    bodies = [agent for agent in package.agents if agent.kind == "organization"]
    ranked = sorted(
        (a for a in bodies if a.role.lower() in _SUPPLIERS),
        key=lambda agent: _SUPPLIERS.index(agent.role.lower()),
    )
    return ranked[0].name[:_LONGEST] if ranked else None


def _declared(package: Package) -> Iterable[str]:
    kinds = {"record_type", "classification"}
    yield package.record_type or ""
    yield from (r.value for r in package.restrictions if r.kind in kinds)
    for draft in package.drafts:
        yield draft.record_type or ""
        yield from (r.value for r in draft.restrictions if r.kind in kinds)


def _some(texts: Iterable[str], most: int) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in texts:
        if text.strip():
            found[text.strip()[:_LONGEST]] = None
        if len(found) == most:
            break
    return tuple(found)


def _days(leaves: Iterable[DescriptionDraft]) -> list[str | None]:
    """Return the last days of the records, each once; of many, the first and the last."""
    found = {_last_day(draft) for draft in leaves}
    known = sorted(day for day in found if day is not None)
    if len(known) > _DAYS:
        known = [known[0], known[-1]]
    unknown: list[str | None] = [None] if None in found else []
    return [*(day.isoformat() for day in known), *unknown]


def _last_day(draft: DescriptionDraft) -> date | None:
    try:
        return dates.parse(draft.date_text or "").date_max
    except ValueError:
        return None
