"""Sessions that read leave nothing behind but the rows that were read."""

from __future__ import annotations

from pathlib import Path

from archive import clock, db
from archive.config import Config
from archive.db import ArchiveBase
from archive.storage.models import StoredObject


def test_rows_can_be_read_after_the_block_and_changes_to_them_are_lost(tmp_path: Path) -> None:
    db.bind(Config.from_env({"STADSARKIV_DATA_DIR": str(tmp_path)}))
    ArchiveBase.metadata.create_all(db.archive.engine, tables=[StoredObject.__table__])
    now = clock.now()
    row = {"version": "v1", "digest": "d", "size_bytes": 1, "file_count": 1, "state": "ok"}
    with db.archive.transaction() as session:
        session.add(StoredObject(object_id="urn:a", stored_at=now, last_checked_at=now, **row))
    with db.archive.reading() as session:
        read = session.get_one(StoredObject, "urn:a")
        read.state = "damaged"
    assert read.size_bytes == 1
    with db.archive.reading() as session:
        assert session.get_one(StoredObject, "urn:a").state == "ok"
    db.unbind()
