"""E-mail addresses as text from outside: one that mail can be sent to, or nothing.

Asks nobody whether the address exists. Begin at `mailable`.
"""

from __future__ import annotations

import re

# Narrower than RFC 5321 on purpose: no quoted names, no comments, no lists, no line breaks.
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_HOST = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def mailable(text: str | None) -> str | None:
    """Return the address with its host in ASCII ("info@åre.se" -> "info@xn--re-xia.se"), or None.

    None for everything that is not exactly one plain address of at most 254 characters.
    """
    local, at, host = (text or "").strip(" ").partition("@")
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    address = f"{local}@{host}"
    if not at or len(local) > 64 or len(address) > 254:
        return None
    return address if _LOCAL.fullmatch(local) and _HOST.fullmatch(host) else None
