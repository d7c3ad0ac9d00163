"""An empty edition in a temporary folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import db
from tests.archive import reading_room


@pytest.fixture
def edition(tmp_path: Path) -> Iterator[Path]:
    """Open an empty edition; the archive stays closed. Return the folder."""
    reading_room.open_rooms(reading_room.make_config(tmp_path))
    yield tmp_path
    db.unbind()
