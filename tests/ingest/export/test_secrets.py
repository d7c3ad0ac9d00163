"""P13: what is handed out of a hundred random trees holds no word of their closed records."""

from __future__ import annotations

import zipfile
from pathlib import Path
from random import Random

import pytest

from archive import clock, db
from archive.config import Config
from archive.errors import NotFound
from archive.holdings import actions, queries
from archive.jobs import worker
from archive.storage.store import open_store
from ingest import pipeline
from ingest.build import BuildFile, Kind, build_zip
from ingest.export import branch, dip, findingaid
from ingest.package import AgentDraft, DescriptionDraft
from tests import factories
from tests.command_line import Command
from tests.factories import SECRET

TREES = 100
_CONTENTS = {
    "scope": f"{SECRET}innehåll",
    "places": (f"{SECRET}plats",),
    "subjects": (f"{SECRET}ämne",),
    "notes": (f"{SECRET}anmärkning",),
    "text": f"{SECRET}avskrift",
    "creators": (AgentDraft(f"{SECRET}person", "creator", "person"),),
}


def _tree(number: int) -> tuple[list[DescriptionDraft], list[BuildFile]]:
    """Return a random series: open records among closed ones of every sort, two levels deep."""
    roll = Random(number)
    series = f"s{number}"
    drafts = [
        factories.minutes(
            f"Serie {number}", key=series, level="series", parent="fonds", record_type=None,
            reference=f"SE/LSA/T1/S{number}", date_text="1600-1990", text=None, genre=None,
        )
    ]  # fmt: skip
    files: list[BuildFile] = []
    for place in range(roll.randint(2, 4)):
        file = _record(roll, f"{series}-{place}", series, "file")
        drafts.append(file)
        if roll.random() < 0.5:
            files.append(_file(file))
        for below in range(roll.randint(0, 2)):
            item = _record(roll, f"{series}-{place}-{below}", file.key, "item")
            drafts.append(item)
            if roll.random() < 0.3:
                files.append(_file(item))
    return drafts, files


def _record(roll: Random, key: str, parent: str, level: str) -> DescriptionDraft:
    fixed = {"key": key, "parent": parent, "level": level, "reference": f"SE/LSA/T1/X{key}"}
    kind = roll.choice(("open", "closed", "titled", "no rights", "undated"))
    if kind == "open":
        return factories.minutes(f"Öppen {key}", **fixed)
    if kind == "no rights":  # the title may be shown, nothing else of it
        return factories.minutes(f"Visad {key}", **fixed, **_CONTENTS, rights="in_copyright")
    secret = _CONTENTS | fixed
    if kind == "titled":
        return factories.secret_file(**secret, public_title=f"Akt {key}")
    return factories.secret_file(**secret, **({"date_text": None} if kind == "undated" else {}))


def _file(draft: DescriptionDraft) -> BuildFile:
    is_open = draft.title.startswith("Öppen")
    name = f"{draft.key}.txt" if is_open else f"{SECRET}{draft.key}.txt"
    words = f"Öppet blad {draft.key}" if is_open else f"{SECRET}rad {draft.key}"
    return BuildFile(name, words.encode(), draft.key)


@pytest.fixture
def forest(city: Config, tmp_path: Path) -> list[str]:
    """A hundred random series in one fonds, some records marked as secret; their references."""
    drafts: list[DescriptionDraft] = []
    files: list[BuildFile] = []
    for number in range(TREES):
        more, texts = _tree(number)
        drafts.extend(more)
        files.extend(texts)
    what = factories.spec(*drafts, files=tuple(files))
    transfer = factories.take_in(city, factories.package(tmp_path, what))
    with db.archive.transaction() as session:  # the undated wait for a person
        waiting = session.merge(transfer)
        archivist = factories.viewer("archivist")
        pipeline.accept(session, waiting, reason="prov", viewer=archivist)
    worker.run_until_idle()
    return [f"SE/LSA/T1/S{number}" for number in range(TREES)]


def test_no_export_of_a_parent_holds_a_word_of_its_closed_children(
    city: Config, forest: list[str], tmp_path: Path
) -> None:
    packages = 0
    for reference in [*forest, "SE/LSA/T1"]:
        _finding_aid(reference, tmp_path / "ut.xml")
        _without_marker(tmp_path / "ut.xml", reference)
        if _package(city, reference, tmp_path / "ut.zip"):
            _without_marker(tmp_path / "ut.zip", reference)
            packages += 1
    assert packages > TREES / 3
    with zipfile.ZipFile(tmp_path / "ut.zip") as packed:  # the last one: the whole fonds
        texts = [packed.read(name) for name in packed.namelist() if name.endswith(".txt")]
    assert sum(text.startswith("Öppet blad".encode()) for text in texts) > TREES / 3


def _finding_aid(reference: str, target: Path) -> None:
    with db.archive.reading() as session, target.open("wb") as stream:
        entries = branch.allowed(session, queries.by_ref(session, reference))
        findingaid.write(stream, entries, at=clock.now())


def _package(config: Config, reference: str, target: Path) -> bool:
    with db.archive.reading() as session:
        top = queries.by_ref(session, reference)
        folder = config.data_dir / "derivatives"
        try:
            found = dip.parcel_of(session, open_store(config), folder, top, at=clock.now())
        except NotFound:
            return False
    with target.open("wb") as stream:
        build_zip(Kind.CSIP, found.spec, stream)
    return True


def _without_marker(target: Path, reference: str) -> None:
    data = target.read_bytes().lower()
    for form in (SECRET.encode(), SECRET.encode("utf-16-le"), SECRET.encode("utf-16-be")):
        assert form not in data, reference


def test_a_mark_set_on_a_file_closes_it_and_what_lies_below_in_the_next_export(
    held: Config, command: Command, tmp_path: Path
) -> None:
    archivist = factories.viewer("archivist")
    with db.archive.transaction() as session:
        record = queries.by_ref(session, "SE/LSA/T1/A1:1")
        actions.set_mark(session, record, "OSL-21-7", authority="SA", actor=archivist)
    assert command("export", "dip", "SE/LSA/T1", "-o", tmp_path / "ut.zip").code == 1
    assert command("export", "ead", "SE/LSA/T1", "-o", tmp_path / "ut.xml").code == 0
    assert b"1634" not in (tmp_path / "ut.xml").read_bytes()
