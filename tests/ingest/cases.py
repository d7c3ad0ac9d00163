"""Lists of cases for tests, written here: E-ARK CITS ERMS and FGS Ärendehantering."""

from __future__ import annotations

from pathlib import Path

_ERMS = "https://DILCIS.eu/XML/ERMS"
_FGS = "http://xml.ra.se/e-arkiv/FGS-ERMS"


def erms(*cases: str) -> str:
    """Return a CITS ERMS document of the cases."""
    return (
        f'<erms xmlns="{_ERMS}"><control><identification identificationType="x">p</identification>'
        f"</control><aggregations>{''.join(cases)}</aggregations></erms>"
    )


def erms_case(
    name: str = "D 2019-0032", *, inside: str = "", records: str = "", kind: str = "caseFile"
) -> str:
    """Return a case with more elements inside it, and records."""
    return (
        f'<aggregation systemIdentifier="id-{name}" aggregationType="{kind}">'
        f"<objectId>{name}</objectId>"
        f'<classification classificationCode="1.2">Styra</classification>'
        f"<title>Ärende {name}</title>{inside}"
        '<dates><date dateType="opened">2019-05-20T00:00:00</date>'
        '<date dateType="closed">2019-05-30T00:00:00</date></dates>'
        f"{records}</aggregation>"
    )


def erms_record(name: str, *, inside: str = "", file: str = "", day: str = "2019-05-21") -> str:
    """Return a record of a case, with a file where one is named."""
    files = (
        f'<additionalInformation><appendix name="{file}" path="{file}"/></additionalInformation>'
        if file
        else ""
    )
    return (
        f'<record systemIdentifier="id-{name}"><objectId>{name}</objectId>'
        f'<title>Handling {name}</title>{inside}<dates><date dateType="created">{day}T00:00:00'
        f"</date></dates>{files}</record>"
    )


def fgs(*cases: str) -> str:
    """Return a document of FGS Ärendehantering 1.0."""
    return (
        f'<Leveransobjekt xmlns="{_FGS}"><ArkivbildarStruktur><Arkivbildare><Namn>Provnämnden'
        "</Namn></Arkivbildare></ArkivbildarStruktur><ArkivobjektListaArenden>"
        f"{''.join(cases)}</ArkivobjektListaArenden></Leveransobjekt>"
    )


def fgs_case(name: str = "2016:7", *, inside: str = "", records: str = "") -> str:
    """Return a case of FGS Ärendehantering with records."""
    return (
        f"<ArkivobjektArende><ArkivobjektID>{name}</ArkivobjektID>"
        f"<Avslutat>2016-03-01</Avslutat><Beskrivning>Om ett staket</Beskrivning>{inside}"
        f"<Skapad>2016-01-11</Skapad><Arendemening>Bygglov {name}</Arendemening>"
        f"<ArkivobjektListaHandlingar>{records}</ArkivobjektListaHandlingar></ArkivobjektArende>"
    )


def fgs_record(name: str, *, inside: str = "") -> str:
    """Return a record of FGS Ärendehantering."""
    return (
        f"<ArkivobjektHandling><ArkivobjektID>{name}</ArkivobjektID><Rubrik>Ritning {name}</Rubrik>"
        f"<Inkommen>2016-04-02</Inkommen>{inside}</ArkivobjektHandling>"
    )


def folder(path: Path, document: str, **files: bytes) -> Path:
    """Write a list of cases and its files ("brev" becomes brev.txt); return the folder."""
    path.mkdir(parents=True)
    (path / "arenden.xml").write_text(document, "utf-8")
    for name, content in files.items():
        (path / f"{name}.txt").write_bytes(content)
    return path
