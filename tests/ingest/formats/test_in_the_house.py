"""From a delivery's files to what the archivist sees of their formats, and what she decides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import db, migrate
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.desk import shares
from archive.errors import Invalid, Refused
from archive.holdings import queries
from archive.holdings.models import Event, File
from archive.jobs import worker
from archive.keeping.rebuild import rebuild
from archive.storage.store import open_store
from ingest import pipeline, read, receive
from ingest.build import BuildFile
from ingest.export import aip
from ingest.formats import identify, rules
from ingest.formats.judge import judge
from ingest.formats.policy import Policy, Verdict
from ingest.models import State, Transfer, TransferFinding
from ingest.package import Package, PackageFile
from tests import databases, factories
from tests.counting import statements
from tests.ingest.formats import files

Login = Callable[[str], FlaskClient]


def _delivery(folder: Path, **contents: bytes) -> Path:
    made = tuple(BuildFile(n.replace("_", "."), c, "akt") for n, c in contents.items())
    return factories.package(folder, factories.spec(factories.minutes(), files=made))


def _found(transfer: Transfer) -> dict[str, TransferFinding]:
    with db.archive.reading() as session:
        rows = session.scalars(pipeline.findings_of(transfer)).all()
        return {row.code: row for row in rows if row.code.startswith("FORMAT")}


def _files() -> dict[str, File]:
    with db.archive.reading() as session:
        return {file.original_name: file for file in session.scalars(select(File))}


def _rule(subject: str, verdict: Verdict | None, *, agreement: str = "") -> None:
    with db.archive.transaction() as session:
        rules.set_rule(
            session, subject, verdict, agreement=agreement, reason="beslut i nämnden",
            viewer=factories.viewer("archivist"),
        )  # fmt: skip


def test_a_file_that_comes_in_keeps_what_it_was_found_to_be(city: Config, tmp_path: Path) -> None:
    package = _delivery(tmp_path, a_jpg=files.JPEG, b_docx=files.docx(), c_qqz=files.NOISE)
    transfer = factories.take_in(city, package)
    assert transfer.state == State.ACCESSIONED
    kept = _files()
    jpeg = kept["a.jpg"]
    assert (jpeg.puid, jpeg.format_called) == ("fmt/43", "JPEG File Interchange Format 1.01")
    assert "byte match" in (jpeg.format_basis or "") and "DROID" in (jpeg.format_tool or "")
    assert kept["c.qqz"].puid is None and kept["c.qqz"].format_warning == "no match"
    found = _found(transfer)
    assert set(found) == {"FORMAT-MIGRATE", "FORMAT-UNKNOWN"}
    assert "fmt/412" in found["FORMAT-MIGRATE"].params["format"]
    assert found["FORMAT-UNKNOWN"].where.endswith("c.qqz")
    with db.archive.reading() as session:
        (event,) = session.scalars(select(Event).where(Event.kind == "format identification"))
    assert event.detail["formats"] == {"fmt/412": 1, "fmt/43": 1, "unknown": 1}
    assert event.agent.startswith("siegfried") and event.outcome == "success"


def test_a_program_in_a_picture_s_clothes_turns_the_delivery_away(
    city: Config, tmp_path: Path
) -> None:
    transfer = factories.take_in(city, _delivery(tmp_path, foto_jpg=files.EXE))
    assert transfer.state == State.REJECTED
    found = _found(transfer)
    assert set(found) == {"FORMAT-REFUSED", "FORMAT-MISMATCH"}
    assert found["FORMAT-REFUSED"].severity == "error"
    assert found["FORMAT-MISMATCH"].params["claimed"] == ".jpg"


def test_validate_says_the_same_and_keeps_nothing(tmp_path: Path) -> None:
    examined = read.examine(_delivery(tmp_path, foto_jpg=files.EXE, skript_sh=files.SCRIPT))
    refused = [f for f in examined.findings if f.code == "FORMAT-REFUSED"]
    assert not examined.is_valid and len(refused) == 2
    assert "tar emot" in refused[0].hint("sv") and "taken" in refused[0].message("en")


@pytest.mark.parametrize("claimed, name, content, is_told", [
    ("image/png", "a.jpg", files.JPEG, True),
    ("image/jpg", "a.jpg", files.JPEG, False),
    ("image/jpeg; q=1", "a.jpg", files.JPEG, False),
    ("application/octet-stream", "a.jpg", files.JPEG, False),
    ("text/xml", "a.xml", b'<?xml version="1.0"?><a/>', False),
    ("application/mods+xml", "a.xml", b'<?xml version="1.0"?><a/>', False),
    ("text/plain", "a.xml", b'<?xml version="1.0"?><a/>', False),
    ("application/pdf", "a.xml", b'<?xml version="1.0"?><a/>', True),
    ("image/jpeg", "a.pdf", files.PDF, True),
    ("image/jpeg", "foto", files.JPEG, False),           # no suffix claims nothing
    ("image/jpeg", "foto.tif", files.JPEG, True),
    ("text/csv", "lista.csv", b"a;b\n1;2\n", False),
])  # fmt: skip
def test_what_a_delivery_claims_is_held_against_the_bytes(
    claimed: str, name: str, content: bytes, is_told: bool, tmp_path: Path
) -> None:
    made = (BuildFile(name, content, "akt", media_type=claimed),)
    path = factories.package(tmp_path, factories.spec(factories.minutes(), files=made))
    codes = [f.code for f in read.examine(path).findings if f.code.startswith("FORMAT")]
    assert ("FORMAT-MISMATCH" in codes) == is_told, codes


def test_an_agreement_may_demand_more_than_the_house(city: Config, tmp_path: Path) -> None:
    _rule("fmt/18", Verdict.REFUSE, agreement="ÖK 2026-7")
    path = _delivery(tmp_path, a_pdf=files.PDF)
    declared = receive.Declared(None, None, "ÖK 2026-7")
    actor = factories.viewer("archivist")
    transfer, _ = receive.receive(
        path, path.name, declared, quarantine=city.quarantine, actor=actor
    )
    worker.run_until_idle()
    with db.archive.reading() as session:
        assert session.get_one(Transfer, transfer.id).state == State.REJECTED
    other = _delivery(tmp_path / "b", a_pdf=files.PDF + b"\n", c_txt=files.TEXT)
    assert factories.take_in(city, other).state == State.ACCESSIONED


def test_the_list_holds_again_when_the_houses_rule_is_taken_back(
    city: Config, tmp_path: Path
) -> None:
    _rule("fmt/43", Verdict.REFUSE)
    assert factories.take_in(city, _delivery(tmp_path, a_jpg=files.JPEG)).state == State.REJECTED
    _rule("fmt/43", None)
    again = _delivery(tmp_path / "b", a_jpg=files.JPEG, b_txt=files.TEXT)
    assert factories.take_in(city, again).state == State.ACCESSIONED


def test_without_the_tool_the_delivery_comes_in_and_says_that_nothing_was_identified(
    city: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pygfried.py").write_text("raise ImportError('no wheel for this machine')\n")
    monkeypatch.setitem(identify._ENVIRONMENT, "PYTHONPATH", str(tmp_path))
    transfer = factories.take_in(city, _delivery(tmp_path, a_jpg=files.JPEG))
    assert transfer.state == State.ACCESSIONED
    found = _found(transfer)
    assert set(found) == {"FORMAT-TOOL"} and "no wheel" in found["FORMAT-TOOL"].params["problem"]
    assert _files()["a.jpg"].puid is None
    with db.archive.reading() as session:
        assert not session.scalars(select(Event).where(Event.kind == "format identification")).all()


def test_a_rule_is_changed_at_the_desk_with_its_reason_in_the_log(login: Login) -> None:
    client = login("archivist")
    form = {"subject": "FMT/40", "verdict": "refuse", "agreement": "", "reason": "Kan inte läsas"}
    said = client.post("/desk/formats", data=form, follow_redirects=True).text
    assert "Regeln gäller leveranser" in said and "Kan inte läsas" in said and "fmt/40" in said
    with db.archive.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "format.rule")).one()
        assert event.subject == "format:fmt/40"
        assert rules.policy_for(session, None).house == {"fmt/40": Verdict.REFUSE}
    answer = client.post("/desk/formats", data=form | {"subject": "doc", "reason": ""})
    assert answer.status_code == 422 and "Skriv en PUID som fmt/354" in answer.text
    assert client.get("/desk/formats?lang=en").text.count("another format wished for") > 3


def test_a_unit_reads_the_rules_and_does_not_change_them(login: Login) -> None:
    _rule("fmt/3", Verdict.REFUSE)
    _rule("fmt/4", Verdict.REFUSE, agreement="ÖK 2026-7")
    client = login("unit_manager")
    page = client.get("/desk/formats")
    assert page.status_code == 200 and "Spara regeln" not in page.text
    assert "beslut i nämnden" in page.text and "ÖK 2026-7" not in page.text
    assert "ÖK 2026-7" in login("archivist").get("/desk/formats").text
    form = {"subject": "fmt/40", "verdict": "accept", "reason": "x"}
    assert client.post("/desk/formats", data=form).status_code == 403


def test_a_rule_without_reason_right_or_sense_is_refused(city: Config) -> None:
    ask, archivist = Verdict.ASK, factories.viewer("archivist")
    with db.archive.transaction() as session:
        with pytest.raises(Refused):
            rules.set_rule(
                session, "fmt/1", ask, agreement="", reason="x",
                viewer=factories.viewer("unit_manager"),
            )  # fmt: skip
        for subject, reason in (("fmt/1", " "), ("doc", "x")):
            with pytest.raises(Invalid):
                rules.set_rule(session, subject, ask, agreement="", reason=reason, viewer=archivist)


def test_the_store_gives_back_rules_and_formats(city: Config, tmp_path: Path) -> None:
    _rule("fmt/18", Verdict.REFUSE, agreement="ÖK 2026-7")
    _rule("fmt/3", Verdict.ACCEPT)
    _rule("fmt/3", None)
    factories.take_in(city, _delivery(tmp_path, a_jpg=files.JPEG))
    worker.run_until_idle()
    before = _files()["a.jpg"]
    db.unbind()
    databases.lose(city.database_url)
    db.bind(city)
    migrate.upgrade()
    assert rebuild(open_store(city), say=lambda text: None).problems == ()
    after = _files()["a.jpg"]
    assert (after.puid, after.format_name, after.format_tool) == (
        before.puid, before.format_name, before.format_tool,
    )  # fmt: skip
    with db.archive.reading() as session:
        assert [(r.agreement, r.subject) for r in rules.listed(session)] == [
            ("ÖK 2026-7", "fmt/18")
        ]
        assert rules.policy_for(session, "ÖK 2026-7").agreement == {"fmt/18": Verdict.REFUSE}


def test_record_and_reports_show_the_format_and_an_aip_carries_it(
    city: Config, login: Login, tmp_path: Path
) -> None:
    factories.take_in(city, _delivery(tmp_path, a_jpg=files.JPEG, b_qqz=files.NOISE))
    record = factories.record("SE/LSA/T1/A1:1")
    client = login("archivist")
    page = client.get(f"/desk/holdings/{record.pid}").text
    assert "JPEG File Interchange Format 1.01" in page and "fmt/43" in page
    assert "format inte fastställt" in page and "format fastställt" in page
    report = client.get("/desk/reports").text
    assert "Filer per format" in report and "<rect" in report and "fmt/43" in report
    assert "Files by format" in client.get("/desk/reports?lang=en").text
    with db.archive.reading() as session:
        top = queries.by_ref(session, "SE/LSA/T1/A1:1")
        parcel = aip.parcel_of(session, open_store(city), top, at=record.created_at)
    (premis,) = [a for a in parcel.spec.administrative if a.path.endswith("premis.xml")]
    assert isinstance(premis.source, bytes)
    for said in (b"fmt/43", b"formatVersion>1.01<", b"format identification", b"DROID"):
        assert said in premis.source


def test_a_unit_counts_the_formats_of_its_own_files_only(city: Config, tmp_path: Path) -> None:
    factories.take_in(city, _delivery(tmp_path, a_jpg=files.JPEG))
    own = factories.record("SE/LSA/T1/A1:1").unit_id
    with db.archive.reading() as session:
        (mine,) = shares.by_format(session, frozenset({own}))
        assert (mine.puid, mine.files) == ("fmt/43", 1)
        assert shares.by_format(session, frozenset({own + 1})) == []
        assert shares.by_format(session, None) == [mine]


def test_the_report_asks_the_same_however_many_formats_there_are(
    city: Config, login: Login, tmp_path: Path
) -> None:
    client = login("archivist")
    counts = []
    for folder, contents in (
        ("a", {"a_jpg": files.JPEG}),
        ("b", {"b_pdf": files.PDF, "c_txt": files.TEXT, "d_docx": files.docx()}),
    ):
        factories.take_in(city, _delivery(tmp_path / folder, **contents))
        client.get("/desk/reports")
        with statements() as sent:
            client.get("/desk/reports")
        counts.append(len(sent))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("warning, code", [
    ("no match; possibilities based on extension are fmt/11", "FORMAT-UNKNOWN"),
    ("empty source; no match", "FORMAT-EMPTY"),
    ("the tool took more than 60 seconds", "FORMAT-UNREAD"),
])  # fmt: skip
def test_a_file_without_a_format_says_why(warning: str, code: str, tmp_path: Path) -> None:
    package = Package(None, tmp_path, files=(PackageFile("a.png", 0),))
    found = identify.Identified({"a.png": identify.Format(warning=warning)}, "siegfried")
    assert [f.code for f in judge(package, found, Policy())] == [code]
    assert not list(judge(package, found, Policy({}, {"unknown": Verdict.ACCEPT})))
