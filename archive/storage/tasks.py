"""What a worker does for the store each day: read a share of it again, and clear what died."""

from __future__ import annotations

from datetime import timedelta

from archive import db
from archive.config import Config
from archive.jobs import periodic, worker
from archive.jobs import queries as jobs
from archive.jobs.models import Priority
from archive.jobs.worker import Running
from archive.storage import fixity, queries
from archive.storage.store import open_store


def install(config: Config) -> None:
    """Register the handlers and how often they are asked for."""

    def check(running: Running) -> None:
        """Read tonight's share of the store again, and mend what can be."""
        fixity.check_night(open_store(config), fixity.pace_of(config), say=running.progress)

    def sweep(running: Running) -> None:
        """Clear what killed writers left, seven days old at least.

        Objects that no row knows stay where they are while another worker may be about to add
        their rows: by a clock that is a year ahead, what was written a minute ago is old.
        """
        with db.archive.alone("drains") as mine:
            with db.archive.reading() as session:
                is_alone = mine and not jobs.others_running(session, running.id)
                known = queries.known_ids(session)
            open_store(config).sweep(known if is_alone else None)

    worker.handler("storage.fixity")(check)
    worker.handler("storage.sweep")(sweep)
    # Reading takes hours: no delivery and no publication stands in line behind it.
    periodic.every(timedelta(days=1), "storage.fixity", priority=Priority.BEHIND)
    periodic.every(timedelta(days=1), "storage.sweep")
