"""A delivery that is nobody's yet is for those who answer for all units, and for its deliverer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import clock, db
from archive.accounts import actions as accounts_actions
from archive.accounts.models import Role
from archive.accounts.permissions import Viewer
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.errors import Refused
from archive.jobs import worker
from ingest import inbox, pipeline, queries, receive, steering
from ingest.models import State, Transfer
from tests import factories
from tests.factories import accounts

Login = Callable[[str], FlaskClient]
PASSWORD = "ett-långt-lösenord-för-prov"
PAGES = ("", "/report.json", "/report.pdf", "/receipt.json", "/receipt.pdf")

# role, the unit it is held for -> may read, may hold and break off; may read when it waits
TABLE = [
    (Role.ARCHIVIST, "KS", False, False, True),
    (Role.ARCHIVIST, "HA", False, False, True),
    (Role.CITY_ARCHIVIST, None, True, True, True),
    (Role.UNIT_MANAGER, "HA", False, False, False),
    (Role.UNIT_CUSTODIAN, "KS", False, False, False),
    (Role.CASE_OFFICER, "KS", False, False, False),
    (Role.AUDITOR, None, True, False, True),
    (Role.ADMIN, None, False, False, False),
]


def _person(role: Role, unit: str | None, name: str = "ny") -> Viewer:
    email = f"{name}@demo.example"
    with db.archive.transaction() as session:
        user = accounts_actions.add_user(session, email, "Ny", PASSWORD, actor=SYSTEM)
        org = accounts.need_unit(session, unit) if unit else None
        accounts_actions.grant(session, user, role, unit=org, actor=SYSTEM)
    with db.archive.reading() as session:
        return accounts.viewer_by_email(session, email, clock.today())


def _client(app: Flask, name: str = "ny") -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    form = {"email": f"{name}@demo.example", "password": PASSWORD}
    assert client.post("/login", data=form).status_code == 302
    return client


def _nobodys(folder: Path) -> Path:
    leaf = factories.minutes(title="Räkenskaper 1634", record_type=None)
    return factories.package(folder, replace(factories.spec(leaf), unit=None, label="Ingens"))


def _receive(config: Config, path: Path, actor: Viewer | None = None) -> Transfer:
    declared = receive.Declared(None)
    return receive.receive(
        path, path.name, declared, quarantine=config.quarantine, actor=actor or SYSTEM
    )[0]


def _now(transfer: Transfer) -> Transfer:
    with db.archive.reading() as session:
        return queries.by_pid(session, transfer.pid)


@pytest.mark.parametrize("role, unit, reads, steers, judges", TABLE)
def test_before_its_check_a_delivery_without_a_unit_is_not_for_anybody_of_any_unit(
    app: Flask, city: Config, tmp_path: Path, role: Role, unit: str | None, reads: bool,
    steers: bool, judges: bool,
) -> None:  # fmt: skip
    transfer = _receive(city, _nobodys(tmp_path))
    viewer, client = _person(role, unit), _client(app)
    path = f"/desk/ingest/{transfer.pid}"
    answers = [client.get(path + page).status_code for page in PAGES]
    assert answers[:3] == [200] * 3 if reads else set(answers) <= {403, 404}
    assert client.get(f"/desk/ingest/{transfer.number}").status_code == answers[0]
    listed = client.get("/desk/ingest").get_data(as_text=True)
    assert (transfer.pid in listed) is reads
    with db.archive.reading() as session:
        assert bool(queries.names(session, viewer, [transfer.pid])) is reads
    client.post(f"{path}/pause")
    assert (_now(transfer).paused_at is not None) is steers
    client.post(f"{path}/cancel", data={"reason": "nej"})
    worker.run_until_idle()
    assert _now(transfer).state == (State.REJECTED if steers else State.REVIEW)
    assert (client.get(path).status_code == 200) is judges
    listed = client.get("/desk/ingest").get_data(as_text=True)
    assert (transfer.pid in listed) is judges


@pytest.mark.parametrize("role", [Role.ARCHIVIST, Role.UNIT_MANAGER, Role.UNIT_CUSTODIAN])
def test_who_names_no_unit_follows_the_own_delivery_and_colleagues_do_not(
    app: Flask, city: Config, tmp_path: Path, role: Role
) -> None:
    _person(role, "HA")
    _person(role, "HA", "kollega")
    client, colleague = _client(app), _client(app, "kollega")
    with _nobodys(tmp_path).open("rb") as stream:
        form = {"unit": "", "file": (stream, "ingens.zip")}
        place = client.post("/desk/ingest", data=form).headers["Location"]
    for round_ in range(2):  # when it has come, and when it waits for somebody to say whose it is
        assert client.get(place).status_code == 200
        assert client.get(f"{place}/report.json").status_code == 200
        assert place.rsplit("/", 1)[-1] in client.get("/desk/ingest").get_data(as_text=True)
        if role is not Role.ARCHIVIST or round_ == 0:  # archivists say whose a waiting one is
            assert colleague.get(place).status_code == 404
            assert place not in colleague.get("/desk/ingest").get_data(as_text=True)
            assert place not in colleague.get("/desk").get_data(as_text=True)
        worker.run_until_idle()
    with db.archive.reading() as session:
        transfer = session.scalars(select(Transfer)).one()
    assert transfer.state == State.REVIEW and transfer.unit_id is None


def test_no_deed_goes_around_the_page(city: Config, tmp_path: Path) -> None:
    transfer = _receive(city, _nobodys(tmp_path))
    stranger = _person(Role.ARCHIVIST, "HA")
    with db.archive.transaction() as session:
        row = session.get_one(Transfer, transfer.id)
        for deed in (pipeline.reject, steering.cancel):
            with pytest.raises(Refused):
                deed(session, row, reason="Min.", viewer=stranger)
        for held in (steering.pause, steering.resume, steering.retry):
            with pytest.raises(Refused):
                held(session, row, viewer=stranger)
        for tried in (steering.take, steering.discard):
            with pytest.raises(Refused):
                tried(session, row, viewer=stranger)
        found = inbox.page(session, stranger.units("ingest:read"), inbox.Filters())
        assert found.total == 0


def _hand_in_as(city: Config, who: Viewer, path: Path, unit: str | None = None) -> Transfer:
    with db.archive.reading() as session:
        org = accounts.need_unit(session, unit) if unit else None
    declared = receive.Declared(org.id if org else None)
    transfer, _ = receive.receive(path, path.name, declared, quarantine=city.quarantine, actor=who)
    worker.run_until_idle()
    with db.archive.reading() as session:
        return session.get_one(Transfer, transfer.id)


@pytest.mark.parametrize("status", ["NEW", "SUPPLEMENT", "REPLACEMENT"])
def test_a_package_that_names_another_unit_is_no_right_to_deliver_for_it(
    city: Config, tmp_path: Path, status: str
) -> None:
    (tmp_path / "a").mkdir()
    factories.take_in(city, factories.package(tmp_path / "a", factories.spec(factories.minutes())))
    reference = factories.minutes().reference or ""
    stranger = _person(Role.UNIT_CUSTODIAN, "HR")
    leaf = factories.minutes("Ersatt av någon annan", scope="injicerat", reference=(
        "SE/LSA/T1/A1:88" if status == "NEW" else reference))  # fmt: skip
    spec = replace(
        factories.spec(leaf, object_id="x" if status == "NEW" else "prov1"), status=status
    )
    update = _hand_in_as(city, stranger, factories.package(tmp_path, spec))
    assert update.state == State.REVIEW
    assert factories.record(reference).title == factories.minutes().title
    with db.archive.reading() as session:
        codes = {f.code for f in session.scalars(pipeline.findings_of(update))}
    assert "GATE-SUBMITTER" in codes


def test_a_record_that_names_another_unit_than_its_delivery_waits_for_that_unit(
    city: Config, tmp_path: Path
) -> None:
    leaf = factories.minutes(unit="HA", reference="SE/LSA/T1/A1:99")
    stranger = _person(Role.UNIT_CUSTODIAN, "HR")
    spec = factories.spec(leaf, object_id="smygväg")
    transfer = _hand_in_as(city, stranger, factories.package(tmp_path, spec), "HR")
    assert transfer.state == State.REVIEW
    own = _person(Role.ARCHIVIST, "HR", "egen")
    with db.archive.transaction() as session, pytest.raises(Refused):
        waiting = queries.by_pid(session, transfer.pid)
        pipeline.accept(session, waiting, reason="Det är vårt.", viewer=own)


def test_a_unit_delivers_its_own_without_asking(city: Config, tmp_path: Path) -> None:
    own = _person(Role.UNIT_CUSTODIAN, "HA")
    path = factories.package(tmp_path, factories.spec(factories.minutes()))
    assert _hand_in_as(city, own, path).state == State.ACCESSIONED
