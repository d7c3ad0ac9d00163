"""Preservation metadata of the sender: held against the bytes, and kept with the records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import db
from archive.config import Config
from archive.holdings.models import Event, File
from ingest import build, read
from ingest.build import Kind
from ingest.build_spec import Administrative, Section
from ingest.findings import Finding
from tests import factories

_SPACE = {"2": "info:lc/xmlns/premis-v2", "3": "http://www.loc.gov/premis/v3"}
_BYTES = factories.picture(note=b"akt")
SHA = hashlib.sha256(_BYTES).hexdigest()


def premis(
    *, version: str = "3", digest: str = SHA, size: int = len(_BYTES), event: str = "", **said: str
) -> bytes:
    """Return a document of one file, its migration and the program that made it."""
    puid, name = said.get("puid", "fmt/43"), said.get("name", "akt.jpg")
    time = event or "2019-05-30T12:00:00Z"
    detail = f"<eventDetail>{said.get('detail', 'från TIFF')}</eventDetail>"
    if version == "3":
        detail = f"<eventDetailInformation>{detail}</eventDetailInformation>"
    return f"""<premis xmlns="{_SPACE[version]}"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="{version}.0">
      <object xsi:type="file"><objectIdentifier><objectIdentifierType>local</objectIdentifierType>
        <objectIdentifierValue>F1</objectIdentifierValue></objectIdentifier>
        <objectCharacteristics><fixity><messageDigestAlgorithm>SHA-256</messageDigestAlgorithm>
        <messageDigest>{digest.upper()}</messageDigest></fixity><size>{size}</size>
        <format><formatDesignation><formatName>JPEG</formatName></formatDesignation>
        <formatRegistry><formatRegistryName>PRONOM</formatRegistryName>
        <formatRegistryKey>{puid}</formatRegistryKey></formatRegistry></format>
        </objectCharacteristics><originalName>C:\\skannat\\{name}</originalName></object>
      <event><eventIdentifier><eventIdentifierType>local</eventIdentifierType>
        <eventIdentifierValue>E1</eventIdentifierValue></eventIdentifier>
        <eventType>migration</eventType><eventDateTime>{time}</eventDateTime>
        {detail}<eventOutcomeInformation><eventOutcome>Success</eventOutcome>
        </eventOutcomeInformation><linkingAgentIdentifier><linkingAgentIdentifierType>local
        </linkingAgentIdentifierType><linkingAgentIdentifierValue>A1</linkingAgentIdentifierValue>
        </linkingAgentIdentifier><linkingObjectIdentifier><linkingObjectIdentifierType>local
        </linkingObjectIdentifierType><linkingObjectIdentifierValue>F1
        </linkingObjectIdentifierValue></linkingObjectIdentifier></event>
      <agent><agentIdentifier><agentIdentifierType>local</agentIdentifierType>
        <agentIdentifierValue>A1</agentIdentifierValue></agentIdentifier>
        <agentName>ImageMagick 6.9</agentName></agent></premis>""".encode()


def delivery(folder: Path, document: bytes) -> Path:
    """Build a delivery of one page with the document in its METS; return its folder."""
    spec = factories.spec(factories.minutes())
    told = Administrative("preservation/premis.xml", document, Section.PROVENANCE, "PREMIS")
    return build.build(Kind.CSIP, replace(spec, administrative=(told,)), folder / "paket")


@pytest.mark.parametrize("version", ["2", "3"])
def test_what_the_sender_knows_of_a_file_is_kept_with_it(
    city: Config, tmp_path: Path, version: str
) -> None:
    path = delivery(tmp_path, premis(version=version))
    transfer = factories.take_in(city, build.pack_zip(path, tmp_path / "paket.zip"))
    assert transfer.state == "accessioned"
    with db.archive.reading() as session:
        (file,) = session.scalars(select(File))
        (event,) = session.scalars(select(Event).where(Event.kind == "migration"))
    assert file.puid == "fmt/43"
    assert (event.file_id, event.aip_id, event.outcome) == (file.id, file.aip_id, "success")
    assert event.agent == "ImageMagick 6.9" and event.at.year == 2019
    assert event.detail["text"] == "från TIFF" and event.detail["told_by"] == "PREMIS"


def test_what_the_bytes_tell_of_a_format_stands_against_a_claim(
    city: Config, tmp_path: Path
) -> None:
    path = delivery(tmp_path, premis(puid="fmt/95"))
    transfer = factories.take_in(city, build.pack_zip(path, tmp_path / "paket.zip"))
    assert transfer.state == "accessioned"
    with db.archive.reading() as session:
        (file,) = session.scalars(select(File))
    assert file.puid == "fmt/43" and "JPEG" in (file.format_name or "")


@pytest.mark.parametrize("said, code, is_valid", [
    ({"digest": "ab" * 32}, "CLAIM-DIGEST", False),
    ({"size": 7}, "CLAIM-SIZE", False),
    ({"puid": "fmt/95"}, "CLAIM-FORMAT", True),
    ({"name": "annan.jpg"}, "CLAIM-FILE", True),
    ({"event": "i maj"}, "PREMIS-EVENT", True),
])  # fmt: skip
def test_what_the_bytes_contradict_is_told(
    tmp_path: Path, said: dict[str, str], code: str, is_valid: bool
) -> None:
    found = read.examine(delivery(tmp_path, premis(**said)))  # type: ignore[arg-type]
    assert code in [f.code for f in found.findings]
    assert found.is_valid is is_valid


def test_an_event_of_a_file_that_did_not_come_is_told_and_left_with_the_papers(
    tmp_path: Path,
) -> None:
    found = read.examine(delivery(tmp_path, premis(name="annan.jpg")))
    assert _told(found.findings) == ["CLAIM-FILE", "PREMIS-UNTIED"]


def test_good_preservation_metadata_gives_no_finding(tmp_path: Path) -> None:
    assert _told(read.examine(delivery(tmp_path, premis())).findings) == []


def _told(findings: Iterable[Finding]) -> list[str]:
    return [f.code for f in findings if f.code.startswith(("CLAIM", "PREMIS"))]
