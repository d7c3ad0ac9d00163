"""What the city has decided and what the archive offers: plans and services, and pages of words."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from archive import clock, db
from archive.edition import catalogue, queries
from archive.errors import NotFound
from archive.site import planning, shapes
from archive.site.blueprint import page


@page("/plans")
def plans() -> ResponseReturnValue:
    """Show the plans in force, unit by unit."""
    with db.edition.reading() as session:
        return render_template("site/plans.html", plans=catalogue.plans(session, clock.today()))


@page("/plans/<unit>")
def plan(unit: str) -> ResponseReturnValue:
    """Show a unit's plan as decided, row by row in words, and the versions before it."""
    today = clock.today()
    with db.edition.reading() as session:
        history = catalogue.plan_history(session, unit)
        if not history:
            raise NotFound("no such plan")
        current = next(
            (
                each
                for each in history
                if each.in_force_from <= today
                and (each.in_force_to is None or each.in_force_to >= today)
            ),
            history[0],
        )
        return render_template(
            "site/plan.html",
            plan=current,
            history=history,
            processes=planning.processes(current.document),
        )


@page("/services")
def services() -> ResponseReturnValue:
    """Show the service catalogue: what, for whom, how and at what price."""
    with db.edition.reading() as session:
        found = [
            {
                "slug": each.slug,
                "title": shapes.in_language(each.title_sv, each.title_en),
                "text": shapes.in_language(each.text_sv, each.text_en),
                "audience": shapes.in_language(each.audience_sv, each.audience_en),
                "how": shapes.in_language(each.how_sv, each.how_en),
                "price": shapes.in_language(each.price_sv, each.price_en),
            }
            for each in catalogue.services(session)
        ]
    return render_template("site/services.html", services=found)


@page("/about")
def about() -> ResponseReturnValue:
    """Tell what the archive is and how it decides what may be shown."""
    with db.edition.reading() as session:
        totals = queries.totals(session, clock.today())
    return render_template("site/about.html", totals=totals)


@page("/accessibility")
def accessibility() -> ResponseReturnValue:
    """Show the accessibility statement (tillgänglighetsredogörelse)."""
    return render_template("site/accessibility.html")


@page("/privacy")
def privacy() -> ResponseReturnValue:
    """Tell what is known of visitors (nothing) and of requesters (what they choose to say)."""
    return render_template("site/privacy.html")
