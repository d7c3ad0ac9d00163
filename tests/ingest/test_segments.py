"""A delivery in several packages: in any order, each waiting for the others, then all of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from archive import db
from archive.config import Config
from archive.errors import Conflict
from archive.holdings import queries
from archive.holdings.models import Description, File
from archive.jobs import worker
from ingest import pipeline, segments
from ingest.build import BuildFile, Kind
from ingest.models import Transfer, TransferFinding
from ingest.package import DescriptionDraft, Segment
from tests import factories

Login = Callable[[str], FlaskClient]


@pytest.mark.parametrize(
    "group, count, part",
    [
        ("a", "2 of 3", Segment("a", 2, 3)),
        ("a", " 2 AV 3 ", Segment("a", 2, 3)),
        ("a", "1/2", Segment("a", 1, 2)),
        ("a", "1 of ?", None),  # how many is not known: nothing to wait for
        ("a", "4 of 3", None),
        ("a", "0 of 3", None),
        ("a", "1 of 1", None),
        ("a", "1.0", None),  # as packages of other countries have it
        ("", "2 of 3", None),
        (None, None, None),
    ],
)
def test_a_part_is_known_by_its_group_and_its_count(
    group: str | None, count: str | None, part: Segment | None
) -> None:
    assert segments.read(group, count) == part


def _part(
    city: Config,
    folder: Path,
    number: int,
    *leaves: DescriptionDraft,
    total: int = 3,
    kind: Kind = Kind.BAG,
    group: str = "flytt 2026",
    readme: str = "",
) -> Transfer:
    leaf = factories.minutes(f"Akt {number}", reference=f"SE/LSA/T1/A1:{number}")
    files = tuple(
        BuildFile(f"{number}-{d.key}.jpg", factories.picture(note=bytes([number])), d.key)
        for d in leaves or (leaf,)
    )
    spec = factories.spec(*(leaves or (leaf,)), files=files, object_id=f"del{number}{readme}")
    spec = replace(spec, segment=(group, f"{number} of {total}"))
    return factories.take_in(city, factories.package(folder, spec, kind))


def _now(*transfers: Transfer) -> list[str]:
    with db.archive.reading() as session:
        return [str(pipeline.get(session, each.pid).state) for each in transfers]


def _codes(transfer: Transfer) -> set[str]:
    with db.archive.reading() as session:
        own = TransferFinding.transfer_id == transfer.id
        return set(session.scalars(select(TransferFinding.code).where(own)))


def _records() -> int:
    with db.archive.reading() as session:
        own = select(func.count()).select_from(Description).where(Description.level == "file")
        return session.scalar(own) or 0


@pytest.mark.parametrize("kind", [Kind.BAG, Kind.FGS])
def test_parts_wait_for_each_other_whatever_the_order_and_then_all_come_in(
    city: Config, tmp_path: Path, kind: Kind
) -> None:
    second = _part(city, tmp_path, 2, kind=kind)
    third = _part(city, tmp_path, 3, kind=kind)
    assert _now(second, third) == ["review", "review"] and _records() == 0
    assert "SEGMENT-WAITS" in _codes(second)
    first = _part(city, tmp_path, 1, kind=kind)
    assert _now(first, second, third) == ["accessioned"] * 3 and _records() == 3
    assert "SEGMENT-WAITS" not in _codes(second)


def test_a_part_is_not_taken_in_before_the_others_whoever_says_so(
    city: Config, tmp_path: Path
) -> None:
    second = _part(city, tmp_path, 2)
    with db.archive.transaction() as session, pytest.raises(Conflict):
        row = pipeline.get(session, second.pid)
        pipeline.accept(session, row, reason="nu", viewer=factories.viewer("archivist"))
    assert _now(second) == ["review"] and _records() == 0


def test_a_part_that_waits_for_a_person_holds_the_others(city: Config, tmp_path: Path) -> None:
    first = _part(city, tmp_path, 1, total=2)
    odd = factories.minutes("Utan datum", reference="SE/LSA/T1/A1:7", date_text="någon gång")
    second = _part(city, tmp_path, 2, odd, total=2)
    assert _now(first, second) == ["accepted", "review"] and _records() == 0
    with db.archive.transaction() as session:
        row = pipeline.get(session, second.pid)
        pipeline.accept(session, row, reason="odaterad", viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    assert _now(first, second) == ["accessioned", "accessioned"] and _records() == 2


def test_two_that_say_they_are_the_same_part_wait_for_a_person(
    city: Config, tmp_path: Path
) -> None:
    first = _part(city, tmp_path, 1, total=2)
    twin = _part(city, tmp_path, 1, total=2, readme="b")
    second = _part(city, tmp_path, 2, total=2)
    assert _now(first, twin, second) == ["review"] * 3
    assert "SEGMENT-TWICE" in _codes(second) and _records() == 0


def test_parts_of_another_group_are_no_parts_of_this_one(city: Config, tmp_path: Path) -> None:
    first = _part(city, tmp_path, 1, total=2)
    other = _part(city, tmp_path, 2, total=2, group="annan flytt")
    assert _now(first, other) == ["review", "review"]


def test_a_record_whose_files_lie_in_two_parts_is_one_record(city: Config, tmp_path: Path) -> None:
    leaf = factories.minutes()
    second = _part(city, tmp_path, 2, leaf, total=2)
    first = _part(city, tmp_path, 1, leaf, total=2)
    assert _now(first, second) == ["accessioned", "accessioned"] and _records() == 1
    with db.archive.reading() as session:
        record = queries.by_ref(session, "SE/LSA/T1/A1:1")
        own = File.description_id == record.id
        names = session.scalars(select(File.original_name).where(own).order_by(File.sequence))
        assert list(names) == ["1-akt.jpg", "2-akt.jpg"]


def test_the_page_says_which_parts_have_come_and_which_are_missing(
    login: Login, city: Config, tmp_path: Path
) -> None:
    second = _part(city, tmp_path, 2)
    page = login("archivist").get(f"/desk/ingest/{second.pid}").text
    assert "Det här är del 2 av 3." in page and "Delarna 1, 3 saknas." in page
