"""A closed record, full of marker words, tried on every public surface and in every public byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive import db, explaining
from archive.accounts.permissions import Viewer
from archive.config import Config
from archive.errors import Refused
from archive.holdings import actions, queries
from archive.jobs import worker
from archive.publish import drain
from ingest.build import BuildFile
from tests import factories
from tests.factories import SECRET

SURFACES = (
    "/", "/search?q={m}", "/search?q={m}*", "/search?q=akt", "/search?place={m}plats", "/archives",
    "/archives/SE/LSA/T1", "/archives/SE%2FLSA%2FT1", "/collections", "/timeline", "/map", "/plans",
    "/plans/HA", "/services", "/sitemap.xml", "/feed.atom", "/robots.txt", "/records/{pid}",
    "/records/{pid}.json", "/records/{pid}.xml", "/records/{pid}.bib", "/records/{pid}.ris",
    "/files/{file}", "/requests/new?record={pid}", "/requests/new?record=SE/LSA/T1/F1:1",
    "/api/v1/search?q={m}", "/api/v1/suggest?q={m5}", "/api/v1/facets?q=akt",
    "/api/v1/records/{pid}", "/api/v1/openapi.json", "/iiif/presentation/3/{pid}/manifest",
    "/iiif/search/2/{pid}?q={m}", "/iiif/image/3/{file}", "/iiif/image/3/{file}/info.json",
    "/iiif/image/3/{file}/full/max/0/default.jpg", "/oai?verb=Identify", "/oai?verb=ListSets",
    "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc", "/oai?verb=ListRecords&metadataPrefix=ead3",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc", "/oai?verb=ListMetadataFormats",
    "/oai?verb=GetRecord&metadataPrefix=ead3&identifier=oai:stadsarkiv.example:{pid}",
    "/oai?verb=ListMetadataFormats&identifier=oai:stadsarkiv.example:{pid}",
    "/-/metrics",
)  # fmt: skip


@pytest.fixture
def secret(city: Config, tmp_path: Path) -> str:
    """A closed record beside an open one, both published as far as the law allows; its pid."""
    leaves = (factories.minutes(), factories.secret_file())
    files = (
        BuildFile("akt.jpg", factories.picture(), "akt"),
        BuildFile(f"{SECRET}fil.jpg", factories.picture("red", SECRET.encode()), "hemlig"),
    )
    what = factories.spec(*leaves, files=files)
    assert factories.take_in(city, factories.package(tmp_path, what)).state == "accessioned"
    with db.archive.transaction() as session:
        fonds = queries.by_ref(session, "SE/LSA/T1")
        actions.publish_branch(session, fonds, viewer=factories.viewer("archivist"))
    worker.run_until_idle(behind=True)
    return factories.record("SE/LSA/T1/F1:1").pid


def _everything(client: FlaskClient, pid: str, file: str) -> dict[str, bytes]:
    found = {}
    for prefix in ("", "/en"):
        for surface in SURFACES:
            path = surface.format(m=SECRET, m5=SECRET[:5], pid=pid, file=file)
            found[prefix + path] = client.get(prefix + path).data
    return found


def test_no_public_surface_shows_a_word_of_a_closed_record(app: Flask, secret: str) -> None:
    with db.archive.reading() as session:
        file = queries.page_of(session, queries.by_ref(session, secret)).files[0]
    answers = _everything(app.test_client(), secret, file.pid)
    for path, body in answers.items():
        shown = body.replace(path.encode(), b"")  # what was asked may be repeated, nothing else
        for word in ("titel", "innehåll", "avskrift", "person", "fil"):
            assert f"{SECRET}{word}".encode() not in shown, path
    assert "Rådstuguprotokoll 1634".encode() in answers["/search?q=akt"] + answers["/"]


def test_no_byte_of_the_edition_holds_a_word_of_a_closed_record(city: Config, secret: str) -> None:
    files = [path for path in city.public_dir.rglob("*") if path.is_file()]
    assert len(files) > 3
    for path in files:
        data = path.read_bytes().lower()
        for form in (SECRET.encode(), SECRET.encode("utf-16-le"), SECRET.encode("utf-16-be")):
            assert form not in data, path


def test_no_tile_and_no_read_word_of_a_closed_record_lies_in_the_edition(
    city: Config, secret: str
) -> None:
    with db.archive.reading() as session:
        page = queries.page_of(session, queries.by_ref(session, secret))
        copies = page.derivatives[page.files[0].id]
        made = {role: city.data_dir / "derivatives" / copy.path for role, copy in copies.items()}
    assert "pyramid" in made  # the house has it; the public does not
    inside = {
        path.read_bytes() for path in (city.public_dir / "files").rglob("*") if path.is_file()
    }
    assert inside and not inside & {path.read_bytes() for path in made.values()}


def test_the_pictures_and_lists_of_a_closed_record_are_answered_as_of_one_that_never_was(
    app: Flask, secret: str
) -> None:
    client, unknown = app.test_client(), "0" * len(secret)
    picture = "/iiif/image/3/{}"
    paths = (picture, f"{picture}/info.json", f"{picture}/full/max/0/default.jpg")
    for path in ("/iiif/presentation/3/{}/manifest", "/iiif/search/2/{}?q=x", *paths):
        closed, never = (client.get(path.format(pid)) for pid in (secret, unknown))
        assert closed.status_code == never.status_code == 404
        assert closed.data.replace(secret.encode(), b"") == never.data.replace(
            unknown.encode(), b""
        )
    asked = "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:stadsarkiv.example:{}"
    for pid in (secret, unknown):
        assert b'code="idDoesNotExist"' in client.get(asked.format(pid)).data


def test_a_closed_record_is_answered_as_one_that_never_was(app: Flask, secret: str) -> None:
    client = app.test_client()
    unknown = "0" * len(secret)
    for suffix in ("", ".json", ".xml"):
        closed = client.get(f"/records/{secret}{suffix}")
        never = client.get(f"/records/{unknown}{suffix}")
        assert closed.status_code == never.status_code == 404
        assert closed.data.replace(secret.encode(), b"") == never.data.replace(
            unknown.encode(), b""
        )
        assert {k for k, _ in closed.headers} == {k for k, _ in never.headers}


def test_what_the_law_forbids_cannot_be_published_and_the_clause_is_told(
    city: Config, secret: str
) -> None:
    with pytest.raises(Refused) as refused, db.archive.transaction() as session:
        record = queries.by_ref(session, secret)
        actions.publish(session, record, viewer=factories.viewer("archivist"))
    decision = refused.value.decision
    assert decision is not None
    assert any("26 kap. 1 §" in reason.clause for reason in decision.reasons)
    with db.archive.reading() as session:
        text = "\n".join(explaining.lines(session, queries.by_ref(session, secret), city))
    assert "26 kap. 1 § OSL" in text and "2058-03-01" in text and "in the edition: no" in text


def test_a_public_title_shows_the_record_and_nothing_else_of_it(
    app: Flask, city: Config, secret: str
) -> None:
    archivist: Viewer = factories.viewer("archivist")
    with db.archive.transaction() as session:
        record = queries.by_ref(session, secret)
        actions.describe(session, record, {"public_title": "Akt i barnavård"}, actor=archivist)
        actions.publish(session, record, viewer=archivist, full=False)
    worker.run_until_idle()
    page = app.test_client().get(f"/records/{secret}").get_data(as_text=True)
    assert "Akt i barnavård" in page and "26 kap. 1 §" in page
    assert SECRET not in page
    test_no_byte_of_the_edition_holds_a_word_of_a_closed_record(city, secret)


def test_withdrawal_takes_row_file_and_hit_at_once(app: Flask, city: Config, secret: str) -> None:
    client = app.test_client()
    open_record = factories.record("SE/LSA/T1/A1:1")
    files = list((city.public_dir / "files").rglob("*"))
    assert client.get(f"/records/{open_record.pid}").status_code == 200
    with db.archive.transaction() as session:
        actions.withdraw(
            session,
            queries.by_ref(session, open_record.pid),
            reason="fel",
            viewer=factories.viewer("archivist"),
        )
    assert client.get(f"/records/{open_record.pid}").status_code == 404
    assert b"1634" not in client.get("/search?q=qvarnen").data.replace(b"qvarnen", b"")
    left = [p for p in (city.public_dir / "files").rglob("*") if p.is_file()]
    assert len(left) < len([p for p in files if p.suffix == "" and not p.is_dir()] or files)


def test_a_withdrawal_in_the_middle_of_a_drain_is_not_undone_by_it(
    app: Flask, city: Config, secret: str
) -> None:
    """The drain has compiled the record; it is withdrawn; the drain brings what it compiled."""
    client = app.test_client()
    pid = factories.record("SE/LSA/T1/A1:1").pid
    archivist = factories.viewer("archivist")
    with db.archive.transaction() as session:
        record = queries.by_ref(session, pid)
        actions.describe(session, record, {"extent": "2 blad"}, actor=archivist)
    batch = drain.take(100)
    assert batch is not None and pid in batch.pids.values()
    _docs, public = drain.compile_portion(city, list(batch.pids))
    assert pid in {row.pid for row in public}
    with db.archive.transaction() as session:
        record = queries.by_ref(session, pid)
        actions.withdraw(session, record, reason="fel", viewer=archivist)
        # The withdrawal is not committed in the archive yet when the drain comes.
        late = drain.bring(public, list(batch.pids.values()), batch.since)
        assert late == {pid}
        assert client.get(f"/records/{pid}").status_code == 404
    worker.run_until_idle()
    assert client.get(f"/records/{pid}").status_code == 404
