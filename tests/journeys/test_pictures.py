"""From a delivered page to tiles, read words and a manifest, and out of sight again."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import select

from archive import db
from archive.config import Config
from archive.holdings import actions, queries
from archive.holdings.models import Derivative, Event, RecordText
from archive.images import derive
from archive.jobs import worker
from ingest.build import BuildFile
from tests import factories

PAGES = ("Brandsyn vid Stora torget", "Kvarnen och kvarnbron")
needs_ocr = pytest.mark.skipif(
    not derive.can_read(), reason="Tesseract with Swedish is not installed"
)


def page(words: str) -> bytes:
    """Return a printed page with a few words."""
    image = Image.new("RGB", (1400, 900), "white")
    font = ImageFont.load_default(70)
    ImageDraw.Draw(image).text((80, 120), words, fill="black", font=font)
    made = io.BytesIO()
    image.save(made, "PNG", dpi=(300, 300))
    return made.getvalue()


def deliver(city: Config, folder: Path, *, text: str | None = None) -> str:
    """Take in a record of two printed pages, publish it, do all work; return its pid."""
    files = tuple(
        BuildFile(f"sida{number}.png", page(words), "akt", "image/png")
        for number, words in enumerate(PAGES, 1)
    )
    what = factories.spec(factories.minutes(text=text), files=files)
    assert factories.take_in(city, factories.package(folder, what)).state == "accessioned"
    with db.archive.transaction() as session:
        fonds = queries.by_ref(session, "SE/LSA/T1")
        actions.publish_branch(session, fonds, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    return factories.record("SE/LSA/T1/A1:1").pid


def manifest(client: FlaskClient, pid: str) -> dict[str, Any]:
    """Return the record's manifest."""
    return dict(client.get(f"/iiif/presentation/3/{pid}/manifest").get_json())


def service(client: FlaskClient, pid: str) -> str:
    """Return the address of the first page's tiles."""
    body = manifest(client, pid)["items"][0]["items"][0]["items"][0]["body"]
    return str(body["service"][0]["id"]).removeprefix("http://127.0.0.1:8000")


@needs_ocr
def test_a_delivered_page_is_read_and_found_and_marked_as_read_by_a_machine(
    app: Flask, city: Config, tmp_path: Path
) -> None:
    client = app.test_client()
    pid = deliver(city, tmp_path)
    before = manifest(client, pid)
    assert [c["height"] for c in before["items"]] == [900, 900] and "service" not in before
    assert "service" not in before["items"][0]["items"][0]["items"][0]["body"]
    worker.run_until_idle(behind=True)

    found = client.get("/search?q=kvarn").get_data(as_text=True)
    assert "Sida 2:" in found and "<mark>Kvarnen</mark>" in found
    shown = client.get(f"/records/{pid}").get_data(as_text=True)
    assert "Maskinläst text, kan innehålla fel." in shown and "kvarnbron" in shown
    assert f"/iiif/presentation/3/{pid}/manifest" in shown
    english = client.get(f"/en/records/{pid}").get_data(as_text=True)
    assert "Text read by a machine; it may contain errors." in english

    after = manifest(client, pid)
    assert after["service"][0]["type"] == "SearchService2"
    hits = client.get(f"/iiif/search/2/{pid}?q=bro").get_json()["items"]
    assert [hit["body"]["value"] for hit in hits] == ["kvarnbron"]
    canvas, _, box = hits[0]["target"].partition("#xywh=")
    assert canvas == after["items"][1]["id"]
    left, top, width, height = (int(side) for side in box.split(","))
    assert 80 < left < 1000 and 100 < top < 160 and 200 < width < 500 and 30 < height < 100


@needs_ocr
def test_each_making_is_an_event_with_the_real_version_of_its_tool(
    city: Config, tmp_path: Path
) -> None:
    deliver(city, tmp_path)
    worker.run_until_idle(behind=True)
    with db.archive.reading() as session:
        events = session.scalars(select(Event).where(Event.kind == "derivation")).all()
        assert {row.role for row in session.scalars(select(Derivative))} == {
            "access", "thumb", "pyramid", "alto",
        }  # fmt: skip
    agents = {event.detail.get("made", "copies"): event.agent for event in events}
    assert agents["pyramid"].startswith("pillow ") and agents["copies"] == agents["pyramid"]
    assert agents["ocr"].startswith("tesseract ") and agents["ocr"].endswith(", swe")
    assert all(event.outcome == "success" for event in events)


@needs_ocr
def test_what_a_person_has_written_off_no_machine_reads(
    app: Flask, city: Config, tmp_path: Path
) -> None:
    pid = deliver(city, tmp_path, text="Avskrift af brandsynen")
    worker.run_until_idle(behind=True)
    with db.archive.reading() as session:
        assert [t.source for t in session.scalars(select(RecordText))] == ["transcription"]
    shown = app.test_client().get(f"/records/{pid}").get_data(as_text=True)
    assert "Avskrift af brandsynen" in shown and "Maskinläst" not in shown


@needs_ocr
def test_reading_again_gives_the_same_and_keeps_the_addresses(
    app: Flask, city: Config, tmp_path: Path
) -> None:
    client = app.test_client()
    pid = deliver(city, tmp_path)
    worker.run_until_idle(behind=True)
    before = manifest(client, pid)
    from ingest import derive as making

    with db.archive.transaction() as session:
        assert making.ask(session, [pid]) == 1
    worker.run_until_idle(behind=True)
    assert manifest(client, pid) == before


def test_two_pages_of_the_same_bytes_are_two_pages_however_often_they_are_compiled(
    app: Flask, city: Config, tmp_path: Path
) -> None:
    files = tuple(BuildFile(f"{n}.jpg", factories.picture(), "akt") for n in (1, 2))
    what = factories.spec(factories.minutes(), files=files)
    factories.take_in(city, factories.package(tmp_path, what))
    archivist = factories.viewer("archivist")
    with db.archive.transaction() as session:
        fonds = queries.by_ref(session, "SE/LSA/T1")
        actions.publish_branch(session, fonds, viewer=archivist)
    worker.run_until_idle(behind=True)
    pid = factories.record("SE/LSA/T1/A1:1").pid
    before = manifest(app.test_client(), pid)
    with db.archive.transaction() as session:
        actions.describe(
            session, queries.by_ref(session, pid), {"extent": "2 blad"}, actor=archivist
        )
    worker.run_until_idle()
    after = manifest(app.test_client(), pid)
    assert after["items"] == before["items"] and len(after["items"]) == 2


def test_a_withdrawn_picture_is_gone_with_tiles_words_and_manifest_at_once(
    app: Flask, city: Config, tmp_path: Path
) -> None:
    client = app.test_client()
    pid = deliver(city, tmp_path)
    worker.run_until_idle(behind=True)
    tiles = service(client, pid)
    paths = (
        f"{tiles}/info.json", f"{tiles}/full/max/0/default.jpg", tiles,
        f"{tiles}/0,0,512,512/512,512/0/default.jpg", f"/iiif/presentation/3/{pid}/manifest",
        f"/iiif/search/2/{pid}?q=bro",
    )  # fmt: skip
    answers = {path: client.get(path) for path in paths}
    assert all(answer.status_code < 400 for answer in answers.values())
    token = client.get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc")
    assert pid.encode() in token.data
    with db.archive.transaction() as session:
        record = queries.by_ref(session, pid)
        actions.withdraw(session, record, reason="fel", viewer=factories.viewer("archivist"))
    for path, answer in answers.items():
        etag = answer.headers.get("ETag", "")
        again = client.get(path, headers={"If-None-Match": etag})
        assert again.status_code == 404, path
        assert pid.encode() not in again.data.replace(path.encode(), b"")
    for verb in ("ListIdentifiers", "ListRecords"):
        assert pid.encode() not in client.get(f"/oai?verb={verb}&metadataPrefix=oai_dc").data
    assert not [p for p in (city.public_dir / "files").rglob("*") if p.is_file()]
