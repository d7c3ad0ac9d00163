"""Scans that a delivery brought: met by their order, measured, judged, sent back and replaced."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from archive import db, migrate
from archive.config import Config
from archive.errors import Conflict, Invalid
from archive.holdings import queries as records
from archive.jobs import worker
from archive.jobs.models import Job, JobState
from archive.keeping import writing
from archive.keeping.rebuild import rebuild
from archive.scanning import actions, queries
from archive.scanning.actions import Terms
from archive.scanning.models import OrderState, ScanFile, ScanOrder
from archive.storage.store import open_store
from ingest.build import BuildFile
from tests import databases, factories, settled
from tests.archive.scanning.drawn import as_bytes, page, turned

Login = Callable[[str], FlaskClient]
Pictures = tuple[tuple[str, bytes], ...]
REF = "SE/LSA/T1/A1:1"


def _good(seed: int) -> bytes:
    return as_bytes(page(seed, width=420, height=600, lines=14), dpi=(300, 300))


FAULTY: Pictures = (
    ("0001.jpg", _good(1)),
    ("0002.jpg", as_bytes(turned(page(2), 3.0), dpi=(300, 300))),
    ("0004.jpg", as_bytes(page(3).convert("L"), dpi=(150, 150))),
    ("0005.jpg", _good(5)[:700]),
    ("0006.jpg", as_bytes(page(lines=0, width=420, height=600), dpi=(300, 300))),
)


def _settle(city: Config, folder: Path) -> None:
    """Order scans of a volume that has a picture already, and let faulty scans come."""
    leaf = factories.minutes("Volym 1", key="v1", level="volume", reference=REF)
    factories.take_in(city, factories.package(folder, factories.spec(leaf)))
    with db.archive.transaction() as session:
        record = records.by_ref(session, REF)
        terms = Terms(why="Efterfrågad i läsesalen", dpi=300, pages=4)
        actions.order(session, record, terms, viewer=factories.viewer("archivist"))
    _deliver(city, folder / "faulty", FAULTY)


def _deliver(city: Config, folder: Path, pictures: Pictures, status: str = "SUPPLEMENT") -> None:
    """Bring scans of the volume, as a supplement to it, and let the worker check them."""
    leaf = factories.minutes("Volym 1", key="v1", level="volume", reference=REF)
    files = tuple(BuildFile(name, content, "v1") for name, content in pictures)
    folder.mkdir()
    spec = replace(factories.spec(leaf, files=files), status=status)
    factories.take_in(city, factories.package(folder, spec))
    with db.archive.transaction() as session:  # pyramids and OCR are tested where they belong
        session.execute(
            update(Job)
            .where(Job.name.in_(("ingest.pyramid", "ingest.ocr")))
            .values(state=JobState.CANCELLED)
        )
    worker.run_until_idle(behind=True)


once = settled.once(_settle)
city = settled.city


def _pid() -> str:
    with db.archive.reading() as session:
        return session.scalars(select(ScanOrder.pid)).one()


def _step(to: OrderState, reason: str = "") -> None:
    with db.archive.transaction() as session:
        found = queries.by_pid(session, _pid())
        actions.step(session, found, to, reason=reason, viewer=factories.viewer("archivist"))


def _found() -> tuple[ScanOrder, dict[str, set[str]]]:
    """Return the order and the codes of the findings of each scan by its name."""
    with db.archive.reading() as session:
        order = queries.by_pid(session, _pid())
        rows = queries.scans(session, order)
        return order, {f.original_name: {x["code"] for x in s.findings} for s, f in rows}


def test_a_delivery_to_the_record_meets_the_order_and_its_faults_are_found(city: Config) -> None:
    order, found = _found()
    assert order.state == OrderState.DELIVERED and order.checked_at is not None
    assert {f["code"]: f.get("missing") for f in order.findings} == {
        "COUNT": None,
        "GAPS": ["0003"],
    }
    assert found == {  # the picture that was there when it was ordered is none of them
        "0001.jpg": set(),
        "0002.jpg": {"SKEW"},
        "0004.jpg": {"DPI-LOW", "COLOUR"},
        "0005.jpg": {"UNREADABLE"},
        "0006.jpg": {"BLANK"},
    }


def test_the_worst_scan_is_shown_first(city: Config, login: Login) -> None:
    text = login("archivist").get(f"/desk/scanning/{_pid()}").text
    shown = text[text.index("de sämsta först") :]
    places = [shown.index(f"<strong>000{n}.jpg") for n in (4, 2, 5, 6, 1)]
    assert places == sorted(places)
    assert "filen är avklippt" in text and "Nummer saknas i filnamnen: 0003" in text


def test_the_letter_says_why_it_comes_back_and_what_is_wrong_file_by_file(
    city: Config, login: Login
) -> None:
    _step(OrderState.RETURNED, "Sidorna 2 och 4 måste göras om.")
    client, address = login("archivist"), f"/desk/scanning/{_pid()}/letter"
    letter = client.get(f"{address}.txt").text
    assert "Skannas om: Sidorna 2 och 4 måste göras om." in letter
    assert "0004.jpg: För låg upplösning: filen anger 150 dpi, beställt är 300." in letter
    assert "0002.jpg: Sned: raderna lutar 2,9 grader." in letter and "0001.jpg" not in letter
    assert "5 bilder kom, 4 sidor" in letter
    rows = client.get(f"{address}.csv").text.splitlines()
    assert [row.split(";")[1] for row in rows] == [
        "kod", "COUNT", "GAPS", "DPI-LOW", "COLOUR", "SKEW", "UNREADABLE", "BLANK",
    ]  # fmt: skip
    assert client.get(f"{address}.exe").status_code == 404


def test_what_was_sent_back_is_met_by_what_replaces_it(city: Config, tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        _step(OrderState.RETURNED)  # the firm must be told why
    _step(OrderState.RETURNED, "Flera sidor är sneda.")
    with pytest.raises(Conflict):
        _step(OrderState.ACCEPTED)
    better = tuple((f"000{n}.jpg", _good(n)) for n in (1, 2, 3, 4))
    _deliver(city, tmp_path / "better", better, "REPLACEMENT")
    order, found = _found()
    assert order.state == OrderState.DELIVERED and order.findings == []
    assert found == {f"000{n}.jpg": set() for n in (1, 2, 3, 4)}
    _step(OrderState.ACCEPTED)
    _step(OrderState.DONE)
    assert _found()[0].state == OrderState.DONE


def test_scans_that_come_once_more_are_told_as_the_same(city: Config, tmp_path: Path) -> None:
    again = (("0007.jpg", _good(7)), ("0008.jpg", _good(7)), ("0009.jpg", _good(1)))
    _deliver(city, tmp_path / "again", again)
    order, found = _found()
    assert found["0007.jpg"] == set() and found["0008.jpg"] == {"SAME"}
    assert "0009.jpg" not in found  # the record has these bytes: the dock did not take them twice
    with db.archive.reading() as session:
        kinds = [said.entry.kind for said in queries.story(session, order)]
    assert kinds == ["ordered", "delivered", "files"]


def test_a_cancelled_order_is_not_met_and_without_orders_nothing_is_looked_for(
    city: Config, tmp_path: Path
) -> None:
    _step(OrderState.CANCELLED, "Inte längre.")
    before = _jobs()
    _deliver(city, tmp_path / "late", (("0010.jpg", _good(9)),))
    order, found = _found()
    assert order.state == OrderState.CANCELLED and "0010.jpg" not in found
    assert _jobs() == before


def _jobs() -> int:
    with db.archive.reading() as session:
        return len(session.scalars(select(Job).where(Job.name.startswith("scanning"))).all())


def test_a_check_that_is_run_again_measures_nothing_twice(city: Config) -> None:
    with db.archive.transaction() as session:
        order = queries.by_pid(session, _pid())
        for scan in session.scalars(select(ScanFile)):
            scan.measured = {"not_picture": "marked by the test"}
        actions.ask_for_check(session, order)
        with pytest.raises(Conflict):  # it is being checked
            archivist = factories.viewer("archivist")
            actions.step(session, order, OrderState.ACCEPTED, viewer=archivist)
    worker.run_until_idle(behind=True)
    assert set(map(frozenset, _found()[1].values())) == {frozenset({"NOT-PICTURE"})}


def test_a_changed_order_is_held_against_the_same_figures(city: Config, login: Login) -> None:
    client, address = login("archivist"), f"/desk/scanning/{_pid()}"
    assert 'value="4"' in client.get(f"{address}/edit").text
    form = {"why": "Utställning", "dpi": "150", "colour": "grey", "paper": "A4", "pages": "5"}
    assert client.post(f"{address}/edit", data=form | {"why": ""}).status_code == 422
    late = client.post(f"{address}/edit", data=form | {"due_on": "2020-01-01"})
    assert late.status_code == 422 and "har redan varit" in late.text
    assert client.post(f"{address}/edit", data=form).status_code == 302
    worker.run_until_idle(behind=True)
    order, found = _found()
    assert [f["code"] for f in order.findings] == ["GAPS"]
    assert found["0004.jpg"] == {"DPI-PAPER"}  # says 150, but has pixels for less on an A4
    _step(OrderState.CANCELLED, "Inte längre.")
    assert client.post(f"{address}/edit", data=form).status_code == 422


def test_scans_that_come_during_a_check_are_not_judged_unmeasured(city: Config) -> None:
    with db.archive.transaction() as session:
        order = queries.by_pid(session, _pid())
        session.scalars(select(ScanFile).limit(1)).one().measured = None
        actions.ask_for_check(session, order)
        actions.conclude(session, order)  # by the check that had begun before
        assert order.checked_at is None
    worker.run_until_idle(behind=True)
    assert _found()[0].checked_at is not None


def test_the_store_gives_back_orders_with_their_story_scans_and_findings(city: Config) -> None:
    _step(OrderState.RETURNED, "Sned.")
    worker.run_until_idle()
    with db.archive.reading() as session:
        before = list(writing.everything(session))
    assert sum('"kind": "scan_order"' in line and "SKEW" in line for line in before) == 1
    db.unbind()
    databases.lose(city.database_url)
    db.bind(city)
    migrate.upgrade()
    assert rebuild(open_store(city), say=lambda text: None).problems == ()
    with db.archive.reading() as session:
        assert list(writing.everything(session)) == before
