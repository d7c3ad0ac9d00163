"""The house's own dashboard cards: holdings, publication, disposal, the store, failed jobs."""

from __future__ import annotations

from collections.abc import Iterator

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from archive import clock, pages
from archive.accounts.permissions import Permission, Viewer
from archive.config import Config
from archive.desk import figures
from archive.desk.cards import Card, Task
from archive.plans import queries as plans
from archive.storage import queries as storage
from archive.storage.queries import Standing
from archive.storage.store import copy_urls, examined


def cards(session: Session, viewer: Viewer) -> Iterator[Card]:
    """Yield the cards that the viewer's roles let them see."""
    if viewer.may(Permission.HOLDINGS_READ):
        records, structure = figures.published(session)
        yield Card(
            title=_("Publicerade handlingar"),
            value=pages.number(records),
            text=_("Dessutom %(count)s arkiv och serier.", count=pages.number(structure)),
            href=url_for("holdings.index"),
        )
    if viewer.may(Permission.PLANS_DECIDE):
        yield _plans(session)
    if viewer.may(Permission.DISPOSAL_READ):
        due = figures.due_for_disposal(
            session, clock.today(), viewer.units(Permission.DISPOSAL_READ)
        )
        yield Card(
            title=_("Får gallras"),
            value=str(sum(row[3] for row in due)),
            text=_("Handlingar vars gallringsfrist har gått ut."),
            href=url_for("desk.disposal"),
        )
    if viewer.may(Permission.REPORTS_READ):
        yield _store(session, viewer)
    if viewer.may(Permission.JOBS_READ):
        failed = figures.failed_jobs(session)
        yield Card(
            title=_("Körningar som stannat"),
            value=str(failed),
            text=_("Allt går som det ska.") if not failed else _("Behöver en människa."),
            href=url_for("desk.jobs"),
            tone="alarm" if failed else "calm",
        )


def _plans(session: Session) -> Card:
    waiting = session.scalars(plans.on_consultation()).all()
    return Card(
        title=_("Planer att besluta"),
        value=str(len(waiting)),
        text=_("Planer som är på samråd."),
        href=url_for("plans.index"),
        tone="warn" if waiting else "calm",
        tasks=tuple(
            Task(
                f"{version.unit.name} v{version.number}",
                url_for("plans.show", unit=version.unit.code, number=version.number),
            )
            for version in waiting[:5]
        ),
    )


def _store(session: Session, viewer: Viewer) -> Card:
    config: Config = current_app.config["STADSARKIV"]
    now = storage.standing(session, config.fixity_days, config.fixity_bytes, len(copy_urls(config)))
    damaged = storage.damaged(session)
    away = [str(root) for root in examined(config) if root.away]
    if away:
        return Card(
            title=_("Disk som saknas"),
            value=str(len(away)),
            text=_(
                "På %(places)s finns inte den disk som ska vara där. Leveranser väntar och"
                " ingenting skrivs; det som är bevarat läses från den andra kopian.",
                places=", ".join(away),
            ),
            href=url_for("fixity.index" if viewer.may(Permission.JOBS_READ) else "desk.reports"),
            tone="alarm",
        )
    return Card(
        title=_("Äldsta kontroll av bevarade filer"),
        value=_("okänd") if now.is_undated else _("%(days)d dygn", days=now.age_days or 0),
        text=_store_says(now, damaged),
        href=url_for("fixity.index" if viewer.may(Permission.JOBS_READ) else "desk.reports"),
        tone="alarm" if damaged or now.is_late else "calm" if now.can_be_kept else "warn",
    )


def _store_says(now: Standing, damaged: int) -> str:
    if damaged:
        said = _("%(count)d skadade arkivpaket.", count=damaged)
    elif now.oldest is None:
        said = _("Inget är bevarat ännu.")
    elif not now.can_be_kept:
        said = _(
            "Nattens läsning räcker inte: en runda tar %(nights)d nätter och får ta %(days)d.",
            nights=now.nights,
            days=now.days,
        )
    elif now.is_late:
        said = _("%(object)s skulle ha lästs för länge sedan.", object=now.oldest.object_id)
    else:
        said = _(
            "Längst sedan: %(object)s. Allt läses inom %(days)d dygn.",
            object=now.oldest.object_id,
            days=now.days,
        )
    return str(said)
