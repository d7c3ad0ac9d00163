"""Compare two versions of a plan, row by row: added, removed, tighter, looser, reworded.

"Tighter" means that something which was open, kept short or destroyed may no longer be. Begin
at `compare`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ihp import secrecy
from ihp.plan import Plan, Rule
from ihp.terms import Disposition, PublicView


class Change(StrEnum):
    """What happened to a row between two versions."""

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
    """Every row that changed, by code. `tighter` are the codes to withdraw before the change."""

    rows: tuple[RowChange, ...]

    @property
    def tighter(self) -> frozenset[str]:
        """Return the codes whose records may lose something that was open to them."""
        closing = {Change.TIGHTER, Change.MIXED, Change.REMOVED}
        return frozenset(row.code for row in self.rows if row.change in closing)


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
    if len(old) != 1 or len(new) != 1:
        return RowChange(code, Change.MIXED, ("records_from", "records_to"))
    columns = tuple(
        name for name in Rule.__slots__ if getattr(old[0], name) != getattr(new[0], name)
    )
    tighter, looser = _direction(old[0], new[0])
    if tighter and looser:
        return RowChange(code, Change.MIXED, columns)
    if tighter:
        return RowChange(code, Change.TIGHTER, columns)
    return RowChange(code, Change.LOOSER if looser else Change.REWORDED, columns)


def _direction(old: Rule, new: Rule) -> tuple[bool, bool]:
    """Return (something closes, something opens)."""
    before, after = _openness(old), _openness(new)
    closes = any(b > a for b, a in zip(before, after, strict=True))
    opens = any(a > b for b, a in zip(before, after, strict=True))
    if (old.records_from, old.records_to) != (new.records_from, new.records_to):
        return True, opens
    return closes, opens


def _openness(rule: Rule) -> tuple[int, ...]:
    """Return numbers of which each is higher the more the row lets happen."""
    view = (PublicView.NONE, PublicView.METADATA, PublicView.FULL).index(rule.public_view)
    k = rule.security_class.k if rule.security_class else 3
    privacy = 0 if rule.personal_data.value == "none" else 1
    may_destroy = rule.disposition is Disposition.DISPOSE and bool(rule.authorities)
    keep = rule.retention.value if rule.retention and rule.retention.value is not None else 0
    return (view, -k, -privacy, -_years_closed(rule), -rule.access_contract, may_destroy, -keep)


def _years_closed(rule: Rule) -> int:
    known = secrecy.rules()
    years = [known[s.rule].max_years for s in rule.secrecy if s.rule in known]
    unlimited = any(y is None for y in years) or any(s.rule not in known for s in rule.secrecy)
    return 1000 if unlimited else sum(y for y in years if y is not None)
