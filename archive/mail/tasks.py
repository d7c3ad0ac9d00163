"""What a worker does for mail: send what is in the outbox, and forget it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from archive import clock, db
from archive.audit import actions as audit
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.errors import Invalid
from archive.jobs import periodic, worker
from archive.jobs.worker import Running
from archive.mail import actions, carriers, letters
from archive.mail.models import Letter

LAID = timedelta(days=30)


def install(config: Config) -> None:
    """Register the handlers."""
    worker.handler("mail.send")(lambda running: send_step(config, running))
    worker.handler("mail.sweep")(lambda running: sweep_step(config, running))
    periodic.every(timedelta(hours=24), "mail.sweep")


def send_step(config: Config, running: Running) -> None:
    """Send one letter and erase it; a letter that is gone already was sent or is not wanted.

    A mail server that is down costs this job a try, and nothing else in the house waits for it.
    """
    with db.archive.reading() as session:
        letter = session.get(Letter, running.args["letter"])
    if letter is None:
        return
    message = letters.written(letter, config, clock.now())
    try:
        carriers.carry(config.mail_url, message, letter.id)
    except Invalid:
        with db.archive.transaction() as session:
            actions.forget(session, letter.id)
            audit.record(session, "mail.refused", letter.subject, actor=SYSTEM)
        db.archive.forget_deleted(Letter)
        raise
    with db.archive.transaction() as session:
        actions.forget(session, letter.id)
        audit.record(
            session, "mail.sent", letter.subject, actor=SYSTEM, occasion=str(letter.occasion)
        )
        running.finish(session)
    db.archive.forget_deleted(Letter)


def sweep_step(config: Config, running: Running) -> None:
    """Erase letters that could not be sent, and laid letters that nobody fetched for a month."""
    with db.archive.transaction() as session:
        actions.forget_old(session)
    db.archive.forget_deleted(Letter)
    parts = urlsplit(config.mail_url)
    if parts.scheme != "file":
        return
    oldest = (clock.now() - LAID).timestamp()
    for path in Path(unquote(parts.path)).glob("*.eml"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
