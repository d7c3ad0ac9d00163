"""A backup is one that has been restored: same rows, same bytes, the audit holds."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive import backup, db
from archive.audit import queries as audits
from archive.config import Config
from archive.errors import Conflict, Invalid
from archive.storage import fixity
from archive.storage.store import open_store
from tests import databases, factories
from tests.conftest import config_in

pytestmark = pytest.mark.skipif(
    databases.ON_POSTGRES, reason="a server is backed up with its own tools; see tests/postgres"
)


def _dump(config: Config, name: str) -> list[str]:
    path = {"archive": "archive.db", "edition": "public/edition.db"}[name]
    with sqlite3.connect(config.data_dir / path) as connection:
        return list(connection.iterdump())


def test_what_is_restored_is_what_was_backed_up(city: Config, tmp_path: Path) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    backup.back_up(city, tmp_path / "backup")
    before = {name: _dump(city, name) for name in ("archive", "edition")}
    with pytest.raises(Conflict):
        backup.back_up(city, tmp_path / "backup")
    with pytest.raises(Conflict):
        backup.restore(city, tmp_path / "backup")
    db.unbind()
    fresh = config_in(tmp_path / "fresh")
    backup.restore(fresh, tmp_path / "backup")
    db.bind(fresh)
    assert {name: _dump(fresh, name) for name in ("archive", "edition")} == before
    with db.archive.reading() as session:
        assert not list(audits.verify(session))
    kept = set(open_store(fresh).objects())
    assert kept == set(open_store(city).objects())
    assert {name.rsplit(":", 1)[-1] for name in kept} >= {"00001", "submission"}
    round_ = fixity.check_round(open_store(fresh), sample=100)
    assert round_.checked == len(kept) and round_.found == ()


def test_a_changed_backup_is_not_restored(city: Config, tmp_path: Path) -> None:
    backup.back_up(city, tmp_path / "backup")
    (tmp_path / "backup" / "archive.db").write_bytes(b"nothing")
    with pytest.raises(Invalid, match=r"archive\.db"):
        backup.restore(config_in(tmp_path / "fresh"), tmp_path / "backup")
    assert not (tmp_path / "fresh" / "archive.db").exists()


def test_a_backup_is_closed_to_others_for_it_holds_secrets_and_keys(
    city: Config, tmp_path: Path
) -> None:
    backup.back_up(city, tmp_path / "backup")
    fresh = config_in(tmp_path / "fresh")
    backup.restore(fresh, tmp_path / "backup")
    kept = [p for p in (tmp_path / "backup").iterdir() if p.is_file()]
    written = [tmp_path / "backup", *kept, *fresh.data_dir.glob("*.db")]
    assert [path for path in written if path.stat().st_mode & 0o077] == []
