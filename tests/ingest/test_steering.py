"""A delivery under way can be held and broken off, and tried before it is handed in for good."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import clock, db
from archive.audit.actions import SYSTEM
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.holdings.models import Description
from archive.jobs import actions as jobs
from archive.jobs import worker
from archive.jobs.models import Job, JobState
from archive.storage import queries as storage
from archive.storage.store import open_store
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


def _work_until_it_stops() -> None:
    """Let the worker try as often as it does, each time when its rest is over."""
    start = clock.now()
    for hours in range(6):
        with clock.frozen(start + timedelta(hours=hours)):
            worker.run_until_idle()


def _half_landed(config: Config, folder: Path) -> tuple[Transfer, Path]:
    """Take in a delivery of two objects whose second cannot be written; return what stops it."""
    what = factories.spec(factories.minutes(), factories.secret_file())
    transfer = _receive(config, factories.package(folder, what))
    store = open_store(config)
    place = store.roots[1].folder_of(f"urn:stadsarkiv:{transfer.pid}:00002").parent
    place.parent.mkdir(parents=True)
    place.write_text("in the way")
    _work_until_it_stops()
    assert _now(transfer).state == "accepted" and _jobs()[-1] == ("ingest.accession", "failed")
    assert store.exists(f"urn:stadsarkiv:{transfer.pid}:00001")
    return transfer, place


def test_a_delivery_whose_taking_in_failed_says_why_and_is_tried_again(
    login: Login, city: Config, parcel: Path
) -> None:
    client, transfer = login("archivist"), _receive(city, parcel)
    away = city.data_dir.with_name("away")
    away.mkdir()
    gone = [path.rename(away / path.name) for path in city.data_dir.glob("copy*")]
    worker.run_until_idle()
    page = client.get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert "Väntar på ett nytt försök" in page and "är inte den som arkivet känner" in page
    assert "nothing is written" not in page
    _work_until_it_stops()
    page = client.get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert "Ta in handlingar” misslyckades" in page and "är inte den som arkivet känner" in page
    assert f"{transfer.pid}/retry" in page and f"{transfer.pid}/cancel" in page
    assert "data-refresh-seconds" not in page
    for path in gone:
        path.rename(city.data_dir / path.name)
    _press(client, transfer, "retry")
    worker.run_until_idle()
    assert _now(transfer).state == "accessioned"
    with db.archive.reading() as session:
        assert "transfer.retry" in session.scalars(select(AuditEvent.action)).all()
    _press(client, transfer, "retry")  # nothing has failed any more: said, and nothing done
    assert _jobs().count(("ingest.accession", "done")) == 1


def test_a_delivery_whose_taking_in_failed_is_broken_off_and_what_half_landed_is_swept(
    login: Login, city: Config, tmp_path: Path
) -> None:
    client = login("archivist")
    transfer, _ = _half_landed(city, tmp_path)
    page = client.get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert "Ingenting av leveransen har tagits in" in page
    _press(client, transfer, "cancel", reason="Disken är trasig.")
    worker.run_until_idle()
    after = _now(transfer)
    assert after.state == "rejected" and after.assigned_reason == "Disken är trasig."
    assert ("ingest.accession", "cancelled") in _jobs()
    with db.archive.reading() as session:
        assert session.scalars(select(Description)).first() is None
        known = storage.known_ids(session)
    with clock.frozen(clock.now() + timedelta(days=8)):
        with db.archive.transaction() as session:
            jobs.enqueue(session, "storage.sweep")
        worker.run_until_idle()
    assert set(open_store(city).objects()) == known


def test_a_delivery_that_is_tried_again_is_not_broken_off_meanwhile(
    login: Login, city: Config, tmp_path: Path
) -> None:
    client = login("archivist")
    transfer, in_the_way = _half_landed(city, tmp_path)
    in_the_way.unlink()
    _press(client, transfer, "retry")
    _press(client, transfer, "cancel", reason="för sent")
    worker.run_until_idle()
    assert _now(transfer).state == "accessioned"
    with db.archive.reading() as session:
        assert len(session.scalars(select(Description.id)).all()) > 2


@pytest.mark.parametrize("waited, seconds", [(0, 2), (11, 5), (61, 15), (601, 60), (90_000, 60)])
def test_the_page_of_a_delivery_that_waits_is_looked_at_less_and_less(
    login: Login, city: Config, parcel: Path, waited: int, seconds: int
) -> None:
    transfer = _receive(city, parcel)
    with db.archive.transaction() as session:
        job = session.scalars(select(Job).where(Job.name == "ingest.unpack")).one()
        job.created_at = clock.now() - timedelta(seconds=waited)
    page = login("city_archivist").get(f"/desk/ingest/{transfer.pid}").get_data(as_text=True)
    assert f'data-refresh-seconds="{seconds}"' in page


def test_who_may_not_accept_does_not_try_again(login: Login, city: Config, tmp_path: Path) -> None:
    transfer, _ = _half_landed(city, tmp_path)
    for role in ("auditor", "unit_manager", "case_officer", "admin"):
        assert login(role).post(f"/desk/ingest/{transfer.pid}/retry").status_code in {403, 404}
    assert _jobs()[-1] == ("ingest.accession", "failed")
