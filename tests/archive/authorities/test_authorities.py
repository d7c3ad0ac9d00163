"""One name for one person: made, changed, merged and parted again, and told to nobody too early."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import db, migrate
from archive.accounts import queries as accounts
from archive.accounts.models import Role
from archive.accounts.permissions import Viewer
from archive.audit.models import AuditEvent
from archive.authorities import actions, merging, queries
from archive.authorities.models import Relation
from archive.authorities.queries import Asked
from archive.config import Config
from archive.edition.models import PublicRecord
from archive.errors import Conflict, Invalid, NotFound, Refused
from archive.holdings import actions as holdings
from archive.holdings import naming
from archive.holdings import queries as records
from archive.holdings.models import Agent, Term
from archive.jobs import worker
from archive.keeping import earlier, writing
from archive.keeping.rebuild import rebuild
from archive.storage.store import open_store
from ingest.package import AgentDraft
from tests import counting, databases, factories, settled

Login = Callable[[str], FlaskClient]
OPEN, OTHER, SECRET = "SE/LSA/T1/A1:1", "SE/LSA/T1/A1:2", "SE/LSA/T1/F1:1"


def _settle(city: Config, folder: Path) -> None:
    """Two open records of Carl Hanson and Karl Hansson, and a secret one; all published."""
    what = factories.spec(
        factories.minutes(creators=(AgentDraft("Hanson, Carl", "creator", "person"),)),
        factories.minutes(
            key="annan",
            title="Rådstuguprotokoll 1635",
            reference=OTHER,
            creators=(AgentDraft("Hansson, Karl", "creator", "person"),),
            places=("Stora Torget",),
        ),
        factories.secret_file(),
    )
    factories.take_in(city, factories.package(folder, what))
    with db.archive.transaction() as session:
        fonds = records.by_ref(session, "SE/LSA/T1")
        holdings.publish_branch(session, fonds, viewer=_archivist())
    worker.run_until_idle()


once = settled.once(_settle)
city = settled.city


@pytest.fixture
def lived(city: Config) -> Config:
    """The house where all that has happened."""
    return city


def _archivist() -> Viewer:
    return factories.viewer("archivist")


def _agent(session: object, name: str) -> Agent:
    return session.scalars(select(Agent).where(Agent.name == name)).one()  # type: ignore[attr-defined]


def _merge(loser: str = "Hanson, Carl", winner: str = "Hansson, Karl") -> str:
    with db.archive.transaction() as session:
        done = merging.merge(
            session, _agent(session, loser), _agent(session, winner), viewer=_archivist()
        )
        pid = done.pid
    worker.run_until_idle()
    return pid


def _undo(pid: str) -> None:
    with db.archive.transaction() as session:
        done = queries.merge_by_pid(session, pid)
        assert done is not None
        merging.undo(session, done, viewer=_archivist())
    worker.run_until_idle()


def _named(reference: str) -> list[tuple[str, str]]:
    with db.archive.reading() as session:
        page = records.page_of(session, records.by_ref(session, reference))
        return [(link.role, agent.name) for link, agent in page.agents]


def _change(of: str, **facts: object) -> None:
    with db.archive.transaction() as session:
        actions.change(session, _agent(session, of), facts, viewer=_archivist())


def _public(reference: str) -> PublicRecord:
    with db.edition.reading() as session:
        return session.scalars(
            select(PublicRecord).where(PublicRecord.reference == reference)
        ).one()


def _hits(app: Flask, word: str) -> str:
    return app.test_client().get("/search", query_string={"q": word}).get_data(as_text=True)


@pytest.mark.parametrize(
    "one, other",
    [
        ("Hanson, Carl", "Karl Hansson"),
        ("Wahlström", "Valström"),
        ("Christina Lindqvist", "Lindkvist, Kristina"),
        ("Filip Thorén", "Philip Torén"),
    ],
)
def test_two_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    assert naming.match_key(one) == naming.match_key(other)


@pytest.mark.parametrize("one, other", [("Anna Ek", "Anna Äng"), ("Lind", "Lund"), ("Hål", "Hal")])
def test_two_names_do_not_sound_alike(one: str, other: str) -> None:
    assert naming.match_key(one) != naming.match_key(other)


def test_names_that_sound_alike_are_suggested_and_never_merged_by_themselves(
    lived: Config,
) -> None:
    with db.archive.reading() as session:
        groups = queries.suggested(session, "", None)
        places = queries.suggested(session, "place", None)
    assert [{a.name for a in group} for group in groups] == [{"Hanson, Carl", "Hansson, Karl"}]
    assert [{t.value for t in group} for group in places] == [{"Stora torget", "Stora Torget"}]
    assert _named(OPEN) == [("creator", "Hanson, Carl")]


def test_a_merge_lets_every_record_follow_and_the_lost_name_still_finds(
    lived: Config, app: Flask
) -> None:
    _change("Hansson, Karl", living="no")
    _change("Hanson, Carl", living="no")
    _merge()
    assert _named(OPEN) == _named(OTHER) == [("creator", "Hansson, Karl")]
    assert _public(OPEN).creators == ["Hansson, Karl"]
    found = _hits(app, "Carl Hanson")
    assert "1634" in found and "1635" in found


def test_a_merge_undone_gives_each_its_own_again(lived: Config) -> None:
    with db.archive.transaction() as session:
        record = records.by_ref(session, OTHER)
        carl = _agent(session, "Hanson, Carl")
        actions.link(session, record, carl, role="author", viewer=_archivist())
        actions.link(session, record, carl, role="creator", viewer=_archivist())
    before = {ref: sorted(_named(ref)) for ref in (OPEN, OTHER)}
    pid = _merge()
    assert sorted(_named(OTHER)) == [("author", "Hansson, Karl"), ("creator", "Hansson, Karl")]
    _undo(pid)
    assert {ref: sorted(_named(ref)) for ref in (OPEN, OTHER)} == before
    with db.archive.reading() as session:
        assert _agent(session, "Hansson, Karl").variants == []
        assert _agent(session, "Hanson, Carl").merged_into is None
    with pytest.raises(Conflict, match="undone already"):
        _undo(pid)


def test_what_was_merged_twice_is_parted_in_its_order(lived: Config) -> None:
    first = _merge()
    with db.archive.transaction() as session:
        made = actions.make(
            session, Agent, {"kind": "person", "name": "Hansson, K."}, viewer=_archivist()
        )
        karl = _agent(session, "Hansson, Karl")
        merging.merge(session, karl, made, viewer=_archivist())
    with pytest.raises(Conflict, match="later merge"):
        _undo(first)
    assert _named(OPEN) == [("creator", "Hansson, K.")]


def test_a_merged_name_in_a_later_delivery_leads_to_the_one_in_use(
    lived: Config, tmp_path: Path
) -> None:
    _merge()
    carl, karl = (
        AgentDraft(name, "creator", "person") for name in ("Hanson, Carl", "Hansson, Karl")
    )
    later = factories.minutes(
        title="Rådstuguprotokoll 1636", reference="SE/LSA/T1/A1:3", creators=(carl, karl)
    )
    what = factories.spec(later, object_id="senare")
    assert factories.take_in(lived, factories.package(tmp_path, what)).state == "accessioned"
    assert _named("SE/LSA/T1/A1:3") == [("creator", "Hansson, Karl")]


def test_two_different_sorts_or_one_and_the_same_cannot_be_merged(lived: Config) -> None:
    with db.archive.transaction() as session:
        karl = _agent(session, "Hansson, Karl")
        place = session.scalars(select(Term).where(Term.value == "Stora torget")).one()
        for loser, winner in ((karl, karl), (karl, place), (place, karl)):
            with pytest.raises(Invalid):
                merging.merge(session, loser, winner, viewer=_archivist())


def test_one_who_may_be_alive_is_found_by_the_published_name_only(
    lived: Config, app: Flask
) -> None:
    _change("Hanson, Carl", variants=[{"name": "Xantippsson, Carl", "kind": "former"}])
    worker.run_until_idle()
    assert _public(OPEN).also_named == [] and "1634" not in _hits(app, "Xantippsson")
    with db.archive.reading() as session:
        assert queries.found(session, Asked("xantipp"), None).total == 1
    _change("Hanson, Carl", dates="1590–1650")
    worker.run_until_idle()
    assert _public(OPEN).also_named == ["Xantippsson, Carl"] and "1634" in _hits(app, "Xantippsson")
    assert "Xantippsson" not in app.test_client().get(f"/records/{_public(OPEN).pid}").text


def test_a_name_that_may_no_longer_be_told_leaves_the_edition_before_the_drain(
    lived: Config, app: Flask
) -> None:
    variant = {"name": "Xantippsson, Carl", "kind": "former"}
    _change("Hanson, Carl", variants=[variant], living="no")
    worker.run_until_idle()
    assert "1634" in _hits(app, "Xantippsson")
    _change("Hanson, Carl", living="yes")
    assert "1634" not in _hits(app, "Xantippsson")
    with db.edition.reading() as session:
        rows = session.scalars(select(PublicRecord)).all()
    assert not any("Xantippsson, Carl" in row.also_named for row in rows)
    worker.run_until_idle()
    assert _public(OPEN).also_named == []  # the record itself is back, without the name


def test_a_merge_with_one_who_may_be_alive_is_as_closed_as_that_one(lived: Config) -> None:
    _change("Hansson, Karl", living="no", variants=[{"name": "Calle", "kind": "other"}])
    worker.run_until_idle()
    assert _public(OTHER).also_named == ["Calle"]
    _merge()
    assert _public(OTHER).also_named == []


def test_whom_a_record_is_about_is_not_told_as_its_maker(lived: Config, app: Flask) -> None:
    with db.archive.transaction() as session:
        record = records.by_ref(session, OPEN)
        made = actions.make(
            session, Agent, {"kind": "person", "name": "Quiding, Beda"}, viewer=_archivist()
        )
        actions.link(session, record, made, role="depicted", viewer=_archivist())
    worker.run_until_idle()
    assert _public(OPEN).creators == ["Hanson, Carl"]
    assert "1634" not in _hits(app, "Quiding")


def test_no_name_of_a_closed_record_is_told_whatever_its_record_says(
    lived: Config, app: Flask
) -> None:
    person = f"{factories.SECRET}person"
    _change(person, living="no", variants=[{"name": "Zettervariant", "kind": "former"}])
    worker.run_until_idle()
    for word in (person, "Zettervariant"):
        page = _hits(app, word)
        assert SECRET not in page and factories.record(SECRET).pid not in page
    for path in lived.public_dir.rglob("*"):
        if path.is_file():
            assert b"zettervariant" not in path.read_bytes().lower(), path
    for path in ("/desk/authorities", "/desk/authorities/suggest?q=zetter"):
        assert app.test_client().get(path).status_code == 302


def test_a_changed_name_reaches_every_record_that_has_it(lived: Config, app: Flask) -> None:
    _change("Hanson, Carl", name="Hanson, Carl Johan")
    worker.run_until_idle()
    assert _public(OPEN).creators == ["Hanson, Carl Johan"]
    assert "1634" in _hits(app, "Johan")
    with pytest.raises(Conflict, match="already one"):
        _change("Hanson, Carl Johan", name="Hansson, Karl")


def _limited(session: object, unit: str) -> Viewer:
    found = accounts.need_unit(session, unit)  # type: ignore[arg-type]
    reach = {Role.ARCHIVIST: frozenset({found.id})}
    return Viewer(1, "a@demo.example", "A", "sv", reach)


def test_a_person_of_one_unit_neither_sees_nor_changes_names_of_another(lived: Config) -> None:
    with db.archive.transaction() as session:
        karl = _agent(session, "Hansson, Karl")
        other = next(u for u in session.scalars(accounts.units()) if u.code != "HA")
        stranger = _limited(session, other.code)
        units = queries.reach(stranger)
        assert queries.found(session, Asked("hansson"), units).total == 0
        assert queries.suggested(session, "", units) == []
        with pytest.raises(NotFound):
            queries.by_pid(session, karl.pid, units)
        with pytest.raises(Refused):
            actions.change(session, karl, {"dates": "1600"}, viewer=stranger)


def test_relations_are_said_once_and_seen_from_both_ends(lived: Config) -> None:
    viewer = _archivist()
    with db.archive.transaction() as session:
        old, new = (
            actions.make(session, Agent, {"kind": "organization", "name": name}, viewer=viewer)
            for name in ("Drätselkammaren", "Kommunstyrelsen")
        )
        assert isinstance(old, Agent) and isinstance(new, Agent)
        actions.relate(session, old, new, Relation.SUCCESSOR, dates="1971", viewer=viewer)
        with pytest.raises(Conflict):
            actions.relate(session, new, old, Relation.SUCCESSOR, viewer=viewer)
        with pytest.raises(Invalid):
            actions.relate(session, new, new, Relation.PART, viewer=viewer)
        for agent, other, is_from in ((old, new, True), (new, old, False)):
            (seen,) = queries.page_of(session, agent, None).relations
            assert (seen.other.name, seen.is_from) == (other.name, is_from)
        actions.part_ways(session, new, seen.relation.pid, viewer=viewer)
        assert queries.page_of(session, old, None).relations == []


def test_a_merge_takes_relations_along_and_gives_them_back(lived: Config) -> None:
    viewer = _archivist()
    with db.archive.transaction() as session:
        carl, karl = _agent(session, "Hanson, Carl"), _agent(session, "Hansson, Karl")
        guild = actions.make(
            session, Agent, {"kind": "organization", "name": "Skråämbetet"}, viewer=viewer
        )
        assert isinstance(guild, Agent)
        for one, other, kind in ((carl, guild, Relation.MEMBER), (carl, karl, Relation.FAMILY)):
            actions.relate(session, one, other, kind, viewer=viewer)
    pid = _merge()
    with db.archive.reading() as session:
        seen = queries.page_of(session, _agent(session, "Hansson, Karl"), None).relations
        assert [each.other.name for each in seen] == ["Skråämbetet"]
    _undo(pid)
    with db.archive.reading() as session:
        seen = queries.page_of(session, _agent(session, "Hanson, Carl"), None).relations
        assert {each.other.name for each in seen} == {"Skråämbetet", "Hansson, Karl"}


def test_every_deed_stands_in_the_log(lived: Config) -> None:
    pid = _merge()
    _undo(pid)
    with db.archive.reading() as session:
        deeds = set(session.scalars(select(AuditEvent.action)))
    assert {"authority.merge", "authority.unmerge"} <= deeds


def test_the_store_gives_back_names_merges_and_relations(lived: Config) -> None:
    _change("Hansson, Karl", variants=[{"name": "Kalle", "kind": "other"}], places=["Tannefors"])
    _merge()
    with db.archive.transaction() as session:
        karl = _agent(session, "Hansson, Karl")
        body = actions.make(
            session, Agent, {"kind": "organization", "name": "Skrået"}, viewer=_archivist()
        )
        assert isinstance(body, Agent)
        actions.relate(session, karl, body, Relation.MEMBER, viewer=_archivist())
    worker.run_until_idle()
    with db.archive.reading() as session:
        before = list(writing.everything(session))
    assert any('"kind": "authority_merge"' in line for line in before)
    db.unbind()
    databases.lose(lived.database_url)
    db.bind(lived)
    migrate.upgrade()
    assert rebuild(open_store(lived), say=lambda text: None).problems == ()
    with db.archive.reading() as session:
        assert list(writing.everything(session)) == before


def test_a_journal_from_before_names_had_ids_is_read_as_today() -> None:
    agent = {"kind": "agent", "key": ["person", "Ek"], "row": {"kind": "person", "name": "Ek"}}
    record = {"kind": "record", "key": ["p"], "row": {"agents": [{"agent": ["person", "Ek"]}]}}
    pid = earlier.pid_of("person", "Ek")
    assert earlier.as_today(agent)["key"] == [pid] == [earlier.as_today(agent)["row"]["pid"]]
    assert earlier.as_today(record)["row"]["agents"] == [{"agent": pid}]
    again = json.loads(json.dumps(earlier.as_today(agent)))
    assert earlier.as_today(again) == again
    # Never to be changed: stores out there are read with it.
    assert pid == "79q6hg0sg9c0w0xnx49gqz30ptr"


def test_a_list_of_many_names_costs_as_few_questions_as_one_of_few(
    lived: Config, login: Login
) -> None:
    client, counts = login("archivist"), []
    for extra in (0, 40):
        with db.archive.transaction() as session:
            session.add_all(Agent(kind="person", name=f"Person {extra}-{n}") for n in range(extra))
        with counting.statements() as sent:
            assert client.get("/desk/authorities").status_code == 200
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_a_name_is_made_changed_and_linked_at_the_desk(lived: Config, login: Login) -> None:
    client = login("archivist")
    form = {"kind": "person", "name": "Lind, Maja", "dates": "när som helst", "living": "unknown"}
    answer = client.post("/desk/authorities/new", data=form)
    assert answer.status_code == 422 and "Datumet går inte att läsa" in answer.text
    form |= {"dates": "1850–", "variants-0-name": "Lindh, Maja", "variants-0-kind": "spelling"}
    assert (
        "Lindh, Maja" in client.post("/desk/authorities/new", data=form, follow_redirects=True).text
    )
    assert client.post("/desk/authorities/new", data=form).status_code == 422  # the name is taken
    assert client.get("/desk/authorities/suggest?q=lindh").json == ["Lind, Maja"]
    pid = factories.record(OPEN).pid
    page = client.get(f"/desk/holdings/{pid}/names?q=maja").text
    with db.archive.reading() as session:
        maja = _agent(session, "Lind, Maja")
    assert f'value="{maja.pid}"' in page
    chosen = {"authority": maja.pid, "role": "author"}
    client.post(f"/desk/holdings/{pid}/names", data=chosen)
    assert ("author", "Lind, Maja") in _named(OPEN)
    client.post(f"/desk/holdings/{pid}/names", data={"kind": "subject", "name": "Kvarnar"})
    assert "Kvarnar" in client.get(f"/desk/holdings/{pid}").text
    client.post(f"/desk/holdings/{pid}/names/remove", data=chosen)
    assert ("author", "Lind, Maja") not in _named(OPEN)


def test_the_desk_shows_a_merge_beforehand_and_changes_nothing_by_looking(
    lived: Config, login: Login
) -> None:
    client = login("archivist")
    with db.archive.reading() as session:
        carl, karl = _agent(session, "Hanson, Carl").pid, _agent(session, "Hansson, Karl").pid
    page = client.get(f"/desk/authorities/{carl}/merge?into={karl}").text
    assert "Rådstuguprotokoll 1634" in page and "Ingenting är ändrat ännu" in page
    assert _named(OPEN) == [("creator", "Hanson, Carl")]
    client.post(f"/desk/authorities/{carl}/merge", data={"into": karl})
    assert _named(OPEN) == [("creator", "Hansson, Karl")]
    lost = client.get(f"/desk/authorities/{carl}").text
    assert "Ångra sammanslagningen" in lost and "Hansson, Karl" in lost
    assert client.get(f"/desk/authorities/{'x' * 27}").status_code == 404


def test_a_reader_without_the_right_to_describe_changes_no_name(
    lived: Config, login: Login
) -> None:
    client = login("auditor")
    with db.archive.reading() as session:
        karl = _agent(session, "Hansson, Karl").pid
    assert client.get(f"/desk/authorities/{karl}").status_code == 200
    form = {"kind": "person", "name": "Nytt", "living": "no"}
    for path in ("new", f"{karl}/edit", f"{karl}/merge"):
        assert client.post(f"/desk/authorities/{path}", data=form).status_code == 403
    assert "Nytt" not in client.get("/desk/authorities").text


def test_a_name_merged_out_of_sight_leads_to_the_one_in_use_and_a_role_is_never_guessed(
    lived: Config, login: Login
) -> None:
    with db.archive.reading() as session:
        carl, karl = _agent(session, "Hanson, Carl").pid, _agent(session, "Hansson, Karl").pid
        within = queries.Within(frozenset({records.by_ref(session, OPEN).unit_id}), False)
        nobodys = queries.Within(frozenset({0}), False)
    _merge()
    with db.archive.reading() as session:
        found = queries.used_instead(session, carl, within)
        assert found is not None and found.pid == karl
        assert queries.used_instead(session, carl, nobodys) is None
        assert queries.used_instead(session, karl, within) is None
    pid = factories.record(OPEN).pid
    page = login("archivist").get(f"/desk/holdings/{pid}/names?q=Hansson").text
    assert 'name="role" required><option value="">välj roll' in page
