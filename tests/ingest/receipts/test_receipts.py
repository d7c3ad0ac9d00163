"""The receipt: what was taken over, on paper, kept as a record, made once."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pypdfium2
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from archive import clock, db, migrate
from archive.accounts import actions as staff
from archive.accounts.models import Role
from archive.audit.actions import SYSTEM
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.holdings.models import Aip
from archive.jobs import worker
from archive.keeping import writing
from archive.keeping.rebuild import rebuild
from archive.storage.store import open_store
from ingest import pipeline
from ingest.demo import load
from ingest.models import Transfer
from ingest.receipts import making, paper, queries
from ingest.receipts.models import Receipt
from tests import databases, factories

Login = Callable[[str], FlaskClient]


def _text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(content))
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.replace("\r", "").replace("\n", " ").replace("￾", "").split())


def _waiting(city: Config, tmp_path: Path) -> Transfer:
    """Return a delivery that waits for a person, for it names no row of the plan."""
    leaf = factories.minutes(record_type=None, reference="SE/LSA/T1/A1:9")
    spec = factories.spec(leaf, object_id="väntar")
    return factories.take_in(city, factories.package(tmp_path, spec), record_type=None)


def _receipts() -> int:
    with db.archive.reading() as session:
        return session.scalar(select(func.count()).select_from(Receipt)) or 0


def test_a_delivery_that_waits_has_no_receipt(login: Login, city: Config, tmp_path: Path) -> None:
    transfer = _waiting(city, tmp_path)
    assert transfer.state == "review"
    client = login("archivist")
    assert client.get(f"/desk/ingest/{transfer.pid}/receipt.pdf").status_code == 404
    assert "Kvitto" not in client.get(f"/desk/ingest/{transfer.pid}").text
    with db.archive.transaction() as session:  # not even when somebody asks for one
        pipeline.enqueue(session, "ingest.receipt", transfer)
    worker.run_until_idle()
    assert _receipts() == 0


def test_a_receipt_is_read_by_who_may_read_the_delivery_only(
    login: Login, city: Config, tmp_path: Path
) -> None:
    with db.archive.transaction() as session:
        unit = factories.accounts.need_unit(session, "LK")
        person = staff.add_user(session, "lk@demo.example", "Lo", load.PASSWORD, actor=SYSTEM)
        staff.grant(session, person, Role.UNIT_CUSTODIAN, unit=unit, actor=SYSTEM,
                    valid_from=clock.today())  # fmt: skip
    parcel = factories.package(tmp_path, factories.spec(factories.minutes()))
    transfer = factories.take_in(city, parcel)
    for ending in ("json", "pdf"):
        path = f"/desk/ingest/{transfer.pid}/receipt.{ending}"
        assert login("archivist").get(path).status_code == 200
        assert login("case_officer").get(path).status_code == 403
        assert login("lk").get(path).status_code == 404  # another unit's


def test_the_receipt_says_what_was_taken_over(login: Login, city: Config, tmp_path: Path) -> None:
    spec = factories.spec(factories.minutes(), factories.secret_file())
    transfer = factories.take_in(city, factories.package(tmp_path, spec), agreement="ÖK 2026-1")
    client, path = login("archivist"), f"/desk/ingest/{transfer.pid}/receipt"
    answer = client.get(f"{path}.pdf")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="leverans-1-kvitto.pdf"'
    said, told = _text(answer.data), json.loads(client.get(f"{path}.json").data)
    with db.archive.reading() as session:
        aips = {a.object_id: a.inventory_digest for a in session.scalars(select(Aip))}
    assert {p["object_id"]: p["inventory_sha512"] for p in told["packages"]} == aips
    assert told["record_count"] == 4 and told["copies"] == 2
    assert {row["rule"] for row in told["rows"]} >= {"HA-A", "HA-F-BV"}
    assert all(row["plan"] for row in told["rows"])
    for word in ("Kvitto på leverans 1", "Provleverans", "(HA)", "ÖK 2026-1", "HA-F-BV"):
        assert word in said
    for digits in (transfer.sha512, *aips.values()):
        assert digits[:60] in said.replace(" ", "")
    assert f"{transfer.size_bytes:,}".replace(",", " ") in said.replace("\xa0", " ")
    assert factories.SECRET not in said  # titles are not receipted: they may be secret


def test_who_took_it_in_and_why_is_on_the_receipt(
    login: Login, city: Config, tmp_path: Path
) -> None:
    transfer = _waiting(city, tmp_path)
    with db.archive.transaction() as session:
        row = pipeline.get(session, transfer.pid)
        who = factories.viewer("archivist")
        pipeline.assign(
            session, row, unit_code="HA", record_type="HA-A", reason="Protokoll <b>1634</b>",
            viewer=who,
        )  # fmt: skip
    worker.run_until_idle()
    client = login("archivist")
    told = json.loads(client.get(f"/desk/ingest/{transfer.pid}/receipt.json").data)
    said = _text(client.get(f"/desk/ingest/{transfer.pid}/receipt.pdf").data)
    assert told["accepted_by"] and told["accepted_by"] in said
    assert "Protokoll <b>1634</b>" in said  # as written, never as markup


def test_a_receipt_made_twice_is_the_same_one(city: Config, tmp_path: Path) -> None:
    parcel = factories.package(tmp_path, factories.spec(factories.minutes()))
    transfer = factories.take_in(city, parcel)
    store, object_id = open_store(city), making.object_of(transfer)
    before = store.version(object_id)
    with db.archive.transaction() as session:
        pipeline.enqueue(session, "ingest.receipt", transfer)
    worker.run_until_idle()
    assert store.version(object_id) == before and before.version == "v1" and _receipts() == 1
    with db.archive.reading() as session:
        made = AuditEvent.action == "transfer.receipt"
        assert session.scalar(select(func.count()).select_from(AuditEvent).where(made)) == 1


def test_the_same_facts_give_the_same_paper(city: Config, tmp_path: Path) -> None:
    parcel = factories.package(tmp_path, factories.spec(factories.minutes()))
    transfer = factories.take_in(city, parcel)
    kept = open_store(city).read(making.object_of(transfer), making.FACTS)
    first = paper.pdf(json.loads(kept))
    assert first == paper.pdf(json.loads(kept))
    assert first == open_store(city).read(making.object_of(transfer), making.PDF)


def test_a_worker_killed_before_the_row_leaves_a_receipt_that_the_next_one_finds(
    city: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = factories.package(tmp_path, factories.spec(factories.minutes()))
    with monkeypatch.context() as at_first:
        at_first.setattr(making, "_row", _killed)
        transfer = factories.take_in(city, parcel)
    assert open_store(city).exists(making.object_of(transfer)) and _receipts() == 0
    with clock.frozen(clock.now() + timedelta(hours=2)):
        worker.run_until_idle()
    assert _receipts() == 1
    assert open_store(city).version(making.object_of(transfer)).version == "v1"


def _killed(*_: object) -> Receipt:
    raise OSError("killed")


def test_the_store_alone_gives_the_receipt_back(city: Config, tmp_path: Path) -> None:
    parcel = factories.package(tmp_path, factories.spec(factories.minutes()))
    transfer = factories.take_in(city, parcel)
    with db.archive.reading() as session:
        before = list(writing.everything(session))
    assert any('"kind": "receipt"' in line for line in before)
    db.unbind()
    databases.lose(city.database_url)
    db.bind(city)
    migrate.upgrade()
    assert rebuild(open_store(city), say=lambda text: None).problems == ()
    with db.archive.reading() as session:
        assert list(writing.everything(session)) == before
        again = queries.need(session, pipeline.get(session, transfer.pid))
    kept = open_store(city).version(again.object_id, again.version).files[making.PDF]
    assert kept.sha512 == again.sha512


def test_a_long_list_of_packages_is_cut_on_paper_and_whole_in_the_facts() -> None:
    told = _facts(packages=paper.PACKAGES + 7)
    said = _text(paper.pdf(told))
    assert "7 arkivpaket till" in said and f"urn:x:{paper.PACKAGES - 1} " in said
    assert f"urn:x:{paper.PACKAGES + 6}" not in said


def _facts(packages: int) -> dict[str, object]:
    return {
        "number": 1, "name": "a.zip", "label": None, "object_id": None, "profile": None,
        "status": "SUPPLEMENT",
        "sha512": "0" * 128, "size_bytes": 1, "file_count": 1, "record_count": 1,
        "received_at": "2026-01-01T10:00:00+00:00", "taken_in_at": None, "received_from": None,
        "agents": [], "unit": None, "agreement": None, "agreement_title": None, "rows": [],
        "copies": 1, "accepted_by": None, "reason": None,
        "packages": [
            {"object_id": f"urn:x:{n}", "version": "v1", "inventory_sha512": "ab"}
            for n in range(packages)
        ],
    }  # fmt: skip
