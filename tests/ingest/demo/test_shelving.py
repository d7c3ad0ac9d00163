"""The demo's paper stands on shelves, and some of it waits for a place."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from archive import db
from archive.config import Config
from archive.shelves.models import PlaceKind, ShelfPlace, Standing
from ingest.demo import shelving
from tests import factories


def test_volumes_stand_four_to_a_box_in_a_room(city: Config, tmp_path: Path) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    with db.archive.transaction() as session:
        parent = factories.record("SE/LSA/T1/A1")
        for number in range(2, 7):
            copied = {c.name: getattr(parent, c.name) for c in parent.__table__.columns
                      if c.name not in {"id", "pid", "reference", "path"}}  # fmt: skip
            row = type(parent)(**copied, reference=f"SE/LSA/T1/A{number}")
            session.add(row)
            session.flush()
            row.path, row.level = f"/{row.id}/", "volume"
    shelving.play()
    with db.archive.reading() as session:
        kinds = [row.kind for row in session.scalars(select(ShelfPlace))]
        stood = session.scalars(select(Standing)).all()
    assert kinds.count(PlaceKind.ROOM) == 1 and kinds.count(PlaceKind.BOX) == 2
    assert len(stood) == 5 and len({row.place_id for row in stood}) == 2
