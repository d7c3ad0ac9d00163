"""The page of fixity: where the round stands, the nights, and what was found in which copy."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue

from archive import db
from archive.accounts.permissions import Permission, requires
from archive.config import Config
from archive.fixity.words import FAULTS, copy_called
from archive.storage import queries as storage
from archive.storage.store import copy_urls

fixity = Blueprint("fixity", __name__)


@fixity.get("/desk/fixity")
@requires(Permission.JOBS_READ)
def index() -> ResponseReturnValue:
    """Show how long ago everything was read, and what has been found."""
    config: Config = current_app.config["STADSARKIV"]
    urls = copy_urls(config)
    with db.archive.reading() as session:
        standing = storage.standing(session, config.fixity_days, config.fixity_bytes, len(urls))
        damaged = storage.damaged(session)
        nights, found = storage.rounds(session), storage.findings(session)
    return render_template(
        "fixity/index.html",
        standing=standing,
        damaged=damaged,
        nights=nights,
        found=found,
        faults=FAULTS,
        copies=urls,
        called=copy_called,
    )
