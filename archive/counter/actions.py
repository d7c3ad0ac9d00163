"""Hand in over the counter, and lay answers on it. Knows tokens, never records.

The web calls `hand_in` and the readers in `queries`; the worker calls the rest.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from archive import clock, db
from archive.counter import seal
from archive.counter.models import Incoming, Notice, Release
from archive.errors import Conflict

PER_NETWORK, WINDOW = 30, timedelta(hours=1)
KEPT = timedelta(days=30)


class TooMany(Conflict):
    """One network has handed in more than the counter takes in an hour."""

    status = 429


def hand_in(
    session: Session, kind: str, token: str, payload: Mapping[str, Any], *, address: str, key: str
) -> Incoming:
    """Lay something on the counter; it is there when the transaction commits.

    :raises TooMany: after 30 from one network in an hour.
    """
    network = hmac.new(key.encode(), address.encode(), hashlib.sha256).hexdigest()
    recent = select(func.count()).select_from(Incoming).where(Incoming.network == network)
    if (session.scalar(recent.where(Incoming.at > clock.now() - WINDOW)) or 0) >= PER_NETWORK:
        raise TooMany("too much was handed in from here; try again in an hour, or call us")
    row = Incoming(
        id=secrets.token_hex(16),
        kind=kind,
        token_hash=seal.hash_of(token),
        public_key=seal.public_key_of(token),
        payload=dict(payload),
        network=network,
        at=clock.now(),
    )
    session.add(row)
    return row


def waiting(session: Session, limit: int = 50) -> Sequence[Incoming]:
    """Return what waits to be collected, the oldest first."""
    return session.scalars(select(Incoming).order_by(Incoming.at, Incoming.id).limit(limit)).all()


def collected(session: Session, ids: Sequence[str]) -> None:
    """Forget what has been made cases of."""
    session.execute(delete(Incoming).where(Incoming.id.in_(ids)))


def lay_notice(session: Session, token_hash: str, public_key: str, form: Mapping[str, Any]) -> None:
    """Replace the notice of a case with a new one, sealed."""
    clear = json.dumps(form, ensure_ascii=False).encode()
    sealed = seal.seal(public_key, clear)
    session.merge(Notice(token_hash=token_hash, sealed=sealed, updated_at=clock.now()))


def lay_release(
    token_hash: str, public_key: str, name: str, pieces: Iterator[bytes], *, release_id: str
) -> None:
    """Lay a file on the counter, sealed; bytes first, row second. Repeating it changes nothing."""
    folder = release_folder()
    folder.mkdir(parents=True, exist_ok=True)
    path, size = folder / release_id, 0
    with path.open("wb") as file:
        for piece in seal.seal_pieces(public_key, pieces):
            size += len(piece)
            file.write(piece)
    with db.counter.transaction() as session:
        session.merge(
            Release(
                id=release_id,
                token_hash=token_hash,
                sealed_name=seal.seal(public_key, name.encode()),
                path=path.name,
                size_bytes=size,
                expires_at=clock.now() + KEPT,
                downloads=0,
            )
        )


def expire(session: Session) -> int:
    """Remove releases whose time is over, and what was handed in and collected long ago."""
    old = session.scalars(select(Release).where(Release.expires_at <= clock.now())).all()
    for row in old:
        (release_folder() / row.path).unlink(missing_ok=True)
        session.delete(row)
    return len(old)


def release_folder() -> Path:
    """Return the folder of sealed files."""
    return db.settings().data_dir / "counter" / "releases"
