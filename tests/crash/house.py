"""One delivery through the whole house, in a child process; and what must hold of a house always.

Every function that works opens the house for itself and is meant for a child, so that the test's
own process keeps no connection and no lock. Begin at `deliver` and `complaints`.
"""

from __future__ import annotations

import os
import pickle
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

import wsgi
from archive import clock, db, running
from archive.accounts import queries as accounts
from archive.audit import queries as audits
from archive.audit.actions import SYSTEM
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.edition import indexing, shelf
from archive.edition.models import PublicFile, PublicRecord
from archive.errors import Conflict
from archive.holdings import actions as holdings
from archive.holdings.finding import index_in
from archive.holdings.models import Aip, Derivative, Description, File, Stale
from archive.jobs import periodic, worker
from archive.storage.models import StoredObject
from archive.storage.store import open_store
from ingest import receive
from ingest.models import State, Transfer
from tests import factories

LEAVES = 1
WHOLE = (LEAVES + 2, LEAVES, LEAVES)  # descriptions, files and objects of records


def package(folder: Path) -> Path:
    """Build the small delivery of one record with a picture."""
    leaves = [
        factories.minutes(f"Akt {n}", key=f"akt{n}", reference=f"SE/LSA/T1/A1:{n}")
        for n in range(LEAVES)
    ]
    return factories.package(folder, factories.spec(*leaves))


def in_child(work: Callable[[], Any]) -> tuple[int, Any]:
    """Do the work in a child; return how it ended and what it returned, or its traceback."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        answer: Any = None
        ended = 1
        try:
            answer = work()
            ended = 0
        except BaseException:
            answer = traceback.format_exc()
        finally:
            with os.fdopen(writing, "wb") as stream:
                stream.write(pickle.dumps(answer))
            os._exit(ended)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read()
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return ended, pickle.loads(told) if told else None


def open_house(config: Config) -> None:
    """Open a house that is migrated already, with every handler, as a worker does."""
    db.bind(config)
    open_store(config)
    worker._ticks.clear()
    periodic._list.clear()
    running._installers.clear()
    wsgi.install_handlers()
    running.prepare(config)


def deliver(config: Config, path: Path) -> None:
    """Hand in the delivery, let a worker work, publish, and let the drain bring it out."""
    hand_in(config, path)
    work()
    publish()
    work()


def work() -> None:
    """Work as a living worker does, which lets the journal rest, until there is nothing to do."""
    name = worker.worker_name()
    while worker.run_once(name, is_patient=True):
        pass


def hand_in(config: Config, path: Path) -> Transfer:
    """Hand the delivery in, for the unit whose records it holds."""
    with db.archive.reading() as session:
        unit = accounts.need_unit(session, "HA")
    transfer, _ = receive.receive(
        path, path.name, receive.Declared(unit.id), quarantine=config.quarantine, actor=SYSTEM
    )
    return transfer


def publish() -> None:
    """Let an archivist publish what came in and is not published yet."""
    with db.archive.transaction() as session:
        for record in session.scalars(select(Description).where(Description.level == "file")):
            if record.publication == "none":
                holdings.publish(session, record, viewer=factories.viewer("archivist"))


def finish(config: Config, path: Path) -> None:
    """Do what people do after a breakdown: hand in again, start the worker, wait, publish."""
    later = clock.now()
    for minutes in (0, 5, 15, 60):
        later += timedelta(minutes=minutes)
        with clock.frozen(later):
            if minutes == 5:
                hand_in(config, path)
            work()
    with clock.frozen(later):
        publish()
        work()


def sweep() -> None:
    """Let eight days pass, twice, and the daily work be done."""
    for days in (8, 16):
        with clock.frozen(clock.now() + timedelta(days=days)):
            with db.archive.transaction() as session:
                periodic.ask(session)
            worker.run_until_idle()


def complaints(config: Config) -> list[str]:
    """Return what is half-visible, contradicts itself or cannot be read, at any moment."""
    store, found = open_store(config), []
    with db.archive.reading() as session:
        counts = counted(session)
        if counts not in {(0, 0, 0), WHOLE}:
            found.append(f"half of a delivery: {counts}")
        for row in session.scalars(select(StoredObject)):
            found += [f"{row.object_id}: {p}" for p in store.check(row.object_id, row.digest)]
        found += [str(each) for each in audits.verify(session)]
        found += _of_database(session, "archive")
        for copy in session.scalars(select(Derivative)):
            place = config.data_dir / "derivatives" / copy.path
            if not place.is_file() or place.stat().st_size != copy.size_bytes:
                found.append(f"a row names a copy that is not there: {copy.path}")
        pids = set(session.scalars(select(Description.pid)))
        accessioned = select(func.count()).where(AuditEvent.action == "transfer.accessioned")
        if (session.scalar(accessioned) or 0) > 1:
            found.append("accessioned twice")
    return found + _of_edition(pids)


def _of_edition(pids: set[str]) -> list[str]:
    found = []
    with db.edition.reading() as session:
        found += _of_database(session, "edition")
        for record in session.scalars(select(PublicRecord)):
            if record.pid not in pids:
                found.append(f"public without a record: {record.reference}")
        for file in session.scalars(select(PublicFile)):
            place = shelf.locate(file.path)
            if place is None or place.stat().st_size != file.size_bytes:
                found.append(f"a public row without its bytes: {file.path}")
    return found


def _of_database(session: Any, name: str) -> list[str]:
    checked = session.execute(text("PRAGMA integrity_check")).scalar()
    broken = session.execute(text("PRAGMA foreign_key_check")).all()
    return [f"{name}: {checked} {broken}"] if checked != "ok" or broken else []


def counted(session: Any) -> tuple[int, ...]:
    """Return how many descriptions, files and objects of records there are."""
    return tuple(
        session.scalar(select(func.count()).select_from(t)) or 0 for t in (Description, File, Aip)
    )


def unfinished(config: Config) -> list[str]:
    """Return what is missing of a delivery that should be in, published and found."""
    found = []
    with db.archive.reading() as session:
        states = list(session.scalars(select(Transfer.state)))
        if states != [State.ACCESSIONED]:
            found.append(f"transfers: {states}")
        if counted(session) != WHOLE:
            found.append(f"not whole: {counted(session)}")
        if session.scalar(select(func.count()).select_from(Stale)):
            found.append("stale records wait")
        copies = session.scalar(select(func.count()).select_from(Derivative)) or 0
        if copies < 2 * LEAVES:
            found.append(f"copies for use: {copies}")
    with db.edition.reading() as session:
        public = session.scalar(select(func.count()).select_from(PublicRecord))
    if public != LEAVES + 2:
        found.append(f"public records: {public}")
    counts = indexing.index().count(), index_in(config.index_dir).count()
    if counts != (LEAVES + 2, LEAVES + 2):
        found.append(f"found by readers and staff: {counts}")
    return found


def strays(config: Config) -> list[str]:
    """Return what lies on the disks and belongs to nothing, once the sweeps have passed."""
    store, found = open_store(config), []
    with db.archive.reading() as session:
        known = set(session.scalars(select(StoredObject.object_id)))
        homes = {t.sha512[:32] for t in session.scalars(select(Transfer))}
        made = {
            config.data_dir / "derivatives" / p for p in session.scalars(select(Derivative.path))
        }
    found += [f"an object without a row: {name}" for name in set(store.objects()) - known]
    found += [f"a row without an object: {name}" for name in known - set(store.objects())]
    for root in store.roots:
        found += [f"left in staging: {p.name}" for p in root.staging.iterdir() if p.is_dir()]
    if config.quarantine.is_dir():
        found += [f"left in quarantine: {p.name}" for p in config.quarantine.iterdir()
                  if p.name not in homes]  # fmt: skip
    parts = [p for p in config.data_dir.rglob("*.part*") if p.is_file()]
    found += [f"half a file: {p.relative_to(config.data_dir)}" for p in parts]
    with db.edition.reading() as session:
        named = set(session.scalars(select(PublicFile.path)))
    lying = {str(p.relative_to(shelf.folder())) for p in shelf.folder().glob("??/*")}
    found += [f"on the shelf without a row: {path}" for path in lying - named]
    copies = [p for p in (config.data_dir / "derivatives").rglob("*") if p.is_file()]
    found += [f"a copy without a row: {p.name}" for p in copies if p not in made]
    return found


def after(config: Config, path: Path) -> list[str]:
    """Open the house that broke down, look, finish, look again, sweep, and say what is wrong."""
    open_house(config)
    found = [f"at the breakdown: {each}" for each in complaints(config)]
    with suppress(Conflict):
        finish(config, path)
    found += [f"afterwards: {each}" for each in complaints(config) + unfinished(config)]
    sweep()
    return found + [f"swept: {each}" for each in complaints(config) + strays(config)]
