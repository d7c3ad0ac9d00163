"""One decision over many waiting deliveries: each is judged by itself, in a transaction of its own.

What may not go is told one by one, and stays as it was; the others are done. Begin at `decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from archive import db
from archive.accounts.permissions import Permission, Viewer
from archive.errors import ArchiveError, Conflict, Invalid
from ingest import pipeline, queries, suggest
from ingest.models import Transfer
from ingest.suggest_words import words_of

MOST = 200


class Deed(StrEnum):
    """What may be done with many at once."""

    SUGGESTED = "suggested"
    ASSIGN = "assign"
    ACCEPT = "accept"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Order:
    """What a person says of the chosen deliveries; `unit` and `row` name the row of ASSIGN,
    and one suggestion among several of SUGGESTED: without them the best."""

    deed: Deed
    reason: str
    unit: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one delivery: done, or why not."""

    pid: str
    name: str
    error: ArchiveError | None


def decide(pids: Sequence[str], order: Order, *, viewer: Viewer) -> list[Told]:
    """Do the deed with each delivery that may bear it, and tell of every one, in their order.

    :raises Invalid: if no delivery or no reason is given, or too many are; nothing is done then.
    """
    chosen = list(dict.fromkeys(pids))
    if not chosen:
        raise Invalid("choose at least one delivery")
    if len(chosen) > MOST:
        raise Invalid(f"at most {MOST} deliveries are decided at once")
    if not order.reason.strip():
        raise Invalid("say why; the reason is kept with the delivery")
    return [_one(pid, order, viewer) for pid in chosen]


def _one(pid: str, order: Order, viewer: Viewer) -> Told:
    name = pid
    try:
        with db.archive.transaction() as session:
            transfer = queries.readable(session, pid, viewer, Permission.INGEST_ACCEPT)
            name = f"{transfer.number}. {transfer.label or transfer.name}"
            _DEEDS[order.deed](session, transfer, order, viewer)
    except ArchiveError as error:
        return Told(pid, name, error)
    return Told(pid, name, None)


def _accept(session: Session, transfer: Transfer, order: Order, viewer: Viewer) -> None:
    pipeline.accept(session, transfer, reason=order.reason, viewer=viewer)


def _reject(session: Session, transfer: Transfer, order: Order, viewer: Viewer) -> None:
    pipeline.reject(session, transfer, reason=order.reason, viewer=viewer)


def _assign(session: Session, transfer: Transfer, order: Order, viewer: Viewer) -> None:
    pipeline.assign(
        session,
        transfer,
        unit_code=order.unit,
        record_type=order.row,
        reason=order.reason,
        viewer=viewer,
    )


def _suggested(session: Session, transfer: Transfer, order: Order, viewer: Viewer) -> None:
    units = viewer.units(Permission.INGEST_ACCEPT)
    found = [
        each
        for each in suggest.for_page(session, [transfer], units).get(transfer.id, ())
        if not order.row or (each.unit.code, each.row.code) == (order.unit, order.row)
    ]
    if not found:
        raise Conflict(f"there is no such suggestion for transfer {transfer.number}")
    reason = f"{order.reason.strip()} {words_of(found[0])}"
    best = Order(Deed.ASSIGN, reason, found[0].unit.code, found[0].row.code)
    _assign(session, transfer, best, viewer)


_DEEDS: dict[Deed, Callable[[Session, Transfer, Order, Viewer], None]] = {
    Deed.SUGGESTED: _suggested,
    Deed.ASSIGN: _assign,
    Deed.ACCEPT: _accept,
    Deed.REJECT: _reject,
}
