"""What must be right before the house opens, all of it told at once, with what to do.

Outside demo mode what is wrong stops the start; in demo mode it is told. Begin at `demand`.
"""

from __future__ import annotations

import logging
import os
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask.helpers import get_debug_flag
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import db
from archive.accounts.models import User
from archive.config import Config
from archive.db import Database
from archive.errors import Invalid

log = logging.getLogger(__name__)

DEMO_HOST = "demo.example"
KEY_CHARACTERS, KEY_VARIETY = 32, 8
# Older ones run code or read files that a delivery names: CVE-2026-41066; the decoders of 2026.
_LIBRARIES = {"lxml": (6, 1, 0), "Pillow": (12, 3, 0)}
_PRAGMAS = {"synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it must be, and what to do about it."""

    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.what}\n      {self.remedy}"


# These also mend tarfile (CVE-2025-4517), which the house never lets unpack anything.
_PYTHON = {(3, 11): (3, 11, 13), (3, 12): (3, 12, 11), (3, 13): (3, 13, 4)}


def demand(config: Config) -> None:
    """Pass, or refuse to start and say everything that is wrong; in demo mode warn and pass.

    The databases that are open are looked at too, so the public half is not asked about accounts.

    :raises Invalid: outside demo mode, if anything is wrong.
    """
    running = sys.version_info[:3]
    if running < _PYTHON.get(running[:2], running):
        log.warning(
            "Python %s has known holes; update it when you can", ".".join(map(str, running))
        )
    found = list(findings(config))
    if not found:
        return
    listed = "\n".join(f"  {number}. {finding}" for number, finding in enumerate(found, 1))
    if config.demo:
        log.warning("outside demo mode this would stop the start:\n%s", listed)
        return
    raise Invalid(f"not started, for {len(found)} reasons:\n{listed}")


def findings(config: Config) -> Iterator[Finding]:
    """Yield everything that is not as it must be."""
    yield from _libraries()
    if get_debug_flag():
        yield Finding(
            "debug mode is on: a page that fails shows code and lets visitors run some.",
            "Take FLASK_DEBUG out of the environment.",
        )
    yield from _key(config)
    yield from _address(config)
    yield from _folders(config)
    for database in (db.archive, db.edition, db.counter):
        if database.is_open:
            yield from _pragmas(database)
    if db.archive.is_open and not config.demo:
        with db.archive.reading() as session:
            yield from _demo_accounts(session)


def prepare_folder(config: Config) -> None:
    """Make the data folder, closed to others; one that was handed to us empty is closed too.

    A folder that holds something is left as it is: others may have read it, and a person should
    know (`findings`).
    """
    folder = config.data_dir
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = all(path.name == "secret.key" for path in folder.iterdir())
    status = folder.stat()
    if is_new and status.st_uid == os.getuid():
        folder.chmod(stat.S_IMODE(status.st_mode) & ~0o007)


def demand_loopback(config: Config, host: str) -> None:
    """Pass, or refuse to show a demo to other machines: everybody knows its passwords.

    :raises Invalid: in demo mode, if the address to listen at is not this machine's own.
    """
    if config.demo and not _is_loopback(host):
        raise Invalid(
            f"the demo has known log-ins and listens on 127.0.0.1 only, not on {host}; "
            "leave --host out, or set STADSARKIV_DEMO=0 for an archive of your own"
        )


def _libraries() -> Iterator[Finding]:
    for name, least in _LIBRARIES.items():
        found = version(name)
        if _numbers(found) < least:
            needed = ".".join(map(str, least))
            yield Finding(
                f"{name} is {found}; releases before {needed} have known holes.",
                "Run  make run  or  pip install -r requirements.txt  to get the tested release.",
            )


def _numbers(text: str) -> tuple[int, ...]:
    digits = (
        "".join(character for character in part if character.isdecimal())
        for part in text.split("+")[0].split(".")[:3]
    )
    return tuple(int(part or 0) for part in digits)


def _key(config: Config) -> Iterator[Finding]:
    key = config.secret_key
    if len(key) < KEY_CHARACTERS or len(set(key)) < KEY_VARIETY:
        yield Finding(
            f"SECRET_KEY is easily guessed ({len(key)} characters); with it forms can be forged.",
            "Take the setting away: a key is made and kept in DATA_DIR/secret.key. Or make one: "
            'python3 -c "import secrets; print(secrets.token_hex(32))"',
        )


def _address(config: Config) -> Iterator[Finding]:
    base, mail = urlsplit(config.base_url), urlsplit(config.mail_url)
    if base.scheme != "https" and not _is_loopback(base.hostname or ""):
        yield Finding(
            f"BASE_URL is {config.base_url}: log-ins and case links would cross the net in clear.",
            "Put a TLS proxy in front and set BASE_URL to https://…",
        )
    if mail.scheme == "smtp" and mail.password and not _is_loopback(mail.hostname or ""):
        yield Finding(
            f"MAIL_URL sends its password to {mail.hostname} in clear.",
            "Write smtp+starttls:// or smtps:// instead of smtp://.",
        )


def _folders(config: Config) -> Iterator[Finding]:
    places = {"DATA_DIR": config.data_dir}
    for name, url in (
        ("STORAGE_URL", config.storage_url),
        ("STORAGE_COPY_URL", config.storage_copy_url),
    ):
        if urlsplit(url).scheme == "file":
            places[name] = Path(unquote(urlsplit(url).path))
    for name, folder in places.items():
        if _is_open_to_all(folder, config.data_dir):
            yield Finding(
                f"{name} ({folder}) can be read by everybody on this machine.",
                f"Run  chmod o-rwx {folder}  and consider who may have read it.",
            )


def _is_open_to_all(folder: Path, data_dir: Path) -> bool:
    """Return whether others may enter the folder; a folder in a closed one is closed."""
    try:
        mode = folder.stat().st_mode
    except OSError:
        return False
    if folder != data_dir and folder.is_relative_to(data_dir):
        return False
    return bool(mode & (stat.S_IROTH | stat.S_IXOTH | stat.S_IWOTH))


def _pragmas(database: Database) -> Iterator[Finding]:
    if database.engine.dialect.name != "sqlite":
        return
    with database.engine.connect() as connection:
        weak = [
            name
            for name, wanted in _PRAGMAS.items()
            if connection.exec_driver_sql(f"PRAGMA {name}").scalar() != wanted
        ]
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    if not database.read_only and mode != "wal":
        weak.append(f"journal_mode ({mode})")
    if weak:
        yield Finding(
            f"the {database.name} database does not keep its promises: {', '.join(weak)}.",
            "Put DATA_DIR on a local disk (SQLite needs one), or use PostgreSQL.",
        )


def _demo_accounts(session: Session) -> Iterator[Finding]:
    known = session.scalars(
        select(User.email)
        .where(User.is_active, User.email.endswith(f"@{DEMO_HOST}"))
        .order_by(User.email)
    ).all()
    if known:
        yield Finding(
            f"accounts of the demo can log in with a known password: {', '.join(known)}.",
            "Begin with an empty DATA_DIR, or close each:  stadsarkiv user close EMAIL",
        )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
