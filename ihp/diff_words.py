"""Say in plain words what changed in a row of a plan: the column, what it was, what it becomes.

Compares nothing itself: `diff` says which rows and columns. Begin at `sentences`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from ihp import secrecy
from ihp.diff import Change, RowChange
from ihp.plan import Delivery, Plan, Retention, Rule, Secrecy
from ihp.security import SecurityClass
from ihp.terms import PeriodUnit, RetentionMode


@dataclass(frozen=True, slots=True)
class Sentence:
    """One change in words, in both languages."""

    text_sv: str
    text_en: str


CHANGES = {
    Change.ADDED: Sentence("ny rad", "new row"),
    Change.REMOVED: Sentence("raden utgår", "row removed"),
    Change.TIGHTER: Sentence("stramare", "tighter"),
    Change.LOOSER: Sentence("öppnare", "looser"),
    Change.MIXED: Sentence("både stramare och öppnare", "both tighter and looser"),
    Change.REWORDED: Sentence("omformulerad", "reworded"),
}
_COLUMNS = {
    "code": ("beteckning", "code"),
    "process_code": ("klassificeringskod", "classification code"),
    "process_name": ("process", "process"),
    "record_type": ("handlingstyp", "record type"),
    "disposition": ("bevaras eller gallras", "preserve or dispose"),
    "retention": ("gallringsfrist", "retention"),
    "disposal_basis": ("stöd för gallring", "disposal authority"),
    "records_from": ("gäller handlingar från", "records from"),
    "records_to": ("gäller handlingar till", "records to"),
    "registration": ("registrering", "registration"),
    "secrecy": ("sekretess", "secrecy"),
    "personal_data": ("personuppgifter", "personal data"),
    "personal_number": ("personnummer", "personal number"),
    "medium": ("medium", "medium"),
    "preservation_format": ("bevarandeformat", "preservation format"),
    "system": ("system", "system"),
    "storage": ("förvaring", "storage"),
    "sorting": ("sortering", "sorting"),
    "delivery": ("leverans", "delivery"),
    "security_class": ("klassning", "security class"),
    "public_view": ("publik visning", "public view"),
    "access_contract": ("avtal om tillgång", "access contract"),
    "note": ("anmärkning", "note"),
}


def sentences(change: RowChange, old: Plan | None, new: Plan) -> list[Sentence]:
    """Return what happened to the row: its record type, or each column before and after."""
    before = () if old is None else old.rows(change.code)
    after = new.rows(change.code)
    if change.change is Change.ADDED or change.change is Change.REMOVED:
        return [_fate(rule) for rule in after or before]
    if len(before) != len(after):
        return [
            Sentence(
                f"antal tidsfönster: {len(before)} → {len(after)}",
                f"time windows: {len(before)} → {len(after)}",
            )
        ]
    return list(_cells(change.columns, before, after))


def _fate(rule: Rule) -> Sentence:
    sv, en = _words(rule.retention)
    kept = rule.retention is None
    return Sentence(
        f"{rule.record_type}: {rule.disposition.value}" + ("" if kept else f", {sv}"),
        f"{rule.record_type}: {rule.disposition.value}" + ("" if kept else f", {en}"),
    )


def _cells(
    columns: tuple[str, ...], before: tuple[Rule, ...], after: tuple[Rule, ...]
) -> Iterator[Sentence]:
    for old, new in zip(before, after, strict=True):
        for column in columns:
            was, becomes = getattr(old, column), getattr(new, column)
            if was == becomes:
                continue
            (was_sv, was_en), (sv, en) = _words(was), _words(becomes)
            name_sv, name_en = _COLUMNS[column]
            yield Sentence(f"{name_sv}: {was_sv} → {sv}", f"{name_en}: {was_en} → {en}")


def _words(value: Any) -> tuple[str, str]:
    """Return a cell's value in Swedish and in English."""
    match value:
        case None | "" | ():
            return "inget", "none"
        case bool():
            return ("ja", "yes") if value else ("nej", "no")
        case Retention():
            return _period(value)
        case Delivery():
            when = value.trigger
            return (
                f"{value.to}, {value.after_years} år efter {when.sv if when else '?'}",
                f"{value.to}, {value.after_years} years after {when.en if when else '?'}",
            )
        case SecurityClass():
            level = f"K{value.k} R{value.r} T{value.t}"
            return level, level
        case tuple():
            said = ", ".join(_provision(entry) for entry in value)
            return said, said
        case StrEnum():
            return value.value, value.value
        case date():
            return value.isoformat(), value.isoformat()
    return f"”{value}”", f"“{value}”"


def _period(retention: Retention) -> tuple[str, str]:
    if retention.mode is RetentionMode.WHEN_OBSOLETE:
        return "vid inaktualitet", "when no longer needed"
    is_months = retention.unit is PeriodUnit.MONTH
    unit_sv, unit_en = ("månader", "months") if is_months else ("år", "years")
    number = "?" if retention.value is None else str(retention.value)
    return (
        f"{number} {unit_sv} efter: {retention.trigger.sv}",
        f"{number} {unit_en} after: {retention.trigger.en}",
    )


def _provision(entry: Secrecy) -> str:
    known = secrecy.rules().get(entry.rule)
    return f"{known.citation if known else entry.rule} ({entry.phase.value})"
