"""Judge a plan before anybody decides it: every gap and contradiction, row and column named.

Begin at `check`. Errors stop a decision; warnings are for the consultation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ihp import secrecy
from ihp.plan import Plan, Rule
from ihp.terms import Disposition, PersonalData, PublicView, RetentionMode


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """What is wrong, or worth a second look, in one row; `is_error` stops the decision."""

    code: str
    row: str
    column: str
    is_error: bool
    text_sv: str
    text_en: str


def check(plan: Plan) -> list[PlanFinding]:
    """Return every finding of the plan, in the order of its rows."""
    found = [finding for rule in plan.rules for finding in _row(rule)]
    found.extend(_windows(plan))
    if not plan.rules:
        found.append(
            _error("PLAN-EMPTY", "", "", "Planen har inga rader.", "The plan has no rows.")
        )
    return found


def _row(rule: Rule) -> Iterator[PlanFinding]:
    if rule.disposition is Disposition.DISPOSE:
        yield from _disposal(rule)
    elif rule.retention is not None:
        yield _error("PLAN-PRESERVED-RETENTION", rule.code, "retention",
                     "Handlingstypen bevaras men har en gallringsfrist.",
                     "The record type is preserved but has a retention period.")  # fmt: skip
    elif rule.delivery is None:
        yield _warning("PLAN-NO-DELIVERY", rule.code, "delivery",
                       "Handlingstypen bevaras men säger inte när den levereras till arkivet.",
                       "The record type is preserved but does not say when it is delivered.",
                       )  # fmt: skip
    yield from _secrecy(rule)
    if rule.records_from and rule.records_to and rule.records_to < rule.records_from:
        yield _error("PLAN-WINDOW", rule.code, "applies_to_records_to",
                     f"Fönstret slutar {rule.records_to}, innan det börjar {rule.records_from}.",
                     f"The window ends {rule.records_to}, before it begins {rule.records_from}.",
                     )  # fmt: skip
    if rule.public_view is PublicView.FULL and rule.secrecy:
        yield _warning("PLAN-SECRET-PUBLIC", rule.code, "public_view",
                       "Full publik visning trots att sekretess kan gälla.",
                       "Full public view although secrecy may apply.")  # fmt: skip
    if rule.security_class is None:
        yield _warning("PLAN-UNCLASSIFIED", rule.code, "classification",
                       "Raden saknar klassning och räknas som K3.",
                       "The row is not classified and counts as K3.")  # fmt: skip
    if rule.personal_number and rule.personal_data is PersonalData.NONE:
        yield _error("PLAN-PERSONAL-NUMBER", rule.code, "personal_data",
                     "Personnummer är personuppgifter, men raden säger att inga finns.",
                     "Personal numbers are personal data, but the row says there are none.",
                     )  # fmt: skip


def _disposal(rule: Rule) -> Iterator[PlanFinding]:
    if rule.retention is None:
        yield _error("PLAN-NO-RETENTION", rule.code, "retention",
                     "Handlingstypen gallras men har ingen frist.",
                     "The record type is disposed of but has no retention period.")  # fmt: skip
    elif rule.retention.mode is RetentionMode.AFTER_PERIOD and rule.retention.value is None:
        yield _error("PLAN-NO-PERIOD", rule.code, "retention", "Fristen har inget tal.",
                     "The period has no number.")  # fmt: skip
    if not rule.authorities:
        yield _error("PLAN-NO-AUTHORITY", rule.code, "gallring_basis",
                     "Gallring kräver en beslutad föreskrift; en minimitid i lag räcker inte.",
                     "Disposal needs a decided authority; a statutory minimum is not one.",
                     )  # fmt: skip


def _secrecy(rule: Rule) -> Iterator[PlanFinding]:
    for entry in rule.secrecy:
        if entry.rule not in secrecy.rules():
            yield _error("PLAN-CLAUSE", rule.code, "secrecy",
                         f"Sekretessbestämmelsen {entry.rule} är okänd.",
                         f"The secrecy provision {entry.rule} is unknown.")  # fmt: skip


def _windows(plan: Plan) -> Iterator[PlanFinding]:
    """Yield rows with one code whose windows overlap: two fates for one record."""
    by_code: dict[str, list[Rule]] = {}
    for rule in plan.rules:
        for other in by_code.get(rule.code, []):
            if _overlap(rule, other):
                yield _error("PLAN-DUPLICATE", rule.code, "row_id",
                             "Två rader med samma beteckning gäller samma tid.",
                             "Two rows with the same code cover the same time.")  # fmt: skip
        by_code.setdefault(rule.code, []).append(rule)


def _overlap(one: Rule, other: Rule) -> bool:
    first = max(one.records_from or date.min, other.records_from or date.min)
    last = min(one.records_to or date.max, other.records_to or date.max)
    return first <= last


def _error(code: str, row: str, column: str, sv: str, en: str) -> PlanFinding:
    return PlanFinding(code, row, column, True, sv, en)


def _warning(code: str, row: str, column: str, sv: str, en: str) -> PlanFinding:
    return PlanFinding(code, row, column, False, sv, en)
