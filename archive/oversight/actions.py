"""Let a decided plan enter into force: close first what became tighter, then ask again of all.

Closing happens before the change commits; opening is a job after it (rule 9). Begin at `enter`.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.models import OrgUnit
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.edition import actions as edition
from archive.edition.models import PublicPlan
from archive.holdings.models import Description, Publication
from archive.plans import queries
from archive.plans.actions import subject_of
from archive.plans.models import PlanVersion
from ihp.diff import compare
from ihp.lifecycle import State


def enter(session: Session, version: PlanVersion) -> list[int]:
    """Put a decided version in force; return the ids of the records to decide anew.

    Published records of classes that became tighter leave the edition before this commits.
    """
    previous = session.scalars(
        select(PlanVersion).where(
            PlanVersion.unit_id == version.unit_id, PlanVersion.state == State.IN_FORCE
        )
    ).first()
    old = queries.as_plan(previous) if previous else None
    tighter = compare(old, queries.as_plan(version)).tighter
    governed = select(Description).where(Description.plan_unit_id == version.unit_id)
    closing = session.scalars(
        governed.where(
            Description.rule_code.in_(tighter), Description.publication != Publication.NONE
        )
    ).all()
    edition.withdraw_now([record.pid for record in closing])
    if previous is not None and version.in_force_from is not None:
        previous.state = State.SUPERSEDED
        previous.in_force_to = version.in_force_from - timedelta(days=1)
    version.state = State.IN_FORCE
    audit.record(
        session, "plan.in_force", subject_of(version), actor=SYSTEM, withdrawn=len(closing)
    )
    ids = governed.with_only_columns(Description.id).order_by(Description.id)
    return list(session.scalars(ids))


def public_form(version: PlanVersion, unit: OrgUnit) -> PublicPlan:
    """Return a decided version as everyone may read it."""
    return PublicPlan(
        unit_code=unit.code,
        unit_name=unit.name,
        version=f"{unit.code} v{version.number}",
        title=version.title,
        document=version.document,
        in_force_from=version.in_force_from or clock.today(),
        in_force_to=version.in_force_to,
        decided_on=version.decided_on,
        dnr=version.dnr,
        digest=version.digest,
    )
