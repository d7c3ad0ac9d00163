"""Note what a change did to a record, in the change's own transaction. Begin at `note`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from archive import clock
from archive.audit.actions import Acting
from archive.history.models import Change, new_name

Fields = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a change was made for; changes on one occasion have one bundle."""

    deed: str = "describe"
    reason: str | None = None
    bundle: str = field(default_factory=new_name)
    undoes: str | None = None


def note(
    session: Session, record_pid: str, fields: Fields, *, actor: Acting, occasion: Occasion
) -> None:
    """Keep the old and the new value of each field that really changed; nothing else is noted."""
    note_many(session, [(record_pid, fields)], actor=actor, occasion=occasion)


def note_many(
    session: Session,
    changes: Iterable[tuple[str, Fields]],
    *,
    actor: Acting,
    occasion: Occasion,
) -> None:
    """Note the changes of many records on one occasion."""
    now = clock.now()
    for record_pid, fields in changes:
        said = {name: [plain(old), plain(new)] for name, (old, new) in fields.items()}
        really = {name: pair for name, pair in said.items() if pair[0] != pair[1]}
        if not really and occasion.deed != "create":
            continue
        session.add(
            Change(
                record_pid=record_pid,
                deed=occasion.deed,
                bundle=occasion.bundle,
                at=now,
                actor=actor.actor_id,
                actor_name=getattr(actor, "name", None),
                reason=occasion.reason or None,
                fields=really,
                undoes=occasion.undoes,
            )
        )


def plain(value: Any) -> Any:
    """Return a column's value as JSON holds it: days by ISO 8601, codes as text."""
    if isinstance(value, str):  # a code too
        return str(value).replace("\0", "\N{REPLACEMENT CHARACTER}")  # as the columns keep it
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
