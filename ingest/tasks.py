"""The dock's jobs: unpack, check, accession, receipt, the copies for use that follow, the sweep.

Handlers only; what they do stands in `pipeline`, `accession`, `derive`, `pictures`,
`uploads` and `watch`. Begin at `install`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from archive.config import Config
from archive.jobs import periodic, worker
from archive.jobs.worker import Running
from archive.keeping import rebuild
from ingest import (
    accession,
    derive,
    pictures,
    pipeline,
    scans,
    steering,
    sweeping,
    uploads,
    watch,
)
from ingest.migration import tasks as migration
from ingest.offers import actions as offers
from ingest.receipts import making

Step = Callable[[Config, Running], None]


def install(config: Config) -> None:
    """Register the handlers, with the configuration they work under."""
    steps = {
        "ingest.arrive": uploads.arrive_step,
        "ingest.cancel": steering.cancel_step,
        "ingest.unpack": pipeline.unpack_step,
        "ingest.check": pipeline.check_step,
        "ingest.accession": accession.accession_step,
        "ingest.receipt": making.receipt_step,
        "ingest.derive": derive.derive_step,
        "ingest.pyramid": pictures.pyramid_step,
        "ingest.ocr": pictures.ocr_step,
        "ingest.migrate": migration.migrate_step,
        "ingest.sweep": sweeping.sweep_step,
        "ingest.watch": watch.watch_step,
    }
    for name, step in steps.items():
        worker.handler(name)(_bound(step, config))
    periodic.every(timedelta(hours=6), "ingest.sweep")
    if config.watch_dir is not None:
        periodic.every(watch.LOOKS, "ingest.watch")
    rebuild.afterwards(derive.ask_for_all)
    for follow in (offers.follow, scans.follow):
        if follow not in pipeline.FOLLOWERS:
            pipeline.FOLLOWERS.append(follow)


def _bound(step: Step, config: Config) -> Callable[[Running], None]:
    def run(running: Running) -> None:
        step(config, running)

    return run
