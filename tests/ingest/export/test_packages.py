"""AIP and DIP of a branch: valid by our own validator, every byte compared, nothing too much."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

from sqlalchemy import select

from archive import db, xml
from archive.audit.models import AuditEvent
from archive.cases import actions as cases
from archive.cases import queries as case_queries
from archive.cases.models import Outcome
from archive.config import Config
from archive.holdings import actions, queries
from archive.holdings.models import File
from archive.storage.store import open_store
from ingest import read
from ingest.package import FileRole, Package
from tests import factories
from tests.command_line import Command
from tests.factories import SECRET
from tests.ingest.export.conftest import TEXT

ARCHIVIST = ("--as", "archivist@demo.example")
PREMIS = {"p": "http://www.loc.gov/premis/v3"}


def _examined(path: Path) -> Package:
    found = read.examine(path)
    assert found.is_valid and found.package is not None, [f.message("en") for f in found.findings]
    return found.package


def _member(path: Path, ending: str) -> bytes:
    with zipfile.ZipFile(path) as packed:
        return packed.read(next(name for name in packed.namelist() if name.endswith(ending)))


def test_an_aip_holds_every_original_of_the_branch_and_is_valid(
    held: Config, command: Command, tmp_path: Path
) -> None:
    target = tmp_path / "ut.zip"
    answer = command("export", "aip", "SE/LSA/T1", "-o", target, *ARCHIVIST)
    assert answer.code == 0 and "4 records, 3 files" in answer.out
    package = _examined(target)
    assert (package.profile, package.package_type) == ("csip-2.1", "AIP")
    content = {f.original_name: f for f in package.files if f.role is FileRole.CONTENT}
    assert set(content) == {"akt.txt", "bild.jpg", f"{SECRET}fil.txt"}
    with db.archive.reading() as session:
        kept = set(session.scalars(select(File.sha256)))
    assert {file.claimed["sha256"] for file in content.values()} == kept
    drafts = {draft.key: draft for draft in package.drafts}
    owner = drafts[content["akt.txt"].draft or ""]
    assert owner.reference == "SE/LSA/T1/A1:1" and owner.record_type == "HA-A"
    assert command("validate", target).code == 0


def test_an_aip_tells_the_events_the_plan_row_and_what_was_said_at_accession(
    held: Config, command: Command, tmp_path: Path
) -> None:
    target = tmp_path / "ut.zip"
    command("export", "aip", "SE/LSA/T1/A1:1", "-o", target, *ARCHIVIST)
    history = xml.parse(_member(target, "premis.xml")).getroot()
    kinds = [e.text for e in history.iterfind(".//p:eventType", PREMIS)]
    assert kinds == ["validation", "ingestion", "format identification", "derivation"]
    known = {e.text for e in history.iterfind(".//p:object//p:objectIdentifierValue", PREMIS)}
    assert {e.text for e in history.iterfind(".//p:linkingObjectIdentifierValue", PREMIS)} <= known
    rows = json.loads(_member(target, "plan.json"))
    [plan] = rows["plans"]
    assert [row["row_id"] for row in plan["rows"]] == ["HA-A"]
    assert rows["packages"][0]["rule"] == "HA-A" and rows["packages"][0]["whole"] is True
    came = json.loads(_member(target, "records.json"))
    assert came["root"] == "SE/LSA/T1/A1:1"


def test_only_a_role_that_may_read_takes_an_aip_out_and_it_is_noted(
    held: Config, command: Command, tmp_path: Path
) -> None:
    target = tmp_path / "ut.zip"
    assert command("export", "aip", "SE/LSA/T1", "-o", target).code == 2
    for stranger in ("admin@demo.example", "nobody@demo.example"):
        assert command("export", "aip", "SE/LSA/T1", "-o", target, "--as", stranger).code == 1
    assert not target.exists()
    assert command("export", "aip", "SE/LSA/T1", "-o", target, *ARCHIVIST).code == 0
    with db.archive.reading() as session:
        noted = session.scalars(select(AuditEvent).where(AuditEvent.action == "export.aip")).all()
    assert [event.actor for event in noted] == [factories.viewer("archivist").actor_id]
    assert noted[0].details["files"] == 3 and len(noted[0].details["sha256"]) == 64


def test_a_byte_that_changed_in_the_store_stops_the_export(
    held: Config, command: Command, tmp_path: Path
) -> None:
    with db.archive.reading() as session:
        file = session.scalars(select(File).where(File.original_name == "akt.txt")).one()
        place = open_store(held).path_of(*queries.object_of(session, file))
    place.chmod(0o644)
    place.write_bytes(TEXT.replace(b"1634", b"1635"))
    answer = command("export", "aip", "SE/LSA/T1", "-o", tmp_path / "ut.zip", *ARCHIVIST)
    assert answer.code == 1 and "stadsarkiv fixity" in answer.err
    assert [path.name for path in tmp_path.glob("*ut.zip*")] == []


def test_a_dip_holds_access_copies_and_texts_of_open_records_only(
    held: Config, command: Command, tmp_path: Path
) -> None:
    target = tmp_path / "ut.zip"
    answer = command("export", "dip", "SE/LSA/T1", "-o", target)
    assert answer.code == 0 and "3 records, 2 files" in answer.out
    package = _examined(target)
    assert package.package_type == "DIP"
    content = [f for f in package.files if f.role is FileRole.CONTENT]
    assert sorted(f.path.rsplit("/", 1)[-1] for f in content) == ["0001.txt", "0002.jpg"]


def test_a_picture_leaves_as_its_access_copy_never_as_the_original(
    held: Config, command: Command, tmp_path: Path
) -> None:
    target = tmp_path / "ut.zip"
    command("export", "dip", "SE/LSA/T1/A1:1", "-o", target)
    assert _member(target, "0001.txt") == TEXT
    assert _member(target, "0002.jpg") != factories.picture()


def test_what_was_released_in_a_case_goes_with_that_case_only(
    held: Config, command: Command, tmp_path: Path
) -> None:
    officer = factories.viewer("city_archivist")
    with db.archive.transaction() as session:
        asked = cases.Asked("disclosure", "visit", "min akt", references=["SE/LSA/T1/F1:1"])
        case = cases.register(session, asked, actor=officer)
        number = case.case_no
        case = case_queries.by_pid(session, number)
        [item] = case.items
        cases.decide_item(
            session, case, item, Outcome.RELEASE, reason="den enskilde själv", viewer=officer
        )
    target = tmp_path / "ut.zip"
    assert command("export", "dip", "SE/LSA/T1/F1:1", "-o", target).code == 1
    assert command("export", "dip", "SE/LSA/T1/F1:1", "-o", target, "--case", number).code == 2
    stranger = ("--case", number, "--as", "unit_manager@demo.example")
    assert command("export", "dip", "SE/LSA/T1/F1:1", "-o", target, *stranger).code == 1
    officers = ("--case", number, "--as", "case_officer@demo.example")
    assert command("export", "dip", "SE/LSA/T1/F1:1", "-o", target, *officers).code == 0
    assert _member(target, "0001.txt") == f"{SECRET}rad".encode()
    [draft] = _examined(target).drafts
    assert draft.title == "SE/LSA/T1/F1:1" and draft.scope is None


def test_a_branch_without_anything_to_hand_out_leaves_no_file(
    held: Config, command: Command, tmp_path: Path
) -> None:
    with db.archive.transaction() as session:
        record = queries.by_ref(session, "SE/LSA/T1/A1:1")
        changes = {"rights": "in_copyright"}
        actions.describe(session, record, changes, actor=factories.viewer("archivist"))
    answer = command("export", "dip", "SE/LSA/T1", "-o", tmp_path / "ut.zip")
    assert answer.code == 1 and "no file" in answer.err
    assert command("export", "dip", "SE/LSA/NOT", "-o", tmp_path / "ut.zip").code == 1
    assert [path.name for path in tmp_path.glob("*ut.zip*")] == []
