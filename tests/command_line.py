"""The command line over a city: each command as a person would give it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from archive import cli, cli_plans, cli_store, db
from archive.config import Config
from ingest import commands
from ingest.export import commands as export_commands


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
    rooms = [cli_plans.register, cli_store.register, commands.register, export_commands.register]

    def run(*arguments: object) -> Answer:
        capsys.readouterr()
        code = cli.run([str(each) for each in arguments], extensions=rooms)
        db.bind(city)
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return run
