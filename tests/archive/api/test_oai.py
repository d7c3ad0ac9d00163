"""OAI-PMH: the six verbs, their errors, and lists that miss nothing while the edition changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from archive import clock, db, xml
from archive.api import oai_list
from archive.config import ROOT
from archive.edition import actions
from tests.archive import reading_room

OAI = "{http://www.openarchives.org/OAI/2.0/}"
XSD = ROOT.parent / "shared" / "corpora" / "oai" / "xsd"
THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[FlaskClient]:
    """Return a harvester's way in to 25 records, one changed each second from noon, in one set."""
    config = reading_room.make_config(tmp_path)
    reading_room.open_rooms(config)
    with db.edition.transaction() as session:
        for n in range(25):
            with clock.frozen(THEN + timedelta(seconds=n, microseconds=400_000)):
                row = reading_room.record(f"r{n:02}", unit_code="BN" if n == 3 else "SA")
                actions.put(session, [row])
    yield reading_room.make_app(config).test_client()
    db.unbind()


def ask(house: FlaskClient, **arguments: str) -> Any:
    """Return the answer's root."""
    answer = house.get("/oai", query_string=arguments)
    assert answer.status_code == 200 and answer.content_type == "text/xml; charset=utf-8"
    return xml.parse(answer.data).getroot()


def error(root: Any) -> str | None:
    """Return the code of the answer's error."""
    found = root.find(f"{OAI}error")
    return None if found is None else str(found.get("code"))


def identifiers(root: Any) -> list[str]:
    """Return the last part of each identifier in an answer."""
    return [str(node.text).rpartition(":")[2] for node in root.iter(f"{OAI}identifier")]


IDENTIFIER = "oai:stadsarkiv.example:r00"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Harvest", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&x=1", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=ead3", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-01-01T00:00:00", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=٢٠٢٦-٠١-٠١", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-03-02&until=2026-03-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-03-02&until=2026-03-02T00:00:00Z",
         "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=0000-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&until=1990-01-01", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=unit:XX", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=marc21", "cannotDisseminateFormat"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=GetRecord&resumptionToken=x", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=r00", "idDoesNotExist"),
        (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={IDENTIFIER}x", "idDoesNotExist"),
        (f"verb=GetRecord&metadataPrefix=marc21&identifier={IDENTIFIER}",
         "cannotDisseminateFormat"),
        ("verb=ListMetadataFormats&identifier=%00%01", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=<x>", "idDoesNotExist"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_the_codes_of_the_protocol(
    house: FlaskClient, query: str, code: str
) -> None:
    root = xml.parse(house.get(f"/oai?{query}").data).getroot()
    assert error(root) == code
    request = root.find(f"{OAI}request")
    assert request.text == "http://127.0.0.1:8000/oai"
    assert bool(request.attrib) is (code not in {"badVerb", "badArgument"})


def test_the_house_says_who_it_is_and_that_it_keeps_nothing_of_the_withdrawn(
    house: FlaskClient,
) -> None:
    said = ask(house, verb="Identify").find(f"{OAI}Identify")
    assert said.findtext(f"{OAI}protocolVersion") == "2.0"
    assert said.findtext(f"{OAI}deletedRecord") == "no"
    assert said.findtext(f"{OAI}earliestDatestamp") == "2026-03-01T12:00:00Z"


def test_a_record_is_given_in_dublin_core_and_in_ead3_and_by_post(house: FlaskClient) -> None:
    names = {"oai_dc": "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc",
             "ead3": "{http://ead3.archivists.org/schema/}ead"}  # fmt: skip
    for prefix, name in names.items():
        form = {"verb": "GetRecord", "metadataPrefix": prefix, "identifier": IDENTIFIER}
        root = ask(house, **form)
        assert root.find(f".//{OAI}metadata")[0].tag == name
        posted = xml.parse(house.post("/oai", data=form).data).getroot()
        assert posted.find(f".//{OAI}metadata")[0].tag == name


def test_from_and_until_include_their_ends_by_the_second_and_by_the_day(
    house: FlaskClient,
) -> None:
    def listed(**span: str) -> list[str]:
        given = {name.rstrip("_"): value for name, value in span.items()}
        root = ask(house, verb="ListIdentifiers", metadataPrefix="oai_dc", **given)
        return identifiers(root)

    second = "2026-03-01T12:00:{:02}Z"
    assert listed(from_=second.format(3), until=second.format(5)) == ["r03", "r04", "r05"]
    assert listed(until=second.format(0)) == ["r00"]
    assert len(listed(from_="2026-03-01", until="2026-03-01")) == 25
    assert listed(set="unit:BN") == ["r03"]
    sets = [node.text for node in ask(house, verb="ListSets").iter(f"{OAI}setSpec")]
    assert sets == ["unit:BN", "unit:SA"]


def harvest(house: FlaskClient, token: str | None = None) -> Iterator[tuple[list[str], str]]:
    """Yield the identifiers of each page, and the token that leads on."""
    arguments = {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}
    while True:
        if token:
            arguments = {"verb": "ListIdentifiers", "resumptionToken": token}
        root = ask(house, **arguments)
        token = root.findtext(f".//{OAI}resumptionToken") or ""
        yield identifiers(root), token
        if not token:
            return


def test_a_list_that_changes_meanwhile_misses_nothing_and_shows_nothing_withdrawn(
    house: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai_list, "PAGE", 10)
    pages = harvest(house)
    first, token = next(pages)
    with db.edition.transaction() as session:
        actions.withdraw(session, ["r12", "r09"])
        actions.put(session, [reading_room.record("r11"), reading_room.record("r01")])
    rest = [pid for found, _token in pages for pid in found]
    expected = {f"r{n:02}" for n in range(25)} - {"r12"}
    assert {*first, *rest} == expected and "r12" not in rest
    assert rest[-2:] == ["r11", "r01"] and len(rest) == len(set(rest))
    again = [pid for found, _token in harvest(house, token) for pid in found]
    assert again == rest  # an old token still works, and still shows nothing that is gone
    wrong = ask(house, verb="ListRecords", resumptionToken=token)
    assert error(wrong) == "badResumptionToken"
    assert error(ask(house, verb="ListIdentifiers", resumptionToken=token[:-2])) == (
        "badResumptionToken"
    )


def test_a_token_whose_rest_was_withdrawn_ends_plainly(
    house: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oai_list, "PAGE", 20)
    _first, token = next(harvest(house))
    with db.edition.transaction() as session:
        actions.withdraw(session, [f"r{n:02}" for n in range(20, 25)])
    answer = ask(house, verb="ListIdentifiers", resumptionToken=token)
    assert error(answer) == "badResumptionToken"


def test_the_contents_of_a_record_that_is_not_open_are_not_given(house: FlaskClient) -> None:
    row = reading_room.record(
        "shut", contents_open=False, scope="HEMLIGT", creators=["HEMLIG"], text="HEMLIG"
    )
    with db.edition.transaction() as session:
        actions.put(session, [row])
    answer = house.get(
        "/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:stadsarkiv.example:shut"
    )
    assert b"Handling shut" in answer.data and b"HEMLIG" not in answer.data


@pytest.mark.corpus
def test_every_answer_keeps_to_the_schema_of_the_protocol(
    house: FlaskClient, tmp_path: Path
) -> None:
    schema = _schema(tmp_path)
    lists = {"metadataPrefix": "oai_dc"}
    for arguments in (
        {"verb": "Identify"}, {"verb": "ListSets"}, {"verb": "ListMetadataFormats"}, {},
        {"verb": "ListIdentifiers", **lists}, {"verb": "ListRecords", **lists},
        {"verb": "GetRecord", **lists, "identifier": IDENTIFIER},
    ):  # fmt: skip
        tree = xml.parse(house.get("/oai", query_string=arguments).data)
        assert xml.schema_errors(tree, schema) == [], arguments


def _schema(folder: Path) -> Path:
    """Return the schemas of the protocol as one, with what they fetch from the web beside them."""
    for path in XSD.glob("*.xsd"):
        text = path.read_text("utf-8").replace("http://www.w3.org/2001/03/xml.xsd", "xml.xsd")
        text = re.sub(r'schemaLocation="http[^"]*/', 'schemaLocation="', text)
        (folder / path.name).write_text(text, "utf-8")
    (folder / "xml.xsd").write_text(
        '<schema xmlns="http://www.w3.org/2001/XMLSchema"'
        ' targetNamespace="http://www.w3.org/XML/1998/namespace">'
        '<attribute name="lang" type="language"/></schema>'
    )
    base = "http://www.openarchives.org/OAI/2.0/"
    names = {base: "OAI-PMH", f"{base}oai_dc/": "oai_dc", f"{base}oai-identifier": "oai-identifier"}
    imports = (
        f'<import namespace="{namespace}" schemaLocation="{name}.xsd"/>'
        for namespace, name in names.items()
    )
    main = folder / "all.xsd"
    main.write_text(f'<schema xmlns="http://www.w3.org/2001/XMLSchema">{"".join(imports)}</schema>')
    return main
