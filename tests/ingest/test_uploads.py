"""A file of any size comes in piece by piece, and what has arrived is never lost."""

from __future__ import annotations

import base64
import errno
import hashlib
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import db
from archive.config import Config
from archive.jobs import worker
from archive.jobs.models import Job
from ingest import receive, uploads
from ingest.demo import load
from ingest.models import Transfer, Upload
from tests import factories

BASE = "/desk/ingest/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
Login = Callable[[str], FlaskClient]


def _create(client: FlaskClient, name: str, size: int, **said: str):  # type: ignore[no-untyped-def]
    pairs = {"filename": name, **said}
    metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in pairs.items())
    headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": metadata}
    return client.post(BASE, headers=headers)


def _begin(client: FlaskClient, size: int, name: str = "leverans.zip", **said: str) -> str:
    answer = _create(client, name, size, **said)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def _send(client: FlaskClient, url: str, offset: int, content: bytes, **headers: str):  # type: ignore[no-untyped-def]
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return client.patch(
        url,
        data=content,
        headers=TUS
        | {"Upload-Offset": str(offset), "Upload-Sender": "a"}
        | {"Content-Type": "application/offset+octet-stream"}
        | named,
    )


def _offset(client: FlaskClient, url: str) -> int:
    return int(client.head(url, headers=TUS).headers["Upload-Offset"])


@pytest.fixture
def parcel(city: Config, tmp_path: Path) -> bytes:
    path = factories.package(tmp_path, factories.spec(factories.minutes()))
    return path.read_bytes()


def test_a_piece_in_the_wrong_place_is_refused_and_the_right_place_is_told(login: Login) -> None:
    client = login("archivist")
    url = _begin(client, 100)
    assert _send(client, url, 0, b"x" * 40).status_code == 204
    for offset in (0, 39, 41, 100):
        answer = _send(client, url, offset, b"y" * 10)
        assert answer.status_code == 409 and answer.headers["Upload-Offset"] == "40"
    assert _offset(client, url) == 40


def test_a_piece_damaged_on_its_way_is_not_kept(login: Login, city: Config) -> None:
    client = login("archivist")
    url = _begin(client, 100)
    wrong = base64.b64encode(hashlib.sha256(b"y").digest()).decode()
    assert _send(client, url, 0, b"x", Upload_Checksum=f"sha256 {wrong}").status_code == 460
    for bad in ("sha256 åäö", "md5 AAAA", "sha256"):
        answer = _send(client, url, 0, b"x", Upload_Checksum=bad.encode().decode("latin-1"))
        assert answer.status_code in {422, 460}, bad
    assert _offset(client, url) == 0
    right = base64.b64encode(hashlib.sha1(b"x").digest()).decode()
    assert _send(client, url, 0, b"x", Upload_Checksum=f"sha1 {right}").status_code == 204


def test_more_than_was_said_is_refused(login: Login) -> None:
    client = login("archivist")
    url = _begin(client, 10)
    assert _send(client, url, 0, b"x" * 11).status_code == 422
    assert _offset(client, url) == 0


def test_a_piece_larger_than_any_piece_is_refused(login: Login) -> None:
    client = login("archivist")
    url = _begin(client, 10**9)
    assert _send(client, url, 0, b"x" * (uploads.CHUNK_BYTES + 1)).status_code == 413
    assert _offset(client, url) == 0


@pytest.mark.parametrize("size", ["0", "-1", "1e9", "", "٣", str(100 * 1024**3 + 1), "9" * 40])
def test_a_size_that_no_delivery_has_is_refused(login: Login, size: str) -> None:
    client = login("archivist")
    headers = TUS | {"Upload-Length": size.encode().decode("latin-1")}
    headers["Upload-Metadata"] = "filename bGV2"
    assert client.post(BASE, headers=headers).status_code == 422


def test_a_hundred_gibibytes_may_be_begun_where_the_disk_has_room(
    login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    roomy = os.statvfs_result((4096, 4096, 10**9, 10**9, 10**9, 1, 1, 1, 0, 255))
    monkeypatch.setattr("os.statvfs", lambda path: roomy)
    client = login("archivist")
    assert _offset(client, _begin(client, 100 * 1024**3)) == 0


def test_another_version_of_the_protocol_is_told_ours(login: Login) -> None:
    client = login("archivist")
    url = _begin(client, 10)
    answer = client.head(url, headers={"Tus-Resumable": "0.2.2"})
    assert answer.status_code == 412 and answer.headers["Tus-Resumable"] == "1.0.0"
    assert "creation" in client.options(BASE).headers["Tus-Extension"]
    wrong = _send(client, url, 0, b"x", Content_Type="text/plain")
    assert wrong.status_code == 415


def test_an_upload_is_its_owners_alone(login: Login) -> None:
    url = _begin(login("archivist"), 100)
    other = login("city_archivist")
    assert other.head(url, headers=TUS).status_code == 404
    assert _send(other, url, 0, b"x").status_code == 404
    assert other.delete(url, headers=TUS).status_code == 404
    assert other.get(BASE).json == {"uploads": [], "csrf_token": other.get(BASE).json["csrf_token"]}


def test_who_may_not_hand_in_may_not_begin(login: Login, app: Flask) -> None:
    assert _create(login("case_officer"), "a.zip", 10).status_code == 403
    assert _create(login("auditor"), "a.zip", 10).status_code == 403
    assert _create(app.test_client(), "a.zip", 10).status_code == 403
    with db.archive.reading() as session:
        assert session.scalars(select(Upload)).all() == []


def test_a_unit_hands_in_for_itself_only(login: Login) -> None:
    client = login("unit_manager")
    statuses = {
        code: _create(client, "a.zip", 10, unit=code).status_code
        for code in (unit.code for unit in load.units.UNITS)
    }
    assert 201 in statuses.values() and 403 in statuses.values()
    assert _create(client, "a.zip", 10, unit="NONE").status_code == 404


def test_no_piece_is_taken_without_the_form_token(app: Flask, login: Login) -> None:
    client = login("archivist")
    url = _begin(client, 100)
    app.config["WTF_CSRF_ENABLED"] = True
    assert _send(client, url, 0, b"x").status_code == 400
    token = client.get(url).json["csrf_token"]
    assert _send(client, url, 0, b"x", X_CSRFToken=token).status_code == 204


def test_two_windows_with_the_same_file_get_one_clear_conflict(login: Login) -> None:
    client = login("archivist")
    url = _begin(client, 100)
    assert _send(client, url, 0, b"x" * 10).status_code == 204
    second = _send(client, url, 10, b"y" * 10, Upload_Sender="b")
    assert second.status_code == 409 and second.json["kind"] == "elsewhere"
    assert _send(client, url, 10, b"x" * 10).status_code == 204, "the first is not disturbed"
    taken = _send(client, url, 20, b"y" * 10, Upload_Sender="b", Upload_Take_Over="yes")
    assert taken.status_code == 204
    first = _send(client, url, 30, b"x" * 10)
    assert first.status_code == 409 and first.json["kind"] == "elsewhere"


def test_a_closed_browser_goes_on_after_a_short_while(login: Login) -> None:
    client = login("archivist")
    url = _begin(client, 100)
    assert _send(client, url, 0, b"x" * 10).status_code == 204
    with db.archive.transaction() as session:
        session.scalars(select(Upload)).one().touched_at -= uploads.BUSY
    assert _send(client, url, 10, b"y" * 10, Upload_Sender="b").status_code == 204


def test_a_full_disk_keeps_what_is_there_and_says_so(
    login: Login, city: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login("archivist")
    url = _begin(client, 100)
    assert _send(client, url, 0, b"x" * 40).status_code == 204
    true_write = os.write

    def half(handle: int, content: bytes) -> int:
        if len(content) > 20:
            return true_write(handle, content[:20])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", half)
    answer = _send(client, url, 40, b"y" * 40)
    monkeypatch.undo()
    assert answer.status_code == 507 and "kunde inte skrivas" in answer.json["error"]
    assert _offset(client, url) == 40
    assert _place(city).read_bytes() == b"x" * 40
    assert _send(client, url, 40, b"y" * 40).status_code == 204


def test_an_upload_that_cannot_fit_is_refused_before_its_first_byte(
    login: Login, city: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    tight = os.statvfs_result((4096, 4096, 1000, 1000, 1000, 1, 1, 1, 0, 255))
    monkeypatch.setattr("os.statvfs", lambda path: tight)
    client = login("archivist")
    _begin(client, 3_000_000)
    answer = _create(client, "b.zip", 3_000_000)  # what is still to come of the first is counted
    assert answer.status_code == 507 and "Disken har plats" in answer.json["error"]


def test_what_was_written_but_not_confirmed_is_written_over(login: Login, city: Config) -> None:
    client = login("archivist")
    url = _begin(client, 6)
    assert _send(client, url, 0, b"abc").status_code == 204
    with _place(city).open("ab") as file:
        file.write(b"ZZZ")  # the server was killed between the disk and the row
    assert client.get(url).json["tail"] == hashlib.sha256(b"abc").hexdigest()
    assert _send(client, url, 3, b"def").status_code == 204
    assert _place(city).read_bytes() == b"abcdef"


def test_an_upload_that_is_whole_becomes_a_delivery_without_being_copied(
    login: Login, city: Config, parcel: bytes
) -> None:
    client = login("archivist")
    url = _begin(client, len(parcel), name="C:\\temp\\prov.zip", unit="HA", agreement="L-1")
    middle = len(parcel) // 2
    assert _send(client, url, 0, parcel[:middle]).status_code == 204
    number = _place(city).stat().st_ino
    assert _send(client, url, middle, parcel[middle:]).status_code == 204
    assert client.get(url).json["state"] == "whole"
    worker.run_until_idle()
    told = client.get(url).json
    transfer = _only_transfer()
    assert told["state"] == "taken" and told["delivery"].endswith(transfer.pid)
    assert transfer.state == "accessioned" and transfer.name == "prov.zip"
    assert transfer.agreement == "L-1" and transfer.received_by.startswith("user:")
    assert transfer.sha512 == hashlib.sha512(parcel).hexdigest()
    assert receive.package_of(city.quarantine, transfer).stat().st_ino == number
    assert list(city.quarantine.glob(".incoming-*")) == []


def test_the_same_bytes_by_another_way_are_the_same_delivery(
    login: Login, city: Config, parcel: bytes, tmp_path: Path
) -> None:
    (tmp_path / "before.zip").write_bytes(parcel)
    before = factories.take_in(city, tmp_path / "before.zip")
    client = login("archivist")
    url = _begin(client, len(parcel))
    assert _send(client, url, 0, parcel).status_code == 204
    worker.run_until_idle()
    told = client.get(url).json
    assert told["is_known"] and told["delivery"].endswith(before.pid)
    assert _only_transfer().pid == before.pid
    assert receive.package_of(city.quarantine, before).read_bytes() == parcel
    assert list(city.quarantine.glob(".incoming-*")) == []


@pytest.mark.parametrize("step", ["rename", "register"])
def test_a_worker_killed_while_it_receives_does_it_again(
    login: Login, city: Config, parcel: bytes, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login("archivist")
    url = _begin(client, len(parcel), unit="HA")
    assert _send(client, url, 0, parcel).status_code == 204
    name = {"rename": "_named", "register": "_register"}[step]

    def killed(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(receive, name, killed)
    with pytest.raises(SystemExit):
        worker.run_once(worker.worker_name())
    monkeypatch.undo()
    with db.archive.transaction() as session:
        for job in session.scalars(select(Job).where(Job.state == "running")):
            job.lease_until = job.created_at - timedelta(minutes=3)
    worker.run_until_idle()
    told = client.get(url).json
    assert told["state"] == "taken" and not told["is_known"]
    assert receive.package_of(city.quarantine, _only_transfer()).read_bytes() == parcel


def test_an_upload_can_be_thrown_away_until_it_is_whole(
    login: Login, city: Config, parcel: bytes
) -> None:
    client = login("archivist")
    url = _begin(client, 100)
    assert _send(client, url, 0, b"x").status_code == 204
    assert client.post(f"{url}/drop").status_code == 302
    assert client.head(url, headers=TUS).status_code == 404
    assert _send(client, url, 1, b"x").status_code == 404
    assert list(city.quarantine.glob(".incoming-*")) == []
    whole = _begin(client, len(parcel))
    assert _send(client, whole, 0, parcel).status_code == 204
    assert client.delete(whole, headers=TUS).status_code == 409


def test_what_nobody_goes_on_with_is_cleared_after_a_week_and_nothing_else(
    login: Login, city: Config
) -> None:
    client = login("archivist")
    old, young = _begin(client, 100, "gammal.zip"), _begin(client, 100, "ny.zip")
    killed = city.quarantine / ".incoming-0123456789abcdef"
    killed.mkdir()
    with db.archive.transaction() as session:
        row = session.scalars(select(Upload).where(Upload.name == "gammal.zip")).one()
        row.touched_at -= timedelta(days=8)
        old_place = uploads.place_of(city, row)
    for path in (old_place, old_place.parent, killed):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    with db.archive.transaction() as session:
        worker.actions.enqueue(session, "ingest.sweep")
    worker.run_until_idle()
    assert client.head(old, headers=TUS).status_code == 404
    assert client.head(young, headers=TUS).status_code == 200
    assert [p.name for p in city.quarantine.glob(".incoming-*")] == [_place(city).parent.name]


def test_the_page_lists_what_is_unfinished_and_works_without_script(login: Login) -> None:
    client = login("archivist")
    url = _begin(client, 100, "stor leverans.zip")
    _send(client, url, 0, b"x" * 50)
    page = client.get("/desk/ingest").get_data(as_text=True)
    assert "stor leverans.zip" in page and f'action="{url}/drop"' in page
    assert "stor leverans" not in login("city_archivist").get("/desk/ingest").get_data(as_text=True)
    read_only = login("auditor").get("/desk/ingest").get_data(as_text=True)
    assert "data-upload" not in read_only


def _place(city: Config) -> Path:
    with db.archive.reading() as session:
        upload = session.scalars(select(Upload).order_by(Upload.id.desc())).first()
    assert upload is not None
    return uploads.place_of(city, upload)


def _only_transfer() -> Transfer:
    with db.archive.reading() as session:
        return session.scalars(select(Transfer)).one()
