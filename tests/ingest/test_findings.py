"""A finding tells whose rule was broken and names the delivery as its sender did."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive import db
from archive.config import Config
from ingest import queries
from ingest.findings import Finding, catalogue
from ingest.models import State
from ingest.names import NameBook
from tests import factories


@pytest.mark.parametrize("profile, source", [
    ("csip-2.2", "E-ARK CSIP 2.2, CSIP79"),
    ("csip-2.0", "E-ARK CSIP 2.0, CSIP79"),
    ("fgs-1.1", "FGS Paketstruktur 1.1, file/FLocat"),
    ("bagit", "RFC 8493 §3"),
    ("dias-mets", "METS 1.12, FLocat"),
    ("folder", "docs/formats.md"),
    (None, "docs/formats.md"),
])  # fmt: skip
def test_a_missing_file_is_held_against_the_packages_own_profile(
    profile: str | None, source: str
) -> None:
    assert Finding("FILE-MISSING").source(profile) == source


def test_a_requirement_cites_the_version_that_the_package_claims() -> None:
    assert Finding("CSIP1").source("csip-2.2") == "E-ARK CSIP 2.2, CSIP1"
    assert Finding("FGS-OBJID").source("fgs-1.0") == "FGS Paketstruktur 1.0, FGS-OBJID"


def test_a_file_of_no_known_kind_is_refused_by_the_name_it_came_with(
    city: Config, tmp_path: Path
) -> None:
    path = tmp_path / "protokoll.doc"
    path.write_bytes(b"no archive at all")
    transfer = factories.take_in(city, path)
    assert transfer.state == State.REJECTED
    with db.archive.reading() as session:
        (found,) = queries.findings(session, transfer, "sv")
    assert (found.code, found.where) == ("UNPACK-FORMAT", "protokoll.doc")
    assert found.message == "”protokoll.doc” är ingen mapp, ZIP eller TAR."


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_every_finding_says_in_both_languages_how_to_mend_it(code: str) -> None:
    rule = catalogue()[code]
    assert rule.hint_sv.endswith(".") and rule.hint_en.endswith(".")
    braces = re.compile(r"\{(\w+)\}")
    known = set(braces.findall(rule.sv + rule.en))
    assert set(braces.findall(rule.hint_sv + rule.hint_en)) <= known


def test_a_refused_name_says_why_in_the_readers_language() -> None:
    book = NameBook()
    assert book.add("../etc/passwd", "leverans.zip") is None
    (found,) = book.findings
    assert "leder ut ur paketet" in found.message("sv")
    assert "leads out of the package" in found.message("en")
