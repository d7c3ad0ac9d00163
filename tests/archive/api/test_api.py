"""The interface for programs: the same records, in JSON, as described."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from archive import db
from tests.archive import reading_room


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a program's way in to a city with three published archives."""
    tmp_path = tmp_path_factory.mktemp("city")
    config = reading_room.make_config(tmp_path)
    reading_room.open_rooms(config)
    reading_room.fill(tmp_path)
    yield reading_room.make_app(config).test_client()
    db.unbind()


def test_what_is_described_is_there_and_what_is_there_is_described(room: FlaskClient) -> None:
    described = set(room.get("/api/v1/openapi.json").get_json()["paths"])
    rules = {str(rule) for rule in room.application.url_map.iter_rules()}
    there = {r.replace("<", "{").replace(">", "}") for r in rules if r.startswith("/api/v1/")}
    assert described == there - {"/api/v1/openapi.json"}


def test_every_page_of_a_search_leads_to_the_next_and_the_last_to_none(room: FlaskClient) -> None:
    url: str | None = "/api/v1/search?q=magistraten&per_page=5"
    seen: list[str] = []
    while url:
        answer = room.get(url).get_json()
        seen += [item["pid"] for item in answer["items"]]
        url = answer["next"]
    assert len(seen) == len(set(seen)) == answer["total"] > 10


def test_a_record_that_is_not_there_is_not_found(room: FlaskClient) -> None:
    assert room.get("/api/v1/records/nobody").status_code == 404
    assert room.get("/api/v1/records/item0x0").get_json()["identifier"] == "SE/LSA/001/A/1"


def test_the_service_says_that_it_lives_and_is_ready(room: FlaskClient) -> None:
    assert room.get("/-/health").text == "ok\n"
    assert room.get("/-/ready").text == "ready\n"
