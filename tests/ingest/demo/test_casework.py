"""The demo's cases look as on a working day: one waits for its first answer, none is late."""

from __future__ import annotations

from sqlalchemy import select

from archive import db
from archive.cases import queries
from archive.cases.models import Case, State
from archive.config import Config
from ingest.demo import casework


def test_no_demo_case_is_overdue_on_the_day_the_city_is_built(city: Config) -> None:
    casework.play(city.institution)
    with db.archive.reading() as session:
        opened, _due, overdue = queries.counts(session)
        cases = session.scalars(select(Case).order_by(Case.case_no)).all()
    assert overdue == 0
    assert opened == sum(case.closed_at is None for case in cases) > 0
    assert {State.RECEIVED, State.TESTING} <= {case.state for case in cases}
    assert [case.received_at for case in cases] == sorted(case.received_at for case in cases)
