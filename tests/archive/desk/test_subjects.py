"""The log and the queue name what they are about, to those who may read it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from flask.testing import FlaskClient

from archive import db
from archive.config import Config
from archive.desk import subjects
from tests import factories

Login = Callable[[str], FlaskClient]


def _one_delivery(city: Config, folder: Path) -> None:
    path = factories.package(folder, factories.spec(factories.minutes(), factories.secret_file()))
    factories.take_in(city, path)


def test_the_queue_and_the_log_name_the_delivery_and_the_record(
    login: Login, city: Config, tmp_path: Path
) -> None:
    _one_delivery(city, tmp_path)
    client = login("archivist")
    jobs = client.get("/desk/jobs").text
    assert "1. Provleverans" in jobs and "/desk/ingest/" in jobs
    log = login("city_archivist").get("/desk/audit").text
    assert "leverans 1. Provleverans" in log


def test_a_name_is_told_to_nobody_who_may_not_read_the_thing(city: Config, tmp_path: Path) -> None:
    _one_delivery(city, tmp_path)
    reference = factories.minutes().reference or ""
    asked = [f"record:{factories.record(reference).pid}", "case:x", "unit:HA", "nothing:1", "odd"]
    with db.archive.reading() as session:
        told = subjects.names(session, factories.viewer("archivist"), asked)
        hidden = subjects.names(session, factories.viewer("admin"), asked)
    assert told == {asked[0]: reference, "unit:HA": "HA"}
    assert hidden == {"unit:HA": "HA"}
