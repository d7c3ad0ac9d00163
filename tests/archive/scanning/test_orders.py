"""Orders of scans: made, met by a delivery, checked by the machine, accepted or sent back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive import clock, db
from archive.accounts import queries as accounts
from archive.accounts.models import Grant, Role
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.errors import Conflict, Invalid, Refused
from archive.holdings import queries as records
from archive.holdings.models import File
from archive.jobs import worker
from archive.scanning import actions, queries
from archive.scanning.actions import Terms
from archive.scanning.models import OrderState, ScanFile, ScanOrder
from archive.shelves import actions as shelves
from archive.shelves.models import PlaceKind
from tests import counting, factories, settled

Login = Callable[[str], FlaskClient]
REF, OTHER = "SE/LSA/T1/A1:1", "SE/LSA/T1/A1:2"
TERMS = Terms(why="Efterfrågad i läsesalen", dpi=300, pages=4, firm="Bildateljén", what="=1+1")


def _settle(city: Config, folder: Path) -> None:
    leaves = [
        factories.minutes(f"Volym {n}", key=f"v{n}", level="volume", reference=reference)
        for n, reference in enumerate((REF, OTHER), 1)
    ]
    factories.take_in(city, factories.package(folder, factories.spec(*leaves)))
    worker.run_until_idle(behind=True)


once = settled.once(_settle)
city = settled.city


def _order(reference: str = REF, terms: Terms = TERMS, role: str = "archivist") -> str:
    with db.archive.transaction() as session:
        record = records.by_ref(session, reference)
        return actions.order(session, record, terms, viewer=factories.viewer(role)).pid


def _step(pid: str, to: OrderState, reason: str = "", role: str = "archivist") -> None:
    with db.archive.transaction() as session:
        found = queries.by_pid(session, pid)
        actions.step(session, found, to, reason=reason, viewer=factories.viewer(role))


def _found(pid: str) -> tuple[ScanOrder, dict[str, set[str]]]:
    """Return an order and the codes of the findings of each scan by its name."""
    with db.archive.reading() as session:
        order = queries.by_pid(session, pid)
        rows = queries.scans(session, order)
        return order, {f.original_name: {x["code"] for x in s.findings} for s, f in rows}


def test_an_order_needs_a_reason_a_day_to_come_and_a_record_that_is_there(city: Config) -> None:
    yesterday = clock.today() - timedelta(days=1)
    for terms in (replace(TERMS, why=" "), replace(TERMS, due_on=yesterday),
                  replace(TERMS, paper="B7")):  # fmt: skip
        with pytest.raises(Invalid):
            _order(terms=terms)
    with db.archive.transaction() as session:
        records.by_ref(session, OTHER).destroyed_on = clock.today()
    with pytest.raises(Conflict):
        _order(OTHER)
    _order()
    with pytest.raises(Conflict):
        _order()  # the first is not finished


def test_who_may_not_describe_the_record_may_not_have_it_scanned(city: Config) -> None:
    with pytest.raises(Refused):
        _order(role="auditor")
    pid = _order()
    with pytest.raises(Refused):
        _step(pid, OrderState.SCANNING, role="auditor")


def test_an_order_goes_its_way_and_no_other_and_each_step_is_told_and_audited(city: Config) -> None:
    pid = _order()
    with pytest.raises(Conflict):
        _step(pid, OrderState.ACCEPTED) if _has_scans(pid) else _step(pid, OrderState.DONE)
    with pytest.raises(Invalid):
        _step(pid, OrderState.ACCEPTED)  # nothing has come
    with pytest.raises(Invalid):
        _step(pid, OrderState.CANCELLED)  # without a reason
    _step(pid, OrderState.SCANNING)
    _step(pid, OrderState.CANCELLED, "Volymen är för skör.")
    with pytest.raises(Conflict):
        _step(pid, OrderState.SCANNING)
    with db.archive.reading() as session:
        story = queries.story(session, queries.by_pid(session, pid))
        deeds = session.scalars(
            select(AuditEvent.action).where(AuditEvent.subject == f"scan:{pid}")
        ).all()
    assert [said.entry.kind for said in story] == ["ordered", "scanning", "cancelled"]
    assert all(said.name for said in story) and story[-1].entry.body == "Volymen är för skör."
    assert list(deeds) == ["scan.ordered", "scan.scanning", "scan.cancelled"]


def _has_scans(pid: str) -> bool:
    return bool(_found(pid)[1])


def test_a_person_may_say_which_files_are_the_scans_and_which_are_not(
    city: Config, login: Login
) -> None:
    pid, client = _order(), login("archivist")
    client.post(f"/desk/scanning/{pid}/files", data={"record": OTHER})
    worker.run_until_idle(behind=True)
    order, found = _found(pid)
    assert order.state == OrderState.DELIVERED and len(found) == 1
    assert "DPI-UNKNOWN" in next(iter(found.values()))
    page = client.get(f"/desk/scanning/{pid}").text
    assert "dpi inte angivet" in page and "Upplösningen är inte känd" in page
    with db.archive.reading() as session:
        file = session.get_one(File, session.scalars(select(ScanFile.file_id)).one())
    assert client.post(f"/desk/scanning/{pid}/files/{file.pid}/untie").status_code == 302
    worker.run_until_idle(behind=True)
    order, found = _found(pid)
    assert found == {} and [f["code"] for f in order.findings] == ["NOTHING"]
    assert client.post(f"/desk/scanning/{pid}/files/nofile/untie").status_code == 404


def test_another_units_order_is_not_there(city: Config, login: Login) -> None:
    pid = _order()
    with db.archive.transaction() as session:
        ours = accounts.need_unit(session, "EK").id
        session.execute(update(Grant).where(Grant.role == Role.UNIT_MANAGER).values(unit_id=ours))
    manager = login("unit_manager")
    assert manager.get(f"/desk/scanning/{pid}").status_code == 404
    assert manager.get(f"/desk/scanning/{pid}/letter.txt").status_code == 404
    assert REF not in manager.get("/desk/scanning").text
    assert REF not in manager.get("/desk/scanning/list.csv").text
    assert manager.post(f"/desk/scanning/{pid}/step", data={"to": "scanning"}).status_code == 403
    auditor = login("auditor")
    assert auditor.get(f"/desk/scanning/{pid}").status_code == 200
    assert "Nästa steg" not in auditor.get(f"/desk/scanning/{pid}").text


def test_the_list_is_narrowed_by_state_unit_and_what_is_late(city: Config, login: Login) -> None:
    today = clock.today()
    late, soon = _order(terms=replace(TERMS, due_on=today)), _order(OTHER)
    with db.archive.transaction() as session:
        queries.by_pid(session, late).due_on = today - timedelta(days=3)
        queries.by_pid(session, soon).due_on = today + timedelta(days=2)
    client = login("archivist")
    whole = client.get("/desk/scanning").text
    assert "3 dagar sen" in whole and "om 2 dagar" in whole
    assert OTHER not in client.get("/desk/scanning?late=1").text
    assert REF in client.get("/desk/scanning?late=1&state=open&unit=HA").text
    assert REF not in client.get("/desk/scanning?state=done").text
    assert REF not in client.get("/desk/scanning?unit=EK").text
    assert "2 är beställda, 1 är sena" in client.get("/desk").text


def test_the_firms_list_tells_where_the_volume_stands_and_holds_no_formula(
    city: Config, login: Login
) -> None:
    _order()
    with db.archive.transaction() as session:
        _put_on_a_shelf(session)
        records.by_ref(session, REF).public_title = "Volym utan namn"
    rows = login("archivist").get("/desk/scanning/list.csv").text.splitlines()
    assert len(rows) == 2
    assert (
        f"1;{REF};Volym utan namn;Magasin 1 / A3;'=1+1;4;300;färg;;;Bildateljén;beställd" == rows[1]
    )


def _put_on_a_shelf(session: Session) -> None:
    viewer = factories.viewer("archivist")
    room = shelves.build(
        session, PlaceKind.ROOM, shelves.Facts("Magasin 1"), parent=None, viewer=viewer
    )
    section = shelves.build(
        session, PlaceKind.SECTION, shelves.Facts("A3"), parent=room, viewer=viewer
    )
    shelves.place(session, [records.by_ref(session, REF)], section, viewer=viewer)


def test_many_orders_and_scans_cost_as_few_questions_as_one(city: Config, login: Login) -> None:
    client, counts = login("archivist"), []
    factories.grow(REF, 30)
    with db.archive.reading() as session:
        below = records.by_ref(session, REF).path
        some = [r.reference for r in session.scalars(records.branch(records.by_ref(session, REF)))]
    assert below and len(some) == 31
    pid = _order()
    for more in ([], some[1:]):
        for reference in more:
            _order(reference)
        with counting.statements() as sent:
            for path in ("/desk/scanning", "/desk/scanning/list.csv", f"/desk/scanning/{pid}"):
                assert client.get(path).status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_the_desk_orders_steps_and_says_what_is_wrong_with_a_form(
    city: Config, login: Login
) -> None:
    client, record = login("archivist"), factories.record(REF).pid
    address = f"/desk/holdings/{record}/scan"
    assert f"{address}" in client.get(f"/desk/holdings/{record}").text
    wrong = client.post(address, data={"why": "", "dpi": "tre", "colour": "colour"})
    assert wrong.status_code == 422 and "Skriv varför" in wrong.text
    form = {"why": "Utställning", "dpi": "400", "colour": "grey", "paper": "A3", "pages": "12"}
    made = client.post(address, data=form).headers["Location"]
    shown = client.get(made).text
    assert "400 dpi, gråskala, A3" in shown and "Utställning" in shown
    assert client.post(address, data=form).status_code == 422  # one open order is enough
    assert "Beställning 1" in client.get(address).text
    client.post(f"{made}/step", data={"to": "scanning"})
    assert "skannas" in client.get(made).text
    client.post(f"{made}/step", data={"to": "nowhere"}, headers={"Referer": made})
    assert "Välj vad som händer" in client.get(made).text
    assert login("auditor").get(address).status_code == 403
