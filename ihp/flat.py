"""Rows of a plan as they stand in a spreadsheet, into the columns of the exchange format.

A heading that is not known is refused: a misspelt "sekretess" must not open anything. What cannot
be read is passed on as written, and `exchange` tells it with row and column. Begin at `columns_of`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ihp.terms import PeriodUnit, RetentionMode, Rounding, Trigger

# column of the exchange (a dot steps into a cell) -> what else it may be called
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "row_id": ("beteckning", "rad"),
    "process_code": ("klassificeringskod", "processkod"),
    "process_name": ("process",),
    "handlingstyp": ("record type",),
    "disposition": ("bevaras/gallras", "bevaras eller gallras"),
    "retention.value": ("gallringsfrist", "frist", "retention"),
    "retention.unit": ("fristens enhet",),
    "retention.trigger": ("frist räknas från", "händelse", "trigger"),
    "retention.mode": (),
    "retention.rounding": (),
    "gallring_basis": ("hänvisning till föreskrift", "stöd för gallring", "föreskrift"),
    "applies_to_records_from": ("gäller handlingar från",),
    "applies_to_records_to": ("gäller handlingar till",),
    "registration": ("registrering",),
    "secrecy": ("sekretess",),
    "personal_data": ("personuppgifter",),
    "contains_personal_identity_number": ("personnummer",),
    "medium": (),
    "preservation_format": ("bevarandeformat", "format"),
    "system": (),
    "storage": ("förvaring",),
    "sorting": ("sortering",),
    "delivery.to": ("levereras till", "leverans"),
    "delivery.after_years": ("levereras efter år",),
    "delivery.trigger": ("leverans räknas från",),
    "classification.K": ("k",),
    "classification.R": ("r",),
    "classification.T": ("t",),
    "public_view": ("publik visning",),
    "access_contract": ("avtal om tillgång", "avtal"),
    "note": ("anmärkning",),
    "unit": ("enhet",),
}
_BY_HEADING = {
    name.casefold(): column for column, others in _HEADINGS.items() for name in (column, *others)
}
_FLAGS = frozenset({"contains_personal_identity_number", "access_contract"})
_NUMBERS = frozenset(
    {"retention.value", "delivery.after_years", "classification.K", "classification.R"}
    | {"classification.T"}
)
_TRIGGERS = {trigger.sv.casefold(): trigger.value for trigger in Trigger}
_OBSOLETE = "vid inaktualitet"
_PROVISION = re.compile(r"\s*([^\s(]+)\s*(?:\((.*)\))?\s*")


def columns_of(headings: Sequence[str]) -> list[str]:
    """Return the column of the exchange for each heading; "" for one that is empty.

    :raises ValueError: naming every heading that is not known, or stands twice.
    """
    columns = [_BY_HEADING.get(heading.strip().casefold(), "") for heading in headings]
    pairs = list(zip(headings, columns, strict=True))
    unknown = [heading for heading, column in pairs if heading.strip() and not column]
    twice = [h for n, (h, column) in enumerate(pairs) if column and column in columns[:n]]
    if unknown or twice:
        said = ", ".join(repr(heading) for heading in (*unknown, *twice))
        raise ValueError(f"unknown or repeated columns: {said}")
    if "row_id" not in columns:
        raise ValueError("there is no column row_id (beteckning)")
    return columns


def row_of(columns: Sequence[str], cells: Sequence[str]) -> dict[str, Any]:
    """Return a row in the columns of the exchange format, its cells nested and typed."""
    row: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=False):
        if not column or not cell.strip():
            continue
        outer, _, inner = column.partition(".")
        if inner:
            row.setdefault(outer, {})[inner] = _value(column, cell.strip())
        else:
            row[outer] = _value(column, cell.strip())
    if "retention" in row:
        row["retention"] = _retention(row["retention"])
    return row


def _value(column: str, cell: str) -> Any:
    if column in _NUMBERS:
        return int(cell) if cell.isdecimal() else cell
    if column in _FLAGS:
        return {"ja": True, "true": True, "nej": False, "false": False}.get(cell.casefold(), cell)
    if column.endswith(".trigger"):
        return _TRIGGERS.get(cell.casefold(), cell)
    if column == "secrecy":
        return [_provision(part) for part in cell.split(";") if part.strip()]
    return cell


def _provision(part: str) -> dict[str, str]:
    """Return "OSL-19-3 (till tilldelningsbeslut)" as provision and phase."""
    found = _PROVISION.fullmatch(part)
    if found is None:
        return {"rule": part.strip()}
    return {"rule": found[1]} | ({"phase": found[2].strip()} if found[2] else {})


def _retention(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return a period with what a list leaves unsaid: whole years, from the turn of the year."""
    if str(cell.get("value", "")).casefold() == _OBSOLETE:
        rest = {name: value for name, value in cell.items() if name != "value"}
        return {
            "mode": RetentionMode.WHEN_OBSOLETE.value,
            "trigger": Trigger.NO_LONGER_NEEDED.value,
            **rest,
        }
    unit = cell.get("unit", PeriodUnit.YEAR.value)
    is_years = unit == PeriodUnit.YEAR.value
    rounding = Rounding.END_OF_CALENDAR_YEAR if is_years else Rounding.EXACT
    return {
        "mode": RetentionMode.AFTER_PERIOD.value,
        "unit": unit,
        "rounding": rounding.value,
        **cell,
    }
