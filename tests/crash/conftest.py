"""A house to break: copied for each fault."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import db
from tests.conftest import config_in
from tests.crash import house
from tests.crash.faults import Faults, Kind

WHOLE = os.environ.get("CRASHTEST") == "whole"


class Breaking:
    """A template house with its delivery, and what becomes of copies of it."""

    def __init__(self, base: Path, template: Path) -> None:
        self.base, self.template = base, template
        self.delivery = house.package(base)

    def run(self, folder: Path, kind: Kind = Kind.NONE, at: int = -1) -> list[str]:
        """Let a fault happen in a copy of the house, kept in `folder`; return the calls made.

        Of a process that was killed nothing is known.
        """
        shutil.copytree(self.template, folder)

        def work() -> list[str]:
            config = config_in(folder)
            house.open_house(config)
            faults = Faults(folder, kind, at)
            faults.install()
            try:
                house.deliver(config, self.delivery)
            except Exception:  # what a person or the worker's log is told; the next process goes on
                if kind is Kind.NONE:
                    raise
            return faults.seen

        ended, said = house.in_child(work)
        assert ended in {0, -9}, said
        assert (ended == 0) == (kind in {Kind.NONE, Kind.EIO, Kind.ENOSPC, Kind.FULL}), said
        return said or []

    def wrong(self, kind: Kind, at: int) -> list[str]:
        """Return what is wrong, before and after people and worker have gone on."""
        folder = self.base / f"{kind}-{at}"
        self.run(folder, kind, at)
        ended, said = house.in_child(lambda: house.after(config_in(folder), self.delivery))
        shutil.rmtree(folder)
        assert ended == 0, said
        return [f"{kind} at call {at}: {each}" for each in said]


@pytest.fixture(scope="session")
def breaking(
    templates: Callable[[bool], Path], tmp_path_factory: pytest.TempPathFactory
) -> Breaking:
    """A house of which copies are broken, one after the other."""
    folder = tmp_path_factory.mktemp("crash")
    shutil.copytree(templates(False), folder / "template")
    db.unbind()
    return Breaking(folder, folder / "template")


@pytest.fixture(scope="session")
def calls(breaking: Breaking) -> list[str]:
    """Every call that changes the disk in a clean run, in order."""
    return breaking.run(breaking.base / "clean")
