"""Plans to and from JSON: one canonical form, one digest, every error of a row at once.

Two forms are read: the canonical one (`to_json`) and rows as units write them (`read_rows`,
the columns of `data/ihp_examples.json`). Begin at `from_json` and `read_rows`.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from typing import Any, TypeVar

from ihp.plan import Delivery, Plan, Retention, Rule, Secrecy
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

SCHEMA = "stadsarkiv-plan/1"
E = TypeVar("E", bound=StrEnum)
_HEAD: Mapping[str, type] = {
    "unit": str, "number": int, "title": str, "authority": str, "rows": list,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong in one cell: the row's number (from 1), its code, the column, a sentence."""

    row: int
    code: str
    column: str
    text_sv: str
    text_en: str


def to_document(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain JSON values, every field named, the rows in their order."""
    return {
        "schema": SCHEMA,
        "unit": plan.unit,
        "number": plan.number,
        "title": plan.title,
        "authority": plan.authority,
        "in_force_from": _iso(plan.in_force_from),
        "in_force_to": _iso(plan.in_force_to),
        "rows": [row_document(rule) for rule in plan.rules],
    }


def row_document(rule: Rule) -> dict[str, Any]:
    """Return a row in the columns of the exchange format."""
    retention, delivery, level = rule.retention, rule.delivery, rule.security_class
    return {
        "row_id": rule.code,
        "process_code": rule.process_code,
        "process_name": rule.process_name,
        "handlingstyp": rule.record_type,
        "disposition": rule.disposition.value,
        "retention": retention
        and {
            "mode": retention.mode.value,
            "value": retention.value,
            "unit": retention.unit.value if retention.unit else None,
            "trigger": retention.trigger.value,
            "rounding": retention.rounding.value if retention.rounding else None,
        },
        "gallring_basis": rule.disposal_basis,
        "applies_to_records_from": _iso(rule.records_from),
        "applies_to_records_to": _iso(rule.records_to),
        "registration": rule.registration.value,
        "secrecy": [{"rule": s.rule, "phase": s.phase.value, "note": s.note} for s in rule.secrecy],
        "personal_data": rule.personal_data.value,
        "contains_personal_identity_number": rule.personal_number,
        "medium": rule.medium.value,
        "preservation_format": rule.preservation_format,
        "system": rule.system,
        "storage": rule.storage,
        "sorting": rule.sorting,
        "delivery": delivery
        and {
            "to": delivery.to,
            "after_years": delivery.after_years,
            "trigger": delivery.trigger.value if delivery.trigger else None,
        },
        "classification": level and {"K": level.k, "R": level.r, "T": level.t},
        "public_view": rule.public_view.value,
        "access_contract": rule.access_contract,
        "note": rule.note,
    }


def to_json(plan: Plan) -> str:
    """Return the canonical form: sorted keys, no spaces. Equal plans give equal text."""
    return json.dumps(to_document(plan), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(plan: Plan) -> str:
    """Return the SHA-256 (hex) of the canonical form: the seal of a decided version."""
    return hashlib.sha256(to_json(plan).encode()).hexdigest()


def from_json(text: str) -> Plan:
    """Return the plan of a canonical document.

    :raises ValueError: if it is no JSON, or naming every row and column that cannot be read.
    """
    form = json.loads(text)
    if not isinstance(form, Mapping):
        raise ValueError(f"expected a document of schema {SCHEMA}, found no object")
    return from_document(form)


def from_document(form: Mapping[str, Any]) -> Plan:
    """Return the plan of a document of plain values.

    :raises ValueError: naming every row and column that cannot be read.
    """
    if form.get("schema") != SCHEMA:
        raise ValueError(f"expected a document of schema {SCHEMA}, found {form.get('schema')!r}")
    missing = [name for name in _HEAD if not isinstance(form.get(name), _HEAD[name])]
    if missing:
        raise ValueError(f"missing or of the wrong kind: {', '.join(missing)}")
    rules, errors = read_rows(form["rows"])
    if errors:
        raise ValueError("; ".join(f"row {e.row} {e.column}: {e.text_en}" for e in errors))
    return Plan(
        unit=form["unit"],
        number=form["number"],
        title=form["title"],
        authority=form["authority"],
        rules=rules,
        in_force_from=_day(form.get("in_force_from")),
        in_force_to=_day(form.get("in_force_to")),
    )


def read_rows(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[Rule, ...], list[CellError]]:
    """Return the rows that can be read, and every error of those that cannot, all at once."""
    rules, errors = [], []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            errors.append(CellError(number, "", "", "raden har fel form", "the row has no columns"))
            continue
        reader = _RowReader(number, row)
        rule = reader.rule()
        errors.extend(reader.errors)
        if not reader.errors and rule is not None:
            rules.append(rule)
    return tuple(rules), errors


def example_rows() -> list[dict[str, Any]]:
    """Return the 67 example rows, as the exchange format writes them, with their unit's name."""
    text = files("ihp").joinpath("data/ihp_examples.json").read_text("utf-8")
    rows: list[dict[str, Any]] = json.loads(text)["rows"]
    return rows


def example_plans() -> dict[str, Plan]:
    """Return the example rows as eight plans, by the unit's name; the unit's code is the prefix."""
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for row in example_rows():
        by_unit.setdefault(row["unit"], []).append(row)
    plans = {}
    for name, rows in by_unit.items():
        rules, errors = read_rows(rows)
        if errors:
            raise ValueError(f"the example rows of {name} cannot be read: {errors}")
        plans[name] = Plan(
            unit=rules[0].code.partition("-")[0],
            number=1,
            title=f"Informationshanteringsplan för {name}",
            authority="Kommunstyrelsen",
            rules=rules,
        )
    return plans


class _RowReader:
    """Reads one row cell by cell and keeps going after an error."""

    def __init__(self, number: int, row: Mapping[str, Any]) -> None:
        self.number, self.row, self.errors = number, row, list[CellError]()

    def rule(self) -> Rule | None:
        values: dict[str, Any] = {
            "code": self._text("row_id", needed=True),
            "process_code": self._text("process_code"),
            "process_name": self._text("process_name"),
            "record_type": self._text("handlingstyp", needed=True),
            "disposition": self._enum("disposition", Disposition),
            "retention": self._part("retention", self._retention),
            "disposal_basis": self._text("gallring_basis") or None,
            "records_from": self._date("applies_to_records_from"),
            "records_to": self._date("applies_to_records_to"),
            "registration": self._enum("registration", Registration, Registration.ORDERED),
            "secrecy": self._secrecy(),
            "personal_data": self._enum("personal_data", PersonalData, PersonalData.NONE),
            "personal_number": self._flag("contains_personal_identity_number"),
            "medium": self._enum("medium", Medium, Medium.DIGITAL),
            "preservation_format": self._text("preservation_format"),
            "system": self._text("system"),
            "storage": self._text("storage"),
            "sorting": self._text("sorting"),
            "delivery": self._part("delivery", self._delivery),
            "security_class": self._part("classification", self._class),
            "public_view": self._enum("public_view", PublicView, PublicView.NONE),
            "access_contract": self._flag("access_contract"),
            "note": self._text("note"),
        }
        return None if self.errors else Rule(**values)

    def _text(self, column: str, *, needed: bool = False) -> str:
        value = self.row.get(column)
        if isinstance(value, (Mapping, list)):
            self._wrong(column, "ska vara text", "must be text")
            return ""
        text = "" if value is None else unicodedata.normalize("NFC", str(value)).strip()
        if needed and not text:
            self._wrong(column, "saknas", "is missing")
        return text

    def _enum(self, column: str, kind: type[E], default: E | None = None) -> E | None:
        return self._member(column, self.row.get(column), kind, default)

    def _member(self, column: str, value: Any, kind: type[E], default: E | None = None) -> E | None:
        if value in (None, "") and default is not None:
            return default
        try:
            return kind(value)
        except ValueError:
            allowed = ", ".join(member.value for member in kind)
            self._wrong(column, f"{value!r} går inte; välj {allowed}",
                        f"{value!r} will not do; expected {allowed}")  # fmt: skip
            return None

    def _flag(self, column: str) -> bool:
        value = self.row.get(column)
        if value is not None and not isinstance(value, bool):
            self._wrong(column, f"{value!r} är varken sant eller falskt; skriv true eller false",
                        f"{value!r} is neither true nor false")  # fmt: skip
        return value is True

    def _date(self, column: str) -> date | None:
        value = self.row.get(column)
        try:
            return _day(value)
        except (ValueError, TypeError):
            self._wrong(column, f"{value!r} är inget datum; skriv 2019-01-01",
                        f"{value!r} is no date; write 2019-01-01")  # fmt: skip
            return None

    def _part(self, column: str, read: Callable[[Mapping[str, Any]], Any]) -> Any:
        value = self.row.get(column)
        if value in (None, ""):
            return None
        if not isinstance(value, Mapping):
            self._wrong(column, "har fel form", "has the wrong form")
            return None
        return read(value)

    def _retention(self, cell: Mapping[str, Any]) -> Retention | None:
        mode = self._member("retention", cell.get("mode"), RetentionMode)
        trigger = self._member("retention", cell.get("trigger"), Trigger)
        value = cell.get("value")
        if mode is RetentionMode.AFTER_PERIOD and (type(value) is not int or value < 0):
            self._wrong("retention", f"fristen {value!r} är inget helt tal från 0",
                        f"the period {value!r} is no whole number from 0")  # fmt: skip
        if mode is None or trigger is None:
            return None
        unit, rounding = cell.get("unit"), cell.get("rounding")
        return Retention(
            mode=mode,
            trigger=trigger,
            value=value,
            unit=self._member("retention", unit, PeriodUnit) if unit else None,
            rounding=self._member("retention", rounding, Rounding) if rounding else None,
        )

    def _secrecy(self) -> tuple[Secrecy, ...]:
        cells = self.row.get("secrecy") or []
        if not isinstance(cells, Sequence) or isinstance(cells, str):
            self._wrong("secrecy", "har fel form", "has the wrong form")
            return ()
        found = []
        for cell in cells:
            if not isinstance(cell, Mapping) or not cell.get("rule"):
                self._wrong("secrecy", "bestämmelsen saknas", "the provision is missing")
                continue
            phase = self._member("secrecy", cell.get("phase"), Phase, Phase.ALWAYS)
            if phase is not None:
                found.append(Secrecy(str(cell["rule"]), phase, str(cell.get("note") or "")))
        return tuple(found)

    def _delivery(self, cell: Mapping[str, Any]) -> Delivery | None:
        years, trigger = cell.get("after_years"), cell.get("trigger")
        if type(years) is not int or years < 0:
            self._wrong(
                "delivery", f"{years!r} är inget antal år", f"{years!r} is no number of years"
            )
            return None
        known = self._member("delivery", trigger, Trigger) if trigger else None
        return Delivery(str(cell.get("to") or ""), years, known)

    def _class(self, cell: Mapping[str, Any]) -> SecurityClass | None:
        try:
            level = SecurityClass(int(cell["K"]), int(cell["R"]), int(cell["T"]))
            if level.k > 3:
                raise ValueError(level)
        except (KeyError, TypeError, ValueError):
            self._wrong("classification", "K, R och T ska vara 0-3", "K, R and T must be 0-3")
            return None
        return level

    def _wrong(self, column: str, text_sv: str, text_en: str) -> None:
        code = str(self.row.get("row_id") or "")
        self.errors.append(CellError(self.number, code, column, text_sv, text_en))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(value: Any) -> date | None:
    return None if value in (None, "") else date.fromisoformat(value)
