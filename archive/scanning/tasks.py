"""The jobs of scanning: see which orders a delivery met, and check the scans that came.

Every picture is opened in a child process. What has been measured is kept twenty at a time, so
that a killed worker goes on where it was. Begin at `check_step`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from archive import db
from archive.config import Config
from archive.errors import NotFound
from archive.holdings import queries as holdings
from archive.holdings.models import File
from archive.images import derive, sandbox
from archive.jobs import worker
from archive.jobs.worker import Running
from archive.scanning import actions, queries
from archive.scanning.models import ScanOrder
from archive.storage.store import Store, open_store

_PORTION = 20


def install(config: Config) -> None:
    """Register the handlers."""
    worker.handler("scanning.meet")(meet_step)
    worker.handler("scanning.check")(lambda running: check_step(config, running))


def meet_step(running: Running) -> None:
    """Tie to every open order the files that have come to its record since."""
    with db.archive.reading() as session:
        pids = [order.pid for order in session.scalars(queries.open_orders())]
    for number, pid in enumerate(pids, 1):
        with db.archive.transaction() as session:
            actions.meet(session, queries.by_pid(session, pid))
        running.progress(number, len(pids))
    with db.archive.transaction() as session:
        running.finish(session)


def check_step(config: Config, running: Running) -> None:
    """Measure the scans of an order that have not been measured, and judge them all."""
    store = open_store(config)
    with db.archive.reading() as session:
        order = queries.by_pid(session, running.args["scan_order"])
        rows = queries.scans(session, order)
        files = [(file, _place(session, file)) for scan, file in rows if scan.measured is None]
    for start in range(0, len(files), _PORTION):
        some = files[start : start + _PORTION]
        figures = {file.id: measured(store, file, place) for file, place in some}
        with db.archive.transaction() as session:
            actions.keep_figures(session, session.get_one(ScanOrder, order.id), figures)
        running.progress(start + len(some), len(files))
    with db.archive.transaction() as session:
        actions.conclude(session, queries.by_pid(session, order.pid))
        running.finish(session)


Place = tuple[str, str, str] | None


def _place(session: Session, file: File) -> Place:
    """Return where a file lies; None if its package has been disposed of since."""
    try:
        return holdings.object_of(session, file)
    except NotFound:
        return None


def measured(store: Store, file: File, place: Place) -> dict[str, Any]:
    """Return the figures of a file, or why there are none."""
    if place is None:
        return {"problem": "disposed of"}
    if not derive.is_picture(file.media_type):
        return {"not_picture": file.media_type}
    source = store.path_of(*place)
    with tempfile.TemporaryDirectory() as folder:
        return sandbox.run("scan", source, Path(folder) / "nothing")
