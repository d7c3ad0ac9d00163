"""The arithmetic of the chain: canonical form and digest of an event. Reads and writes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

GENESIS = "0" * 64


class Link(Protocol):
    """What the digest of an event is made of."""

    seq: Any
    at: Any
    actor: Any
    action: Any
    subject: Any
    details: Any
    note_digest: Any
    previous: Any


def digest_of(event: Link) -> str:
    """Return the SHA-256 (hex) of an event in canonical JSON, the previous digest included."""
    moment: datetime = event.at
    form = {
        "seq": event.seq,
        "at": moment.isoformat(timespec="microseconds"),
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "details": event.details,
        "note": event.note_digest,
        "previous": event.previous,
    }
    return hashlib.sha256(canonical(form)).hexdigest()


def canonical(form: Mapping[str, Any]) -> bytes:
    """Return one and only one byte form of plain JSON values."""
    return json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def note_digest(salt: str, body: str) -> str:
    """Return the salted SHA-256 (hex) that stands for words in the chain."""
    return hashlib.sha256(f"{salt}\n{body}".encode()).hexdigest()
