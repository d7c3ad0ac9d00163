"""The dashboard card of the orders of scans."""

from __future__ import annotations

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import clock
from archive.accounts.permissions import Permission, Viewer
from archive.desk.cards import Card, Task
from archive.scanning import queries
from archive.scanning.models import OrderState
from archive.scanning.queries import Filters

SHOWN = 5


def cards(session: Session, viewer: Viewer) -> Iterator[Card]:
    """Yield what scans wait to be checked and what is late, while there are orders at all."""
    if not viewer.may(Permission.HOLDINGS_DESCRIBE):
        return
    units = viewer.units(Permission.HOLDINGS_DESCRIBE)
    counts = queries.counts(session, units, clock.today())
    if not any(counts.values()):
        return
    waiting = queries.page(session, units, Filters(OrderState.DELIVERED)).rows[:SHOWN]
    yield Card(
        title=_("Skanningar att granska"),
        value=str(counts["delivered"]),
        text=_("%(away)d är beställda, %(late)d är sena.", **counts),
        href=url_for("scanning.index"),
        tone="warn" if counts["delivered"] or counts["late"] else "calm",
        tasks=tuple(
            Task(
                f"{order.number}. {order.record.title}",
                url_for("scanning.show", pid=order.pid),
                order.record.reference,
            )
            for order in waiting
        ),
    )
