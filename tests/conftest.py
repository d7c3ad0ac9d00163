"""Fixtures that open a real house: databases migrated, handlers installed, units and plans.

A house with units and plans is made once per test process and copied, so a test costs little.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import wsgi
from archive import app as house_app
from archive import db, migrate, running
from archive.config import ROOT, Config
from archive.jobs import periodic, worker
from archive.storage.store import open_store
from ingest.demo import load
from ingest.registering import register

CORPORA = ROOT.parent / "shared" / "corpora"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs something that is not here, and say what."""
    for item in items:
        if item.get_closest_marker("corpus") and not CORPORA.is_dir():
            item.add_marker(pytest.mark.skip(reason="../shared/corpora is not here"))
        if item.get_closest_marker("browser") and not Path("/usr/bin/chromium").exists():
            item.add_marker(pytest.mark.skip(reason="/usr/bin/chromium is not installed"))


def config_in(folder: Path) -> Config:
    """Return a configuration whose every path lies in the folder."""
    return Config.from_env(
        {
            "STADSARKIV_DATA_DIR": str(folder),
            "STADSARKIV_SECRET_KEY": "test",
            "STADSARKIV_DEMO": "1",
        }
    )


@pytest.fixture(scope="session")
def city_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with the demo's units, people and decided plans, to be copied."""
    folder = tmp_path_factory.mktemp("city") / "data"
    _open(config_in(folder))
    load._organisation()
    load._plans()
    db.unbind()
    return folder


@pytest.fixture
def city(city_template: Path, tmp_path: Path) -> Iterator[Config]:
    """A house of one's own, with the demo's units, people and plans."""
    folder = tmp_path / "data"
    shutil.copytree(city_template, folder)
    config = config_in(folder)
    _open(config)
    yield config
    db.unbind()


@pytest.fixture
def app(city: Config) -> Flask:
    """The whole application over the city."""
    made = house_app.create_app(city, extensions=[register])
    made.testing = True
    return made


@pytest.fixture
def login(app: Flask) -> Callable[[str], FlaskClient]:
    """Return a client that is logged in with a role of the demo."""

    def as_role(role: str) -> FlaskClient:
        client = app.test_client()
        app.config["WTF_CSRF_ENABLED"] = False
        form = {"email": f"{role}@demo.example", "password": load.PASSWORD}
        assert client.post("/login", data=form).status_code == 302
        return client

    return as_role


def _open(config: Config) -> None:
    db.bind(config)
    migrate.upgrade()
    open_store(config)
    worker._ticks.clear()
    periodic._list.clear()
    running._installers.clear()
    wsgi.install_handlers()
    running.prepare(config)
