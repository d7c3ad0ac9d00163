"""A house with open and closed records."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.config import Config
from ingest.build import BuildFile
from tests import factories
from tests.command_line import command as command
from tests.factories import SECRET

TEXT = b"Anno 1634 den 12 maj.\n"


@pytest.fixture
def held(city: Config, tmp_path: Path) -> Config:
    """A fonds with an open record of two files, and a closed one full of marker words."""
    leaves = (factories.minutes(), factories.secret_file())
    files = (
        BuildFile("akt.txt", TEXT, "akt"),
        BuildFile("bild.jpg", factories.picture(), "akt"),
        BuildFile(f"{SECRET}fil.txt", f"{SECRET}rad".encode(), "hemlig"),
    )
    what = factories.spec(*leaves, files=files)
    assert factories.take_in(city, factories.package(tmp_path, what)).state == "accessioned"
    return city
