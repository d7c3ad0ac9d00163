"""A branch as EAD3: whole for those who may read it, and without a closed word for others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import db, xml
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.holdings import actions, queries
from ingest import ead
from ingest.export import branch
from ingest.package import AgentDraft, DescriptionDraft
from tests import factories
from tests.command_line import Command
from tests.conftest import CORPORA
from tests.counting import statements
from tests.factories import SECRET

ARCHIVIST = "archivist@demo.example"


def _read(path: Path) -> list[DescriptionDraft]:
    aid = ead.tree_of(path, path.name)
    assert aid.profile == "ead3" and aid.findings == ()
    return [record.draft for record in aid.records]


def test_what_everyone_may_see_goes_out_and_nothing_of_a_closed_record(
    held: Config, command: Command, tmp_path: Path
) -> None:
    target = tmp_path / "ut.xml"
    assert command("export", "ead", "SE/LSA/T1", "-o", target).code == 0
    assert SECRET.encode() not in target.read_bytes()
    titles = [draft.title for draft in _read(target)]
    assert titles == ["Provarkivet", "Protokoll", "Rådstuguprotokoll 1634"]


def test_a_public_title_stands_in_the_place_of_a_closed_one(
    held: Config, command: Command, tmp_path: Path
) -> None:
    with db.archive.transaction() as session:
        record = queries.by_ref(session, "SE/LSA/T1/F1:1")
        changes = {"public_title": "Akt i barnavård"}
        actions.describe(session, record, changes, actor=factories.viewer("archivist"))
    target = tmp_path / "ut.xml"
    assert command("export", "ead", "SE/LSA/T1", "-o", target).code == 0
    closed = _read(target)[-1]
    assert closed.title == "Akt i barnavård" and closed.scope is None and closed.creators == ()
    assert "26 kap. 1 § OSL" in closed.restrictions[0].value
    assert SECRET.encode() not in target.read_bytes()


def test_a_record_that_a_person_withdrew_is_not_handed_out(
    held: Config, command: Command, tmp_path: Path
) -> None:
    archivist = factories.viewer("archivist")
    with db.archive.transaction() as session:
        record = queries.by_ref(session, "SE/LSA/T1/A1:1")
        actions.publish(session, record, viewer=archivist)
        actions.withdraw(session, record, reason="fel", viewer=archivist)
    target = tmp_path / "ut.xml"
    assert command("export", "ead", "SE/LSA/T1", "-o", target).code == 0
    assert [draft.reference for draft in _read(target)] == ["SE/LSA/T1", "SE/LSA/T1/A1"]
    refused = command("export", "ead", "SE/LSA/T1/A1:1", "-o", tmp_path / "ett.xml")
    assert refused.code == 1 and "withdrawn" in refused.err
    assert not (tmp_path / "ett.xml").exists()


def test_a_closed_record_by_itself_is_refused_with_its_clause(
    held: Config, command: Command, tmp_path: Path
) -> None:
    answer = command("export", "ead", "SE/LSA/T1/F1:1", "-o", tmp_path / "ut.xml")
    assert answer.code == 1 and "may not be shown" in answer.err
    assert [path.name for path in tmp_path.glob("*ut.xml*")] == []


def test_everything_goes_to_a_named_reader_and_is_noted(
    held: Config, command: Command, tmp_path: Path
) -> None:
    target = tmp_path / "allt.xml"
    unnamed = command("export", "ead", "SE/LSA/T1", "-o", target, "--all")
    assert unnamed.code == 2 and not target.exists()
    stranger = ("--all", "--as", "admin@demo.example")
    assert command("export", "ead", "SE/LSA/T1", "-o", target, *stranger).code == 1
    assert not target.exists()
    assert command("export", "ead", "SE/LSA/T1", "-o", target, "--all", "--as", ARCHIVIST).code == 0
    assert f"Akt {SECRET}titel" in target.read_text("utf-8")
    with db.archive.reading() as session:
        event = session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc())).first()
    assert event is not None and event.action == "export.ead"
    assert event.actor == factories.viewer("archivist").actor_id
    assert event.details["records"] == 4 and event.details["everything"] is True


def test_what_was_written_is_read_back_as_the_same_tree(
    city: Config, command: Command, tmp_path: Path
) -> None:
    rich = factories.minutes(
        scope="Kort & <gott>.",
        extent="3 blad",
        language="sv",
        public_title="Protokoll",
        subjects=("Kvarnar", "Vatten"),
        places=("Stora torget", "Ågatan"),
        creators=(
            AgentDraft("Nils Bonde", "author", "person", dates="1600–1671"),
            AgentDraft("Rådhusrätten", "creator"),
        ),
        notes=("Fuktskadad.", "Lagad 1910."),
        is_register=True,
        living_persons="no",
    )
    volume = replace(rich, key="v", level="volume", reference="SE/LSA/T1/A1/1", notes=())
    item = replace(rich, key="i", level="item", parent="v", reference="SE/LSA/T1/A1/1:1")
    what = factories.spec(volume, item, rich)
    assert factories.take_in(city, factories.package(tmp_path, what)).state == "accessioned"
    with db.archive.transaction() as session:
        record = queries.by_ref(session, "SE/LSA/T1/A1:1")
        changes = {"scope": "Första stycket.\n\nAndra stycket."}
        actions.describe(session, record, changes, actor=factories.viewer("archivist"))
    target = tmp_path / "allt.xml"
    assert command("export", "ead", "SE/LSA/T1", "-o", target, "--all", "--as", ARCHIVIST).code == 0
    read = [_comparable(_without_prefix(draft)) for draft in _read(target)]
    with db.archive.reading() as session:
        top = queries.by_ref(session, "SE/LSA/T1")
        held = [_comparable(entry.draft) for entry in branch.everything(session, top)]
    assert [draft.level for draft in read] == ["fonds", "series", "volume", "item", "file"]
    assert read == held
    assert command("validate", target).code == 0


def _comparable(draft: DescriptionDraft) -> DescriptionDraft:
    """Leave out what EAD3 has no place for: transcription and coordinates."""
    return replace(
        draft,
        creators=tuple(sorted(draft.creators, key=lambda agent: agent.name)),
        text=None,
        latitude=None,
        longitude=None,
        where="",
    )


def _without_prefix(draft: DescriptionDraft) -> DescriptionDraft:
    """Return the draft with its keys as the house has them: an XML id begins with a letter."""
    parent = draft.parent and draft.parent.removeprefix("r")
    return replace(draft, key=draft.key.removeprefix("r"), parent=parent)


def test_the_finding_aid_says_of_itself_what_ead3_demands(
    held: Config, command: Command, tmp_path: Path
) -> None:  # DOMAIN 7.3
    target = tmp_path / "ut.xml"
    command("export", "ead", "SE/LSA/T1", "-o", target)
    root = xml.parse(target).getroot()
    names = {"e": "http://ead3.archivists.org/schema/"}
    for path in (
        "recordid", "filedesc/e:titlestmt/e:titleproper", "maintenanceagency/e:agencyname",
        "maintenancehistory/e:maintenanceevent/e:agent",
    ):  # fmt: skip
        assert root.xpath(f"string(e:control/e:{path})", namespaces=names), path
    event = "e:control/e:maintenancehistory/e:maintenanceevent"
    assert root.xpath(f"string({event}/e:eventtype/@value)", namespaces=names) == "derived"
    assert root.xpath(f"string({event}/e:eventdatetime/@standarddatetime)", namespaces=names)
    assert root.xpath(f"string({event}/e:agenttype/@value)", namespaces=names) == "machine"
    assert root.xpath("string(e:control/e:maintenancestatus/@value)", namespaces=names) == "derived"
    assert root.xpath("string(e:archdesc/@level)", namespaces=names) == "fonds"
    assert root.xpath("count(//e:c[not(e:did)])", namespaces=names) == 0


@pytest.mark.corpus
@pytest.mark.parametrize("version", ["1.0.0", "1.1.0", "1.1.1"])
def test_the_schema_of_ead3_accepts_the_finding_aid(
    held: Config, command: Command, tmp_path: Path, version: str
) -> None:
    target = tmp_path / "allt.xml"
    command("export", "ead", "SE/LSA/T1", "-o", target, "--all", "--as", ARCHIVIST)
    schema = CORPORA / "ead" / "xsd" / "ead3" / version / "ead3.xsd"
    assert xml.schema_errors(xml.parse(target), schema) == []


def test_a_longer_series_costs_no_more_questions(held: Config) -> None:
    asked = []
    for count in (100, 300):
        factories.grow("SE/LSA/T1/A1", count)
        with db.archive.reading() as session, statements() as sent:
            top = queries.by_ref(session, "SE/LSA/T1/A1")
            entries = list(branch.allowed(session, top))
        asked.append(len(sent))
    assert len(entries) == 402 and asked[0] == asked[1] < 15
