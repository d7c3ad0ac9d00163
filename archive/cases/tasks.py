"""What a worker does for cases: collect from the counter, lay notices and releases on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from archive import db
from archive.cases import actions, queries
from archive.cases.models import Case, CaseItem, Outcome
from archive.config import Config
from archive.counter import actions as counter
from archive.counter.models import Incoming, Release
from archive.counter.seal import PIECE
from archive.holdings import queries as holdings
from archive.holdings.models import Description
from archive.jobs import periodic, worker
from archive.jobs.worker import Running
from archive.storage.store import open_store


def install(config: Config) -> None:
    """Register the drain of the counter and the handlers."""
    worker.on_tick(collect)
    worker.handler("cases.notify")(notify_step)
    worker.handler("cases.release")(lambda running: release_step(config, running))
    worker.handler("cases.expire")(expire_step)
    periodic.every(timedelta(hours=6), "cases.expire")


def collect() -> bool:
    """Make cases of what lies on the counter; archive first, counter second, so none is lost."""
    with db.counter.reading() as session:
        waiting = counter.waiting(session)
    if not waiting:
        return False
    with db.archive.transaction() as session:
        for incoming in waiting:
            if incoming.kind == "request":
                actions.receive(session, incoming)
                continue
            case = queries.by_token(session, incoming.token_hash)
            if case is not None:
                actions.hear(session, case, incoming)
    with db.counter.transaction() as session:
        counter.collected(session, [incoming.id for incoming in waiting])
    db.counter.forget_deleted(Incoming)
    return True


def notify_step(running: Running) -> None:
    """Lay the case's notice on the counter, sealed for its requester."""
    with db.archive.reading() as session:
        case = queries.by_pid(session, running.args["case"])
        form = actions.notice_of(case, queries.records_of(session, case))
    if case.token_hash is None or case.public_key is None:
        return
    with db.counter.transaction() as session:
        counter.lay_notice(session, case.token_hash, case.public_key, form)


def release_step(config: Config, running: Running) -> None:
    """Lay a released item's files on the counter, sealed for its requester."""
    store = open_store(config)
    with db.archive.reading() as session:
        item = session.scalars(select(CaseItem).where(CaseItem.pid == running.args["item"])).one()
        case = queries.by_pid(session, session.get_one(Case, item.case_id).pid)
        if item.outcome != Outcome.RELEASE or item.description_id is None:
            return
        record = session.get_one(Description, item.description_id)
        released = actions.releasable(session, record)
        places = [
            (file, holdings.object_of(session, file))
            for file in queries.files_of(session, released)
        ]
    assert case.token_hash is not None and case.public_key is not None
    for number, (file, place) in enumerate(places):
        counter.lay_release(
            case.token_hash,
            case.public_key,
            file.original_name,
            _pieces(store.path_of(*place)),
            release_id=f"{item.pid}{number:04d}",
        )


def expire_step(running: Running) -> None:
    """Remove releases whose time is over, and addresses that no letter goes to any more."""
    with db.counter.transaction() as session:
        counter.expire(session)
    db.counter.forget_deleted(Release)
    with db.archive.transaction() as session:
        actions.forget_addresses(session)
    db.archive.forget_deleted(Case)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while piece := stream.read(PIECE):
            yield piece
