"""Cases from a case management system: read as they stand, closed as they claim, never decided."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import db
from archive.config import Config
from archive.holdings import facts
from archive.holdings.models import Description, Mark
from ingest import build, claims, queries, read
from ingest.package import DescriptionDraft, Package, Restriction
from tests import factories
from tests.ingest import cases

SECRECY = (
    '<restriction restrictionType="confidential"><explanatoryText>Rör hälsa</explanatoryText>'
    "<regulation>{}</regulation></restriction>"
)
PROTECTED = (
    '<agents><agent agentType="creator"><name>Göta Hemlig</name>'
    "<protectedIdentity>{}</protectedIdentity></agent></agents>"
)
_FILES = {"brev": b"brevet", "svar": b"svaret"}


def read_erms(folder: Path, *found: str, **files: bytes) -> Package:
    return read.read(cases.folder(folder / "l", cases.erms(*found), **files))


def test_a_case_is_a_file_and_its_records_are_items_with_their_files(tmp_path: Path) -> None:
    records = cases.erms_record("1", file="brev.txt") + cases.erms_record("2", file="svar.txt")
    package = read_erms(tmp_path, cases.erms_case(records=records), **_FILES)
    case, first, second = package.drafts
    assert [d.level for d in package.drafts] == ["file", "item", "item"]
    assert (case.title, case.reference) == ("Ärende D 2019-0032", "D 2019-0032")
    assert case.events == {"case_closed": date(2019, 5, 30)}
    assert first.parent == second.parent == case.key
    owners = {f.path: f.draft for f in package.files}
    assert owners["brev.txt"] == first.key and owners["svar.txt"] == second.key
    assert package.findings == ()


def test_a_case_is_as_new_as_its_newest_record(tmp_path: Path) -> None:
    record = cases.erms_record("1", file="brev.txt", day="2021-02-03")
    package = read_erms(tmp_path, cases.erms_case(records=record), brev=b"x")
    assert package.drafts[0].date_text == "2019-05-20/2021-02-03"


def test_a_person_with_protected_identity_is_never_named(tmp_path: Path) -> None:
    case, open_ = (
        read_erms(tmp_path / word, cases.erms_case(inside=PROTECTED.format(word))).drafts[0]
        for word in ("true", "false")
    )
    assert case.creators == () and "Göta" not in repr(case)
    assert "protected_identity" in [r.kind for r in case.restrictions]
    assert [a.name for a in open_.creators] == ["Göta Hemlig"]
    assert "protected_identity" not in [r.kind for r in open_.restrictions]


def test_a_title_for_the_public_is_not_believed_of_a_record_that_claims_secrecy(
    tmp_path: Path,
) -> None:
    public = '<otherTitle titleType="public">Offentlig</otherTitle>'
    closed = cases.erms_case(inside=public + SECRECY.format("OSL 21:1"))
    assert read_erms(tmp_path / "a", closed).drafts[0].public_title is None
    assert read_erms(tmp_path / "b", cases.erms_case(inside=public)).drafts[0].public_title


def test_a_record_that_only_names_its_case_lies_in_it(tmp_path: Path) -> None:
    inner = cases.erms_case("B", inside="<parentAggregationId>A</parentAggregationId>")
    package = read_erms(tmp_path, inner, cases.erms_case("A", kind="volume"))
    upper, lower = package.drafts
    assert (upper.level, lower.level, lower.parent) == ("volume", "file", upper.key)


def test_cases_of_the_swedish_format_are_read_with_what_they_claim(tmp_path: Path) -> None:
    claim = (
        "<Restriktion Typ='Sekretess'><ForklarandeText>Hälsa</ForklarandeText>"
        "<Lagrum>25 kap. 1 § OSL</Lagrum></Restriktion>"
    )
    record = cases.fgs_record(
        "1",
        inside="<Motpart><Namn>Göta Hemlig</Namn><SkyddadIdentitet>1</SkyddadIdentitet></Motpart>"
        "<Bilaga Namn='brev.txt' Lank='brev.txt' Storlek='6'/>",
    )
    inside = "<Gallring Gallras='true'><GallringsFrist>5 år</GallringsFrist></Gallring>" + claim
    case = cases.fgs_case(inside=inside + "<Klass>3.1</Klass>", records=record)
    package = read.read(cases.folder(tmp_path / "l", cases.fgs(case), brev=b"brevet"))
    top, item = package.drafts
    assert (top.level, top.title, item.level) == ("file", "Bygglov 2016:7", "item")
    assert top.date_text == "2016-01-11/2016-04-02"
    assert [(r.kind, r.value) for r in top.restrictions] == [
        ("appraisal", "gallras, 5 år"), ("secrecy", "Hälsa"), ("classification", "3.1"),
    ]  # fmt: skip
    assert top.creators[0].name == "Provnämnden" and "Göta" not in repr(item)
    assert [r.kind for r in item.restrictions] == ["protected_identity"]
    assert {f.path: f.draft for f in package.files}["brev.txt"] == item.key


@pytest.mark.parametrize("said, marks", [
    (Restriction("secrecy", "Hälsa", "25 kap. 1 § OSL"), ("OSL-25-1",)),
    (Restriction("secrecy", "Hälsa", "OSL 26:1 och 25:1"), ("OSL-26-1", "OSL-25-1")),
    (Restriction("secrecy", "OSL 39 kap. 5 a §"), ("OSL-39-5a",)),
    (Restriction("secrecy", "Kyrkans", "KO 54:2"), ("KO 54:2",)),  # unknown closes without end
    (Restriction("secrecy", "ja"), (claims.UNNAMED,)),
    (Restriction("privacy", "GDPR"), ("OSL-21-7",)),
    (Restriction("protected_identity", "ja"), ("OSL-21-3",)),
    (Restriction("access", "Collection is open for research."), ()),
    (Restriction("access", "Stängd enligt 26 kap. 1 § OSL"), ("OSL-26-1",)),
    (Restriction("appraisal", "bevaras"), ()),
])  # fmt: skip
def test_claimed_secrecy_closes_under_the_clause_it_names(
    said: Restriction, marks: tuple[str, ...]
) -> None:
    assert claims.marks_of([said]) == marks


def test_what_the_package_claims_is_claimed_of_its_uppermost_records(tmp_path: Path) -> None:
    claim = Restriction("secrecy", "Secrecy")
    drafts = tuple(
        DescriptionDraft(key, level, key, parent=parent)
        for key, level, parent in (("s", "series", None), ("f", "file", "s"), ("i", "item", "f"))
    )
    package = Package("fgs-1.2", tmp_path, drafts=drafts, restrictions=(claim,))
    assert claims.spread(package) == {"s": (), "f": (claim,), "i": ()}


def test_a_case_that_claims_secrecy_comes_in_marked_and_closed_and_it_is_told(
    city: Config, tmp_path: Path
) -> None:
    secret = cases.erms_case(
        "A",
        inside=SECRECY.format("25 kap. 1 § OSL"),
        records=cases.erms_record("1", file="brev.txt"),
    )
    open_ = cases.erms_case("B", records=cases.erms_record("2", file="svar.txt"))
    folder = cases.folder(tmp_path / "l", cases.erms(secret, open_), **_FILES)
    transfer = factories.take_in(
        city, build.pack_zip(folder, tmp_path / "l.zip"), unit="HA", record_type="HA-A"
    )
    assert transfer.state == "accessioned"
    with db.archive.reading() as session:
        found = {f.code: f for f in queries.findings(session, transfer, "sv")}
        assert (
            "OSL-25-1" in found["GATE-MARK"].message and "Rör hälsa" in found["GATE-MARK"].message
        )
        (mark,) = session.scalars(select(Mark))
        rows = {d.title: d for d in session.scalars(select(Description))}
        assert mark.description_id == rows["Ärende A"].id and mark.set_by == "system"
        closed = facts.facts_of(session, rows["Handling 1"])
        assert closed.marks == ("OSL-25-1",)
        assert facts.facts_of(session, rows["Handling 2"]).marks == ()
        assert rows["Handling 1"].access == rows["Ärende A"].access == "deny"


def test_a_classification_suggests_a_row_and_chooses_none(city: Config, tmp_path: Path) -> None:
    with db.archive.reading() as session:
        row = factories.some_row(session, "HA")
    inside = f'<classification classificationCode="{row.process_code}"/>'
    folder = cases.folder(tmp_path / "l", cases.erms(cases.erms_case(inside=inside)))
    transfer = factories.take_in(city, build.pack_zip(folder, tmp_path / "l.zip"), unit="HA")
    assert transfer.state == "review"
    with db.archive.reading() as session:
        found = {f.code: f for f in queries.findings(session, transfer, "sv")}
    assert row.code in found["GATE-SUGGESTION"].message
    assert "GATE-RECORD-TYPE" in found


def test_a_norwegian_extract_is_named_for_what_it_is(tmp_path: Path) -> None:
    space = "http://www.arkivverket.no/standarder/noark5/arkivstruktur"
    (tmp_path / "arkivstruktur.xml").write_text(
        f'<arkiv xmlns="{space}"><systemID>1</systemID><tittel>Saker</tittel></arkiv>'
    )
    (tmp_path / "sak.txt").write_text("Hei")
    found = read.examine(tmp_path)
    assert [f.code for f in found.findings][:2] == ["FOLDER-NOARK", "FOLDER-NO-METADATA"]
    assert found.is_valid
