"""Tell by mail that a night's reading found something. What it found stands at the desk."""

from __future__ import annotations

from archive import db
from archive.config import Config
from archive.jobs import worker
from archive.jobs.worker import Running
from archive.mail import actions as mail
from archive.mail.models import Occasion


def install(config: Config) -> None:
    """Register the handler."""
    worker.handler("fixity.tell")(lambda running: tell_step(config, running))


def tell_step(config: Config, running: Running) -> None:
    """Put a letter for each address of FIXITY_MAIL into the outbox; none where none is set."""
    night = running.args["round"]
    with db.archive.transaction() as session:
        for number, address in enumerate(config.fixity_mail.split(",")):
            mail.post(
                session,
                Occasion.FIXITY,
                address.strip(),
                case_no="",
                subject=f"fixity:{night}:{number}",
                language="sv",
            )
        running.finish(session)
