"""Write, change and end agreements. Every change is audited; nothing here commits."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.errors import Conflict, Invalid
from archive.plans import queries as plans
from ingest.agreements import queries
from ingest.agreements.models import Agreement


@dataclass(frozen=True, slots=True)
class Terms:
    """What is agreed on, as a person wrote it. Days are calendar days in Sweden."""

    number: str
    title: str
    unit_id: int
    valid_from: date
    valid_to: date | None = None
    contact: str | None = None
    rows: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    checksum: str | None = None
    first_due: date | None = None
    every_months: int | None = None
    needs_test: bool = False


def draw_up(session: Session, terms: Terms, *, viewer: Viewer) -> Agreement:
    """Add an agreement and return it.

    :raises Invalid: if its terms contradict each other or the unit's plan; all faults are told.
    :raises Conflict: if the number is taken.
    """
    viewer.demand(Permission.AGREEMENTS_KEEP, terms.unit_id)
    if queries.by_number(session, terms.number) is not None:
        raise Conflict(f"there is already an agreement {terms.number}")
    _require_sound(session, terms)
    agreement = Agreement(number=terms.number, created_at=clock.now(), updated_at=clock.now())
    _write(agreement, terms)
    session.add(agreement)
    session.flush()
    audit.record(session, "agreement.draw_up", _subject(agreement), actor=viewer)
    return agreement


def change(session: Session, agreement: Agreement, terms: Terms, *, viewer: Viewer) -> None:
    """Change the terms of an agreement; its number and unit stay what deliveries know it by.

    :raises Invalid: as `draw_up`, and if the number or the unit is another.
    """
    viewer.demand(Permission.AGREEMENTS_KEEP, agreement.unit_id)
    if (terms.number, terms.unit_id) != (agreement.number, agreement.unit_id):
        raise Invalid("the number and the unit of an agreement do not change; draw up a new one")
    _require_sound(session, terms)
    before = _as_terms(agreement)
    _write(agreement, terms)
    agreement.updated_at = clock.now()
    changed = [f.name for f in fields(Terms) if getattr(before, f.name) != getattr(terms, f.name)]
    if changed:
        audit.record(session, "agreement.change", _subject(agreement), actor=viewer, fields=changed)


def approve_test(session: Session, agreement: Agreement, *, viewer: Viewer) -> None:
    """Say that a test delivery was good: from now on deliveries need not wait for that.

    :raises Conflict: if no test is asked for, or it was approved before.
    """
    viewer.demand(Permission.AGREEMENTS_KEEP, agreement.unit_id)
    if not agreement.needs_test or agreement.tested_on is not None:
        raise Conflict(f"agreement {agreement.number} does not wait for a test delivery")
    agreement.tested_on = clock.today()
    agreement.updated_at = clock.now()
    audit.record(session, "agreement.approve_test", _subject(agreement), actor=viewer)


def _subject(agreement: Agreement) -> str:
    return f"agreement:{agreement.number}"


def _as_terms(agreement: Agreement) -> Terms:
    values: dict[str, Any] = {f.name: getattr(agreement, f.name) for f in fields(Terms)}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return Terms(**(values | lists))


def _write(agreement: Agreement, terms: Terms) -> None:
    for field in fields(Terms):
        value = getattr(terms, field.name)
        setattr(agreement, field.name, list(value) if isinstance(value, tuple) else value)


def _require_sound(session: Session, terms: Terms) -> None:
    faults = []
    if terms.valid_to is not None and terms.valid_to < terms.valid_from:
        faults.append("it ends before it begins")
    if terms.every_months is not None and terms.first_due is None:
        faults.append("say when the first delivery is due")
    if terms.every_months is not None and not 1 <= terms.every_months <= 600:
        faults.append("deliveries come every 1 to 600 months")
    if terms.first_due is not None and terms.first_due < terms.valid_from:
        faults.append("the first delivery is due before the agreement begins")
    found = plans.in_force(session, terms.unit_id, clock.today())
    known = {rule.code for rule in found.plan.rules} if found else set()
    missing = [row for row in terms.rows if row not in known]
    if missing:
        faults.append(f"the unit's plan has no row {', '.join(missing)}")
    if faults:
        raise Invalid("; ".join(faults))
