"""Carry a letter out of the house: into a folder, or to a mail server.

The only module that speaks SMTP. No error of it holds an address: errors are kept with the job
and stand in the log. Begin at `carry`.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from archive.errors import Invalid, Unavailable

SECONDS = 30
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


def carry(url: str, message: EmailMessage, name: str) -> None:
    """Hand a letter over; when this returns, somebody else answers for it.

    :raises Unavailable: if nobody took it now; it may be tried again.
    :raises Invalid: if the server says that it never will (the address does not exist).
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        _lay(Path(unquote(parts.path)), message, name)
        return
    # `from None`: the library's errors name the address, and a traceback is logged.
    try:
        with _connected(parts) as server:
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _text in error.recipients.values()]
        if codes and all(code >= 500 for code in codes):
            raise Invalid(f"the mail server refuses the address ({codes[0]})") from None
        raise Unavailable(f"the mail server does not take the letter now ({codes})") from None
    except smtplib.SMTPResponseException as error:
        raise Unavailable(f"the mail server says no ({error.smtp_code})") from None
    except (smtplib.SMTPException, OSError) as error:
        kind = type(error).__name__
        raise Unavailable(f"the mail server {parts.hostname} does not answer ({kind})") from None


def _lay(folder: Path, message: EmailMessage, name: str) -> None:
    """Write the letter as NAME.eml, whole or not at all, readable by its owner only."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = folder / f".{name}.part"
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        draft.rename(folder / f"{name}.eml")
    except OSError as error:
        raise Unavailable(
            f"the letter could not be written to {folder}: {error.strerror}"
        ) from None


def _connected(parts: SplitResult) -> smtplib.SMTP:
    host, port = parts.hostname or "localhost", parts.port or _PORTS[parts.scheme]
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server
