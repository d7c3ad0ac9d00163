"""The schema on both databases: migrated from nothing, it is what the models say."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import BigInteger, inspect, text
from sqlalchemy.exc import DBAPIError

from archive import db, migrate
from archive.config import ROOT, Config
from archive.errors import Invalid
from tests import databases
from tests.conftest import config_in

BOTH = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Config]:
    """Three empty databases, bound; nothing is migrated yet."""
    prefix = None
    if request.param == "postgres":
        prefix = databases.cluster().fresh_prefix()
        databases.create(prefix)
    config = config_in(tmp_path, prefix)
    db.bind(config)
    yield config
    db.unbind()
    if prefix is not None:
        databases.drop(prefix)


def test_migrated_from_nothing_the_schema_is_what_the_models_say(empty: Config) -> None:
    migrate.upgrade()
    for name in migrate.BRANCHES:
        assert _differences(name) == []


def _differences(name: str) -> list[object]:
    """Return what Alembic would write in a new revision, asked as env.py asks it."""
    found: list[object] = []

    def compare(revision: object, context: MigrationContext) -> list[object]:
        found.extend(compare_metadata(context, db.BASES[name].metadata))
        return []

    script = ScriptDirectory.from_config(_alembic(name))
    with EnvironmentContext(_alembic(name), script, fn=compare):
        script.run_env()
    return found


def _alembic(name: str) -> AlembicConfig:
    settings = AlembicConfig(str(ROOT / "setup.cfg"))
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    settings.attributes.update(which=name, engine=getattr(db, name).engine)
    return settings


def test_what_was_migrated_is_left_alone_the_next_time(empty: Config) -> None:
    migrate.upgrade()
    migrate.upgrade()
    with db.archive.engine.connect() as connection:
        found = connection.scalar(text("SELECT version_num FROM schema_version"))
    heads = ScriptDirectory.from_config(_alembic("archive")).get_revisions("archive@head")
    assert found in {head.revision for head in heads}


def test_two_processes_that_start_together_migrate_once(empty: Config) -> None:
    env = {
        "PATH": "/usr/bin",
        "STADSARKIV_DATA_DIR": str(empty.data_dir),
        "STADSARKIV_DATABASE_URL": empty.database_url,
        "STADSARKIV_EDITION_URL": empty.edition_url,
        "STADSARKIV_COUNTER_URL": empty.counter_url,
    }
    command = [sys.executable, "-m", "wsgi", "init"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL) for _ in range(2)
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    assert inspect(db.archive.engine).has_table("description")


def test_a_size_may_be_larger_than_two_gibibytes_everywhere() -> None:
    small = [
        f"{table.name}.{column.name}"
        for base in db.BASES.values()
        for table in base.metadata.sorted_tables
        for column in table.columns
        if column.name.endswith("_bytes") and not isinstance(column.type, BigInteger)
    ]
    assert small == []


@pytest.mark.postgres
def test_every_step_can_be_taken_back_on_postgresql(tmp_path: Path) -> None:
    prefix = databases.cluster().fresh_prefix()
    databases.create(prefix)
    db.bind(config_in(tmp_path, prefix))
    migrate.upgrade()
    for name in migrate.BRANCHES:
        command.downgrade(_alembic(name), f"{name}@base")
        assert inspect(getattr(db, name).engine).get_table_names() == ["schema_version"]
    db.unbind()
    databases.drop(prefix)


@pytest.mark.postgres
def test_a_database_with_an_order_of_its_own_is_not_taken(tmp_path: Path) -> None:
    prefix = databases.cluster().fresh_prefix()
    databases.create(prefix)
    databases.cluster().drop(f"{prefix}_archive")
    databases.cluster().create(f"{prefix}_archive", options="LC_COLLATE 'C.UTF-8'")
    db.bind(config_in(tmp_path, prefix))
    with pytest.raises(Invalid, match="--lc-collate=C"):
        migrate.upgrade()
    assert not inspect(db.archive.engine).has_table("description")
    db.unbind()
    databases.drop(prefix)


@pytest.mark.postgres
def test_a_server_that_may_forget_what_it_committed_is_not_taken(tmp_path: Path) -> None:
    prefix = databases.cluster().fresh_prefix()
    databases.create(prefix)
    databases.cluster().run(f"ALTER DATABASE {prefix}_archive SET synchronous_commit = off")
    db.bind(config_in(tmp_path, prefix))
    with pytest.raises(Invalid, match="receipt could be lost"):
        migrate.upgrade()
    db.unbind()
    databases.drop(prefix)


@pytest.mark.postgres
def test_the_public_process_cannot_write_in_the_edition(tmp_path: Path) -> None:
    prefix = databases.cluster().fresh_prefix()
    databases.create(prefix)
    config = config_in(tmp_path, prefix)
    db.bind(config)
    migrate.upgrade()
    db.bind(config, public_only=True)
    with pytest.raises(RuntimeError, match="reading only"), db.edition.transaction():
        pass
    with (
        db.edition.engine.connect() as connection,
        pytest.raises(DBAPIError, match="read-only transaction"),
    ):
        connection.execute(text("DELETE FROM public_record"))
    with db.counter.transaction():
        pass
    db.unbind()
    databases.drop(prefix)
