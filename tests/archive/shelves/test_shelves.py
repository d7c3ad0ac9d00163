"""Where paper stands: placed, moved with all that is in it, found again, and told to staff only."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive import db, migrate
from archive.accounts import queries as accounts
from archive.accounts.models import Role
from archive.accounts.permissions import Viewer
from archive.config import Config
from archive.errors import Conflict, Invalid, NotFound, Refused
from archive.holdings import actions as holdings
from archive.holdings import queries as records
from archive.holdings.models import Description
from archive.jobs import worker
from archive.keeping import writing
from archive.keeping.rebuild import rebuild
from archive.shelves import actions, queries
from archive.shelves.actions import Facts
from archive.shelves.models import PlaceKind, ShelfPlace
from archive.storage.store import open_store
from tests import counting, databases, factories, settled

Login = Callable[[str], FlaskClient]
VOLUMES = ("SE/LSA/T1/A1:1", "SE/LSA/T1/A1:2")
MARK = "Zqxmagasin"


def _settle(city: Config, folder: Path) -> None:
    leaves = [
        factories.minutes(f"Volym {n}", key=f"v{n}", level="volume", reference=reference)
        for n, reference in enumerate(VOLUMES, 1)
    ]
    factories.take_in(city, factories.package(folder, factories.spec(*leaves)))
    with db.archive.transaction() as session:
        _, one, _ = _shelves(session)
        box = _build(session, PlaceKind.BOX, one, "47", barcode="LSA0047", metres=0.1)
        actions.place(session, _records(session), box, viewer=_archivist(), metres=0.05)
        fonds = records.by_ref(session, "SE/LSA/T1")
        holdings.publish_branch(session, fonds, viewer=_archivist())
    worker.run_until_idle()


once = settled.once(_settle)
city = settled.city


def _archivist() -> Viewer:
    return factories.viewer("archivist")


def _build(
    session: Session,
    kind: PlaceKind,
    parent: ShelfPlace | None,
    code: str,
    *,
    barcode: str | None = None,
    metres: float | None = None,
) -> ShelfPlace:
    facts = Facts(code, barcode, metres)
    return actions.build(session, kind, facts, parent=parent, viewer=_archivist())


def _shelves(session: Session) -> tuple[ShelfPlace, ShelfPlace, ShelfPlace]:
    room = _build(session, PlaceKind.ROOM, None, MARK)
    one = _build(session, PlaceKind.SECTION, room, "A1", metres=1.0)
    return room, one, _build(session, PlaceKind.SECTION, room, "A2", metres=3.0)


def _records(session: Session) -> list[Description]:
    return [records.by_ref(session, reference) for reference in VOLUMES]


def _stands(session: Session, reference: str) -> str | None:
    found = queries.standing(session, records.by_ref(session, reference))
    return queries.names_of(session, [found[1]])[found[1].id] if found else None


def test_a_moved_box_takes_all_that_stands_in_it(city: Config) -> None:
    with db.archive.transaction() as session:
        box = queries.one_place(session, "LSA0047")
        assert _stands(session, VOLUMES[0]) == f"{MARK} / A1 / 47"
        actions.move(session, box, queries.one_place(session, "A2"), viewer=_archivist())
        assert {_stands(session, ref) for ref in VOLUMES} == {f"{MARK} / A2 / 47"}


def test_a_room_is_as_full_as_what_stands_on_its_shelves(city: Config) -> None:
    with db.archive.transaction() as session:
        (room,) = queries.rooms(session)
        assert (room.capacity, round(room.used, 3), room.percent) == (4.0, 0.1, 2)
        section = queries.one_place(session, "A1")
        actions.place(session, _records(session), section, metres=0.6, viewer=_archivist())
        fill = queries.page_of(session, section, None).fill
        assert (round(fill.used, 3), fill.percent, fill.free) == (1.3, 130, 0.0)


def test_what_nobody_measured_is_counted_as_one_usual_volume(city: Config) -> None:
    with db.archive.transaction() as session:
        section = queries.one_place(session, "A2")
        _build(session, PlaceKind.BOX, section, "9")
        fill = queries.page_of(session, section, None).fill
        assert fill.used == pytest.approx(queries.ASSUMED_METRES)


def test_nothing_stands_where_it_cannot(city: Config) -> None:
    with db.archive.transaction() as session:
        room, box = queries.one_place(session, MARK), queries.one_place(session, "47")
        for kind, parent in ((PlaceKind.BOX, room), (PlaceKind.ROOM, room)):
            with pytest.raises(Invalid):
                _build(session, kind, parent, "x")
        with pytest.raises(Invalid):
            actions.move(session, box, room, viewer=_archivist())
        with pytest.raises(Invalid):
            actions.place(session, _records(session), room, viewer=_archivist())
        with pytest.raises(Invalid):
            _build(session, PlaceKind.ROOM, None, "a/b")


def test_one_number_in_one_place_and_one_barcode_in_the_house(city: Config) -> None:
    with db.archive.transaction() as session:
        one, two = queries.one_place(session, "A1"), queries.one_place(session, "A2")
        with pytest.raises(Conflict):
            _build(session, PlaceKind.BOX, one, "47")
        with pytest.raises(Conflict):
            _build(session, PlaceKind.BOX, two, "48", barcode="LSA0047")
        other = _build(session, PlaceKind.BOX, two, "47")
        with pytest.raises(Conflict):
            actions.move(session, other, one, viewer=_archivist())
        session.rollback()


def test_a_number_that_several_boxes_have_is_asked_for_in_full(city: Config) -> None:
    with db.archive.transaction() as session:
        _build(session, PlaceKind.BOX, queries.one_place(session, "A2"), "47")
        with pytest.raises(NotFound, match="several"):
            queries.one_place(session, "47")
        assert queries.one_place(session, "LSA0047").barcode == "LSA0047"
        found = queries.one_place(session, f"{MARK} / A2 / 47")
        assert found.barcode is None
        with pytest.raises(NotFound, match="no place"):
            queries.one_place(session, "B9")


def test_a_place_is_closed_when_it_is_empty_and_not_before(city: Config) -> None:
    with db.archive.transaction() as session:
        box = queries.one_place(session, "47")
        for place in (box, queries.one_place(session, "A1")):
            with pytest.raises(Conflict):
                actions.close(session, place, viewer=_archivist())
        actions.place(session, _records(session), None, viewer=_archivist())
        actions.close(session, box, viewer=_archivist())
        with pytest.raises(NotFound):
            queries.one_place(session, "LSA0047")
        lacking = session.scalars(queries.without_place(None)).all()
        assert [record.reference for record in lacking] == list(VOLUMES)


def test_a_person_of_one_unit_neither_sees_nor_moves_what_another_has(city: Config) -> None:
    with db.archive.transaction() as session:
        other = next(u for u in session.scalars(accounts.units()) if u.code != "HA")
        stranger = Viewer(1, "a@demo.example", "A", "sv", {Role.ARCHIVIST: frozenset({other.id})})
        box, section = queries.one_place(session, "47"), queries.one_place(session, "A2")
        page = queries.page_of(session, box, frozenset({other.id}))
        assert (page.records, page.hidden) == ([], 2)
        with pytest.raises(Refused):
            actions.move(session, box, section, viewer=stranger)
        with pytest.raises(Refused):
            actions.place(session, _records(session), section, viewer=stranger)


def test_no_public_surface_and_no_byte_of_the_edition_tells_where_a_record_stands(
    city: Config, app: Flask
) -> None:
    with db.archive.transaction() as session:
        for record in _records(session):
            holdings.describe(session, record, {"extent": "1 volym"}, actor=_archivist())
    worker.run_until_idle()
    client, pid = app.test_client(), factories.record(VOLUMES[0]).pid
    paths = [f"/records/{pid}{end}" for end in ("", ".json", ".xml")]
    paths += [f"/search?q={MARK}", "/search?q=LSA0047", f"/api/v1/records/{pid}"]
    paths += [f"/oai?verb=ListRecords&metadataPrefix={form}" for form in ("oai_dc", "ead3")]
    answers = [client.get(path) for path in paths]
    assert answers[0].status_code == 200 and "Volym 1" in answers[0].text
    for path, answer in zip(paths, answers, strict=True):
        if "q=" in path:  # what was asked is repeated; that it finds nothing is what counts
            assert "Volym 1" not in answer.text, path
        else:
            assert MARK.lower() not in answer.text.lower(), path
            assert "lsa0047" not in answer.text.lower(), path
    for path in city.public_dir.rglob("*"):
        if path.is_file():
            assert MARK.lower().encode() not in path.read_bytes().lower(), path
    for path in ("/desk/shelves", "/desk/shelves/list.csv", f"/desk/holdings/{pid}/shelf"):
        assert client.get(path).status_code == 302


def _hand_in(client: FlaskClient, text: str) -> str:
    file = (io.BytesIO(text.encode()), "lista.csv")
    return client.post("/desk/shelves/list", data={"file": file}, follow_redirects=True).text


def test_every_fault_of_a_list_is_told_by_its_row_and_nothing_is_taken_in(
    city: Config, login: Login
) -> None:
    client = login("archivist")
    page = _hand_in(
        client,
        "rum;sektion;box;streckkod;meter;handlingar\n"
        "B;1;1;X1;0,1;SE/LSA/T1/A1:1\n"
        ";1;2;;brett;\n"
        "B;1;1;X1;0,1;SE/LSA/T1/A1:99\n"
        "B;1;3;LSA0047;0,1;\n",
    )
    for words in ("rum saknas", "brett", "A1:99", "B / 1 / 1 står redan på rad 2", "LSA0047"):
        assert words in page, words
    with db.archive.reading() as session:
        assert session.scalars(select(ShelfPlace).where(ShelfPlace.code == "B")).first() is None
    assert "saknar kolumnen rum" in _hand_in(client, "hylla;box\n1;2\n")


def test_a_list_that_was_given_out_is_taken_in_again_and_changes_nothing(
    city: Config, login: Login
) -> None:
    client = login("archivist")
    text = client.get("/desk/shelves/list.csv").get_data(as_text=True)
    assert f"{MARK};A1;47;LSA0047;0,1;SE/LSA/T1/A1:1 SE/LSA/T1/A1:2" in text
    assert "togs in" in _hand_in(client, text)
    assert client.get("/desk/shelves/list.csv").get_data(as_text=True) == text
    more = text + f"{MARK};A2;50;=1+1;0,08;\r\n"
    assert "togs in" in _hand_in(client, more)
    assert "'=1+1" in client.get("/desk/shelves/list.csv").get_data(as_text=True)


def test_the_store_gives_back_what_stands_where_and_what_was_taken_away(city: Config) -> None:
    with db.archive.transaction() as session:
        first, _ = _records(session)
        actions.place(session, [first], None, viewer=_archivist())
    worker.run_until_idle()
    with db.archive.reading() as session:
        before = list(writing.everything(session))
    assert sum('"kind": "standing"' in line for line in before) == 2
    db.unbind()
    databases.lose(city.database_url)
    db.bind(city)
    migrate.upgrade()
    assert rebuild(open_store(city), say=lambda text: None).problems == ()
    with db.archive.reading() as session:
        assert list(writing.everything(session)) == before
        assert _stands(session, VOLUMES[0]) is None
        assert _stands(session, VOLUMES[1]) == f"{MARK} / A1 / 47"


def test_many_boxes_cost_as_few_questions_as_one(city: Config, login: Login) -> None:
    client, counts = login("archivist"), []
    with db.archive.reading() as session:
        section = queries.one_place(session, "A2").pid
    for extra in (0, 30):
        with db.archive.transaction() as session:
            target = queries.by_pid(session, section)
            for n in range(extra):
                _build(session, PlaceKind.BOX, target, f"n{n}")
        with counting.statements() as sent:
            assert client.get(f"/desk/shelves/{section}").status_code == 200
            assert client.get("/desk/shelves").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_the_desk_builds_places_moves_and_looks_up(city: Config, login: Login) -> None:
    client = login("archivist")
    client.post("/desk/shelves", data={"code": "Magasin 9"})
    with db.archive.reading() as session:
        room, box = (queries.one_place(session, code).pid for code in ("Magasin 9", "LSA0047"))
    form = {"code": "C1", "metres": "2,5", "parent": room}
    client.post("/desk/shelves", data=form)
    assert "2,5" in client.get(f"/desk/shelves/{room}").text
    client.post(f"/desk/shelves/{box}/move", data={"target": "C1"})
    assert client.get("/desk/shelves?q=LSA0047").headers["Location"].endswith(box)
    pid = factories.record(VOLUMES[0]).pid
    assert "Magasin 9 / C1 / 47" in client.get(f"/desk/holdings/{pid}/shelf").text
    client.post(f"/desk/holdings/{pid}/shelf", data={"away": "1"})
    assert "Volym 1" in client.get("/desk/shelves/unplaced").text
    ticked = {"record": [pid], "target": "C1", "metres": "brett"}
    client.post("/desk/shelves/unplaced", data=ticked, headers={"Referer": "/desk/shelves"})
    assert "Volym 1" in client.get("/desk/shelves/unplaced").text
    client.post("/desk/shelves/unplaced", data=ticked | {"metres": "0,2"})
    assert "Alla volymer har en plats" in client.get("/desk/shelves/unplaced").text
    assert login("auditor").post("/desk/shelves", data={"code": "X"}).status_code == 403


def test_one_wrong_code_among_several_places_nothing_and_loses_no_code(
    city: Config, login: Login
) -> None:
    client = login("archivist")
    with db.archive.reading() as session:
        pid = queries.one_place(session, "A2").pid
    typed = {"records": f"{VOLUMES[0]}\nSE/LSA/fel\n{VOLUMES[1]}", "metres": "0,08"}
    told = client.post(f"/desk/shelves/{pid}/records", data=typed)
    assert told.status_code == 422
    assert "Handlingen SE/LSA/fel finns inte." in told.text
    assert all(code in told.text for code in VOLUMES) and 'value="0,08"' in told.text
    with db.archive.reading() as session:
        place = queries.by_pid(session, pid)
        assert not queries.page_of(session, place, None).records
    bad = client.post(
        f"/desk/shelves/{pid}/records", data=typed | {"records": VOLUMES[0], "metres": "x"}
    )
    assert bad.status_code == 422 and VOLUMES[0] in bad.text


def test_a_room_whose_shelves_nobody_measured_is_not_said_to_hold_nothing(
    city: Config, login: Login
) -> None:
    with db.archive.transaction() as session:
        room = _build(session, PlaceKind.ROOM, None, "Magasin 5")
        _build(session, PlaceKind.SECTION, room, "Z1")
        pid = room.pid
    with db.archive.reading() as session:
        fill = next(each for each in queries.rooms(session) if each.place.pid == pid)
        assert (fill.capacity, fill.free, fill.percent) == (None, None, None)
    page = login("archivist").get(f"/desk/shelves/{pid}").text
    assert "inte känt" in page and "räknas som 0,08 meter" in page


def test_volume_2_comes_before_volume_10_and_a_code_tells_where_its_volume_stands(
    city: Config, login: Login
) -> None:
    code = "SE/LSA/T1/A1:10"
    with db.archive.transaction() as session:
        records.by_ref(session, VOLUMES[1]).reference = code
        records.by_ref(session, VOLUMES[0]).reference = "SE/LSA/T1/A1:9"
    with db.archive.reading() as session:
        box = queries.page_of(session, queries.one_place(session, "47"), None)
        assert [record.reference for record, _ in box.records] == ["SE/LSA/T1/A1:9", code]
    client = login("archivist")
    told = client.get("/desk/shelves", query_string={"q": code}).text
    assert f"{MARK} / A1 / 47" in told and "Volym 2" in told
    pid = factories.record(code).pid
    client.post(
        "/desk/shelves/unplaced",
        data={"record": [pid, factories.record("SE/LSA/T1/A1:9").pid], "away": "1"},
    )
    nowhere = client.get("/desk/shelves/unplaced").text
    assert nowhere.index("A1:9") < nowhere.index("A1:10")
    assert "står ingenstans" in client.get("/desk/shelves", query_string={"q": code}).text
