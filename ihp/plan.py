"""A unit's information management plan (informationshanteringsplan) as frozen facts.

Which row holds for a record is decided here (`Plan.rule_for`); what follows from the row is the
business of `policy`. Begin at `Plan`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from ihp.security import SecurityClass
from ihp.terms import (
    Disposition,
    Medium,
    PeriodUnit,
    PersonalData,
    Phase,
    PublicView,
    Registration,
    RetentionMode,
    Rounding,
    Trigger,
)

# "LiSA-F 2021:6": a decided regulation. A statute's minimum ("LKBR 3 kap. 13 §") is not one.
_AUTHORITY = re.compile(r"\b[A-ZÅÄÖa-zåäö]+-F \d{4}:\d+")
# Accounting information of municipalities is kept to the end of the seventh year (LKBR 3:13).
_ACCOUNTING = re.compile(r"\bLKBR\b")
ACCOUNTING_CLAUSE = "3 kap. 13 § LKBR"


@dataclass(frozen=True, slots=True)
class Secrecy:
    """A secrecy rule of a row, with the phase in which it applies."""

    rule: str
    phase: Phase = Phase.ALWAYS
    note: str = ""


@dataclass(frozen=True, slots=True)
class Retention:
    """How long after which event, or until no longer needed."""

    mode: RetentionMode
    trigger: Trigger
    value: int | None = None
    unit: PeriodUnit | None = None
    rounding: Rounding | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """When and where records go to the final or electronic archive."""

    to: str
    after_years: int
    trigger: Trigger | None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a plan: one record type (handlingstyp) and its whole fate. `code` is its key."""

    code: str
    process_code: str
    process_name: str
    record_type: str
    disposition: Disposition
    retention: Retention | None = None
    disposal_basis: str | None = None
    records_from: date | None = None
    records_to: date | None = None
    registration: Registration = Registration.ORDERED
    secrecy: tuple[Secrecy, ...] = ()
    personal_data: PersonalData = PersonalData.NONE
    personal_number: bool = False
    medium: Medium = Medium.DIGITAL
    preservation_format: str = ""
    system: str = ""
    storage: str = ""
    sorting: str = ""
    delivery: Delivery | None = None
    security_class: SecurityClass | None = None
    public_view: PublicView = PublicView.NONE
    access_contract: bool = False
    note: str = ""

    @property
    def authorities(self) -> tuple[str, ...]:
        """Return the disposal authorities (föreskrifter) that the row cites; none: no disposal."""
        return tuple(_AUTHORITY.findall(self.disposal_basis or ""))

    @property
    def minimum_clauses(self) -> tuple[str, ...]:
        """Return the statutory minimum that the row cites: it can only lengthen the period."""
        return (ACCOUNTING_CLAUSE,) if _ACCOUNTING.search(self.disposal_basis or "") else ()

    def covers(self, record_date: date | None) -> bool:
        """Return whether the row's window holds the date; a window and no date is a no."""
        if self.records_from is None and self.records_to is None:
            return True
        if record_date is None:
            return False
        after = self.records_from is None or self.records_from <= record_date
        return after and (self.records_to is None or record_date <= self.records_to)


@dataclass(frozen=True)
class Plan:
    """One version of a unit's plan. `version` names unit and number: "SA v3".

    `authority` is the board that answers for the unit. `in_force_from` and `in_force_to` are the
    first and the last day of its time; None where that is not decided.
    """

    unit: str
    number: int
    title: str
    authority: str
    rules: tuple[Rule, ...]
    in_force_from: date | None = None
    in_force_to: date | None = None
    _by_code: dict[str, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_code: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            by_code[rule.code] = (*by_code.get(rule.code, ()), rule)
        object.__setattr__(self, "_by_code", by_code)

    @property
    def version(self) -> str:
        """Return the name under which decisions cite this version."""
        return f"{self.unit} v{self.number}"

    def in_force_on(self, day: date) -> bool:
        """Return whether the day lies within the plan's own time; an open end has no limit."""
        begun = self.in_force_from is None or self.in_force_from <= day
        return begun and (self.in_force_to is None or day <= self.in_force_to)

    def rows(self, code: str) -> tuple[Rule, ...]:
        """Return every row with this code, whatever its window."""
        return self._by_code.get(code, ())

    def rule_for(self, code: str | None, record_date: date | None) -> Rule | None:
        """Return the row with this code whose window holds the date, or None: unknown.

        There is no fallback by prefix: a record type that is not in the plan is unknown.
        """
        if code is None:
            return None
        for rule in self._by_code.get(code, ()):
            if rule.covers(record_date):
                return rule
        return None
