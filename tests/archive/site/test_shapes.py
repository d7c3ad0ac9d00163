"""The sketch of the places can be read: no name lies on another name."""

from __future__ import annotations

from flask.testing import FlaskClient

from archive.edition.queries import PlaceCount
from archive.site import shapes


def test_no_name_on_the_map_lies_on_another_at_either_size(room: FlaskClient) -> None:
    places = [
        PlaceCount(f"Kvarteret nummer {n}", n + 1, 58.41 + n % 5 * 0.001, 15.62 + n // 5 * 0.001)
        for n in range(25)
    ]
    with room.application.test_request_context("/map"):
        dots = shapes.dots(places)
    assert len(dots) == 25
    for size, shown in ((32, {"all"}), (16, {"all", "wide"})):
        named = [dot for dot in dots if dot.shown in shown]
        assert named
        for one in named:
            for other in named:
                apart = abs(one.text_y - other.text_y) >= size * 0.99
                width = size * 0.57 * len(one.name)
                beside = one.text_x + width <= other.text_x or other.text_x + width <= one.text_x
                assert one is other or apart or beside, (one.name, other.name)
