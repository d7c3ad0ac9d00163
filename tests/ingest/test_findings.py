"""A finding tells whose rule was broken and names the delivery as its sender did."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive import db
from archive.config import Config
from ingest import phrases, queries
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
    ("folder", "Arkivets krav på leveranser"),
    (None, "Arkivets krav på leveranser"),
])  # fmt: skip
def test_a_missing_file_is_held_against_the_packages_own_profile(
    profile: str | None, source: str
) -> None:
    assert Finding("FILE-MISSING").source(profile) == source


@pytest.mark.parametrize("said, swedish", [
    ("File is not a zip file", "filen är ingen ZIP-fil"),
    ("Bad CRC-32 for file 'data/a b.jpg'", "kontrollsumman (CRC-32) stämmer inte för data/a b.jpg"),
    ("Namespace prefix x on y is not defined, line 2, column 7",
     "prefixet x (på y) har ingen namnrymd"),
    ("what nobody has said before: 100 %s", "what nobody has said before: 100 %s"),
])  # fmt: skip
def test_what_a_program_says_of_a_broken_file_is_told_in_swedish(said: str, swedish: str) -> None:
    finding = Finding("UNPACK-BROKEN", params={"problem": said})
    assert finding.message() == f"Arkivfilen är avbruten eller skadad: {swedish}"
    assert finding.message("en").endswith(said)


def test_every_phrase_carries_over_what_differs() -> None:
    for english, swedish in phrases._phrases().items():
        assert english.count("*") == swedish.count("%s") + swedish.count("%.0s"), english


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
