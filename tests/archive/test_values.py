"""Values at the edge are kept or refused alike, and lists are in one order, on every database.

The same tests run on PostgreSQL, from tests/postgres.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from archive import clock, db
from archive.accounts import actions as accounts
from archive.accounts import queries as people
from archive.accounts.models import UnitKind
from archive.audit import actions as audit
from archive.audit import queries as audits
from archive.audit.actions import SYSTEM
from archive.cases import actions as cases
from archive.cases.models import Case
from archive.config import Config
from archive.errors import Invalid
from archive.holdings.models import Agent, Description, Term
from archive.jobs import actions as jobs
from archive.jobs.models import Job
from archive.sorting import key, swedish
from archive.storage.models import StoredObject
from tests import factories

GIB = 1024**3


def test_a_file_of_many_gibibytes_is_recorded(city: Config) -> None:
    now = clock.now()
    row = StoredObject(object_id="urn:a", version="v1", digest="d", size_bytes=900 * GIB,
                       file_count=1, stored_at=now, last_checked_at=now)  # fmt: skip
    with db.archive.transaction() as session:
        session.add(row)
    with db.archive.reading() as session:
        assert session.get_one(StoredObject, "urn:a").size_bytes == 900 * GIB


def test_words_with_a_nul_in_them_are_kept_readable_and_the_audit_holds(city: Config) -> None:
    with db.archive.transaction() as session:
        cases.register(session, cases.Asked("question", "desk", "kv\0arn"), actor=SYSTEM)
        audit.record(session, "test", "test:1", actor=SYSTEM, note="or\0d", word="a\0b")
        jobs.enqueue(session, "test", words=["a\0b", "\ud800"])
    with db.archive.reading() as session:
        assert session.scalars(select(Case.question)).one() == "kv\ufffdarn"
        assert session.scalars(select(Case).where(Case.question == "kv\0arn")).one()
        args = session.scalars(select(Job.args).where(Job.name == "test")).one()
        assert args == {"words": ["a\0b", "\ud800"]}
        assert not list(audits.verify(session))


def test_a_text_longer_than_its_column_is_refused_and_not_cut(city: Config) -> None:
    is_refused = pytest.raises(Invalid, match="name has 201 characters; expected at most 200")
    with is_refused, db.archive.transaction() as session:
        accounts.add_user(session, "a@b.se", "x" * 201, "långt lösenord", actor=SYSTEM)
    with db.archive.reading() as session:
        assert people.user_by_email(session, "a@b.se") is None


def test_what_a_deliverer_writes_at_length_comes_in_whole(city: Config, tmp_path: Path) -> None:
    long = "1 volym, " * 60
    leaf = factories.minutes(extent=long, language="sv " * 20, genre="protokoll " * 20)
    factories.take_in(city, factories.package(tmp_path, factories.spec(leaf)))
    record = factories.record("SE/LSA/T1/A1:1")
    assert record.extent is not None and record.extent.strip() == long.strip()


def test_names_stand_in_swedish_order(city: Config) -> None:
    names = ["Östra", "Ådala", "Zink", "Äng", "Ek", "éa", "ask", "Wasa", "Vad", "Ber"]
    with db.archive.transaction() as session:
        for number, name in enumerate(names):
            accounts.add_unit(session, f"ZZ{number}", name, kind=UnitKind.UNIT, actor=SYSTEM)
        session.add_all(Term(kind="place", value=name) for name in names)
    expected = ["ask", "Ber", "éa", "Ek", "Vad", "Wasa", "Zink", "Ådala", "Äng", "Östra"]
    with db.archive.reading() as session:
        found = [u.name for u in session.scalars(people.units()) if u.code.startswith("ZZ")]
        terms = select(Term.value).where(Term.value.in_(names)).order_by(swedish(Term.value))
        assert found == list(session.scalars(terms)) == sorted(names, key=key) == expected


def test_codes_stand_in_the_order_of_their_characters(city: Config) -> None:
    names = ["a", "B", "A:2", "A1", "A 1", "Å", "Z", "_", "~"]
    with db.archive.transaction() as session:
        session.add_all(Agent(kind="test", name=name, variants=[]) for name in names)
    with db.archive.reading() as session:
        found = select(Agent.name).where(Agent.kind == "test").order_by(Agent.name)
        assert list(session.scalars(found)) == sorted(names)
        assert session.scalars(select(Agent).where(Agent.name == "b")).first() is None


def test_numbers_that_no_row_can_have_lead_nowhere(app: Flask, login) -> None:  # type: ignore[no-untyped-def]
    client = login("city_archivist")
    for number in (2**31, 2**63, 10**30):
        for address in (f"/desk/plans/HA/{number}", f"/desk/audit?before={number}",
                        f"/search?q=a&page={number}"):  # fmt: skip
            assert client.get(address).status_code in {200, 404}, address
        answer = client.post(f"/desk/jobs/{number}/retry")
        assert answer.status_code in {403, 404}


def test_a_description_of_many_words_survives_the_way_there_and_back(city: Config) -> None:
    odd = ["å\u0301", "🏛", "\u202eabc", "a\tb\r\nc", "'; DROP TABLE x; --", "%_\\", ""]
    with db.archive.transaction() as session:
        unit = people.need_unit(session, "HA")
        session.add(
            Description(
                reference="SE/LSA/X", level="fonds", title=json.dumps(odd), notes=odd, events={},
                unit_id=unit.id, plan_unit_id=unit.id, created_at=clock.now(),
                updated_at=clock.now(),
            )
        )  # fmt: skip
    record = factories.record("SE/LSA/X")
    assert record.notes == odd and json.loads(record.title) == odd
    assert record.revision == 1 and record.is_register is False
