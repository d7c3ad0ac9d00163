"""Judge a plan before anybody decides it: every gap and contradiction, row and column named.

Begin at `check`. Errors stop a decision; warnings are for the consultation. Source: DOMAIN 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from ihp import secrecy, security
from ihp.grounds import ACCOUNTING_YEARS
from ihp.periods import day_after
from ihp.plan import Plan, Retention, Rule
from ihp.terms import (
    Disposition,
    PeriodUnit,
    PersonalData,
    PublicView,
    RetentionMode,
    Trigger,
)


class Severity(StrEnum):
    """An error stops the decision; a warning asks for a second look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class PlanFinding:
    """What is wrong, or worth a second look, in one cell: row code and column of the exchange."""

    code: str
    row: str
    column: str
    severity: Severity
    text_sv: str
    text_en: str

    @property
    def is_error(self) -> bool:
        """Return whether it stops the decision."""
        return self.severity is Severity.ERROR


_Said = tuple[str, Severity, str, str, str]


def check(plan: Plan) -> list[PlanFinding]:
    """Return every finding of the plan at once: its rows in their order, then the whole."""
    found = [
        PlanFinding(code, rule.code, column, severity, sv, en)
        for rule in plan.rules
        for part in (_fate, _disposal, _secrecy, _publicity, _window, _class, _deposit)
        for code, severity, column, sv, en in part(rule)
    ]
    found.extend(_whole(plan))
    found.extend(_overlaps(plan))
    found.extend(_gaps(plan))
    return found


def _fate(rule: Rule) -> Iterator[_Said]:
    if not rule.process_code:
        yield ("PLAN-NO-PROCESS", Severity.WARNING, "process_code",
               "Raden saknar klassificeringskod.",
               "The row has no classification code.")  # fmt: skip
    if rule.disposition is Disposition.DISPOSE:
        return
    if rule.retention is not None:
        yield ("PLAN-PRESERVED-RETENTION", Severity.ERROR, "retention",
               "Handlingstypen bevaras men har en gallringsfrist.",
               "The record type is preserved but has a retention period.")  # fmt: skip
    if rule.delivery is None:
        yield ("PLAN-NO-DELIVERY", Severity.WARNING, "delivery",
               "Handlingstypen bevaras men säger inte när den levereras till arkivet.",
               "The record type is preserved but does not say when it is delivered.")  # fmt: skip
    elif rule.delivery.trigger is None:
        yield ("PLAN-DELIVERY-TRIGGER", Severity.WARNING, "delivery",
               "Leveransen säger inte från vilken händelse åren räknas.",
               "The delivery does not say from which event its years count.")  # fmt: skip


def _disposal(rule: Rule) -> Iterator[_Said]:
    if rule.disposition is Disposition.PRESERVE:
        return
    if rule.retention is None:
        yield ("PLAN-NO-RETENTION", Severity.ERROR, "retention",
               "Handlingstypen gallras men har ingen frist.",
               "The record type is disposed of but has no retention period.")  # fmt: skip
    else:
        yield from _period(rule.retention)
        yield from _minimum(rule, rule.retention)
    if not rule.authorities:
        yield ("PLAN-NO-AUTHORITY", Severity.ERROR, "gallring_basis",
               "Gallring kräver en beslutad föreskrift; en minimitid i lag räcker inte.",
               "Disposal needs a decided authority; a statutory minimum is not one.")  # fmt: skip


def _period(retention: Retention) -> Iterator[_Said]:
    obsolete = retention.mode is RetentionMode.WHEN_OBSOLETE
    if obsolete != (retention.trigger is Trigger.NO_LONGER_NEEDED):
        yield ("PLAN-TRIGGER", Severity.ERROR, "retention",
               "”Vid inaktualitet” och händelsen ”behövs inte längre” hör ihop.",
               "“When obsolete” and the event “no longer needed” belong together.")  # fmt: skip
    if obsolete:
        return
    if retention.value is None or retention.value < 0:
        yield ("PLAN-NO-PERIOD", Severity.ERROR, "retention",
               "Fristen har inget tal, eller ett tal under 0.",
               "The period has no number, or one below 0.")  # fmt: skip
    if retention.unit is None:
        yield ("PLAN-NO-UNIT", Severity.ERROR, "retention",
               "Fristen säger inte om den räknas i år eller månader.",
               "The period does not say whether it counts years or months.")  # fmt: skip


def _minimum(rule: Rule, retention: Retention) -> Iterator[_Said]:
    if not rule.minimum_clauses:
        return
    years = retention.value or 0
    in_years = retention.unit is PeriodUnit.YEAR
    if retention.trigger is not Trigger.FISCAL_YEAR_END or not in_years or years < ACCOUNTING_YEARS:
        yield ("PLAN-MINIMUM", Severity.ERROR, "retention",
               "Räkenskapsinformation sparas minst till utgången av sjunde året efter "
               "räkenskapsåret (3 kap. 13 § LKBR).",
               "Accounting information is kept at least to the end of the seventh year after "
               "the fiscal year (LKBR 3:13).")  # fmt: skip


def _secrecy(rule: Rule) -> Iterator[_Said]:
    seen = set()
    for entry in rule.secrecy:
        if entry.rule not in secrecy.rules():
            yield ("PLAN-CLAUSE", Severity.ERROR, "secrecy",
                   f"Sekretessbestämmelsen {entry.rule or '(tom)'} är okänd.",
                   f"The secrecy provision {entry.rule or '(empty)'} is unknown.")  # fmt: skip
        if (entry.rule, entry.phase) in seen:
            yield ("PLAN-CLAUSE-TWICE", Severity.WARNING, "secrecy",
                   f"Sekretessbestämmelsen {entry.rule} står två gånger.",
                   f"The secrecy provision {entry.rule} stands twice.")  # fmt: skip
        seen.add((entry.rule, entry.phase))
    sensitive = rule.personal_data in {PersonalData.SENSITIVE, PersonalData.CRIMINAL}
    if sensitive and not rule.secrecy and not rule.access_contract:
        yield ("PLAN-SENSITIVE-OPEN", Severity.WARNING, "secrecy",
               "Känsliga uppgifter men ingen sekretessbestämmelse.",
               "Sensitive data but no secrecy provision.")  # fmt: skip


def _publicity(rule: Rule) -> Iterator[_Said]:
    if rule.personal_number and rule.personal_data is PersonalData.NONE:
        yield ("PLAN-PERSONAL-NUMBER", Severity.ERROR, "personal_data",
               "Personnummer är personuppgifter, men raden säger att inga finns.",
               "Personal numbers are personal data, but the row says there are none.",
               )  # fmt: skip
    if rule.public_view is not PublicView.FULL:
        return
    if rule.secrecy:
        yield ("PLAN-SECRET-PUBLIC", Severity.WARNING, "public_view",
               "Full publik visning trots att sekretess kan gälla.",
               "Full public view although secrecy may apply.")  # fmt: skip
    if rule.security_class is not None and rule.security_class.k > 0:
        yield ("PLAN-PUBLIC-K", Severity.WARNING, "classification",
               f"Full publik visning men K{rule.security_class.k}; bara K0 publiceras.",
               f"Full public view but K{rule.security_class.k}; only K0 is published.",
               )  # fmt: skip


def _window(rule: Rule) -> Iterator[_Said]:
    if rule.records_from and rule.records_to and rule.records_to < rule.records_from:
        yield ("PLAN-WINDOW", Severity.ERROR, "applies_to_records_to",
               f"Fönstret slutar {rule.records_to}, innan det börjar {rule.records_from}.",
               f"The window ends {rule.records_to}, before it begins {rule.records_from}.",
               )  # fmt: skip


def _class(rule: Rule) -> Iterator[_Said]:
    if rule.security_class is None:
        yield ("PLAN-UNCLASSIFIED", Severity.WARNING, "classification",
               "Raden saknar klassning och räknas som K3.",
               "The row is not classified and counts as K3.")  # fmt: skip
        return
    k = rule.security_class.k
    if k > 3:
        yield ("PLAN-K4", Severity.ERROR, "classification",
               "K4 (rikets säkerhet) hör inte hemma i detta system.",
               "K4 (national security) does not belong in this system.")  # fmt: skip
    suggestion = security.suggest(rule)
    if rule.secrecy and k < suggestion.security_class.k:
        yield ("PLAN-CLASS-LOW", Severity.WARNING, "classification",
               f"Klassad K{k}, men förslaget är högre. {'; '.join(suggestion.reasons_sv)}.",
               f"Classified K{k}, but a higher one is suggested. "
               f"{'; '.join(suggestion.reasons_en)}.")  # fmt: skip


def _deposit(rule: Rule) -> Iterator[_Said]:
    if not rule.access_contract:
        return
    if rule.secrecy:
        yield ("PLAN-CONTRACT-SECRECY", Severity.WARNING, "secrecy",
               "Ett enskilt arkiv är ingen allmän handling: avtalet gäller, inte OSL.",
               "A private archive is no public record: the contract holds, not the OSL.",
               )  # fmt: skip
    if rule.disposition is Disposition.DISPOSE:
        yield ("PLAN-CONTRACT-DISPOSAL", Severity.WARNING, "disposition",
               "Ett deponerat arkiv ägs av deponenten; gallring kräver stöd i avtalet.",
               "A deposited archive belongs to its depositor; disposal needs the contract.",
               )  # fmt: skip


def _whole(plan: Plan) -> Iterator[PlanFinding]:
    if not plan.rules:
        yield PlanFinding("PLAN-EMPTY", "", "", Severity.ERROR, "Planen har inga rader.",
                          "The plan has no rows.")  # fmt: skip
    begins, ends = plan.in_force_from, plan.in_force_to
    if begins is not None and ends is not None and ends < begins:
        yield PlanFinding("PLAN-DATES", "", "in_force_to", Severity.ERROR,
                          f"Planen slutar gälla {ends}, innan den börjar {begins}.",
                          f"The plan ends {ends}, before it begins {begins}.")  # fmt: skip


def _overlaps(plan: Plan) -> Iterator[PlanFinding]:
    """Yield rows that give one record two fates: same code, or same type in one process."""
    by_code: dict[str, list[Rule]] = {}
    by_type: dict[tuple[str, str], list[Rule]] = {}
    for rule in plan.rules:
        if any(_overlap(rule, other) for other in by_code.get(rule.code, ())):
            yield PlanFinding("PLAN-DUPLICATE", rule.code, "row_id", Severity.ERROR,
                              "Två rader med samma beteckning gäller samma tid.",
                              "Two rows with the same code cover the same time.")  # fmt: skip
        record_type = (rule.process_code, rule.record_type.casefold())
        for other in by_type.get(record_type, ()):
            if other.code != rule.code and _overlap(rule, other):
                yield PlanFinding("PLAN-TYPE-TWICE", rule.code, "handlingstyp", Severity.ERROR,
                                  f"Samma handlingstyp i samma process som rad {other.code}.",
                                  f"The same record type in the same process as {other.code}.",
                                  )  # fmt: skip
        by_code.setdefault(rule.code, []).append(rule)
        by_type.setdefault(record_type, []).append(rule)


def _overlap(one: Rule, other: Rule) -> bool:
    first = max(one.records_from or date.min, other.records_from or date.min)
    last = min(one.records_to or date.max, other.records_to or date.max)
    return first <= last


def _gaps(plan: Plan) -> Iterator[PlanFinding]:
    """Yield days between the windows of one code that no row covers: unknown, so closed."""
    for code in dict.fromkeys(rule.code for rule in plan.rules):
        windows = sorted(plan.rows(code), key=lambda rule: rule.records_from or date.min)
        for before, after in pairwise(windows):
            first = day_after(before.records_to) if before.records_to else None
            if first and after.records_from and first < after.records_from:
                yield PlanFinding("PLAN-GAP", code, "applies_to_records_from", Severity.WARNING,
                                  f"Ingen rad gäller från {first} till {after.records_from}.",
                                  f"No row covers {first} until {after.records_from}.",
                                  )  # fmt: skip
