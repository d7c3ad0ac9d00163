"""A filled reading room, opened once for the tests of the site; they only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from archive import db
from tests.archive import reading_room


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Return a visitor of a city with three published archives."""
    tmp_path = tmp_path_factory.mktemp("city")
    config = reading_room.make_config(tmp_path)
    reading_room.open_rooms(config)
    reading_room.fill(tmp_path)
    app = reading_room.make_app(config)
    yield app.test_client()
    db.unbind()
