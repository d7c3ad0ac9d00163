"""A delivery under way can be held and broken off, and tried before it is handed in for good."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import db
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.holdings.models import Description
from archive.jobs import worker
from archive.jobs.models import Job, JobState
from ingest import checks_files, queries, receive
from ingest.models import Transfer
from tests import factories

Login = Callable[[str], FlaskClient]


@pytest.fixture
def parcel(city: Config, tmp_path: Path) -> Path:
    return factories.package(tmp_path, factories.spec(factories.minutes()))


def _receive(config: Config, path: Path, *, only_check: bool = False) -> Transfer:
    with db.archive.reading() as session:
        unit = factories.accounts.need_unit(session, "HA")
    return receive.receive(
        path,
        path.name,
        receive.Declared(unit.id, only_check=only_check),
        quarantine=config.quarantine,
        actor=SYSTEM,
    )[0]


def _now(transfer: Transfer) -> Transfer:
    with db.archive.reading() as session:
        return queries.by_pid(session, transfer.pid)


def _jobs() -> list[tuple[str, str]]:
    with db.archive.reading() as session:
        rows = session.scalars(select(Job).where(Job.name.startswith("ingest.")).order_by(Job.id))
        return [(job.name, str(job.state)) for job in rows]


def _press(client: FlaskClient, transfer: Transfer, deed: str, **form: str) -> None:
    path = f"/desk/ingest/{transfer.pid}"
    answer = client.post(
        f"{path}/{deed}", data=form, headers={"Referer": f"http://localhost{path}"}
    )
    assert answer.status_code == 302, answer.status_code


def test_a_delivery_that_waits_is_held_and_goes_on_when_it_is_let(
    login: Login, city: Config, parcel: Path
) -> None:
    client, transfer = login("city_archivist"), _receive(city, parcel)
    _press(client, transfer, "pause")
    worker.run_until_idle()
    assert _now(transfer).state == "received" and _jobs() == [("ingest.unpack", "paused")]
    page = client.get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert "Arbetet är pausat" in page and "data-refresh-seconds" not in page
    _press(client, transfer, "resume")
    worker.run_until_idle()
    assert _now(transfer).state == "accessioned"


def test_a_step_that_runs_rests_where_it_tells_its_progress_and_is_done_again(
    login: Login, city: Config, parcel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, transfer = login("city_archivist"), _receive(city, parcel)
    true_digests, reads = checks_files._digests, []

    def meanwhile(file, source):  # type: ignore[no-untyped-def]
        reads.append(source)
        if len(reads) == 1:
            _press(client, transfer, "pause")
        return true_digests(file, source)

    monkeypatch.setattr(checks_files, "_digests", meanwhile)
    monkeypatch.setattr(worker.time, "monotonic", iter(range(10, 10**6, 5)).__next__)
    worker.run_until_idle()
    assert _now(transfer).state == "unpacked"
    assert _jobs()[-1] == ("ingest.check", "paused")
    _press(client, transfer, "resume")
    worker.run_until_idle()
    assert _now(transfer).state == "accessioned"
    with db.archive.reading() as session:
        job = session.scalars(select(Job).where(Job.name == "ingest.check")).one()
    assert job.attempts == 1, "a rest is no failure"


def test_a_step_that_cannot_rest_is_finished_and_the_next_is_held(
    login: Login, city: Config, parcel: Path
) -> None:
    client, transfer = login("city_archivist"), _receive(city, parcel)
    _press(client, transfer, "pause")
    with db.archive.transaction() as session:  # as if the pause had come while it ran
        job = session.scalars(select(Job).where(Job.name == "ingest.unpack")).one()
        job.state = JobState.QUEUED
    worker.run_until_idle()
    assert _jobs() == [("ingest.unpack", "done"), ("ingest.check", "paused")]
    _press(client, transfer, "resume")
    worker.run_until_idle()
    assert _now(transfer).state == "accessioned"


@pytest.mark.parametrize("held", [True, False])
def test_a_cancelled_delivery_is_rejected_with_the_reason(
    login: Login, city: Config, parcel: Path, held: bool
) -> None:
    client, transfer = login("city_archivist"), _receive(city, parcel)
    worker.run_once("w", drains=False)
    if held:
        _press(client, transfer, "pause")
    _press(client, transfer, "cancel", reason=" ")
    assert len(_jobs()) == 2, "no reason, no cancelling"
    _press(client, transfer, "cancel", reason="Fel fil skickades.")
    worker.run_until_idle()
    after = _now(transfer)
    assert after.state == "rejected" and after.assigned_reason == "Fel fil skickades."
    assert after.paused_at is None
    assert ("ingest.check", "cancelled") in _jobs()
    folder = receive.folder_of(city.quarantine, after)
    assert [path.name for path in folder.iterdir()] == ["delivery"]
    with db.archive.reading() as session:
        assert session.scalars(select(Description)).first() is None


def test_what_has_begun_to_be_taken_in_is_not_cancelled(
    login: Login, city: Config, parcel: Path
) -> None:
    client, transfer = login("city_archivist"), _receive(city, parcel)
    worker.run_once("w", drains=False)
    worker.run_once("w", drains=False)
    assert _now(transfer).state == "accepted"
    with db.archive.transaction() as session:
        job = session.scalars(select(Job).where(Job.name == "ingest.accession")).one()
        job.started_at = job.created_at
    _press(client, transfer, "cancel", reason="för sent")
    worker.run_until_idle()
    assert _now(transfer).state == "accessioned"
    _press(client, transfer, "pause")
    assert _now(transfer).paused_at is None


def test_only_who_may_accept_holds_and_cancels(login: Login, city: Config, parcel: Path) -> None:
    transfer = _receive(city, parcel)
    for deed in ("pause", "resume", "cancel"):
        for role in ("auditor", "unit_manager", "case_officer"):
            login(role).post(f"/desk/ingest/{transfer.pid}/{deed}", data={"reason": "x"})
    assert _jobs() == [("ingest.unpack", "queued")]


def test_a_dry_run_judges_everything_and_takes_in_nothing(
    login: Login, city: Config, parcel: Path
) -> None:
    client, transfer = login("unit_manager"), _receive(city, parcel, only_check=True)
    worker.run_until_idle()
    assert _now(transfer).state == "checked"
    with db.archive.reading() as session:
        assert session.scalars(select(Description)).first() is None
    page = client.get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert "Provkörningen är klar" in page and "Ta in" in page
    assert client.get(f"/desk/ingest/{transfer.pid}/report.json").json["verdict"] == "valid"
    _press(client, transfer, "take")
    worker.run_until_idle()
    assert _now(transfer).state == "accessioned"


def test_a_dry_run_with_errors_can_only_be_thrown_away(
    login: Login, city: Config, parcel: Path
) -> None:
    broken = parcel.with_name("trasig.zip")
    broken.write_bytes(parcel.read_bytes()[:-400])
    client, transfer = login("unit_manager"), _receive(city, broken, only_check=True)
    worker.run_until_idle()
    assert _now(transfer).state == "checked"
    _press(client, transfer, "take")
    assert _now(transfer).state == "checked"
    page = client.get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert "har fel och kan inte tas in" in page and f"{transfer.pid}/take" not in page


def test_what_was_thrown_away_can_be_handed_in_again_under_its_number(
    login: Login, city: Config, parcel: Path
) -> None:
    client, transfer = login("unit_manager"), _receive(city, parcel, only_check=True)
    worker.run_until_idle()
    _press(client, transfer, "discard")
    assert _now(transfer).state == "discarded"
    assert list(city.quarantine.iterdir()) == []
    assert client.get(f"/desk/ingest/{transfer.pid}").status_code == 200
    again = factories.take_in(city, parcel)
    assert again.number == transfer.number and again.state == "accessioned"
    assert not again.only_check


def test_a_delivery_that_was_not_tried_is_neither_taken_nor_thrown_away_by_the_trial_buttons(
    login: Login, city: Config, parcel: Path
) -> None:
    client, transfer = login("unit_manager"), factories.take_in(city, parcel)
    for deed in ("take", "discard"):
        _press(client, transfer, deed)
    assert _now(transfer).state == "accessioned"
    assert receive.package_of(city.quarantine, transfer).exists()


def test_the_form_and_the_drop_zone_ask_for_a_dry_run(
    login: Login, city: Config, parcel: Path
) -> None:
    client = login("archivist")
    form = {"unit": "HA", "only_check": "y", "file": (parcel.open("rb"), "prov.zip")}
    assert client.post("/desk/ingest", data=form).status_code == 302
    worker.run_until_idle()
    with db.archive.reading() as session:
        assert session.scalars(select(Transfer)).one().state == "checked"
