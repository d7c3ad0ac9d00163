"""Put the demo's volumes of paper on shelves: one room, two sections, and some left to place.

Begin at `play`.
"""

from __future__ import annotations

from sqlalchemy import select

from archive import clock, db
from archive.accounts import queries as accounts
from archive.holdings.models import Description, Level
from archive.shelves import actions
from archive.shelves.actions import Facts
from archive.shelves.models import PlaceKind

_PLACED, _IN_A_BOX = 24, 4  # of the city's volumes; the rest shows as having no place


def play() -> None:
    """Make the room, its sections and boxes, and place volumes in them."""
    with db.archive.transaction() as session:
        archivist = accounts.viewer_by_email(session, "archivist@demo.example", clock.today())
        room = actions.build(
            session, PlaceKind.ROOM, Facts("Magasin 1", note="18 grader, 40 procent"),
            parent=None, viewer=archivist,
        )  # fmt: skip
        sections = [
            actions.build(
                session, PlaceKind.SECTION, Facts(code, metres=metres), parent=room,
                viewer=archivist,
            )
            for code, metres in (("1A", 1.6), ("1B", 4.0))
        ]  # fmt: skip
        volumes = session.scalars(
            select(Description)
            .where(Description.level == Level.VOLUME)
            .order_by(Description.id)
            .limit(_PLACED)
        ).all()
        for number, start in enumerate(range(0, len(volumes), _IN_A_BOX), 1):
            some = volumes[start : start + _IN_A_BOX]
            facts = Facts(f"{number}", barcode=f"LSA{number:06d}", metres=0.3)
            section = sections[0 if number < 6 else 1]
            box = actions.build(session, PlaceKind.BOX, facts, parent=section, viewer=archivist)
            actions.place(session, some, box, viewer=archivist, metres=0.07)
