"""What a worker does for the store's memory: write what changed, soon."""

from __future__ import annotations

import logging

from archive.config import Config
from archive.errors import Unavailable
from archive.jobs import worker
from archive.keeping import journal
from archive.storage.store import open_store

log = logging.getLogger(__name__)
# A version of the journal an edit would fill a disk with inventories; a minute's changes are one.
REST_SECONDS = 60.0


def install(config: Config) -> None:
    """Write the journal once a minute at most. What cannot be written is told and tried again."""

    def tick() -> bool:
        try:
            return journal.write_all(open_store(config)) > 0
        except Unavailable as error:
            log.warning("the journal waits: %s", error)
            return False

    worker.on_tick(tick, rest_seconds=REST_SECONDS)
