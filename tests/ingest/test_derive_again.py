"""Copies for use are made again by record, by series, or by the tool that made them."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select, update

from archive import db
from archive.config import Config
from archive.holdings.models import Event
from archive.jobs.models import Job, JobState
from tests import factories
from tests.command_line import Command, command

__all__ = ["command"]

ONE, OTHER = "SE/LSA/T1/A1:1", "SE/LSA/T1/A1:2"


@pytest.fixture
def held(city: Config, tmp_path: Path) -> Config:
    """Two records of one picture each; the copies of the first were made by an old tool."""
    leaves = (
        factories.minutes(),
        factories.minutes("Andra", key="andra", reference=OTHER, text=None),
    )
    factories.take_in(city, factories.package(tmp_path, factories.spec(*leaves)))
    with db.archive.transaction() as session:
        aip_id = factories.record(ONE).aip_id
        old = update(Event).where(Event.kind == "derivation", Event.aip_id == aip_id)
        session.execute(old.values(agent="pillow 9.9.9"))
    return city


def asked() -> list[str]:
    with db.archive.reading() as session:
        waits = Job.name == "ingest.derive", Job.state == JobState.QUEUED
        return [job.args["description"] for job in session.scalars(select(Job).where(*waits))]


def test_by_tool_only_what_that_version_made_last_is_made_again(
    held: Config, command: Command
) -> None:
    answer = command("derive", "--made-by", "pillow 9.9.9")
    assert answer.code == 0 and "1 records" in answer.out
    assert asked() == [factories.record(ONE).pid]


def test_by_series_everything_below_is_made_again(held: Config, command: Command) -> None:
    assert command("derive", "SE/LSA/T1/A1", "--branch").code == 0
    assert set(asked()) == {factories.record(ONE).pid, factories.record(OTHER).pid}


def test_a_tool_that_made_nothing_there_gives_nothing_to_do(held: Config, command: Command) -> None:
    assert command("derive", OTHER, "--made-by", "pillow 9.9.9").code == 1
    assert command("derive", "--made-by", "photoshop").code == 1
    assert asked() == []


def test_without_record_or_tool_nothing_is_begun(held: Config, command: Command) -> None:
    assert command("derive").code == 2
