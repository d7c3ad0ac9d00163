"""Make a letter: plain text from `templates/mail/`, headers by the standard library.

Begin at `written`.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import parse_qs, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.config import ROOT, Config
from archive.mail.models import Letter

NAMES = {"sv": "Linköpings stadsarkiv", "en": "Linköping City Archives"}

# No escaping: the letters are text/plain, where "&amp;" would be read as five characters; there
# is no markup to break out of. What could be broken, the headers, is made by `email.message`,
# which refuses a line break. (Everywhere else the house escapes every template.)
_texts = Environment(
    loader=FileSystemLoader(ROOT / "templates" / "mail"),
    autoescape=False,  # noqa: S701 - text/plain; see above
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def written(letter: Letter, config: Config, at: datetime) -> EmailMessage:
    """Return the letter as it goes: the template's first line is its subject, the rest its text.

    The same letter gives the same Message-ID, so one that was sent twice (a worker killed
    between the server's yes and our commit) is known as one.

    :raises ValueError: if a header would hold a line break.
    """
    sender = sender_of(config)
    text = _texts.get_template(f"{letter.occasion}.{letter.language}.txt").render(
        case_no=letter.case_no,
        ask_again=f"{config.base_url}{'/en' if letter.language == 'en' else ''}/requests/new",
        desk=f"{config.base_url}/desk/fixity",
        house=NAMES[letter.language],
    )
    subject, _, body = text.partition("\n")
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(NAMES[letter.language], addr_spec=sender)
    message["To"] = Address(addr_spec=letter.address)
    message["Subject"] = subject
    message["Date"] = at
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    # Away-notices and mailing lists must not answer a machine (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.lstrip("\n"))
    message["Content-Language"] = letter.language
    return message


def sender_of(config: Config) -> str:
    """Return who sends: `?from=` of MAIL_URL, else noreply at the public address's host."""
    given = parse_qs(urlsplit(config.mail_url).query).get("from")
    if given:
        return given[0]
    host = urlsplit(config.base_url).hostname or "localhost"
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return f"noreply@{host}"
    return "noreply@localhost"
