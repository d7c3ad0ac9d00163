"""A description is written beside its picture, its history is kept, and a change can be undone."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import db, migrate
from archive.audit.actions import SYSTEM
from archive.config import Config
from archive.describing import queries as pen
from archive.describing import undo
from archive.edition.models import PublicRecord
from archive.errors import Conflict, Invalid, Refused
from archive.history import queries as histories
from archive.history.models import Change
from archive.holdings import actions as holdings
from archive.holdings import queries
from archive.jobs import worker
from archive.keeping import writing
from archive.keeping.rebuild import rebuild
from archive.storage.store import open_store
from tests import databases, factories

FIRST, SECOND = "SE/LSA/T1/A1:1", "SE/LSA/T1/A1:2"


@pytest.fixture
def held(city: Config, tmp_path: Path) -> Config:
    """Two open volumes of minutes, beside each other."""
    two = factories.minutes("Rådstuguprotokoll 1635", key="akt2", reference=SECOND)
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes(), two)))
    return city


def _change(reference: str, **changes: object) -> None:
    with db.archive.transaction() as session:
        record = queries.by_ref(session, reference)
        holdings.describe(session, record, changes, actor=factories.viewer("archivist"))


def _newest(reference: str) -> Change:
    with db.archive.reading() as session:
        record = queries.by_ref(session, reference)
        return session.scalars(histories.of_record(record.pid)).first()  # type: ignore[return-value]


def _take_back(reference: str, change: Change, role: str = "archivist") -> None:
    with db.archive.transaction() as session:
        record = queries.by_ref(session, reference)
        changes = histories.bundle_of(session, record.pid, change.pid)
        undo.take_back(session, changes, reason="fel", viewer=factories.viewer(role))


def _sight(page: str) -> str:
    found = re.search(r'name="sight" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def _filled(page: str, **changes: str) -> dict[str, str]:
    """Return what a browser sends when some fields of the form are changed."""
    form = {"sight": _sight(page)}
    form["title"] = html.unescape(re.search(r'id="title"[^>]* value="([^"]*)"', page)[1])  # type: ignore[index]
    form["date_text"] = html.unescape(re.search(r'id="date_text"[^>]* value="([^"]*)"', page)[1])  # type: ignore[index]
    form |= {"rights": "free", "living_persons": "no", "personal_data": "none", "genre": "minutes"}
    return form | changes


def test_every_change_keeps_what_each_field_said_before_and_says_since(held: Config) -> None:
    _change(FIRST, title="Rådstugurättens protokoll", date_text="1634-05-13", extent=None)
    change = _newest(FIRST)
    assert change.fields == {
        "title": ["Rådstuguprotokoll 1634", "Rådstugurättens protokoll"],
        "date_text": ["1634-05-12", "1634-05-13"],
        "date_edtf": ["1634-05-12", "1634-05-13"],
        "date_min": ["1634-05-12", "1634-05-13"],
        "date_max": ["1634-05-12", "1634-05-13"],
    }
    assert change.actor_name == factories.viewer("archivist").name


def test_a_change_that_changes_nothing_is_no_history(held: Config) -> None:
    _change(FIRST, title="Rådstuguprotokoll 1634")
    assert _newest(FIRST) is None


def test_an_undone_change_gives_back_the_earlier_values_as_a_new_change(held: Config) -> None:
    _change(FIRST, title="Fel titel", date_text="1699")
    _take_back(FIRST, _newest(FIRST))
    record = factories.record(FIRST)
    assert (record.title, record.date_text) == ("Rådstuguprotokoll 1634", "1634-05-12")
    assert record.date_max is not None and record.date_max.isoformat() == "1634-05-12"
    back = _newest(FIRST)
    assert (back.deed, back.reason) == ("undo", "fel")
    _take_back(FIRST, back)
    assert factories.record(FIRST).title == "Fel titel", "what was undone can be done again"


def test_an_undo_never_runs_over_a_newer_change(held: Config) -> None:
    _change(FIRST, title="Först", extent="1 blad")
    first = _newest(FIRST)
    _change(FIRST, title="Sedan")
    with pytest.raises(Conflict, match="title") as told:
        _take_back(FIRST, first)
    assert "Titel" in told.value.sv
    record = factories.record(FIRST)
    assert (record.title, record.extent) == ("Sedan", "1 blad"), "nothing of it was undone"


def test_only_who_may_describe_for_the_unit_may_undo(held: Config) -> None:
    _change(FIRST, title="Fel titel")
    with pytest.raises(Refused):
        _take_back(FIRST, _newest(FIRST), role="unit_manager")
    assert factories.record(FIRST).title == "Fel titel"


def test_what_an_undo_closes_leaves_the_edition_at_once(held: Config) -> None:
    _change(FIRST, rights="unknown")
    _change(FIRST, rights="free")
    opened = _newest(FIRST)
    with db.archive.transaction() as session:
        record = queries.by_ref(session, FIRST)
        holdings.publish(session, record, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    _take_back(FIRST, opened)
    record = factories.record(FIRST)
    assert record.access != "allow"
    with db.edition.reading() as session:
        assert (
            session.scalars(select(PublicRecord).where(PublicRecord.pid == record.pid)).first()
            is None
        )


def test_another_row_can_be_undone_and_the_gate_is_asked_again(held: Config) -> None:
    with db.archive.transaction() as session:
        record = queries.by_ref(session, FIRST)
        holdings.assign_rule(
            session, record, record.plan_unit, "HA-F-BV", reason="prov",
            actor=factories.viewer("archivist"),
        )  # fmt: skip
    change = _newest(FIRST)
    assert change.fields == {"rule_code": ["HA-A", "HA-F-BV"]}
    _take_back(FIRST, change)
    assert factories.record(FIRST).rule_code == "HA-A"


@pytest.mark.parametrize("code", ["HA-A1", "SA-001", " "])
def test_a_row_that_is_in_no_plan_in_force_is_refused_whatever_the_reason(
    held: Config, login: Callable[[str], FlaskClient], code: str
) -> None:
    for unit in ("HA", "EK"):
        with db.archive.transaction() as session, pytest.raises(Invalid):
            record = queries.by_ref(session, FIRST)
            holdings.assign_rule(
                session, record, factories.accounts.need_unit(session, unit), code,
                reason="Det är så.", actor=factories.viewer("archivist"),
            )  # fmt: skip
    form = {"unit": "HA", "rule": code, "reason": "Det är så."}
    client, path = login("archivist"), f"/desk/holdings/{factories.record(FIRST).pid}/row"
    assert client.post(path, data=form).status_code in {302, 422}
    kept = factories.record(FIRST)
    assert kept.rule_code == "HA-A" and _newest(FIRST) is None


def test_a_plan_that_a_unit_does_not_have_has_no_rows(held: Config) -> None:
    with db.archive.transaction() as session, pytest.raises(Invalid, match="KS has no row"):
        unit = factories.accounts.need_unit(session, "KS")
        record = queries.by_ref(session, FIRST)
        holdings.assign_rule(session, record, unit, "HA-A", reason="x", actor=SYSTEM)


def test_whether_living_persons_are_named_is_not_known_and_rights_are_not_cleared(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    _change(FIRST, living_persons="unknown", rights="unknown")
    page = login("archivist").get(f"/desk/holdings/{factories.record(FIRST).pid}").text
    assert re.search(r"Levande personer</dt><dd>vet inte</dd>", page)
    assert re.search(r"Upphovsrätt</dt><dd>inte utredd</dd>", page)


def test_the_history_survives_the_loss_of_the_database(held: Config) -> None:
    _change(FIRST, title="Ny titel")
    _take_back(FIRST, _newest(FIRST))
    worker.run_until_idle()
    with db.archive.reading() as session:
        before = list(writing.everything(session))
    db.unbind()
    databases.lose(held.database_url)
    db.bind(held)
    migrate.upgrade()
    assert rebuild(open_store(held), say=lambda line: None).problems == ()
    with db.archive.reading() as session:
        assert list(writing.everything(session)) == before
    back = _newest(FIRST)
    assert back.fields["title"] == ["Ny titel", "Rådstuguprotokoll 1634"]
    assert back.actor_name, "who did it is told though the accounts are gone"


def test_the_form_shows_the_record_beside_its_picture_and_leads_on(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client, first, second = login("archivist"), factories.record(FIRST), factories.record(SECOND)
    address = f"/desk/holdings/{first.pid}/edit"
    page = client.get(address).get_data(as_text=True)
    assert "/access" in page and f"/desk/holdings/{second.pid}/edit" in page
    answer = client.post(
        address, data=_filled(page, extent="1 volym", notes="Ett\n\nTvå", then="next")
    )
    assert answer.headers["Location"] == f"/desk/holdings/{second.pid}/edit"
    record = factories.record(FIRST)
    assert (record.extent, record.notes, record.genre) == ("1 volym", ["Ett", "Två"], "minutes")
    assert "title" not in _newest(FIRST).fields, "what was not touched is not changed"


def test_all_errors_are_told_at_once_and_nothing_is_lost(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client, address = login("archivist"), f"/desk/holdings/{factories.record(FIRST).pid}/edit"
    page = client.get(address).get_data(as_text=True)
    answer = client.post(
        address, data=_filled(page, title="", date_text="igår kväll", scope="Skrivet länge")
    )
    told = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Datumet går inte att läsa" in told and 'href="#title"' in told
    assert "Skrivet länge" in told
    assert _newest(FIRST) is None


def test_two_who_write_at_once_see_each_other_and_lose_nothing(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client, address = login("archivist"), f"/desk/holdings/{factories.record(FIRST).pid}/edit"
    page = client.get(address).get_data(as_text=True)
    _change(FIRST, title="Den andras titel", extent="2 blad")
    answer = client.post(address, data=_filled(page, title="Min titel", scope="Mitt innehåll"))
    told = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Den andras titel" in told and 'value="Min titel"' in told and 'value="2 blad"' in told
    assert factories.record(FIRST).title == "Den andras titel"
    again = _filled(told, title="Min titel", scope="Mitt innehåll", extent="2 blad")
    assert client.post(address, data=again).status_code == 302
    record = factories.record(FIRST)
    assert (record.title, record.extent, record.scope) == ("Min titel", "2 blad", "Mitt innehåll")


def test_two_who_write_different_fields_both_get_their_way(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client, address = login("archivist"), f"/desk/holdings/{factories.record(FIRST).pid}/edit"
    page = client.get(address).get_data(as_text=True)
    _change(FIRST, extent="2 blad")
    assert client.post(address, data=_filled(page, title="Min titel")).status_code == 302
    record = factories.record(FIRST)
    assert (record.title, record.extent) == ("Min titel", "2 blad")


def test_a_form_that_was_tampered_with_changes_nothing(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    client, address = login("archivist"), f"/desk/holdings/{factories.record(FIRST).pid}/edit"
    for sight in ("[]", "{", '{"title": "x"}'):
        answer = client.post(address, data={"sight": sight, "title": "Min titel"})
        assert answer.status_code == 422, sight
    assert _newest(FIRST) is None


def test_the_history_page_tells_who_what_and_why_and_undoes(
    held: Config, login: Callable[[str], FlaskClient]
) -> None:
    _change(FIRST, title="Fel titel")
    with db.archive.transaction() as session:
        record = queries.by_ref(session, FIRST)
        holdings.describe(session, record, {"extent": "9 blad"}, actor=SYSTEM)
    client, pid = login("archivist"), factories.record(FIRST).pid
    page = client.get(f"/desk/holdings/{pid}/history").get_data(as_text=True)
    assert "Systemet" in page and "Fel titel" in page and "Rådstuguprotokoll 1634" in page
    with db.archive.reading() as session:
        record = queries.by_ref(session, FIRST)
        entry = pen.history_of(session, record, factories.viewer("archivist"))[1]
    address = f"/desk/holdings/{pid}/history/{entry.change.pid}/undo"
    assert client.post(address, data={"reason": "skrivfel"}).status_code == 302
    assert factories.record(FIRST).title == "Rådstuguprotokoll 1634"
    assert "ångrad" in client.get(f"/desk/holdings/{pid}/history").get_data(as_text=True)
    assert client.post(f"/desk/holdings/{pid}/history/{'0' * 32}/undo").status_code == 404
    assert login("auditor").post(address).status_code == 403
