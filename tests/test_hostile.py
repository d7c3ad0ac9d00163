"""Whatever a stranger sends, the answer is a page or a plain refusal: never a breakdown."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

NASTY = (
    "\x00", "%00", "'", '"', "<script>alert(1)</script>", "' OR 1=1 --", "(" * 1000, "*",
    "*a* OR *b*",
    "body:[a TO z]", "abcdef~5", "NOT " * 100, "a" * 10_000, "\u202eabc", "../../etc/passwd",
    "{{7*7}}", "%s%n", "-1", "1e309", "\ud800".encode("utf-8", "replace").decode(), "å" * 300,
    "⁰⁴⁵", "٣٤٥", "²",
)  # fmt: skip
PATHS = ("/search?q=", "/search?page=", "/search?from=", "/search?type=", "/search?sort=",
         "/api/v1/search?q=", "/api/v1/suggest?q=", "/api/v1/facets?q=", "/requests/new?record=",
         "/requests/new?about=", "/login?next=", "/timeline?x=", "/?lang=", "/oai?verb=",
         "/oai?identifier=", "/oai?resumptionToken=", "/iiif/search/2/x?q=")  # fmt: skip
PLACES = ("/records/", "/files/", "/archives/", "/collections/", "/plans/", "/requests/",
          "/en/records/", "/api/v1/records/", "/static/",
          "/iiif/image/3/", "/iiif/presentation/3/", "/iiif/search/2/",
          "/iiif/image/3/x/full/max/0/",
          "/desk/holdings/")  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_hostile_questions_get_a_page_or_a_plain_refusal(app: Flask, path: str) -> None:
    client = app.test_client()
    base, name = path.split("?")
    for text in NASTY:
        answer = client.get(base, query_string={name[:-1]: text})
        assert answer.status_code < 500, (path, text[:40], answer.status_code)
        assert b"<script>alert" not in answer.data


@pytest.mark.parametrize("place", PLACES)
def test_hostile_addresses_lead_nowhere(app: Flask, place: str) -> None:
    client = app.test_client()
    for text in NASTY:
        answer = client.get(place + text.replace("%", "%25").replace("?", ""))
        assert answer.status_code < 500, (place, text[:40], answer.status_code)


def test_other_methods_are_answered_plainly(app: Flask) -> None:
    client = app.test_client()
    for path in (
        "/",
        "/search",
        "/records/x",
        "/files/x",
        "/login",
        "/desk",
        "/oai",
        "/iiif/image/3/x",
        "/iiif/presentation/3/x/manifest",
    ):
        for method in ("HEAD", "OPTIONS", "PUT", "DELETE", "TRACE", "PATCH"):
            assert client.open(path, method=method).status_code < 500, (method, path)


def test_a_form_larger_than_any_form_is_refused(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    answer = app.test_client().post("/requests/new", data={"question": "x" * 3_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", [
    "/desk/authorities", "/desk/shelves/unplaced", "/desk/scanning", "/desk/offers",
    "/desk/ingest", "/desk/holdings",
])  # fmt: skip
def test_a_page_far_beyond_the_last_is_a_page(
    login: Callable[[str], FlaskClient], path: str
) -> None:
    client = login("archivist")
    for number in ("9" * 30, "-1", "x", "0"):
        assert client.get(f"{path}?page={number}").status_code == 200
