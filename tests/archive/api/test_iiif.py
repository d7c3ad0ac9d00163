"""IIIF: tiles, manifests and words in the forms that viewers of other houses know."""

from __future__ import annotations

import io
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from archive.edition.models import FileRole
from archive.images.region import MAX_AREA
from tests.archive.api.conftest import SIZE, file_id

BASE = "http://127.0.0.1:8000"


@pytest.fixture
def tiles(zoom: FlaskClient) -> str:
    """Return where the tiles of the first page are."""
    return f"/iiif/image/3/{file_id('book', FileRole.PYRAMID)}"


def test_a_picture_tells_its_size_tiles_and_limits(zoom: FlaskClient, tiles: str) -> None:
    answer = zoom.get(f"{tiles}/info.json")
    assert answer.content_type == (
        'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'
    )
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    info = answer.get_json()
    assert info["@context"] == "http://iiif.io/api/image/3/context.json"
    assert info["id"] == BASE + tiles
    assert (info["type"], info["profile"]) == ("ImageService3", "level2")
    assert info["protocol"] == "http://iiif.io/api/image"
    assert (info["width"], info["height"], info["maxArea"]) == (*SIZE, MAX_AREA)
    assert info["tiles"] == [{"width": 512, "height": 512, "scaleFactors": [1, 2, 4]}]
    assert info["sizes"][-1] == {"width": 1300, "height": 900}
    plain = zoom.get(f"{tiles}/info.json", headers={"Accept": "application/json"})
    assert plain.content_type == "application/json"
    again = zoom.get(f"{tiles}/info.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_the_address_of_a_picture_leads_to_what_is_told_of_it(
    zoom: FlaskClient, tiles: str
) -> None:
    answer = zoom.get(tiles)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/info.json")


def test_each_size_and_tile_that_is_told_of_can_be_had(zoom: FlaskClient, tiles: str) -> None:
    info = zoom.get(f"{tiles}/info.json").get_json()
    for size in info["sizes"]:
        words = f"{size['width']},{size['height']}"
        answer = zoom.get(f"{tiles}/full/{words}/0/default.jpg")
        image = Image.open(io.BytesIO(answer.data))
        assert image.size == (size["width"], size["height"])
    for factor in info["tiles"][0]["scaleFactors"]:
        wide = min(512 * factor, info["width"])
        answer = zoom.get(f"{tiles}/0,0,{wide},512/{-(-wide // factor)},/0/default.jpg")
        assert answer.status_code == 200 and answer.mimetype == "image/jpeg"


def test_a_picture_names_its_profile_and_its_one_address_and_is_not_sent_twice(
    zoom: FlaskClient, tiles: str
) -> None:
    answer = zoom.get(f"{tiles}/pct:0,0,50,50/pct:50/0/color.jpg")
    assert answer.headers["Link"] == (
        '<http://iiif.io/api/image/3/level2.json>;rel="profile",'
        f'<{BASE}{tiles}/0,0,650,450/325,225/0/default.jpg>;rel="canonical"'
    )
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    etag = {"If-None-Match": answer.headers["ETag"]}
    again = zoom.get(f"{tiles}/0,0,650,450/325,/0/default.jpg", headers=etag)
    assert again.status_code == 304 and not again.data
    other = zoom.get(f"{tiles}/0,0,650,450/324,/0/default.jpg", headers=etag)
    assert other.status_code == 200
    png = zoom.get(f"{tiles}/square/100,/!90/bitonal.png")
    assert png.mimetype == "image/png" and Image.open(io.BytesIO(png.data)).size == (100, 100)


HOSTILE = (
    "-1,-1,-1,-1/max/0/default.jpg", "0,0,1e9,1/max/0/default.jpg", "full/^99999,/0/default.jpg",
    "full/1000000000,1000000000/0/default.jpg", "full/^1000000000,/0/default.jpg",
    "0,0,99999999999999999999,1/max/0/default.jpg", "full/max/45/default.jpg",
    "full/max/-0/default.jpg", "full/max/0/default.exe", "full/max/0/native.jpg",
    "pct:0.0000000001,0,0.0000000001,1/max/0/default.jpg", "pct:1e2,0,1,1/max/0/default.jpg",
    "٠,٠,١٠,١٠/max/0/default.jpg", "full/١٠,/0/default.jpg", "full/max/٩٠/default.jpg",
    "0.5,0.5,10,10/max/0/default.jpg", "full/0,/0/default.jpg", "1300,0,1,1/max/0/default.jpg",
    "full/max/0/default", "full/max/0/..", "%00/max/0/default.jpg", "full/%00/0/default.jpg",
    "full%0A/max/0/default.jpg", "full/max/0/default.jpg%00", "{}/{}/{}/{}.jpg", "full/,/0/x.jpg",
    "<script>/max/0/default.jpg", "full/^pct:99999/0/default.jpg",
)  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_nonsense_is_refused_quickly_and_plainly(zoom: FlaskClient, tiles: str, words: str) -> None:
    begun = time.process_time()
    answer = zoom.get(f"{tiles}/{words}")
    assert 400 <= answer.status_code < 500, answer.status_code
    assert time.process_time() - begun < 0.2
    assert b"<script>" not in answer.data


@pytest.mark.parametrize("address", ["../../../../etc/passwd", "..%2f..%2fedition.db", "x" * 500])
def test_no_address_leads_out_of_the_edition(zoom: FlaskClient, address: str) -> None:
    for path in (f"/iiif/image/3/{address}/info.json", f"/iiif/presentation/3/{address}/manifest",
                 f"/iiif/search/2/{address}"):  # fmt: skip
        assert zoom.get(path).status_code == 404


def test_only_tiles_are_pictures_here_and_only_of_open_records(zoom: FlaskClient) -> None:
    for pid, role in (("book", FileRole.ACCESS), ("book", FileRole.TEXT),
                      ("closed", FileRole.PYRAMID)):  # fmt: skip
        found = file_id(pid, role)
        assert zoom.get(f"/iiif/image/3/{found}/info.json").status_code == 404
        assert zoom.get(f"/iiif/image/3/{found}/full/max/0/default.jpg").status_code == 404
    for pid in ("closed", "nobody", "fonds0", "item0x4"):
        assert zoom.get(f"/iiif/presentation/3/{pid}/manifest").status_code == 404
        assert zoom.get(f"/iiif/search/2/{pid}?q=a").status_code == 404


def manifest(zoom: FlaskClient, pid: str = "book") -> dict[str, Any]:
    return dict(zoom.get(f"/iiif/presentation/3/{pid}/manifest").get_json())


def test_a_manifest_says_in_both_languages_what_the_page_says(zoom: FlaskClient) -> None:
    body = manifest(zoom)
    assert body["id"] == f"{BASE}/iiif/presentation/3/book/manifest"
    assert body["type"] == "Manifest" and body["label"] == {"sv": ["Brandsyn"]}
    labels = [line["label"] for line in body["metadata"]]
    assert {"sv": ["Rättigheter"], "en": ["Rights"]} in labels
    assert {"sv": ["Referenskod"], "en": ["Reference code"]} in labels
    assert body["rights"] == "http://creativecommons.org/publicdomain/mark/1.0/"
    assert body["requiredStatement"]["label"] == {"sv": ["Källa"], "en": ["Source"]}
    assert body["thumbnail"][0]["type"] == "Image"
    assert [page["language"] for page in body["homepage"]] == [["sv"], ["en"]]


def test_pages_stand_in_order_each_with_its_picture_and_its_words(zoom: FlaskClient) -> None:
    body = manifest(zoom)
    assert [c["label"] for c in body["items"]] == [{"none": ["Sida 1"]}, {"none": ["Sida 2"]}]
    for canvas in body["items"]:
        assert (canvas["width"], canvas["height"]) == SIZE
        painting = canvas["items"][0]["items"][0]
        assert painting["target"] == canvas["id"] and painting["motivation"] == "painting"
        service = painting["body"]["service"][0]
        assert service["type"] == "ImageService3"
        shown = zoom.get(painting["body"]["id"].removeprefix(BASE))
        size = (painting["body"]["width"], painting["body"]["height"])
        assert Image.open(io.BytesIO(shown.data)).size == size
        words = zoom.get(canvas["seeAlso"][0]["id"].removeprefix(BASE))
        assert words.mimetype == "application/xml" and b"<alto" in words.data
        assert words.headers["Access-Control-Allow-Origin"] == "*"
    plain = manifest(zoom, "item0x0")
    assert "service" not in plain["items"][0]["items"][0]["items"][0]["body"]


def test_words_are_pointed_at_where_they_stand_in_all_their_forms(zoom: FlaskClient) -> None:
    body = zoom.get("/iiif/search/2/book?q=qvarn&motivation=painting").get_json()
    assert body["@context"] == "http://iiif.io/api/search/2/context.json"
    assert body["type"] == "AnnotationPage" and body["ignored"] == ["motivation"]
    assert [hit["body"]["value"] for hit in body["items"]] == ["kvarnen"]
    # The page was read at half its size; the box is told in the canvas's own pixels.
    canvas = manifest(zoom)["items"][1]["id"]
    assert body["items"][0]["target"] == f"{canvas}#xywh=200,100,180,40"
    for question in ("", "hest", '"', "*", "a" * 9999, "\x00", "-kvarnen"):
        answer = zoom.get("/iiif/search/2/book", query_string={"q": question})
        assert answer.status_code == 200 and answer.get_json()["items"] == []


def test_the_record_page_leads_to_the_manifest(zoom: FlaskClient, tmp_path: Path) -> None:
    assert b"/iiif/presentation/3/book/manifest" in zoom.get("/records/book").data
    assert b"/iiif/" not in zoom.get("/records/closed").data
