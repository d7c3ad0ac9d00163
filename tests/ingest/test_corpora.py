"""Packages and finding aids that nobody here wrote: right verdicts, true reasons, no crash."""

from __future__ import annotations

import csv
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from archive.config import Config
from ingest import checks_csip, read, unpack
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
