"""The demo's agreements show both: a delivery that has come as agreed, and one that is late."""

from __future__ import annotations

from archive import clock, db
from archive.config import Config
from ingest.agreements import queries
from ingest.demo import agreed
from ingest.demo.deliveries import deliveries
from tests import factories


def test_one_delivery_is_late_and_one_is_not(city: Config) -> None:
    with db.archive.transaction() as session:
        agreed.draw_up(session, clock.today(), viewer=factories.viewer("archivist"))
    with db.archive.reading() as session:
        late = {s.agreement.unit.code: s.is_overdue for s in queries.standings(session, None)}
    assert late == {"HR": True, "EK": False}


def test_a_delivery_names_its_agreement_and_most_name_none() -> None:
    named = {d.unit: agreed.number_for(d.label) for d in deliveries() if agreed.number_for(d.label)}
    assert named == {"EK": "ÖK 2021-4"}
