"""What a worker does at the door: drain the stale records, each round."""

from __future__ import annotations

import logging

from archive.config import Config
from archive.errors import Unavailable
from archive.jobs import worker
from archive.publish import drain

log = logging.getLogger(__name__)


def install(config: Config) -> None:
    """Drain each round. A missing index or full disk is told and tried again, never skipped."""

    def tick() -> bool:
        try:
            return drain.drain(config)
        except Unavailable as error:
            log.warning("the drain waits: %s", error)
            return False

    worker.on_tick(tick)
