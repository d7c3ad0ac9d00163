"""Read the counter with a token in hand; without the right one there is nothing to see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive import clock
from archive.counter import actions, seal
from archive.counter.models import Incoming, Notice, Release
from archive.errors import NotFound


@dataclass(frozen=True, slots=True)
class ReleasedFile:
    """A file that waits for the requester."""

    id: str
    name: str
    expires_at: Any


def notice(session: Session, token: str) -> dict[str, Any]:
    """Return how the case stands; {"state": "handed_in"} until the worker has collected it.

    :raises NotFound: for a token that nobody holds.
    """
    token_hash = seal.hash_of(token)
    row = session.get(Notice, token_hash)
    if row is not None:
        form: dict[str, Any] = json.loads(seal.unseal(token, row.sealed))
        return form
    fresh = session.scalars(select(Incoming).where(Incoming.token_hash == token_hash)).first()
    if fresh is None:
        raise NotFound("there is no such case")
    return {"state": "handed_in", "subject": fresh.payload.get("question", "")[:200]}


def waiting(session: Session) -> int:
    """Return how much was handed in and waits to be collected."""
    return session.scalar(select(func.count()).select_from(Incoming)) or 0


def releases(session: Session, token: str) -> list[ReleasedFile]:
    """Return the files that wait for the token's holder."""
    rows = session.scalars(
        select(Release).where(
            Release.token_hash == seal.hash_of(token), Release.expires_at > clock.now()
        )
    )
    return [
        ReleasedFile(row.id, seal.unseal(token, row.sealed_name).decode(), row.expires_at)
        for row in rows
    ]


def open_release(session: Session, token: str, release_id: str) -> tuple[str, Iterator[bytes]]:
    """Return a file's name and its clear bytes, streamed; the download is counted.

    :raises NotFound: if the token has no such file, or its time is over.
    """
    row = session.get(Release, release_id)
    known = row is not None and row.token_hash == seal.hash_of(token)
    if row is None or not known or row.expires_at <= clock.now():
        raise NotFound("there is no such file")
    row.downloads += 1
    name = seal.unseal(token, row.sealed_name).decode()
    return name, _stream(token, row.path)


def _stream(token: str, path: str) -> Iterator[bytes]:
    with (actions.release_folder() / path).open("rb") as stream:
        yield from seal.unseal_pieces(token, stream)
