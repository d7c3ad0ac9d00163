"""Authority files of others: new names are made, known ones are filled, nothing is written over."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from archive import db
from archive.audit.models import AuditEvent
from archive.authorities import actions as names
from archive.config import Config
from archive.errors import Invalid, Refused
from archive.holdings.models import Agent
from archive.xml import XmlMalformed, XmlRefused
from ingest.authorities import actions
from ingest.authorities.actions import Became, Line
from tests import factories
from tests.conftest import CORPORA

Login = Callable[[str], FlaskClient]

PERSON = """<eac-cpf xmlns="urn:isbn:1-931666-33-4"><control><recordId>KB-17</recordId>
  <maintenanceAgency><agencyCode>SE-KB</agencyCode></maintenanceAgency>
  <sources><source><sourceEntry>Svenskt biografiskt lexikon</sourceEntry></source></sources>
  </control>
  <cpfDescription><identity><entityType>person</entityType>
    <nameEntry><part>Lindh, Agda</part></nameEntry>
    <nameEntry><part>Lind, Agda</part></nameEntry></identity>
  <description><existDates><dateRange><fromDate>1851</fromDate><toDate>1920</toDate></dateRange>
    </existDates><places><place><placeEntry>Linköping</placeEntry></place></places>
    <functions><function><term>Fotografi</term></function></functions>
    <biogHist><p>Ateljé vid Stora torget.</p><p>Slutade 1918.</p></biogHist></description>
  </cpfDescription></eac-cpf>"""


def _take(document: str) -> list[Line]:
    with db.archive.transaction() as session:
        return actions.take_in(session, document.encode(), viewer=factories.viewer("archivist"))


def _agents() -> list[Agent]:
    with db.archive.reading() as session:
        return list(session.scalars(select(Agent).order_by(Agent.id)))


@pytest.mark.parametrize(("document", "wrong"), [
    ("<ead/>", Invalid), ("<eac-cpf><control>", XmlMalformed), ("", XmlMalformed),
    ("<!DOCTYPE x [<!ENTITY a 'b'>]><eac-cpf/>", XmlRefused),
])  # fmt: skip
def test_what_is_no_authority_record_is_refused_and_changes_nothing(
    city: Config, document: str, wrong: type[Exception]
) -> None:
    with pytest.raises(wrong):
        _take(document)
    assert _agents() == []


def test_who_may_not_describe_reads_nothing_in(city: Config) -> None:
    with db.archive.transaction() as session, pytest.raises(Refused):
        actions.take_in(session, PERSON.encode(), viewer=factories.viewer("auditor"))


def test_a_record_without_a_name_is_left(city: Config) -> None:
    (line,) = _take(PERSON.replace("<part>", "<x>").replace("</part>", "</x>"))
    assert line.became is Became.LEFT and _agents() == []


def test_a_new_name_comes_with_all_that_is_said_of_it(city: Config) -> None:
    (line,) = _take(PERSON)
    (agent,) = _agents()
    assert (line.became, line.pid) == (Became.MADE, agent.pid)
    assert (agent.kind, agent.name, agent.dates) == ("person", "Lindh, Agda", "1851–1920")
    assert agent.variants == [{"name": "Lind, Agda", "kind": "other"}]
    assert agent.identifiers == [{"scheme": "SE-KB", "value": "KB-17"}]
    assert agent.history == "Ateljé vid Stora torget.\n\nSlutade 1918."
    assert (agent.places, agent.functions) == (["Linköping"], "Fotografi")
    assert agent.sources == "Svenskt biografiskt lexikon" and agent.living == "unknown"


def test_the_same_file_again_changes_nothing(city: Config) -> None:
    _take(PERSON)
    (line,) = _take(PERSON)
    assert line.became is Became.SAME and len(_agents()) == 1
    with db.archive.reading() as session:
        done = select(func.count()).select_from(AuditEvent).where(
            AuditEvent.action.startswith("authority.")
        )  # fmt: skip
        assert session.scalar(done) == 1


def test_what_stands_here_is_never_written_over(city: Config) -> None:
    _take(PERSON)
    own = {"history": "Vår egen text.", "dates": None}
    with db.archive.transaction() as session:
        agent = session.scalars(select(Agent)).one()
        names.change(session, agent, own, viewer=factories.viewer("archivist"))
    (line,) = _take(PERSON.replace("Lind, Agda", "Lindh, Agda Sofia"))
    (agent,) = _agents()
    assert line.became is Became.FILLED and set(line.fields) == {"dates", "variants"}
    assert (agent.history, agent.dates) == ("Vår egen text.", "1851–1920")
    assert [v["name"] for v in agent.variants] == ["Lind, Agda", "Lindh, Agda Sofia"]


def test_a_name_is_known_by_its_number_in_the_same_register_and_in_no_other(city: Config) -> None:
    _take(PERSON)
    renamed = PERSON.replace("<part>Lindh, Agda</part>", "<part>Holm, Agda</part>")
    (line,) = _take(renamed)
    (agent,) = _agents()
    assert line.became is Became.FILLED and agent.name == "Lindh, Agda"
    assert "Holm, Agda" in [v["name"] for v in agent.variants]
    (line,) = _take(renamed.replace("SE-KB", "SE-RA"))
    assert line.became is Became.MADE and len(_agents()) == 2


def test_files_are_looked_at_first_and_read_in_after(login: Login) -> None:
    client = login("archivist")

    def post(**more: str) -> str:
        files = [(io.BytesIO(PERSON.encode()), "agda.xml"), (io.BytesIO(b"<eac"), "trasig.xml")]
        answer = client.post(
            "/desk/authorities/files",
            data={"files": files, **more},
            content_type="multipart/form-data",
        )
        assert answer.status_code == 200
        return answer.text

    tried = post(only_try="y")
    assert "nytt namn" in tried and "trasig.xml: Rad 1" in tried and _agents() == []
    page = post()
    (agent,) = _agents()
    assert f"/desk/authorities/{agent.pid}" in page
    assert client.post("/desk/authorities/files", data={}).status_code == 422


@pytest.mark.corpus
def test_real_authority_files_are_read_whole(city: Config) -> None:
    became: list[Became] = []
    for path in sorted((CORPORA / "eac").glob("*/*.xml")):
        with db.archive.transaction() as session:
            lines = actions.take_in(
                session, path.read_bytes(), viewer=factories.viewer("archivist")
            )
        became += [line.became for line in lines]
    # Two of them are the same record, from two places.
    assert sorted(became) == [Became.MADE] * 7 + [Became.SAME]
    by_name = {agent.name: agent for agent in _agents()}
    feynman = next(a for name, a in by_name.items() if name.startswith("Feynman"))
    assert len(feynman.variants) >= 20 and feynman.history and feynman.identifiers
