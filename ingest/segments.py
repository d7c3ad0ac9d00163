"""Deliveries in several packages: the parts wait for each other, and come in one after another.

A part says which it is by BagIt's Bag-Group-Identifier and Bag-Count ("2 of 3", RFC 8493 2.2.2),
or by FGS DATASUBMISSIONSESSION and PACKAGENUMBER ("2 av 3"); E-ARK CSIP has no word for it. No
part is taken in before every part is accepted. Reads only. Begin at `standing`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.findings import Finding
from ingest.models import State, Transfer, TransferFinding
from ingest.package import Segment

WAITS, TWICE = "SEGMENT-WAITS", "SEGMENT-TWICE"
BLOCKING = frozenset({WAITS, TWICE})
_COUNT = re.compile(r"(\d{1,4})\s*(?:of|av|/)\s*(\d{1,4})", re.IGNORECASE)
_GONE = (State.REJECTED, State.DISCARDED, State.CHECKED)


def read(group: str | None, count: str | None) -> Segment | None:
    """Return the part that a group and a count name; None for a package that stands alone."""
    found = _COUNT.fullmatch((count or "").strip())
    if found is None or not (group or "").strip():
        return None
    number, total = int(found[1]), int(found[2])
    return Segment((group or "").strip(), number, total) if 1 <= number <= total > 1 else None


@dataclass(frozen=True, slots=True)
class Standing:
    """A part and the parts that have come, in order; `missing` and `twice` are their numbers."""

    number: int
    total: int
    parts: tuple[Transfer, ...]
    missing: tuple[int, ...]
    twice: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Return whether each part has come, and none of them twice."""
        return not self.missing and not self.twice


def standing(session: Session, transfer: Transfer) -> Standing | None:
    """Return how it stands with the parts of a delivery; None if it is not one of several."""
    number, total = transfer.segment_number, transfer.segment_total
    if number is None or total is None:
        return None
    parts = _parts(session, transfer)
    came = Counter(part.segment_number for part in parts)
    return Standing(
        number,
        total,
        tuple(parts),
        tuple(n for n in range(1, total + 1) if not came[n]),
        tuple(n for n in range(1, total + 1) if came[n] > 1),
    )


def _parts(session: Session, transfer: Transfer) -> Sequence[Transfer]:
    same = select(Transfer).where(
        Transfer.segment_group == transfer.segment_group,
        Transfer.segment_total == transfer.segment_total,
        Transfer.state.not_in(_GONE),
        Transfer.only_check.is_(False),
    )
    return session.scalars(same.order_by(Transfer.segment_number, Transfer.number)).all()


def findings(found: Standing | None) -> Iterator[Finding]:
    """Yield what is to be said of a part: which have come, and which it waits for."""
    if found is None:
        return
    about = {
        "number": found.number,
        "total": found.total,
        "come": _listed([part.segment_number or 0 for part in found.parts]),
    }
    if found.twice:
        yield Finding(TWICE, params=about | {"twice": _listed(found.twice)})
    if found.missing:
        yield Finding(WAITS, params=about | {"missing": _listed(found.missing)})
    if found.is_whole:
        yield Finding("SEGMENT-WHOLE", params=about)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in sorted(set(numbers))) or "–"


def to_check_again(session: Session, transfer: Transfer) -> list[Transfer]:
    """Return the other parts that wait in the inbox for one that has come now."""
    found = standing(session, transfer)
    if found is None or not found.is_whole:
        return []
    waits = select(TransferFinding.transfer_id).where(
        TransferFinding.transfer_id.in_([part.id for part in found.parts]),
        TransferFinding.code.in_(BLOCKING),
    )
    waiting = set(session.scalars(waits))
    return [
        part
        for part in found.parts
        if part.id in waiting and part.pid != transfer.pid and part.state == State.REVIEW
    ]


def ready(session: Session, transfer: Transfer) -> list[Transfer]:
    """Return the delivery that may be taken in now: itself, else the first of its parts.

    None while a part is missing or not accepted yet, and after the last.
    """
    found = standing(session, transfer)
    if found is None:
        return [transfer] if transfer.state == State.ACCEPTED else []
    accepted = [part for part in found.parts if part.state == State.ACCEPTED]
    others = [p for p in found.parts if p.state not in {State.ACCEPTED, State.ACCESSIONED}]
    return accepted[:1] if found.is_whole and not others else []
