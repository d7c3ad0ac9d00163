"""A house with open and closed records, and the command line over it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive import cli, cli_plans, db
from archive.config import Config
from ingest import commands
from ingest.build import BuildFile
from ingest.export import commands as export_commands
from tests import factories
from tests.factories import SECRET

TEXT = b"Anno 1634 den 12 maj.\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said: its exit code, and its words on both streams."""

    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def command(
    city: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Command:
    """Run `stadsarkiv …` over the city."""
    monkeypatch.setenv("STADSARKIV_DATA_DIR", str(city.data_dir))
    monkeypatch.setenv("STADSARKIV_SECRET_KEY", "test")
    monkeypatch.setenv("STADSARKIV_DEMO", "1")
    rooms = [cli_plans.register, commands.register, export_commands.register]

    def run(*arguments: object) -> Answer:
        capsys.readouterr()
        code = cli.run([str(each) for each in arguments], extensions=rooms)
        db.bind(city)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return run


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
