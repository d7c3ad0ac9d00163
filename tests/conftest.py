"""Fixtures that open a real house: databases migrated, handlers installed, units and plans.

A house with units and plans is made once per test process and copied, so a test costs little.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings

import wsgi
from archive import app as house_app
from archive import db, migrate, running
from archive.config import ROOT, Config
from archive.jobs import periodic, worker
from archive.storage.store import open_store
from ingest.demo import load
from ingest.registering import register
from tests import databases

CORPORA = ROOT.parent / "shared" / "corpora"
# The same examples every time, and no verdict by the clock: a busy machine is no failure.
settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
_ROOM = 3 * 1024**3  # bytes; what passed is removed at once, and a run has never needed a third


def pytest_configure() -> None:
    """Let the houses lie in memory where there is room: there a sync costs nothing.

    Every commit waits for the disk, and that was half of a run's time. That the syncs are made,
    and in which order, is what `tests/crash` counts.
    """
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= _ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs something that is not here, and say what."""
    for item in items:
        if item.get_closest_marker("corpus") and not CORPORA.is_dir():
            item.add_marker(pytest.mark.skip(reason="../shared/corpora is not here"))
        if item.get_closest_marker("browser") and not Path("/usr/bin/chromium").exists():
            item.add_marker(pytest.mark.skip(reason="/usr/bin/chromium is not installed"))
        if item.get_closest_marker("postgres") and databases.missing():
            item.add_marker(pytest.mark.skip(reason=databases.missing() or ""))


def config_in(folder: Path, prefix: str | None = None) -> Config:
    """Return a configuration whose every path lies in the folder.

    With a prefix the databases are those of this name on PostgreSQL.
    """
    return Config.from_env(
        {
            "STADSARKIV_DATA_DIR": str(folder),
            "STADSARKIV_SECRET_KEY": "test",
            "STADSARKIV_DEMO": "1",
            **(databases.urls(prefix) if prefix else {}),
        }
    )


@pytest.fixture(scope="session")
def on_postgres() -> bool:
    """Whether houses keep their databases on PostgreSQL; tests/postgres says yes."""
    return databases.ON_POSTGRES


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bool], Path]:
    """Return the maker of houses with the demo's units, people and decided plans, to be copied."""

    @cache
    def made(on_postgres: bool) -> Path:
        folder = tmp_path_factory.mktemp("city") / "data"
        if on_postgres:
            databases.create("template")
        _open(config_in(folder, "template" if on_postgres else None))
        load._organisation()
        load._plans()
        db.unbind()
        return folder

    return made


@pytest.fixture
def city(templates: Callable[[bool], Path], tmp_path: Path, on_postgres: bool) -> Iterator[Config]:
    """A house of one's own, with the demo's units, people and plans."""
    folder = tmp_path / "data"
    shutil.copytree(templates(on_postgres), folder)
    prefix = databases.cluster().fresh_prefix() if on_postgres else None
    if prefix is not None:
        databases.create(prefix, like="template")
    config = config_in(folder, prefix)
    _open(config)
    yield config
    db.unbind()
    if prefix is not None:
        databases.drop(prefix)


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
