"""Houses in which something has happened already, made once for a module and copied.

`once = settled.once(function)` and `city = settled.city` in a module give each of its tests the
house as the function left it. On SQLite only; on a server each test would need its own database.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import db
from archive.config import Config
from tests.conftest import _open, config_in


def once(settle: Callable[[Config, Path], None]) -> Any:
    """Return a fixture: the folder of a house in which `settle` has been done."""

    @pytest.fixture(scope="module")
    def made(templates: Callable[[bool], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
        work = tmp_path_factory.mktemp("settled")
        folder = work / "data"
        shutil.copytree(templates(False), folder)
        config = config_in(folder)
        _open(config)
        settle(config, work)
        db.unbind()
        return folder

    return made


@pytest.fixture
def city(once: Path, tmp_path: Path) -> Iterator[Config]:
    """A copy of that house, of one's own."""
    folder = tmp_path / "data"
    shutil.copytree(once, folder)
    config = config_in(folder)
    _open(config)
    yield config
    db.unbind()
