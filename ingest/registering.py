"""Hand the dock to the house: its pages and its dashboard card. Begin at `register`."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive.accounts.permissions import Permission, Viewer
from archive.desk import cards, subjects
from archive.desk.cards import Card, Task
from ingest import queries
from ingest.agreements import queries as agreement_queries
from ingest.agreements.views import agreements
from ingest.authorities.views import authority_files
from ingest.formats.views import formats
from ingest.judging_views import judging
from ingest.migration.views import migration
from ingest.models import State, Transfer
from ingest.offers import queries as offer_queries
from ingest.offers.list_views import offer_lists
from ingest.offers.views import offers
from ingest.receipts.views import delivery_receipts
from ingest.report_views import reports
from ingest.suggest_words import words_of
from ingest.upload_views import uploading
from ingest.views import ingest

SHOWN = 5


def register(app: Flask) -> None:
    """Add the dock's pages and card to the application."""
    app.register_blueprint(ingest)
    app.register_blueprint(judging)
    app.register_blueprint(authority_files)
    app.register_blueprint(formats)
    app.register_blueprint(migration)
    app.register_blueprint(uploading)
    app.register_blueprint(reports)
    app.register_blueprint(delivery_receipts)
    app.register_blueprint(agreements)
    app.register_blueprint(offers)
    app.register_blueprint(offer_lists)
    app.jinja_env.filters["speaks"] = words_of
    cards.register(_cards)
    cards.register(_overdue)
    subjects.register("transfer", queries.names)
    cards.register(_offered)


def _cards(session: Session, viewer: Viewer) -> Iterator[Card]:
    if not viewer.may(Permission.INGEST_READ):
        return
    units = viewer.units(Permission.INGEST_READ)
    may_accept = viewer.may(Permission.INGEST_ACCEPT)
    counts = queries.counts(session, units, unassigned=may_accept, own=viewer.actor_id)
    waiting = counts.get("review", 0)
    first = queries.listed(session, units, limit=SHOWN, unassigned=may_accept, own=viewer.actor_id)
    rows = [t for t in first if t.state == State.REVIEW]
    moving = sum(counts.get(state, 0) for state in ("received", "unpacked", "accepted"))
    yield Card(
        title=_("Leveranser som väntar"),
        value=str(waiting),
        text=_("%(moving)d är på väg in.", moving=moving),
        href=url_for("ingest.inbox"),
        tone="warn" if waiting else "calm",
        tasks=tuple(_task(transfer) for transfer in rows),
    )


def _overdue(session: Session, viewer: Viewer) -> Iterator[Card]:
    """Yield the card of late deliveries, while there is one."""
    if not viewer.may(Permission.INGEST_READ):
        return
    units = viewer.units(Permission.INGEST_READ)
    late = [s for s in agreement_queries.standings(session, units) if s.is_overdue]
    if late:
        yield Card(
            title=_("Leveranser som är sena"),
            value=str(len(late)),
            text=_("Enligt överenskommelserna skulle de ha kommit."),
            href=url_for("agreements.index"),
            tone="warn",
            tasks=tuple(
                Task(
                    s.agreement.title,
                    url_for("agreements.show", agreement_id=s.agreement.id),
                    s.agreement.unit.name,
                )
                for s in late[:SHOWN]
            ),
        )


def _offered(session: Session, viewer: Viewer) -> Iterator[Card]:
    """Yield the card of offers that wait for this side: for the archive, or for the unit."""
    is_archive = viewer.may(Permission.INGEST_ACCEPT)
    permission = Permission.INGEST_ACCEPT if is_archive else Permission.INGEST_SUBMIT
    if not viewer.may(permission):
        return
    waiting = offer_queries.waiting(session, viewer.units(permission), for_archive=is_archive)
    if waiting:
        for_archive = _("Enheter vill lämna handlingar till arkivet.")
        yield Card(
            title=_("Erbjudanden som väntar"),
            value=str(waiting),
            text=for_archive if is_archive else _("Arkivet har svarat: läs, eller förbered."),
            href=url_for("offers.index"),
            tone="warn",
            tasks=(),
        )


def _task(transfer: Transfer) -> Task:
    note = transfer.unit.name if transfer.unit else _("enhet saknas")
    label = f"{transfer.number}. {transfer.label or transfer.name}"
    return Task(label, url_for("ingest.show", pid=transfer.pid), note)
