"""Compare two versions of a plan, row by row: added, removed, tighter, looser, reworded.

"Tighter" means that something which was open, kept short or destroyed may no longer be. In
doubt a change is tighter: what closes must be withdrawn before the plan enters into force.
Begin at `compare`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ihp.plan import Plan, Retention, Rule
from ihp.security import UNCLASSIFIED_K
from ihp.terms import Disposition, PeriodUnit, PersonalData, PublicView


class Change(StrEnum):
    """What happened to a row between two versions. MIXED: tighter here, looser there."""

    ADDED = "added"
    REMOVED = "removed"
    TIGHTER = "tighter"
    LOOSER = "looser"
    MIXED = "mixed"
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One changed row: its code, what happened, and the columns in which it did."""

    code: str
    change: Change
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every row that changed, by code."""

    rows: tuple[RowChange, ...]

    @property
    def tighter(self) -> frozenset[str]:
        """Return the codes whose records may lose something that was open to them.

        Nothing that the old plan lets be shown, published or released is closed by the new one
        under any other code; so these are the classes to withdraw before it enters into force.
        """
        closing = {Change.TIGHTER, Change.MIXED, Change.REMOVED}
        return frozenset(row.code for row in self.rows if row.change in closing)

    def of(self, change: Change) -> tuple[RowChange, ...]:
        """Return the rows to which this happened, by code."""
        return tuple(row for row in self.rows if row.change is change)


def compare(old: Plan | None, new: Plan) -> Comparison:
    """Return what changes when `new` follows `old` (None: there was no plan)."""
    before = {} if old is None else {rule.code: old.rows(rule.code) for rule in old.rules}
    after = {rule.code: new.rows(rule.code) for rule in new.rules}
    changes = [RowChange(code, Change.ADDED, ()) for code in after if code not in before]
    changes += [RowChange(code, Change.REMOVED, ()) for code in before if code not in after]
    for code in before.keys() & after.keys():
        if before[code] != after[code]:
            changes.append(_changed(code, before[code], after[code]))
    return Comparison(tuple(sorted(changes, key=lambda row: row.code)))


def _changed(code: str, old: tuple[Rule, ...], new: tuple[Rule, ...]) -> RowChange:
    if len(old) != len(new) or (len(old) > 1 and _windows(old) != _windows(new)):
        # Which of several rows follows which is a person's guess, so anything may have closed.
        return RowChange(code, Change.MIXED, ("records_from", "records_to"))
    pairs = list(zip(old, new, strict=True))
    columns = tuple(
        name
        for name in Rule.__slots__
        if any(getattr(before, name) != getattr(after, name) for before, after in pairs)
    )
    directions = [each for before, after in pairs for each in _directions(before, after)]
    closes, opens = any(d < 0 for d in directions), any(d > 0 for d in directions)
    if closes and opens:
        return RowChange(code, Change.MIXED, columns)
    if closes:
        return RowChange(code, Change.TIGHTER, columns)
    return RowChange(code, Change.LOOSER if opens else Change.REWORDED, columns)


def _windows(rules: tuple[Rule, ...]) -> list[tuple[date | None, date | None]]:
    return [(rule.records_from, rule.records_to) for rule in rules]


def _directions(old: Rule, new: Rule) -> Iterator[int]:
    """Yield a negative number for each thing that closes, a positive one for each that opens."""
    for before, after in zip(_openness(old), _openness(new), strict=True):
        yield after - before
    before_secrecy = {(entry.rule, entry.phase) for entry in old.secrecy}
    after_secrecy = {(entry.rule, entry.phase) for entry in new.secrecy}
    yield -len(after_secrecy - before_secrecy)
    yield len(before_secrecy - after_secrecy)
    if old.access_contract != new.access_contract:
        # The contract takes the place of the law: neither is the wider.
        yield from (-1, 1)
    yield from _of_window(old, new)
    yield from _of_retention(old.retention, new.retention)


def _openness(rule: Rule) -> tuple[int, ...]:
    """Return numbers of which each is higher the more the row lets happen."""
    k = UNCLASSIFIED_K if rule.security_class is None else rule.security_class.k
    may_destroy = rule.disposition is Disposition.DISPOSE and bool(rule.authorities)
    return (
        list(PublicView).index(rule.public_view),
        -k,
        -list(PersonalData).index(rule.personal_data),
        may_destroy,
        -len(rule.minimum_clauses),
    )


def _of_window(old: Rule, new: Rule) -> Iterator[int]:
    starts = [rule.records_from or date.min for rule in (old, new)]
    ends = [rule.records_to or date.max for rule in (old, new)]
    if (old.records_from is old.records_to is None) != (new.records_from is new.records_to is None):
        # Any window shuts out what is undated, whatever its years.
        yield -1 if old.records_from is old.records_to is None else 1
    yield -1 if starts[1] > starts[0] or ends[1] < ends[0] else 0
    yield 1 if starts[1] < starts[0] or ends[1] > ends[0] else 0


def _of_retention(old: Retention | None, new: Retention | None) -> Iterator[int]:
    if old is None or new is None:
        return
    if (old.mode, old.trigger, old.rounding) != (new.mode, new.trigger, new.rounding):
        # Another event may come earlier or later: nobody can say which is the longer.
        yield from (-1, 1)
    yield _months(old) - _months(new)


def _months(retention: Retention) -> int:
    value = retention.value or 0
    return value if retention.unit is PeriodUnit.MONTH else value * 12
