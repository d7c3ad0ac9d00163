"""What a change that is only looked at would do to the web: the law is asked, nothing is written.

The records carry their new values in memory, in a session of reading. Begin at `effects_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from archive.holdings import access
from archive.holdings.models import Description, Publication
from ihp.terms import Outcome

_PORTION = 500


@dataclass(frozen=True, slots=True)
class Effects:
    """References of what would close, of what would leave the web for it, and what would open."""

    closes: Sequence[str]
    withdraws: Sequence[str]
    opens: Sequence[str]


def answers_kept(records: Sequence[Description]) -> dict[int, tuple[str, str]]:
    """Return what the law said of the records when it was asked last, to compare with."""
    return {each.id: (each.shown, each.access) for each in records}


def effects_of(
    session: Session, touched: Sequence[Description], before: Mapping[int, tuple[str, str]]
) -> Effects:
    """Return what would come of it, against what the law said `before`."""
    closes: list[str] = []
    withdraws: list[str] = []
    opens: list[str] = []
    for start in range(0, len(touched), _PORTION):
        portion = touched[start : start + _PORTION]
        answers = access.verdicts(session, portion)
        for each in portion:
            was = [Outcome(said) for said in before[each.id]]
            now = [answers[each.id].show.outcome, answers[each.id].publish.outcome]
            if any(new.is_stricter_than(old) for new, old in zip(now, was, strict=True)):
                closes.append(each.reference)
                if each.publication != Publication.NONE:
                    withdraws.append(each.reference)
            elif any(old.is_stricter_than(new) for new, old in zip(now, was, strict=True)):
                opens.append(each.reference)
    return Effects(sorted(closes), sorted(withdraws), sorted(opens))
