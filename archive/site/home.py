"""The front page: one search box, and the city's treasures behind it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from archive import clock, db
from archive.edition import catalogue, queries
from archive.site import presenting, shapes, terms
from archive.site.blueprint import page


@page("/")
def home() -> ResponseReturnValue:
    """Show what there is: kinds with pictures, collections, decades, the newest."""
    today = clock.today()
    with db.edition.reading() as session:
        newest = presenting.cards(queries.newest(session, today, limit=12), today)
        collections = catalogue.collections(session)
        covers = catalogue.covers(session, collections, today)
        return render_template(
            "site/home.html",
            totals=queries.totals(session, today),
            tiles=[
                shapes.Tile.of(tile.kind, terms.kind(tile.kind), tile.count, tile.thumb_id)
                for tile in queries.kinds(session, today)[:8]
            ],
            newest=newest[:8],
            pictured=[each for each in newest if each.picture][:3],
            collections=shapes.exhibits(collections, covers),
            bars=shapes.decade_bars(queries.decades(session, today)),
        )
