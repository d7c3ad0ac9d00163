"""Ways in without a question: collections, time, places, and the archives as they are built."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from archive import clock, db
from archive.edition import catalogue, queries
from archive.errors import NotFound
from archive.site import presenting, shapes, trees
from archive.site.blueprint import page


@page("/collections")
def collections() -> ResponseReturnValue:
    """Show the curated collections."""
    with db.edition.reading() as session:
        found = catalogue.collections(session)
        covers = catalogue.covers(session, found, clock.today())
        return render_template("site/collections.html", collections=shapes.exhibits(found, covers))


@page("/collections/<slug>")
def collection(slug: str) -> ResponseReturnValue:
    """Show a collection: its words and its records, in the curator's order."""
    today = clock.today()
    with db.edition.reading() as session:
        found = catalogue.collection(session, slug, today)
        if found is None:
            raise NotFound("no such collection")
        curated, rows = found
        return render_template(
            "site/collection.html",
            title=shapes.in_language(curated.title_sv, curated.title_en),
            paragraphs=shapes.in_language(curated.text_sv, curated.text_en).split("\n\n"),
            cards=presenting.cards(rows, today),
        )


@page("/timeline")
def timeline() -> ResponseReturnValue:
    """Show how the records lie in time: bars that are links, and the same as a table."""
    with db.edition.reading() as session:
        bars = shapes.decade_bars(queries.decades(session, clock.today()))
        total = queries.dated(session, clock.today())
    return render_template("site/timeline.html", bars=bars, total=total)


@page("/map", endpoint="map")
def places() -> ResponseReturnValue:
    """Show the places: drawn where they lie, and the same as a list."""
    with db.edition.reading() as session:
        found = queries.places(session, clock.today())
    return render_template("site/map.html", places=found, dots=shapes.dots(found))


@page("/archives")
def archives() -> ResponseReturnValue:
    """Show every archive of which something is published."""
    today = clock.today()
    with db.edition.reading() as session:
        found = queries.fonds(session, today)
        return render_template(
            "site/archives.html",
            archives=[
                (presenting.card(row, today), row.scope, row.creators, count)
                for row, count in found
            ],
        )


@page("/archives/<path:reference>")
def archive(reference: str) -> ResponseReturnValue:
    """Show an archive as a tree; the branch asked for (`open`) lies open."""
    today = clock.today()
    with db.edition.reading() as session:
        fonds = queries.by_reference(session, reference, today)
        if fonds is None or fonds.level != "fonds":
            raise NotFound("no such archive")
        branch = trees.branch(session, fonds, request.args.get("open", ""), today)
        return render_template(
            "site/archive.html",
            fonds=fonds,
            card=presenting.card(fonds, today),
            facts=presenting.facts(fonds),
            branch=branch,
        )
