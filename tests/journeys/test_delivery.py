"""A delivery's way: every kind comes in, what is unknown waits, what is damaged is turned away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from archive import db
from archive.audit import queries as audits
from archive.config import Config
from archive.errors import Conflict, Invalid
from archive.holdings.models import Aip, Description, File
from archive.jobs import worker
from archive.storage.store import open_store
from ingest import pipeline, queries
from ingest.build import BuildFile, Kind
from ingest.findings import Severity
from ingest.models import State, Transfer, TransferFinding
from tests import factories


def _codes(transfer: Transfer) -> set[str]:
    with db.archive.reading() as session:
        return {row.code for row in session.scalars(pipeline.findings_of(transfer))}


def _counts() -> tuple[int, ...]:
    with db.archive.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(table)) or 0
            for table in (Description, File, Aip)
        )


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_of_package_comes_in_whole(city: Config, tmp_path: Path, kind: Kind) -> None:
    path = factories.package(tmp_path, factories.spec(factories.minutes()), kind)
    transfer = factories.take_in(city, path)
    assert transfer.state == State.ACCESSIONED
    record = factories.record("SE/LSA/T1/A1:1")
    assert (record.title, record.rule_code) == ("Rådstuguprotokoll 1634", "HA-A")
    assert record.date_min is not None and record.date_min.isoformat() == "1634-05-12"
    with db.archive.reading() as session:
        file = session.scalars(select(File).where(File.description_id == record.id)).one()
        aip = session.get_one(Aip, file.aip_id)
        assert not list(audits.verify(session))
    store = open_store(city)
    assert store.open(aip.object_id, file.logical_path).read() == factories.picture(note=b"akt")
    assert store.check(aip.object_id, aip.inventory_digest) == []


def test_an_unknown_record_type_waits_until_a_person_names_it_with_a_reason(
    city: Config, tmp_path: Path
) -> None:
    unknown = factories.minutes(record_type=None)
    transfer = factories.take_in(city, factories.package(tmp_path, factories.spec(unknown)))
    assert transfer.state == State.REVIEW
    assert "GATE-RECORD-TYPE" in _codes(transfer)
    assert _counts() == (0, 0, 0)
    archivist = factories.viewer("archivist")
    with pytest.raises(Invalid), db.archive.transaction() as session:
        waiting = queries.by_pid(session, transfer.pid)
        pipeline.assign(
            session, waiting, unit_code="HA", record_type="HA-A", reason=" ", viewer=archivist
        )
    with db.archive.transaction() as session:
        waiting = queries.by_pid(session, transfer.pid)
        pipeline.assign(
            session, waiting, unit_code="HA", record_type="HA-A", reason="serie A", viewer=archivist
        )
    worker.run_until_idle()
    assert factories.record("SE/LSA/T1/A1:1").rule_code == "HA-A"


def test_a_row_that_is_not_in_the_plan_lets_nothing_in_with_whatever_reason(
    city: Config, tmp_path: Path
) -> None:
    invented = factories.minutes(record_type="HA-FINNSINTE")
    transfer = factories.take_in(city, factories.package(tmp_path, factories.spec(invented)))
    assert transfer.state == State.REVIEW and "GATE-ROW" in _codes(transfer)
    with pytest.raises(Conflict), db.archive.transaction() as session:
        waiting = queries.by_pid(session, transfer.pid)
        pipeline.accept(session, waiting, reason="ändå", viewer=factories.viewer("archivist"))


def test_a_changed_byte_turns_the_delivery_away_and_changes_nothing_else(
    city: Config, tmp_path: Path
) -> None:
    whole = factories.package(tmp_path, factories.spec(factories.minutes()), Kind.BAG)
    raw = whole.read_bytes()
    damaged = tmp_path / "damaged.zip"
    good = factories.picture(note=b"akt")
    bad = good[:-3] + bytes([good[-3] ^ 1]) + good[-2:]
    damaged.write_bytes(raw.replace(good, bad))
    assert damaged.read_bytes() != raw
    transfer = factories.take_in(city, damaged)
    assert transfer.state == State.REJECTED
    assert _counts() == (0, 0, 0)
    assert {"UNPACK-BROKEN", "FILE-DIGEST"} & _codes(transfer)
    assert (city.quarantine / transfer.sha512[:32] / "delivery").exists()


def test_the_same_bytes_twice_are_one_delivery(city: Config, tmp_path: Path) -> None:
    path = factories.package(tmp_path, factories.spec(factories.minutes()))
    first, second = factories.take_in(city, path), factories.take_in(city, path)
    assert first.pid == second.pid
    assert _counts() == (3, 1, 1)


def test_a_reference_code_is_never_used_again(city: Config, tmp_path: Path) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    other = factories.spec(factories.minutes("En annan"), object_id="prov2")
    transfer = factories.take_in(city, factories.package(tmp_path, other))
    assert transfer.state == State.REJECTED
    assert "GATE-REFERENCE" in _codes(transfer)


def test_the_next_delivery_continues_the_series_it_names(city: Config, tmp_path: Path) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    more = factories.spec(factories.minutes("Nästa", reference="SE/LSA/T1/A1:2"), object_id="prov2")
    factories.take_in(city, factories.package(tmp_path, more))
    first, second = factories.record("SE/LSA/T1/A1:1"), factories.record("SE/LSA/T1/A1:2")
    assert first.parent_id == second.parent_id


def test_every_finding_has_its_place_and_words_in_both_languages(
    city: Config, tmp_path: Path
) -> None:
    bad = factories.minutes(date_text="32 brumaire", record_type="XX-999")
    transfer = factories.take_in(city, factories.package(tmp_path, factories.spec(bad)))
    with db.archive.reading() as session:
        rows = list(session.scalars(select(TransferFinding)))
    assert {"GATE-DATE", "GATE-REVIEW"} <= {row.code for row in rows}
    for row in rows:
        finding = pipeline.as_finding(row)
        assert finding.where
        assert "‹" not in finding.message("sv") + finding.message("en")
    assert transfer.state == State.REVIEW


def test_a_waiting_delivery_is_not_accepted_while_its_record_type_is_unknown(
    city: Config, tmp_path: Path
) -> None:
    unknown = factories.minutes(record_type=None)
    transfer = factories.take_in(city, factories.package(tmp_path, factories.spec(unknown)))
    with pytest.raises(Conflict), db.archive.transaction() as session:
        waiting = queries.by_pid(session, transfer.pid)
        viewer = factories.viewer("archivist")
        pipeline.accept(session, waiting, reason="ändå", viewer=viewer)


def test_a_missing_file_is_named(city: Config, tmp_path: Path) -> None:
    what = factories.spec(factories.minutes())
    built = factories.build.build(Kind.CSIP, what, tmp_path / "x")
    next(built.rglob("akt.jpg")).unlink()
    package = factories.build.pack_zip(built, tmp_path / "x.zip")
    transfer = factories.take_in(city, package)
    assert transfer.state == State.REJECTED
    with db.archive.reading() as session:
        found = [pipeline.as_finding(row) for row in session.scalars(select(TransferFinding))]
    missing = [f for f in found if f.code == "FILE-MISSING"]
    assert [f.severity for f in missing] == [Severity.ERROR]
    assert "akt.jpg" in missing[0].message("en")


def test_a_file_of_its_own_rule_is_an_object_of_its_own(city: Config, tmp_path: Path) -> None:
    other = replace(
        factories.minutes("Brev", key="brev", reference="SE/LSA/T1/B1:1"), record_type="HA-B"
    )
    transfer = factories.take_in(
        city, factories.package(tmp_path, factories.spec(factories.minutes(), other))
    )
    assert transfer.state == State.ACCESSIONED
    with db.archive.reading() as session:
        assert sorted(session.scalars(select(Aip.rule_code))) == ["HA-A", "HA-B"]


def test_a_delivery_of_many_megabytes_comes_in_through_the_web(
    login: Callable[[str], FlaskClient], tmp_path: Path
) -> None:
    client = login("archivist")
    files = (BuildFile("akt.txt", b"rad\n" * 1_500_000, "akt"),)
    path = factories.package(tmp_path, factories.spec(factories.minutes(), files=files))
    with path.open("rb") as stream:
        form = {"unit": "HA", "file": (stream, "leverans.zip")}
        answer = client.post("/desk/ingest", data=form)
    assert answer.status_code == 302
    worker.run_until_idle()
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Rådstuguprotokoll 1634" in page
    assert client.post("/login", data={"email": "x" * 3_000_000}).status_code == 413


FINDING_AID = """<?xml version="1.0" encoding="utf-8"?>
<ead xmlns="http://ead3.archivists.org/schema/"><control/>
 <archdesc level="fonds"><did><unitid>SE/LSA/T9</unitid><unittitle>Kvarnens arkiv</unittitle>
  <unitdate>1820-1850</unitdate></did>
  <dsc><c level="series"><did><unitid>A1</unitid><unittitle>Protokoll</unittitle>
   <unitdate>1820-1850</unitdate></did></c></dsc>
 </archdesc></ead>
"""


def test_a_finding_aid_by_itself_comes_in_as_a_tree(city: Config, tmp_path: Path) -> None:
    path = tmp_path / "kvarnen.xml"
    path.write_text(FINDING_AID, "utf-8")
    transfer = factories.take_in(city, path)
    assert transfer.state == State.ACCESSIONED and transfer.profile == "ead3"
    assert factories.record("SE/LSA/T9/A1").title == "Protokoll"


def test_an_xml_file_with_a_doctype_is_turned_away_and_told_why(
    city: Config, tmp_path: Path
) -> None:
    path = tmp_path / "kvarnen.xml"
    path.write_text(FINDING_AID.replace("<ead ", "<!DOCTYPE ead>\n<ead ", 1), "utf-8")
    transfer = factories.take_in(city, path)
    assert transfer.state == State.REJECTED
    with db.archive.reading() as session:
        codes = {f.code for f in session.scalars(pipeline.findings_of(transfer))}
    assert "XML-REFUSED" in codes
