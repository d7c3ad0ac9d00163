"""Authority records and answers of OAI-PMH: read as what they are, or refused for what they are."""

from __future__ import annotations

from pathlib import Path

from ingest import read
from ingest.read import Examined

_EAC = (
    '<eac-cpf xmlns="urn:isbn:1-931666-33-4"><control><recordId>1</recordId></control>'
    "<cpfDescription><identity><entityType>person</entityType><nameEntry><part>Lindh, Anna</part>"
    "</nameEntry></identity><description><existDates><dateRange><fromDate>1851</fromDate>"
    "<toDate>1920</toDate></dateRange></existDates></description><relations><resourceRelation>"
    "<objectXMLWrap><ead><archdesc level='fonds'><did><unittitle>Hennes arkiv</unittitle></did>"
    "</archdesc></ead></objectXMLWrap></resourceRelation></relations></cpfDescription></eac-cpf>"
)


def examined(folder: Path, document: str) -> Examined:
    """Return what is found of a lone document."""
    path = folder / "post.xml"
    path.write_text(document, "utf-8")
    return read.examine(path)


def test_an_authority_record_that_refers_to_a_finding_aid_is_an_authority_record(
    tmp_path: Path,
) -> None:
    for document in (_EAC, f"<export>{_EAC}{_EAC.replace('Anna', 'Beda')}</export>"):
        package = examined(tmp_path, document).package
        assert package is not None and package.drafts == ()
        assert package.profile == "eac-cpf"
        assert (package.agents[0].name, package.agents[0].dates) == ("Lindh, Anna", "1851–1920")
    assert [agent.name for agent in package.agents] == ["Lindh, Anna", "Lindh, Beda"]


def test_an_answer_without_a_finding_aid_is_refused_for_what_it_carries(tmp_path: Path) -> None:
    answer = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-01-01T00:00:00Z'
        "</responseDate><request/><GetRecord><record><metadata><marc/></metadata></record>"
        "</GetRecord></OAI-PMH>"
    )
    (found,) = examined(tmp_path, answer).findings
    assert found.code == "EAD-OAI"
    assert "GetRecord" in found.message("en") and "marc" in found.message("en")
