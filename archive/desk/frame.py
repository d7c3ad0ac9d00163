"""The frame of every staff page: navigation by permission, and words for what columns hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Flask, g
from flask_babel import lazy_gettext as _

from archive.accounts.permissions import Permission as P
from archive.accounts.permissions import Viewer
from archive.desk import deeds
from archive.desk.words import retention, word


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place at the desk, and what one must be allowed to do to see it."""

    endpoint: str
    label: Any
    group: Any
    permission: P


NAV = (
    NavItem("desk.dashboard", _("Översikt"), _("Arbete"), P.DESK_SEE),
    NavItem("ingest.inbox", _("Leveranser"), _("Arbete"), P.INGEST_READ),
    NavItem("offers.index", _("Erbjudanden"), _("Arbete"), P.INGEST_READ),
    NavItem("agreements.index", _("Överenskommelser"), _("Arbete"), P.INGEST_READ),
    NavItem("cases.index", _("Ärenden"), _("Arbete"), P.CASES_READ),
    NavItem("holdings.index", _("Bestånd"), _("Arkivet"), P.HOLDINGS_READ),
    NavItem("authorities.index", _("Namn och ämnen"), _("Arkivet"), P.HOLDINGS_READ),
    NavItem("shelves.index", _("Hyllor"), _("Arkivet"), P.HOLDINGS_READ),
    NavItem("scanning.index", _("Skanning"), _("Arkivet"), P.HOLDINGS_READ),
    NavItem("plans.index", _("Planer"), _("Arkivet"), P.PLANS_READ),
    NavItem("desk.disposal", _("Gallring"), _("Arkivet"), P.DISPOSAL_READ),
    NavItem("formats.index", _("Filformat"), _("Arkivet"), P.INGEST_READ),
    NavItem("desk.reports", _("Rapporter"), _("Uppföljning"), P.REPORTS_READ),
    NavItem("desk.audit", _("Logg"), _("Uppföljning"), P.AUDIT_READ),
    NavItem("fixity.index", _("Bevarade filer"), _("Drift"), P.JOBS_READ),
    NavItem("desk.jobs", _("Körningar"), _("Drift"), P.JOBS_READ),
    NavItem("accounts.people", _("Konton"), _("Drift"), P.ACCOUNTS_MANAGE),
    NavItem("accounts.account", _("Ditt konto"), _("Du"), P.DESK_SEE),
)


def install(app: Flask) -> None:
    """Give every staff template its navigation and its words."""
    app.jinja_env.filters.update(
        word=word,
        retention=retention,
        deed=deeds.deed,
        chore=deeds.chore,
        profile=deeds.profile,
        subject_kind=deeds.subject_kind,
        subject_url=deeds.subject_url,
    )

    @app.context_processor
    def context() -> dict[str, Any]:
        viewer: Viewer | None = g.get("user")
        items = [
            item
            for item in NAV
            if viewer is not None
            and viewer.may(item.permission)
            and item.endpoint in app.view_functions
        ]
        return {"desk_nav": items, "demo": app.config["STADSARKIV"].demo}
