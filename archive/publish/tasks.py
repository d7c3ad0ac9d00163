"""What a worker does at the door: drain the stale records, and see daily that the indexes hold."""

from __future__ import annotations

import logging
from datetime import timedelta

from archive import db
from archive.config import Config
from archive.edition import indexing, shelf
from archive.errors import Unavailable
from archive.holdings.finding import index_in
from archive.jobs import periodic, worker
from archive.jobs.worker import Running
from archive.publish import drain, rebuild

log = logging.getLogger(__name__)


def install(config: Config) -> None:
    """Drain each round. A missing index or full disk is told and tried again, never skipped."""

    def tick() -> bool:
        try:
            return drain.drain(config)
        except Unavailable as error:
            log.warning("the drain waits: %s", error)
            return False

    def sound(running: Running) -> None:
        """Build the indexes anew if either is damaged or was made by another version."""
        if not (indexing.index().is_sound() and index_in(config.index_dir).is_sound()):
            rebuild.indexes(config)

    def sweep(running: Running) -> None:
        """Take off the shelf what a killed drain left; not while another worker drains."""
        with db.archive.alone("drains") as mine:
            if mine:
                with db.edition.reading() as session:
                    shelf.sweep(session)

    worker.on_tick(tick)
    worker.handler("publish.sweep")(sweep)
    periodic.every(timedelta(days=1), "publish.sweep")
    worker.handler("publish.sound")(sound)
    periodic.every(timedelta(days=1), "publish.sound")
