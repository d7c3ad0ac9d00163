"""What an FGS package claims of the whole: it may close and seed, and never overrules a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import db
from archive.config import Config
from archive.holdings.models import Description, Mark
from archive.jobs import worker
from ihp.plan import Plan, Rule
from ihp.security import SecurityClass
from ihp.terms import Disposition
from ingest import build, claims, pipeline, queries, read
from ingest.build import Kind
from ingest.models import State, Transfer
from ingest.package import Restriction
from tests import factories


def delivery(folder: Path, *attributes: str) -> Path:
    """Build an FGS package of one record without a row, with attributes on its METS; pack it."""
    what = factories.spec(factories.minutes(record_type=None))
    root = build.build(Kind.FGS, what, folder / "fgs")
    (path,) = root.rglob("sip.xml")
    added = " ".join(f"ext:{attribute}" for attribute in attributes)
    text = path.read_text("utf-8").replace(" OBJID=", f" {added} OBJID=", 1)
    path.write_text(text, "utf-8")
    return build.pack_zip(root, folder / "fgs.zip")


def record() -> Description:
    """Return the record that came in."""
    return factories.record("SE/LSA/T1/A1:1")


def test_a_row_named_by_the_package_is_taken_where_nobody_says_another(
    city: Config, tmp_path: Path
) -> None:
    path = delivery(tmp_path, 'ARCHIVALRECORDTYPE="HA-A"')
    assert factories.take_in(city, path).state == "accessioned"
    assert record().rule_code == "HA-A"


def test_a_persons_row_goes_before_the_packages(city: Config, tmp_path: Path) -> None:
    path = delivery(tmp_path, 'ARCHIVALRECORDTYPE="HA-A"')
    factories.take_in(city, path, record_type="HA-F-BV")
    assert record().rule_code == "HA-F-BV"


def test_a_name_that_is_no_row_of_the_plan_is_no_row(city: Config, tmp_path: Path) -> None:
    path = delivery(tmp_path, 'ARCHIVALRECORDTYPE="Protokoll från rådhuset"')
    assert factories.take_in(city, path).state == State.REVIEW


def test_a_package_that_claims_secrecy_comes_in_closed_and_a_person_may_open_it(
    city: Config, tmp_path: Path
) -> None:
    path = delivery(tmp_path, 'ACCESSRESTRICT="Secrecy"')
    transfer = factories.take_in(city, path, record_type="HA-A")
    with db.archive.reading() as session:
        (mark,) = session.scalars(select(Mark))
        told = {f.code for f in queries.findings(session, transfer, "sv")}
    assert (mark.clause, mark.description_id) == (claims.UNNAMED, record().id)
    assert record().access == "deny" and "GATE-MARK" in told


def test_a_mark_that_the_delivery_brought_is_lifted_with_a_reason(
    login: Callable[[str], FlaskClient], city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, delivery(tmp_path, 'ACCESSRESTRICT="Secrecy"'), record_type="HA-A")
    with db.archive.reading() as session:
        mark = session.scalars(select(Mark)).one()
    client, pid = login("archivist"), record().pid
    assert "uppgiven i leveransen" in client.get(f"/desk/holdings/{pid}").get_data(as_text=True)
    address = f"/desk/holdings/{pid}/marks/{mark.id}/lift"
    assert client.post(address, data={"reason": ""}).status_code == 422
    assert record().access == "deny"
    client.post(address, data={"reason": "Prövad: inget hindrar."})
    assert record().access == "allow"


def test_a_claimed_class_counts_where_it_is_stricter(city: Config, tmp_path: Path) -> None:
    path = delivery(tmp_path, 'INFORMATIONCLASS="K2R1T3"')
    factories.take_in(city, path, record_type="HA-A")
    found = record()
    assert (found.k, found.t, found.class_scale) == (2, 3, "KLASSA 0-3")


def test_a_claimed_fate_that_the_row_does_not_share_is_told_and_the_row_holds(
    city: Config, tmp_path: Path
) -> None:
    path = delivery(tmp_path, 'APPRAISAL="Yes"')
    transfer = factories.take_in(city, path, record_type="HA-A")
    with db.archive.reading() as session:
        found = {f.code: f for f in queries.findings(session, transfer, "en")}
    assert transfer.state == "accessioned" and "HA-A" in found["GATE-APPRAISAL"].message


@pytest.mark.parametrize("said, kinds", [
    ("Secrecy", ["secrecy"]),
    ("PuL", ["privacy"]),
    ("GDPR", ["privacy"]),
    ("Secrecy and PuL", ["secrecy", "privacy"]),
    ("Något annat", ["secrecy"]),
])  # fmt: skip
def test_every_word_on_access_closes(tmp_path: Path, said: str, kinds: list[str]) -> None:
    found = read.examine(delivery(tmp_path, f'ACCESSRESTRICT="{said}"')).package
    assert found is not None
    assert [r.kind for r in found.restrictions] == kinds


@pytest.mark.parametrize("row, claimed, found", [
    (SecurityClass(1, 2, 1), "K2R1T1", SecurityClass(2, 2, 1)),
    (SecurityClass(2, 2, 2), "K0R0T0", None),  # a claim never opens
    (None, "K0R1T1", None),
    (None, "K1 R1 T1", SecurityClass(1, 1, 1)),
    (None, "hemlig", None),
])  # fmt: skip
def test_a_claimed_class_never_opens(
    row: SecurityClass | None, claimed: str, found: SecurityClass | None
) -> None:
    rule = Rule("A", "1", "p", "t", Disposition.PRESERVE, security_class=row)
    assert claims.class_of([Restriction("information_class", claimed)], rule) == found


def test_rows_that_agree_with_the_claimed_fate_are_suggested_first() -> None:
    kept = Rule("A", "1.2", "p", "Protokoll", Disposition.PRESERVE)
    gone = Rule("B", "1.2", "p", "Kopior", Disposition.DISPOSE)
    plan = Plan("HA", 1, "t", "n", (kept, gone))
    said = (Restriction("classification", "1.2"), Restriction("appraisal", "gallras, 2 år"))
    assert claims.rows_for(said, plan) == (gone, kept)
    assert claims.rows_for(said[:1], plan) == (kept, gone)


def test_a_row_assigned_in_the_inbox_goes_before_the_packages(city: Config, tmp_path: Path) -> None:
    path = delivery(tmp_path, 'ARCHIVALRECORDTYPE="Något"', 'APPRAISAL="Yes"')
    transfer = factories.take_in(city, path)
    with db.archive.transaction() as session:
        waiting = session.get_one(Transfer, transfer.id)
        viewer = factories.viewer("archivist")
        pipeline.assign(
            session, waiting, unit_code="HA", record_type="HA-A", reason="protokoll", viewer=viewer
        )
    worker.run_until_idle()
    assert record().rule_code == "HA-A"
