"""What an address of the Image API asks for, by the tables of the specification."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import Invalid
from archive.images.region import MAX_AREA, MAX_SIDE, asked

WHOLE = (3000, 2000)


@pytest.mark.parametrize(
    ("region", "size", "box", "made", "canonical"),
    [
        ("full", "max", (0, 0, 3000, 2000), (3000, 2000), "full/max"),
        ("square", "max", (500, 0, 2000, 2000), (2000, 2000), "500,0,2000,2000/max"),
        ("0,0,3000,2000", "750,", (0, 0, 3000, 2000), (750, 500), "full/750,500"),
        ("100,200,400,300", ",150", (100, 200, 400, 300), (200, 150), "100,200,400,300/200,150"),
        ("2900,1900,400,300", "max", (2900, 1900, 100, 100), (100, 100), "2900,1900,100,100/max"),
        ("pct:50,50,25,25", "pct:50", (1500, 1000, 750, 500), (375, 250),
         "1500,1000,750,500/375,250"),
        ("full", "!300,300", (0, 0, 3000, 2000), (300, 200), "full/300,200"),
        ("full", "!9000,9000", (0, 0, 3000, 2000), (3000, 2000), "full/max"),
        ("full", "300,300", (0, 0, 3000, 2000), (300, 300), "full/300,300"),
        ("0,0,100,100", "^200,", (0, 0, 100, 100), (200, 200), "0,0,100,100/^200,200"),
        ("0,0,100,100", "^!150,400", (0, 0, 100, 100), (150, 150), "0,0,100,100/^150,150"),
        ("0,0,100,100", "^max", (0, 0, 100, 100), (3000, 3000), "0,0,100,100/^3000,3000"),
        ("0,0,100,100", "^pct:150", (0, 0, 100, 100), (150, 150), "0,0,100,100/^150,150"),
    ],
)  # fmt: skip
def test_region_and_size_mean_what_the_specification_says(
    region: str, size: str, box: object, made: object, canonical: str
) -> None:
    wanted = asked(WHOLE, region, size, "0", "default.jpg")
    assert (wanted.box, (wanted.width, wanted.height)) == (box, made)
    assert wanted.canonical == f"{canonical}/0/default.jpg"


@pytest.mark.parametrize(
    ("rotation", "turned"),
    [("0", (False, 0)), ("90.0", (False, 90)), ("!180", (True, 180)), ("360", (False, 0))],
)
def test_a_picture_is_turned_by_quarters_and_mirrored_first(
    rotation: str, turned: tuple[bool, int]
) -> None:
    wanted = asked(WHOLE, "full", "90,", rotation, "gray.png")
    assert (wanted.mirrored, wanted.degrees) == turned


NONSENSE = (
    *(("region", r) for r in (
        "", "FULL", "1,2,3", "1,2,3,4,5", "-1,0,10,10", "0,0,0,10", "3000,0,10,10", "1.5,0,10,10",
        "0,0,99999999999,1", "pct:0,0,0,10", "pct:100,0,10,10", "pct:a,b,c,d", "pct:1e3,0,10,10",
        "pct:nan,0,10,10", "٠,٠,١٠,١٠", "0, 0, 10, 10", "../../etc/passwd", "full\n",
    )),
    *(("size", s) for s in (
        "", "full", "MAX", "0,", ",0", "0,0", ",", "!,", "!10,", "-10,", "3001,", ",2001",
        "1000000000,1000000000", "^1000000000,", "^!1000000000,0", "pct:0", "pct:101", "pct:-1",
        "pct:inf", "1e3,", "١٠,", "10.5,", "^^max", "!max", "max,", "10,10,10", "^65001,1",
    )),
    *(("rotation", r) for r in (
        "", "45", "-90", "361", "!!90", "90!", "nan", "1e2", "٩٠", "22.5", "999999999999",
    )),
    *(("last", x) for x in (
        "default", "default.", ".jpg", "default.tif", "default.gif", "grey.jpg", "native.jpg",
        "default.jpg.png", "color.JPG", "bitonal.pdf", "default.jp2", "default.webp",
    )),
)  # fmt: skip


@pytest.mark.parametrize(("which", "value"), NONSENSE)
def test_nonsense_is_refused_before_anything_is_made(which: str, value: str) -> None:
    words = {"region": "full", "size": "10,", "rotation": "0", "last": "default.jpg"}
    begun = time.process_time()
    with pytest.raises(Invalid):
        asked(WHOLE, **{**words, which: value})
    assert time.process_time() - begun < 0.05


@given(
    st.tuples(st.integers(1, 300_000), st.integers(1, 300_000)),
    st.sampled_from(["full", "square", "pct:10,10,33.3,41", "5,7,4001,99"]),
    st.sampled_from(["max", "^max", "pct:99.9", "^pct:400", "!700,900", "^!99999,99999", "200,"]),
)
def test_no_address_asks_for_more_than_is_rendered(
    whole: tuple[int, int], region: str, size: str
) -> None:
    try:
        wanted = asked(whole, region, size, "0", "default.jpg")
    except Invalid:
        return
    assert 0 < wanted.width * wanted.height <= MAX_AREA
    assert max(wanted.width, wanted.height) <= MAX_SIDE
    again = asked(whole, *wanted.canonical.split("/"))
    assert (again.box, again.width, again.height) == (wanted.box, wanted.width, wanted.height)
