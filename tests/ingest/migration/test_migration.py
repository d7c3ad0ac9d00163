"""What is kept in a format that ages gets a new version beside the original, which stays."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from archive import db, migrate, xml
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.errors import Conflict, Invalid, NotFound
from archive.holdings import queries
from archive.holdings.models import Aip, Event, File
from archive.images import sandbox
from archive.images.derive import can_be_shown
from archive.jobs import worker
from archive.jobs.models import Job, JobState
from archive.keeping import writing
from archive.keeping.rebuild import rebuild
from archive.storage.models import StoredObject
from archive.storage.store import open_store
from ingest import read
from ingest.build import BuildFile
from ingest.formats import rules
from ingest.formats.policy import Verdict
from ingest.migration import actions, tasks
from ingest.migration.converters import CONVERTERS, converter_for
from tests import databases, factories
from tests.archive.storage.test_fixity import overwrite
from tests.command_line import Command, command
from tests.counting import statements
from tests.ingest.formats import files

__all__ = ["command"]

RECORD, OTHER = "SE/LSA/T1/A1:1", "SE/LSA/T1/A1:2"
BMP, GIF, MOVING = "fmt/116", "fmt/3", "fmt/4"
PREMIS = {"p": "http://www.loc.gov/premis/v3"}


def picture(form: str, **how: Any) -> bytes:
    """Return a picture of many colours in a format."""
    made = io.BytesIO()
    image = Image.effect_mandelbrot((40, 30), (-2, -1, 1, 1), 50)
    mode = how.pop("mode", "RGB")
    image.convert(mode).save(made, form, **how)
    return made.getvalue()


def moving() -> bytes:
    """Return a GIF that moves."""
    made = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return made.getvalue()


@pytest.fixture
def held(city: Config, tmp_path: Path) -> Config:
    """Two records: one of a BMP, a GIF and a JPEG, the other of a BMP."""
    leaves = (
        factories.minutes(),
        factories.minutes("Andra", key="andra", reference=OTHER, text=None),
    )
    made = (
        BuildFile("karta.bmp", picture("BMP"), "akt"),
        BuildFile("skiss.gif", picture("GIF"), "akt"),
        BuildFile("foto.jpg", files.JPEG, "akt"),
        BuildFile("plan.bmp", picture("BMP", mode="L"), "andra"),
    )
    what = factories.spec(*leaves, files=made)
    assert factories.take_in(city, factories.package(tmp_path, what)).state == "accessioned"
    return city


def start(puid: str = BMP, reference: str | None = None, role: str = "archivist") -> int:
    with db.archive.transaction() as session:
        return actions.start(
            session, puid, reference=reference, reason="formatet åldras",
            viewer=factories.viewer(role),
        )  # fmt: skip


def work() -> None:
    """Let the worker work, but for tiles and OCR, which take long and are nothing to us here."""
    with db.archive.transaction() as session:
        slow = Job.name.in_(("ingest.pyramid", "ingest.ocr"))
        session.execute(update(Job).where(slow).values(state=JobState.CANCELLED))
    worker.run_until_idle(behind=True)


def kept() -> dict[str, File]:
    with db.archive.reading() as session:
        return {file.original_name: file for file in session.scalars(select(File))}


def events(kind: str = "migration") -> list[Event]:
    with db.archive.reading() as session:
        return list(session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def aip_of(file: File) -> Aip:
    with db.archive.reading() as session:
        return session.get_one(Aip, file.aip_id)


def bytes_of(config: Config, file: File) -> bytes:
    return open_store(config).read(aip_of(file).object_id, file.logical_path)


def test_a_file_becomes_a_new_version_of_its_package_and_the_original_stays(held: Config) -> None:
    before = bytes_of(held, kept()["karta.bmp"])
    assert start() == 2
    work()
    files = kept()
    source, outcome = files["karta.bmp"], files["karta.bmp.tif"]
    assert outcome.migrated_from == source.pid and outcome.puid in {"fmt/353", "fmt/10"}
    assert (outcome.description_id, outcome.sequence) == (source.description_id, source.sequence)
    assert bytes_of(held, source) == before
    one = Image.open(io.BytesIO(before)).convert("RGB")
    other = Image.open(io.BytesIO(bytes_of(held, outcome)))
    assert other.format == "TIFF" and other.convert("RGB").tobytes() == one.tobytes()
    aip, store = aip_of(source), open_store(held)
    version = store.version(aip.object_id)
    assert aip.version == version.version == "v2"
    assert set(store.version(aip.object_id, "v1").files) < set(version.files)
    with db.archive.reading() as session:
        row = session.get_one(StoredObject, aip.object_id)
        assert (row.version, row.digest, aip.inventory_digest) == ("v2", *[version.digest] * 2)
    assert store.check(aip.object_id, version.digest) == []


def test_the_event_names_source_outcome_tool_and_who_asked_for_it(held: Config) -> None:
    start(reference=RECORD)
    work()
    files = kept()
    (event,) = events()
    assert (event.outcome, event.file_id) == ("success", files["karta.bmp.tif"].id)
    assert event.agent.startswith("pillow ") and "bmp-tiff" in event.agent
    detail = event.detail
    assert detail["source"] == files["karta.bmp"].pid
    assert detail["outcome"] == files["karta.bmp.tif"].pid
    assert (detail["from"], detail["width"], detail["height"]) == (BMP, 40, 30)
    assert detail["by"].startswith("user:")
    record = open_store(held).read(aip_of(files["karta.bmp"]).object_id, tasks.RECORD)
    (told,) = json.loads(record)["migrations"]
    assert told["source"] == files["karta.bmp"].logical_path and told["from"] == BMP


def test_only_what_was_asked_for_is_migrated(held: Config) -> None:
    assert start(reference=OTHER) == 1
    work()
    assert {name for name, file in kept().items() if file.migrated_from} == {"plan.bmp.tif"}


def test_to_ask_again_when_all_is_migrated_changes_nothing(held: Config) -> None:
    start()
    work()
    before = [aip_of(file).version for file in kept().values()]
    with pytest.raises(Conflict):
        start()
    with db.archive.transaction() as session:  # the very same job, run once more
        job = session.scalars(select(Job).where(Job.name == "ingest.migrate")).one()
        job.state = JobState.QUEUED
    work()
    assert [aip_of(file).version for file in kept().values()] == before
    assert len(events()) == 2


def test_a_second_format_in_the_same_package_is_added_to_the_first(held: Config) -> None:
    start(reference=RECORD)
    start(GIF)
    work()
    files = kept()
    assert {"karta.bmp.tif", "skiss.gif.png"} <= set(files)
    aip = aip_of(files["karta.bmp"])
    assert aip.version == "v3"
    record = json.loads(open_store(held).read(aip.object_id, tasks.RECORD))
    assert [each["to"] for each in record["migrations"]] == [
        files["karta.bmp.tif"].puid, files["skiss.gif.png"].puid
    ]  # fmt: skip


def test_a_worker_killed_between_store_and_database_does_it_once_all_the_same(
    held: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(reference=RECORD)

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(tasks, "_record", kill)
        with pytest.raises(Killed):
            work()
    aip = aip_of(kept()["karta.bmp"])
    assert (aip.version, open_store(held).version(aip.object_id).version) == ("v1", "v2")
    with db.archive.transaction() as session:
        for job in session.scalars(select(Job).where(Job.name == "ingest.migrate")):
            job.state, job.lease_until = JobState.QUEUED, None
    work()
    aip = aip_of(kept()["karta.bmp"])
    assert (aip.version, open_store(held).version(aip.object_id).version) == ("v2", "v2")
    assert [event.outcome for event in events()] == ["success"]


def test_what_cannot_be_proved_is_an_event_and_nothing_is_kept(
    city: Config, tmp_path: Path
) -> None:
    made = (
        BuildFile("trasig.bmp", picture("BMP")[:900], "akt"),
        BuildFile("rörlig.gif", moving(), "akt"),
    )
    what = factories.spec(factories.minutes(), files=made)
    factories.take_in(city, factories.package(tmp_path, what))
    start(BMP)
    start(MOVING)
    work()
    problems = [event.detail["problem"] for event in events()]
    assert {event.outcome for event in events()} == {"failure"}
    assert len(problems) == 2 and any("3 pictures in one file" in each for each in problems)
    assert aip_of(kept()["rörlig.gif"]).version == "v1"


def test_a_picture_whose_end_is_missing_is_not_filled_in(tmp_path: Path) -> None:
    source = tmp_path / "avbruten.gif"
    source.write_bytes(picture("GIF")[:-40])
    answer = sandbox.run("gif-png", source, tmp_path / "made")
    assert "truncated" in answer["problem"] and not list((tmp_path / "made").iterdir())


def test_a_source_that_was_damaged_on_disk_is_not_kept_anew_as_if_it_were_right(
    held: Config,
) -> None:
    source, store = kept()["foto.jpg"], open_store(held)
    object_id = aip_of(source).object_id
    overwrite(store.path_of(object_id, source.logical_path), lambda data: data + b"x")
    start(reference=RECORD)
    work()
    assert store.version(object_id).version == "v1" and not events()
    with db.archive.reading() as session:
        job = session.scalars(select(Job).where(Job.name == "ingest.migrate")).one()
        assert "not the bytes that were checked" in (job.error or "")


@pytest.mark.parametrize(
    ("form", "mode", "how", "puids"),
    [
        ("GIF", "P", {}, {"fmt/4", "fmt/3"}),
        ("GIF", "P", {"transparency": 0}, {"fmt/4"}),
        ("BMP", "1", {}, {BMP}),
        ("BMP", "P", {}, {BMP}),
        ("BMP", "RGBA", {}, {"fmt/116", "fmt/118", "fmt/119"}),
        ("WEBP", "RGBA", {"lossless": True}, {"fmt/567", "fmt/568"}),
        ("WEBP", "RGB", {"quality": 60, "icc_profile": b"x" * 200}, {"fmt/566", "fmt/568"}),
        ("PNG", "LA", {}, {"fmt/11"}),
        ("PNG", "I;16", {}, {"fmt/11"}),
        ("JPEG2000", "RGB", {"irreversible": True}, {"x-fmt/392"}),
    ],
)
def test_every_conversion_of_the_table_keeps_every_pixel(
    tmp_path: Path, form: str, mode: str, how: dict[str, Any], puids: set[str]
) -> None:
    source = tmp_path / f"bild.{form.lower()}"
    image = Image.effect_mandelbrot((40, 30), (-2, -1, 1, 1), 50)
    wide = Image.frombytes("I;16", (40, 30), bytes(range(240)) * 10)
    (wide if mode == "I;16" else image.convert(mode)).save(source, form, **how)
    converters = {converter_for(puid) for puid in puids}
    (converter,) = converters
    assert converter is not None
    answer = sandbox.run(converter.kind, source, tmp_path / "made")
    assert "problem" not in answer, answer
    one, other = Image.open(source), Image.open(tmp_path / "made" / answer["path"])
    assert one.size == other.size
    seen = (lambda i: i) if mode == "I;16" else (lambda i: i.convert("RGBA"))
    assert seen(one).tobytes() == seen(other).tobytes()
    assert other.info.get("icc_profile") == one.info.get("icc_profile")


def test_no_format_has_two_converters_and_no_converter_goes_round() -> None:
    sources = [puid for one in CONVERTERS for puid in one.sources]
    assert len(sources) == len(set(sources))
    assert all(one.sources.isdisjoint(one.targets) for one in CONVERTERS)


def test_what_the_house_does_not_wish_away_or_cannot_convert_is_refused(held: Config) -> None:
    with pytest.raises(Invalid, match="no wish"):
        start("fmt/13")
    with pytest.raises(Invalid, match="nothing here converts"):
        start("fmt/412")
    with db.archive.transaction() as session:
        rules.set_rule(
            session, BMP, Verdict.ACCEPT, agreement="", reason="beslut",
            viewer=factories.viewer("archivist"),
        )  # fmt: skip
    with pytest.raises(Invalid, match="no wish"):
        start(BMP)
    with pytest.raises(NotFound):
        start(GIF, reference="SE/LSA/finns-inte")


def test_the_copies_for_use_and_the_public_page_go_by_the_original(held: Config) -> None:
    start()
    work()
    with db.archive.reading() as session:
        record = queries.by_ref(session, RECORD)
        shown = [file.original_name for file in session.scalars(queries.files_of(record))]
        page = queries.page_of(session, record)
    assert shown == ["karta.bmp", "skiss.gif", "foto.jpg"]
    (migrated,) = page.migrated[kept()["karta.bmp"].pid]
    assert migrated.original_name == "karta.bmp.tif" and can_be_shown(migrated.media_type)


def test_a_rebuild_from_the_store_gives_the_migration_back(held: Config, tmp_path: Path) -> None:
    start()
    work()
    with db.archive.reading() as session:
        before = list(writing.everything(session))
    db.unbind()
    databases.lose(held.database_url)
    db.bind(held)
    migrate.upgrade()
    rebuilt = rebuild(open_store(held), say=lambda _: None)
    assert rebuilt.problems == ()
    with db.archive.reading() as session:
        assert list(writing.everything(session)) == before
    assert kept()["karta.bmp.tif"].migrated_from == kept()["karta.bmp"].pid


def test_the_exported_package_holds_both_and_says_how_they_are_related(
    held: Config, command: Command, tmp_path: Path
) -> None:
    start(reference=RECORD)
    work()
    target = tmp_path / "ut.zip"
    answer = command("export", "aip", RECORD, "-o", target, "--as", "archivist@demo.example")
    assert answer.code == 0, answer.err
    assert read.examine(target).is_valid
    with zipfile.ZipFile(target) as packed:
        names = packed.namelist()
        premis = xml.parse(packed.read(next(n for n in names if n.endswith("premis.xml"))))
    assert any(n.endswith("karta.bmp") for n in names)
    assert any(n.endswith("karta.bmp.tif") for n in names)
    files = kept()
    related = premis.xpath(
        "//p:relationship[p:relationshipType='derivation']"
        "//p:relatedObjectIdentifierValue/text()", namespaces=PREMIS,
    )  # fmt: skip
    assert related == [files["karta.bmp"].pid]
    roles = {
        link.findtext("p:linkingObjectRole", namespaces=PREMIS): link.findtext(
            "p:linkingObjectIdentifierValue", namespaces=PREMIS
        )
        for link in premis.xpath(
            "//p:event[p:eventType='migration']/p:linkingObjectIdentifier", namespaces=PREMIS
        )
    }
    assert roles == {"source": files["karta.bmp"].pid, "outcome": files["karta.bmp.tif"].pid}


def test_the_desk_shows_what_is_kept_and_starts_it(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client = login("archivist")
    assert "/desk/formats/migration" in client.get("/desk/formats").get_data(as_text=True)
    page = client.get("/desk/formats/migration").get_data(as_text=True)
    assert BMP in page and GIF in page and "→ TIFF" in page
    form = {"puid": BMP, "reference": RECORD}
    assert client.post("/desk/formats/migration", data=form).status_code == 422
    answer = client.post("/desk/formats/migration", data=form | {"reason": "åldras"})
    assert answer.status_code == 302
    work()
    pid = factories.record(RECORD).pid
    assert "karta.bmp.tif" in client.get(f"/desk/holdings/{pid}").get_data(as_text=True)
    with db.archive.reading() as session:
        query = select(AuditEvent).where(AuditEvent.action == "format.migrate")
        assert session.scalars(query).one().details["puid"] == BMP
    wrong = form | {"reason": "x", "reference": "finns-inte"}
    assert client.post("/desk/formats/migration", data=wrong).status_code == 422


def test_the_page_asks_as_much_for_many_files_as_for_few(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client = login("archivist")
    with statements() as few:
        client.get("/desk/formats/migration")
    start()
    work()
    with statements() as many:
        client.get("/desk/formats/migration")
    assert len(many) == len(few)


def test_a_unit_without_the_right_starts_nothing(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    form = {"puid": BMP, "reason": "x"}
    answer = login("unit_manager").post("/desk/formats/migration", data=form)
    assert answer.status_code == 403


def test_the_command_line_starts_it_too(held: Config, command: Command) -> None:
    answer = command(
        "migrate", GIF, "--as", "archivist@demo.example", "--reason", "åldras", "--below", RECORD
    )
    assert answer.code == 0 and "1 files" in answer.out
    work()
    assert "skiss.gif.png" in kept()
