"""Jobs of the oversight: entry into force, and the nightly question whether answers still hold."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from sqlalchemy import delete, select

from archive import clock, db
from archive.accounts.models import OrgUnit
from archive.config import Config
from archive.edition.models import PublicPlan
from archive.holdings import access
from archive.jobs import actions as jobs
from archive.jobs import periodic, worker
from archive.jobs.worker import Running
from archive.oversight import actions
from archive.plans.models import PlanVersion
from ihp.lifecycle import State


def install(config: Config) -> None:
    """Register the handlers and what recurs."""
    worker.handler("oversight.enter")(enter_step)
    worker.handler("oversight.redecide")(redecide_step)
    worker.handler("oversight.publish_plans")(publish_plans_step)
    periodic.every(timedelta(hours=1), "oversight.redecide")


def enter_step(running: Running) -> None:
    """Put a decided plan in force on its day; earlier than that, come back then."""
    with db.archive.transaction() as session:
        version = session.get_one(PlanVersion, running.args["plan"])
        starts = version.in_force_from or clock.today()
        if version.state != State.DECIDED:
            running.finish(session)
            return
        if starts > clock.today():
            midnight = datetime.combine(starts, time(), clock.STOCKHOLM)
            jobs.enqueue(session, running.name, run_after=midnight, plan=version.id)
            running.finish(session)
            return
        ids = actions.enter(session, version)
        jobs.enqueue(session, "oversight.publish_plans", once=True, lock_key="publish_plans")
        running.finish(session)
    _redecide(ids)


def redecide_step(running: Running) -> None:
    """Ask again of every record whose answer may have changed with the days."""
    while True:
        with db.archive.transaction() as session:
            due = access.due(session, clock.today())
            if not due:
                running.finish(session)
                return
            access.refresh(session, due)


def publish_plans_step(running: Running) -> None:
    """Show every decided plan, with its history, to everyone."""
    with db.archive.reading() as session:
        decided = session.execute(
            select(PlanVersion, OrgUnit)
            .join(OrgUnit, OrgUnit.id == PlanVersion.unit_id)
            .where(PlanVersion.state.in_((State.IN_FORCE, State.SUPERSEDED)))
        ).all()
        forms = [actions.public_form(version, unit) for version, unit in decided]
    with db.edition.transaction() as session:
        session.execute(delete(PublicPlan))
        session.add_all(forms)


def _redecide(ids: list[int]) -> None:
    for start in range(0, len(ids), 500):
        with db.archive.transaction() as session:
            access.refresh_ids(session, ids[start : start + 500])
