"""Clear from the dock what processes that died left there, a week old at least.

Deliveries that are transfers stay, whatever became of them. Begin at `sweep_step`.
"""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from sqlalchemy import select

from archive import clock, db
from archive.config import Config
from archive.images import sandbox
from archive.jobs.worker import Running
from ingest import uploads
from ingest.models import Transfer

AGED_SECONDS = 7 * 86400
_GONE = ".swept-"


def sweep_step(config: Config, running: Running) -> None:
    """Remove half-written deliveries, uploads nobody goes on with, and scratch folders.

    What never became a transfer goes too.
    """
    if config.quarantine.is_dir():
        for folder in [*config.quarantine.glob(f"{_GONE}*"), *_taken_away(config.quarantine)]:
            shutil.rmtree(folder)
    sandbox.sweep(config.data_dir / "derivatives", clock.now().timestamp() - AGED_SECONDS)


def _taken_away(quarantine: Path) -> list[Path]:
    """Rename what nobody knows, so that a deliverer's late registration finds it gone.

    Under the write lock, for registering looks under it too: a clock that is a year ahead makes
    old what has just landed.
    """
    limit, taken = clock.now().timestamp() - AGED_SECONDS, []
    with db.archive.transaction() as session:
        uploads.expire(session)
        filling = uploads.drafts(session, quarantine)
        homes = {sha512[:32] for sha512 in session.scalars(select(Transfer.sha512))}
        for folder in quarantine.iterdir():
            is_known = folder.name in homes or folder in filling
            is_ours = is_known or folder.name.startswith(_GONE)
            if not is_ours and folder.stat().st_mtime < limit:
                taken.append(folder.rename(quarantine / f"{_GONE}{secrets.token_hex(6)}"))
    return taken
