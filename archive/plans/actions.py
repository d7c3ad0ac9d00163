"""Change the plans: draft, consult, decide. A decided version never changes again.

What a decision does to the holdings is a job of `archive.oversight`, at the day it enters into
force. Begin at `draft` and `decide`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.models import OrgUnit
from archive.accounts.permissions import Permission, Viewer
from archive.audit import actions as audit
from archive.audit.actions import Acting
from archive.errors import Conflict, Invalid, Refused
from archive.jobs import actions as jobs
from archive.plans import queries
from archive.plans.models import PlanRow, PlanVersion
from ihp import check, exchange, lifecycle
from ihp.lifecycle import State
from ihp.plan import Plan, Rule


def draft(
    session: Session,
    unit: OrgUnit,
    rows: Sequence[Mapping[str, Any]],
    *,
    title: str,
    authority: str,
    actor: Acting,
) -> PlanVersion:
    """Store rows as a new draft version of a unit's plan.

    :raises Invalid: naming every row and column that cannot be read; nothing is stored.
    """
    rules, errors = exchange.read_rows(rows)
    if errors:
        raise Invalid(
            "; ".join(f"row {e.row} {e.code} {e.column}: {e.text_en}" for e in errors[:50]),
            sv="; ".join(f"rad {e.row} {e.code} {e.column}: {e.text_sv}" for e in errors[:50]),
        )
    last = select(func.max(PlanVersion.number)).where(PlanVersion.unit_id == unit.id)
    number = (session.scalar(last) or 0) + 1
    plan = Plan(unit=unit.code, number=number, title=title, authority=authority, rules=rules)
    version = PlanVersion(
        unit_id=unit.id,
        number=number,
        state=State.DRAFT,
        title=title,
        authority=authority,
        drafted_by=actor.actor_id,
        drafted_at=clock.now(),
        document=exchange.to_document(plan),
    )
    session.add(version)
    session.flush()
    session.add_all(_row(version, position, rule) for position, rule in enumerate(rules))
    audit.record(session, "plan.draft", subject_of(version), actor=actor, unit=unit.code)
    return version


def _row(version: PlanVersion, position: int, rule: Rule) -> PlanRow:
    return PlanRow(
        plan_id=version.id,
        position=position,
        code=rule.code,
        process_code=rule.process_code,
        record_type=rule.record_type,
        disposition=rule.disposition.value,
    )


def consult(session: Session, version: PlanVersion, *, actor: Acting) -> None:
    """Send a draft to consultation with the archive (samråd)."""
    _move(session, version, State.CONSULTATION, actor=actor)
    version.consulted_at = clock.now()


def decide(
    session: Session,
    version: PlanVersion,
    *,
    dnr: str,
    in_force_from: date,
    viewer: Viewer,
) -> None:
    """Decide a plan: from now on nobody changes it, and its digest proves it.

    :raises Refused: to the person who drafted it, or without the power to decide.
    :raises Invalid: if the plan has errors, or would enter into force before today.
    :raises Conflict: if it is not in consultation, or another version holds from that day on.
    """
    viewer.demand(Permission.PLANS_DECIDE, version.unit_id)
    plan = queries.as_plan(version)
    _demand_sound(plan)
    if not dnr.strip():
        raise Invalid("a decision needs its registry number (dnr)")
    _demand_order(session, version, in_force_from)
    _move(session, version, State.DECIDED, actor=viewer)
    plan = replace(plan, in_force_from=in_force_from)
    version.dnr, version.decided_on, version.decided_by = dnr, clock.today(), viewer.actor_id
    version.in_force_from = in_force_from
    version.document = exchange.to_document(plan)
    version.digest = exchange.digest(plan)
    audit.record(
        session,
        "plan.decide",
        subject_of(version),
        actor=viewer,
        dnr=dnr,
        digest=version.digest,
        in_force_from=in_force_from.isoformat(),
    )
    jobs.enqueue(session, "oversight.enter", lock_key=f"plan:{version.unit_id}", plan=version.id)


def subject_of(version: PlanVersion) -> str:
    """Return the name under which the audit knows a plan version."""
    return f"plan:{version.unit_id}:{version.number}"


def _demand_sound(plan: Plan) -> None:
    errors = [finding for finding in check.check(plan) if finding.is_error]
    if errors:
        raise Invalid(
            "; ".join(f"{e.row} {e.column}: {e.text_en}" for e in errors[:50]),
            sv="; ".join(f"{e.row} {e.column}: {e.text_sv}" for e in errors[:50]),
        )


def _demand_order(session: Session, version: PlanVersion, in_force_from: date) -> None:
    if in_force_from < clock.today():
        raise Invalid(f"a plan cannot enter into force in the past: {in_force_from}")
    later = session.scalars(
        select(PlanVersion.number).where(
            PlanVersion.unit_id == version.unit_id,
            PlanVersion.id != version.id,
            PlanVersion.state.in_((State.DECIDED, State.IN_FORCE)),
            PlanVersion.in_force_from >= in_force_from,
        )
    ).first()
    if later is not None:
        raise Conflict(f"version {later} already holds from {in_force_from} or later")


def _move(session: Session, version: PlanVersion, to: State, *, actor: Acting) -> None:
    problem = lifecycle.refusal(
        State(version.state), to, drafter=version.drafted_by, actor=actor.actor_id
    )
    if problem is not None:
        error = Refused if to is State.DECIDED and version.state == State.CONSULTATION else Conflict
        raise error(problem.text_en, sv=problem.text_sv)
    version.state = to
    audit.record(session, f"plan.{to.value}", subject_of(version), actor=actor)
