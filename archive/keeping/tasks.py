"""What a worker does for the store's memory: write what changed, each round."""

from __future__ import annotations

import logging

from archive.config import Config
from archive.errors import Unavailable
from archive.jobs import worker
from archive.keeping import journal
from archive.storage.store import open_store

log = logging.getLogger(__name__)


def install(config: Config) -> None:
    """Write the journal each round. A store that cannot be written is told and tried again."""

    def tick() -> bool:
        try:
            return journal.write(open_store(config))
        except Unavailable as error:
            log.warning("the journal waits: %s", error)
            return False

    worker.on_tick(tick)
