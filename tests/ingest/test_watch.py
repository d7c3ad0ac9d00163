"""A folder that other systems fill: whole deliveries are taken, and nothing else."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import clock, db
from archive.config import Config
from archive.jobs import actions, worker
from archive.jobs.models import Job
from ingest import receive, tasks, watch
from ingest.models import Transfer
from tests import factories

Look = Callable[..., None]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    (folder / "HA").mkdir(parents=True)
    return folder


@pytest.fixture
def config(city: Config, place: Path) -> Config:
    changed = replace(city, watch_dir=place)
    tasks.install(changed)
    return changed


@pytest.fixture
def look(config: Config) -> Look:
    """Let the worker look into the folder, so many minutes from now."""

    def once(minutes: float = 0) -> None:
        with clock.frozen(clock.now() + timedelta(minutes=minutes)):
            with db.archive.transaction() as session:
                actions.enqueue(session, "ingest.watch")
            worker.run_until_idle()

    return once


@pytest.fixture
def parcel(city: Config, tmp_path: Path) -> Path:
    return factories.package(tmp_path, factories.spec(factories.minutes()))


def _transfers() -> list[Transfer]:
    with db.archive.reading() as session:
        return list(session.scalars(select(Transfer).order_by(Transfer.id)))


def _why(place: Path, unit: str, name: str) -> str:
    return (place / ".refused" / unit / f"{name}.txt").read_text("utf-8")


def test_a_file_that_is_still_being_written_is_left_alone(
    look: Look, place: Path, parcel: Path
) -> None:
    target = place / "HA" / "leverans.zip"
    whole = parcel.read_bytes()
    for count in range(1, 5):
        target.write_bytes(whole[: count * 100])
        look(3 * count)
    assert _transfers() == [] and target.exists()
    target.write_bytes(whole)
    look(20)
    assert _transfers() == [], "changed since the last look"
    look(21)
    assert _transfers() == [], "not still for long enough"
    look(22)
    (transfer,) = _transfers()
    assert transfer.state == "accessioned" and transfer.name == "leverans.zip"
    assert transfer.received_by == "system"
    assert (place / ".taken" / "HA" / "leverans.zip").read_bytes() == whole
    assert list((place / "HA").iterdir()) == []


@pytest.mark.parametrize("ending", [".ready", ".klar"])
def test_a_ready_file_says_that_it_is_whole(
    look: Look, place: Path, parcel: Path, ending: str
) -> None:
    shutil.copy(parcel, place / "HA" / "leverans.zip")
    (place / "HA" / f"leverans.zip{ending}").touch()
    look()
    assert [t.state for t in _transfers()] == ["accessioned"]
    assert list((place / "HA").iterdir()) == []


def test_a_folder_is_taken_as_it_lies(look: Look, place: Path, tmp_path: Path) -> None:
    (place / "HA" / "mapp" / "under").mkdir(parents=True)
    (place / "HA" / "mapp" / "under" / "å.txt").write_text("hej")
    look()
    look(3)
    (transfer,) = _transfers()
    assert transfer.name == "mapp" and transfer.size_bytes == 3
    assert (place / ".taken" / "HA" / "mapp" / "under" / "å.txt").exists()


def test_a_link_or_a_device_is_refused_and_never_followed(
    look: Look, place: Path, city: Config, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.key"
    secret.write_text("hemligt")
    (place / "HA" / "länk.zip").symlink_to(secret)
    (place / "HA" / "mapp").mkdir()
    (place / "HA" / "mapp" / "inne.txt").symlink_to(secret)
    (place / "HA" / "mapp2").mkdir()
    (place / "HA" / "mapp2" / "bort").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(place / "HA" / "rör")
    look()
    look(3)
    assert _transfers() == []
    for name in ("länk.zip", "mapp", "mapp2", "rör"):
        assert "is a link or a device" in _why(place, "HA", name)
    assert (place / ".refused" / "HA" / "länk.zip").is_symlink()
    assert secret.read_text() == "hemligt"
    assert list(city.quarantine.glob(".incoming-*")) == []


def test_a_link_that_comes_between_the_look_and_the_reading_is_not_followed(
    city: Config, tmp_path: Path
) -> None:
    (tmp_path / "secret.key").write_text("hemligt")
    (tmp_path / "länk").symlink_to(tmp_path / "secret.key")
    (tmp_path / "mapp").mkdir()
    (tmp_path / "mapp" / "länk").symlink_to(tmp_path / "secret.key")
    os.mkfifo(tmp_path / "rör")
    for name in ("länk", "mapp", "rör"):
        with pytest.raises(receive.Invalid):
            receive.receive(
                tmp_path / name,
                name,
                receive.Declared(),
                quarantine=city.quarantine,
                actor=watch.SYSTEM,
            )


@pytest.mark.parametrize(
    ("unit", "name", "content", "why"),
    [
        ("NONE", "a.zip", b"x", "there is no unit NONE"),
        ("HA", "tom.zip", b"", "the delivery is empty"),
        (".", "lös.zip", b"x", "it lies in no unit's folder"),
    ],
)
def test_what_cannot_be_taken_is_laid_aside_with_the_reason(
    look: Look, place: Path, unit: str, name: str, content: bytes, why: str
) -> None:
    (place / unit).mkdir(exist_ok=True)
    (place / unit / name).write_bytes(content)
    look()
    look(3)
    assert why in _why(place, unit, name)
    assert not (place / unit / name).exists() and _transfers() == []


def test_a_name_that_is_not_utf8_is_refused_in_words(look: Look, place: Path) -> None:
    raw = os.fsencode(place / "HA") + b"/gammal\xe5.zip"
    Path(os.fsdecode(raw)).write_bytes(b"x")
    look()
    look(3)
    notes = list((place / ".refused" / "HA").glob("*.txt"))
    assert len(notes) == 1 and "is no name in UTF-8" in notes[0].read_text("utf-8")


def test_two_deliveries_of_one_name_do_not_write_over_each_other(look: Look, place: Path) -> None:
    for content in (b"ett", b"tva"):
        (place / "HA" / "leverans.zip").write_bytes(content)
        (place / "HA" / "leverans.zip.klar").touch()
        look()
    kept = {path.read_bytes() for path in (place / ".taken" / "HA").iterdir()}
    assert kept == {b"ett", b"tva"} and len(_transfers()) == 2


def test_what_changes_while_it_is_read_is_left_for_the_next_look(
    look: Look, place: Path, city: Config, parcel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = place / "HA" / "leverans.zip"
    shutil.copy(parcel, target)
    target.with_name("leverans.zip.klar").touch()
    true_copy = receive._copy_stream

    def written_to(stream: object, copy: Path) -> tuple[str, int]:
        with target.open("ab") as file:
            file.write(b"mera")
        return true_copy(stream, copy)  # type: ignore[arg-type]

    monkeypatch.setattr(receive, "_copy_stream", written_to)
    look()
    monkeypatch.undo()
    assert _transfers() == [] and target.exists()
    assert list(city.quarantine.glob(".incoming-*")) == []
    look()
    assert len(_transfers()) == 1


def test_a_full_disk_leaves_everything_where_it_lies(
    look: Look, place: Path, city: Config, parcel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = place / "HA" / "leverans.zip"
    shutil.copy(parcel, target)
    target.with_name("leverans.zip.klar").touch()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(receive.os, "fsync", full)
    look()
    monkeypatch.undo()
    assert target.exists() and not (place / ".refused").exists() and _transfers() == []
    with db.archive.reading() as session:
        job = session.scalars(select(Job).where(Job.name == "ingest.watch")).one()
    assert job.state == "queued" and "No space" in (job.error or "")
    look(2)
    assert len(_transfers()) == 1


def test_names_of_what_is_not_finished_are_left_alone(look: Look, place: Path) -> None:
    for name in (".dold", "a.zip.part", "b.tmp", "c.zip.klar"):
        (place / "HA" / name).write_bytes(b"x")
    look()
    look(10)
    assert len(list((place / "HA").iterdir())) == 4 and _transfers() == []


def test_without_the_setting_nobody_looks(city: Config) -> None:
    assert "ingest.watch" not in worker.periodic.listed()
