"""A decided plan in plain words: for each record type what happens to it, and why. Pure.

Reads the canonical document of `ihp.exchange`; decides nothing. Begin at `processes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from archive.pages import language
from ihp.terms import Trigger

_EVENTS_EN: dict[str, str] = {
    "created": "the record was made",
    "received": "the record was received",
    "case_closed": "the case is closed",
    "fiscal_year_end": "the end of the financial year",
    "employment_end": "the employment ends",
    "position_filled": "the position is filled",
    "contract_end": "the contract ends",
    "award": "the award decision",
    "superseded": "a new version replaces it",
    "account_closed": "the account is closed",
    "system_decommissioned": "the system is shut down",
    "course_end": "the course ends",
    "delivered": "the delivery is acknowledged",
    "warranty_end": "the warranty ends",
    "no_longer_needed": "it is no longer needed",
    "advertised": "the tender is advertised",
    "contract_concluded": "the contract is concluded",
    "business_ended": "the business relation ends",
}
_VIEWS: dict[str, Any] = {
    "none": lazy_gettext("Visas inte på webben"),
    "metadata": lazy_gettext("Beskrivningen visas på webben"),
    "full": lazy_gettext("Visas på webben"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A record type and its fate, as sentences."""

    code: str
    record_type: str
    is_preserved: bool
    fate: str
    ground: str
    secrecy: str
    view: str
    note: str


@dataclass(frozen=True, slots=True)
class Process:
    """A process of the unit's work and the record types that come of it."""

    code: str
    name: str
    rows: list[Row]


def processes(document: Mapping[str, Any]) -> list[Process]:
    """Return the plan's rows as sentences, gathered by process in the plan's own order."""
    found: dict[str, Process] = {}
    for form in document.get("rows", []):
        code = form.get("process_code") or ""
        process = found.setdefault(code, Process(code, form.get("process_name") or "", []))
        process.rows.append(_row(form))
    return list(found.values())


def _row(form: Mapping[str, Any]) -> Row:
    return Row(
        code=form["row_id"],
        record_type=form["handlingstyp"],
        is_preserved=form["disposition"] == "bevaras",
        fate=_fate(form),
        ground=form.get("gallring_basis") or "",
        secrecy=", ".join(each["rule"] for each in form.get("secrecy") or []),
        view=str(_VIEWS.get(form.get("public_view") or "none", "")),
        note=form.get("note") or "",
    )


def _fate(form: Mapping[str, Any]) -> str:
    if form["disposition"] == "bevaras":
        return str(_("Bevaras för alltid"))
    retention = form.get("retention") or {}
    if retention.get("mode") == "vid_inaktualitet" or not retention.get("value"):
        return str(_("Gallras när den inte längre behövs"))
    count = int(retention["value"])
    if retention.get("unit") == "month":
        span = ngettext("%(num)s månad", "%(num)s månader", count)
    else:
        span = ngettext("%(num)s år", "%(num)s år", count)
    event = _event(retention.get("trigger"))
    return str(_("Gallras %(span)s efter: %(event)s", span=span, event=event))


def _event(trigger: str | None) -> str:
    if trigger is None:
        return ""
    if language() == "en":
        return _EVENTS_EN.get(trigger, trigger)
    return Trigger(trigger).sv if trigger in set(Trigger) else trigger
