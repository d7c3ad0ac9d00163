"""Records and plan rows for the tests of the law: only what a test names differs from open.

Limit: nothing is stored. Begin at `record`, `row` and `plan_of`.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from ihp.facts import Facts
from ihp.plan import Plan, Retention, Rule, Secrecy
from ihp.security import SecurityClass
from ihp.terms import (
    Disposition,
    LivingPersons,
    PeriodUnit,
    Phase,
    PublicView,
    RetentionMode,
    Rights,
    Rounding,
    Trigger,
)

TODAY = date(2026, 11, 23)


def record(**known: Any) -> Facts:
    """Return an open record of row X-1 from 1 May 1850; name what is different."""
    return Facts(
        **{
            "reference": "X/1",
            "unit": "X",
            "rule": "X-1",
            "date_min": date(1850, 5, 1),
            "date_max": date(1850, 5, 1),
            "living_persons": LivingPersons.NO,
            "rights": Rights.FREE,
            **known,
        }
    )


def row(**known: Any) -> Rule:
    """Return a preserved row that lets everything be shown; name what is different."""
    return Rule(
        **{
            "code": "X-1",
            "process_code": "1.1",
            "process_name": "Leda",
            "record_type": "Protokoll",
            "disposition": Disposition.PRESERVE,
            "public_view": PublicView.FULL,
            "security_class": SecurityClass(0, 2, 1),
            **known,
        }
    )


def plan_of(*rules: Rule, **known: Any) -> Plan:
    """Return a plan of unit X with these rows, in force without end."""
    return Plan(
        **{"unit": "X", "number": 1, "title": "Plan", "authority": "KS", "rules": rules, **known}
    )


def secret(rule: str, phase: Phase = Phase.ALWAYS) -> tuple[Secrecy, ...]:
    """Return one provision as a row holds it."""
    return (Secrecy(rule, phase),)


def destroyed_after(
    value: int,
    trigger: Trigger = Trigger.CREATED,
    unit: PeriodUnit = PeriodUnit.YEAR,
    basis: str | None = "LiSA-F 2021:6",
    **known: Any,
) -> Rule:
    """Return a row that is destroyed some time after an event, on a cited authority."""
    rounding = Rounding.END_OF_CALENDAR_YEAR if unit is PeriodUnit.YEAR else Rounding.EXACT
    retention = Retention(RetentionMode.AFTER_PERIOD, trigger, value, unit, rounding)
    return row(disposition=Disposition.DISPOSE, retention=retention, disposal_basis=basis, **known)


def destroyed_when_obsolete(**known: Any) -> Rule:
    """Return a row that is destroyed when a person judges it no longer needed."""
    retention = Retention(RetentionMode.WHEN_OBSOLETE, Trigger.NO_LONGER_NEEDED)
    return row(
        disposition=Disposition.DISPOSE,
        retention=retention,
        disposal_basis="LiSA-F 2021:6",
        **known,
    )
