"""Packages and finding aids that nobody here wrote: right verdicts, true reasons, no crash."""

from __future__ import annotations

import csv
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.config import Config
from ingest import checks_csip, pagetext, read, unpack
from ingest.findings import Severity
from ingest.models import State
from tests import factories
from tests.conftest import CORPORA

pytestmark = pytest.mark.corpus


def _rows(path: str) -> Iterator[dict[str, str]]:
    with (CORPORA / path).open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream, delimiter="\t")


def test_every_valid_bag_is_accepted_and_every_invalid_one_refused() -> None:
    wrong = []
    for row in _rows("bagit/EXPECTED.tsv"):
        if row["expected"] not in {"valid", "invalid"}:
            continue
        found = read.examine(CORPORA / "bagit" / row["bag"])
        if found.is_valid != (row["expected"] == "valid"):
            wrong.append((row["bag"], [f.code for f in found.findings]))
    assert wrong == []


def test_every_finding_aid_and_authority_record_is_read() -> None:
    files = [p for top in ("ead", "eac") for p in (CORPORA / top).rglob("*.xml")]
    assert len(files) > 25
    for path in files:
        found = read.examine(path)
        assert found.package is not None and found.is_valid, path
        assert found.package.drafts or found.package.agents, path


def test_riksarkivets_series_becomes_a_tree_of_volumes() -> None:
    found = read.examine(CORPORA / "ead/sweden_riksarkivet/ra-ead-serie.xml")
    assert found.package is not None
    drafts = found.package.drafts
    assert len(drafts) == 33 and sum(d.level == "volume" for d in drafts) >= 30
    assert all(d.parent == drafts[0].key for d in drafts[1:])


def test_the_real_fgs_delivery_is_refused_for_its_missing_files_all_named() -> None:
    found = read.examine(CORPORA / "fgs/sydarkivera/working_pdf.tar")
    missing = [f for f in found.findings if f.code == "FILE-MISSING"]
    assert not found.is_valid and len(missing) == 6
    assert all(".xml:" in f.where and "/mets/fileSec" in f.where for f in missing)
    assert found.package is not None and found.package.profile == "fgs-1.1"


def test_a_real_e_ark_delivery_comes_in(city: Config) -> None:
    path = CORPORA / "eark/roda_sips/eark_sip_2.0.4_update.zip"
    transfer = factories.take_in(city, path, unit="SA", record_type="SA-005")
    assert transfer.state == State.ACCESSIONED
    assert transfer.profile == "csip-2.1" and transfer.record_count == 1


def test_e_ark_requirements_are_judged_as_the_corpus_says(tmp_path: Path) -> None:
    right, wrong = 0, []
    opened: set[str] = set()
    for row in _rows("eark/EXPECTED.tsv"):
        archive = CORPORA / "eark" / row["archive"]
        testable = row["severity"] == "ERROR" and row["on_disk"] == row["has_METS"] == "yes"
        if not testable or archive.suffix != ".xz":
            continue
        folder = tmp_path / archive.stem
        if row["archive"] not in opened:
            opened.add(row["archive"])
            with tarfile.open(archive) as packed:
                packed.extractall(folder, filter="data")
        root = folder / row["path_in_archive"]
        codes = {f.code for f in checks_csip.run(SimpleNamespace(root=root))}  # type: ignore[arg-type]
        if (row["requirement"] in codes) == (row["expected_valid"] == "FALSE"):
            right += 1
        else:
            wrong.append((row["requirement"], row["path_in_archive"]))
    assert right / (right + len(wrong)) >= 0.95, wrong


def test_hostile_archives_leave_nothing_behind(tmp_path: Path) -> None:
    folder = CORPORA / "security"
    for path in sorted(folder.glob("archives*/*")):
        if not path.is_file():
            continue
        target = tmp_path / path.name
        found = unpack.unpack(path, target)
        inside = [p for p in target.rglob("*") if p.is_file()]
        assert not found.is_refused or not inside, path
        assert not (Path("/tmp") / "evil.txt").exists()


def test_documents_that_declare_entities_are_refused() -> None:
    for path in sorted((CORPORA / "security").glob("xml*/*.xml")):
        raw = path.read_bytes()
        found = read.examine(path)
        if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
            assert any(f.severity is Severity.ERROR for f in found.findings), path


def test_the_words_of_every_page_are_those_of_the_reference_reading() -> None:
    pages = [r for r in _rows("alto_page/EXPECTED.tsv") if r["root"] in pagetext.ROOTS]
    assert len(pages) > 25
    for row in pages:
        page = pagetext.read(CORPORA / "alto_page" / row["file"])
        text = page.text.replace("\n", " ")
        found = (len(page.lines), len(text.split()), len(text), text[:70])
        told = (int(row["text_lines"]), int(row["words"]), int(row["chars"]), row["first_text"])
        assert found == told, row["file"]


@pytest.mark.parametrize(
    "folder, articles",
    [("bnf_lepji_1900-06-03", 18), ("bl_1855-09-22", 5)],
)
def test_a_real_issue_has_its_pages_in_order_and_its_named_articles(
    folder: str, articles: int
) -> None:
    top = f"newspapers/{folder}/"
    rows = [r for r in _rows("alto_page/EXPECTED.tsv") if r["file"].startswith(top)]
    chars = [int(r["chars"]) for r in rows if r["root"] == "alto"]
    found = read.examine(CORPORA / "alto_page" / top)
    assert found.package is not None
    issue, *below = found.package.drafts
    assert [len(piece) for piece in (issue.text or "").split("\f")] == chars
    assert len(below) >= articles and all(d.parent == issue.key for d in below)
    assert {f.code for f in found.findings} <= {"FILE-MISSING", "FILE-UNLISTED"}


def test_bags_of_ocr_d_are_read_by_their_mets() -> None:
    found = read.examine(CORPORA / "alto_page/ocrd/kant_aufklaerung_1784")
    assert found.is_valid and found.package is not None
    first, second = (found.package.drafts[0].text or "").split("\f")
    assert (len(first), len(second)) == (830, 1410)  # PAGE goes before ALTO
    cut = read.examine(CORPORA / "alto_page/ocrd/communist_manifesto")
    assert {f.code for f in cut.findings} == {"BAG-OXUM", "BAG-PARTIAL", "FILE-MISSING"}


@pytest.mark.parametrize("name, cases, items", [
    ("svenskakyrkan/arendehandlingar/exempel.xml", 1, 1),
    ("svenskakyrkan/cits_erms_examples/ERMS_version_2_1_0_generated_example.xml", 4, 6),
])  # fmt: skip
def test_real_lists_of_cases_are_read_whole(name: str, cases: int, items: int) -> None:
    found = read.examine(CORPORA / "fgs" / name)
    assert found.package is not None
    levels = [draft.level for draft in found.package.drafts]
    assert (levels.count("file"), levels.count("item")) == (cases, items)
    assert {f.code for f in found.findings} == {"FOLDER-MISSING"}  # their files did not come


def test_every_authority_record_is_read_as_one_and_every_answer_for_what_it_carries() -> None:
    for path in (CORPORA / "eac").rglob("*.xml"):
        package = read.examine(path).package
        assert package is not None and (package.profile or "").startswith("eac-cpf"), path
        assert package.agents and not package.drafts, path
    for path in (CORPORA / "oai/responses").glob("*.xml"):
        found = read.examine(path)
        has_ead = "_ead" in path.name or "riksarkivet" in path.name
        assert found.is_valid is has_ead, path
        assert has_ead or [f.code for f in found.findings] == ["EAD-OAI"], path


def test_every_component_of_a_finding_aid_is_a_record() -> None:
    for row in _rows("ead/EXPECTED.tsv"):
        count = re.search(r"\[(\d+) <c>\]", row["verdict"])
        package = read.examine(CORPORA / "ead" / row["file"]).package
        assert package is not None
        # The archdesc above them is one more.
        assert len(package.drafts) == (int(count[1]) if count else 0) + 1, row["file"]
