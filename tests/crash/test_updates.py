"""A fault in the middle of an update: the old version or the new one, never half of each."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import clock, db
from archive.config import Config
from archive.holdings.models import Aip, Description, File
from archive.storage.store import open_store
from ingest.build import BuildFile
from ingest.models import State, Transfer
from tests import factories
from tests.conftest import config_in
from tests.crash import house
from tests.crash.conftest import WHOLE, Breaking
from tests.crash.faults import Faults, Kind

KINDS = [Kind.KILL, Kind.POWER, *([Kind.ENOSPC] if WHOLE else [])]
SAMPLE = 2


class Updating:
    """A house with one delivery in it, its replacement, and what becomes of copies of it."""

    def __init__(self, breaking: Breaking) -> None:
        self.base, self.template = breaking.base / "updates", breaking.base / "updates" / "house"
        self.base.mkdir()
        shutil.copytree(breaking.template, self.template)
        leaf = factories.minutes("Ny", key="akt0", reference="SE/LSA/T1/A1:0")
        file = BuildFile("akt0.jpg", factories.picture("red"), "akt0")
        spec = replace(factories.spec(leaf, files=(file,)), status="REPLACEMENT")
        self.update = factories.package(self.base, spec)
        ended, said = house.in_child(lambda: self._deliver(self.template, breaking.delivery))
        assert ended == 0, said

    def _deliver(self, folder: Path, path: Path, kind: Kind = Kind.NONE, at: int = -1) -> list[str]:
        config = config_in(folder)
        house.open_house(config)
        faults = Faults(folder, kind, at)
        faults.install()
        try:
            house.hand_in(config, path)
            house.work()
        except Exception:  # what the worker's log is told; the next process goes on
            if kind is Kind.NONE:
                raise
        return faults.seen

    def run(self, folder: Path, kind: Kind = Kind.NONE, at: int = -1) -> list[str]:
        """Let a fault happen while the update comes in, in a copy; return the calls made."""
        shutil.copytree(self.template, folder)
        ended, said = house.in_child(lambda: self._deliver(folder, self.update, kind, at))
        assert ended in {0, -9}, said
        return said or []

    def wrong(self, kind: Kind, at: int) -> list[str]:
        """Return what is wrong, before and after a worker has gone on."""
        folder = self.base / f"{kind}-{at}"
        self.run(folder, kind, at)
        ended, said = house.in_child(lambda: self._after(config_in(folder)))
        shutil.rmtree(folder)
        assert ended == 0, said
        return [f"{kind} at call {at}: {each}" for each in said]

    def _after(self, config: Config) -> list[str]:
        house.open_house(config)
        found = [f"at the breakdown: {each}" for each in _torn(config)]
        later = clock.now()
        for minutes in (0, 5, 15, 60):
            later += timedelta(minutes=minutes)
            with clock.frozen(later):
                if minutes == 5:
                    house.hand_in(config, self.update)
                house.work()
        found += [f"afterwards: {each}" for each in _torn(config)]
        with db.archive.reading() as session:
            states = set(session.scalars(select(Transfer.state)))
            ended = session.scalars(select(File.last_version).order_by(File.id)).all()
        if states != {State.ACCESSIONED} or list(ended) != ["v1", None]:
            found.append(f"not finished: {states} {ended}")
        return found


def _torn(config: Config) -> list[str]:
    """Return where rows and store contradict each other, or a record is half of each version."""
    store, found = open_store(config), []
    with db.archive.reading() as session:
        aip = session.scalars(select(Aip)).one()
        record = session.scalars(select(Description).where(Description.level == "file")).one()
        files = session.scalars(select(File)).all()
        for file in files:
            kept = store.version(aip.object_id, file.last_version or aip.version).files
            if kept[file.logical_path].sha512 != file.sha512:
                found.append(f"{file.logical_path} is not the file of its row")
        seen = (aip.version, record.title, len(files))
        if seen not in {("v1", "Akt 0", 1), ("v2", "Ny", 2)}:
            found.append(f"half of each: {seen}")
        found += [str(p) for p in store.check(aip.object_id, aip.inventory_digest)]
    return found


@pytest.fixture(scope="module")
def updating(breaking: Breaking) -> Iterator[Updating]:
    yield Updating(breaking)
    shutil.rmtree(breaking.base / "updates")


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_in_an_update_leaves_one_version_whole_and_the_next_worker_finishes(
    updating: Updating, kind: Kind
) -> None:
    clean = updating.base / f"clean-{kind}"
    calls = updating.run(clean)
    shutil.rmtree(clean)
    chosen = range(len(calls))
    if not WHOLE:  # from the first version that lies in the store to its rows: there it could tear
        first = next(n for n, call in enumerate(calls) if call.startswith("rename /store.staging"))
        last = next(n for n in range(first, len(calls)) if calls[n] == "committed")
        chosen = range(first + KINDS.index(kind), last, max(1, (last - first) // SAMPLE))
    wrong = [each for at in chosen for each in updating.wrong(kind, at)]
    assert wrong == []
