"""Deliveries that change what is here: old versions stay, decisions stay, nothing is removed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive import clock, db, migrate
from archive.audit.actions import SYSTEM
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.edition.models import PublicFile, PublicRecord
from archive.errors import Conflict
from archive.history.models import Change
from archive.holdings import actions as holdings
from archive.holdings import queries
from archive.holdings.models import Aip, Description, Event, File, RecordText
from archive.jobs import worker
from archive.keeping import writing
from archive.keeping.rebuild import rebuild
from archive.storage.store import open_store
from ingest import accession, pipeline
from ingest.build import BuildFile, PackageSpec
from ingest.models import Transfer, TransferFinding
from ingest.package import DescriptionDraft
from tests import databases, factories

REF = "SE/LSA/T1/A1:1"
_made: list[int] = []


def _deliver(
    city: Config, folder: Path, status: str, *leaves: DescriptionDraft, **changes: object
) -> Transfer:
    """Hand in a package of a status with these records; a file of each unless others are given."""
    _made.append(1)
    place = folder / f"leverans-{len(_made)}"
    place.mkdir()
    unit = changes.pop("unit", "HA")
    spec = factories.spec(*leaves)
    spec = replace(spec, status=status, **changes)  # type: ignore[arg-type]
    return factories.take_in(city, factories.package(place, spec), unit=str(unit))


def _page(name: str, colour: str = "red") -> tuple[BuildFile, ...]:
    return (BuildFile(name, factories.picture(colour, name.encode()), "akt"),)


def _codes(transfer: Transfer) -> set[str]:
    with db.archive.reading() as session:
        own = TransferFinding.transfer_id == transfer.id
        return set(session.scalars(select(TransferFinding.code).where(own)))


def _files(reference: str = REF, *, ended: bool = False) -> list[tuple[str, str]]:
    with db.archive.reading() as session:
        record = queries.by_ref(session, reference)
        rows = session.scalars(
            select(File).where(File.description_id == record.id).order_by(File.sequence, File.id)
        )
        return [(f.original_name, f.sha256) for f in rows if bool(f.last_version) is ended]


def _aip(reference: str = REF) -> Aip:
    with db.archive.reading() as session:
        return session.get_one(Aip, queries.by_ref(session, reference).aip_id)


def _take(transfer: Transfer, reason: str = "Granskad.") -> None:
    with db.archive.transaction() as session:
        row = pipeline.get(session, transfer.pid)
        pipeline.accept(session, row, reason=reason, viewer=factories.viewer("archivist"))
    worker.run_until_idle()


def _state(transfer: Transfer) -> str:
    with db.archive.reading() as session:
        return str(pipeline.get(session, transfer.pid).state)


def _canonical() -> list[str]:
    with db.archive.reading() as session:
        return list(writing.everything(session))


def _holdings() -> tuple[int, ...]:
    with db.archive.reading() as session:
        return tuple(
            session.scalar(select(func.count()).select_from(t)) or 0 for t in (Description, File)
        )


# -- what must not happen ---------------------------------------------------------------------


@pytest.mark.parametrize("status", ["SUPPLEMENT", "REPLACEMENT", "VERSION", "DELETE"])
def test_an_update_of_something_unknown_waits_and_cannot_be_taken_in(
    city: Config, tmp_path: Path, status: str
) -> None:
    update = _deliver(city, tmp_path, status, factories.minutes(), object_id="okänd")
    assert update.state == "review" and "UPDATE-TARGET" in _codes(update)
    with pytest.raises(Conflict):
        _take(update)
    assert _state(update) == "review" and _holdings() == (0, 0)


def test_anothers_records_are_as_unknown_to_an_update_as_those_that_do_not_exist(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    before = _canonical()
    row = _row_of("SA")
    leaf = factories.minutes(record_type=row, reference="1")
    update = _deliver(city, tmp_path, "REPLACEMENT", leaf, unit="SA")
    assert update.state == "review" and "UPDATE-TARGET" in _codes(update)
    with pytest.raises(Conflict):
        _take(update)
    told = [line for line in _canonical() if '"kind": "transfer"' not in line]
    assert told == [line for line in before if '"kind": "transfer"' not in line]


def _row_of(unit: str) -> str:
    with db.archive.reading() as session:
        return factories.some_row(session, unit).code


def test_a_record_of_another_delivery_is_not_taken_over_by_an_update(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes(), object_id="ett")
    other = factories.minutes(key="b", reference="SE/LSA/T1/A1:2")
    _deliver(city, tmp_path, "NEW", other, object_id="två")
    before = _files()
    update = _deliver(
        city, tmp_path, "REPLACEMENT", factories.minutes(), object_id="två", files=_page("x.jpg")
    )
    assert update.state == "review" and "GATE-REFERENCE" in _codes(update)
    with pytest.raises(Conflict):
        _take(update)
    assert _files() == before


def test_a_destroyed_record_gets_no_new_version(city: Config, tmp_path: Path) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    with db.archive.transaction() as session:
        queries.by_ref(session, REF).destroyed_on = clock.today()
    update = _deliver(city, tmp_path, "REPLACEMENT", factories.minutes(), files=_page("akt.jpg"))
    assert update.state == "review" and "UPDATE-DESTROYED" in _codes(update)
    with pytest.raises(Conflict):
        _take(update)
    assert _aip().version == "v1"


def test_a_record_destroyed_while_its_update_waits_stops_it(
    city: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    true_store = accession.packing.store_all

    def meanwhile(*given: object) -> object:
        with db.archive.transaction() as session:
            queries.by_ref(session, REF).destroyed_on = clock.today()
        return true_store(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(accession.packing, "store_all", meanwhile)
    update = _deliver(city, tmp_path, "REPLACEMENT", factories.minutes(), files=_page("akt.jpg"))
    assert update.state == "accepted" and _aip().version == "v1"


def test_a_delivery_that_asks_for_deletion_deletes_nothing(city: Config, tmp_path: Path) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    before, files = _holdings(), _files()
    update = _deliver(city, tmp_path, "DELETE", factories.minutes())
    assert update.state == "review" and "UPDATE-DELETE" in _codes(update)
    with pytest.raises(Conflict):
        _take(update)
    assert (_holdings(), _files()) == (before, files) and _aip().version == "v1"


def test_a_record_under_a_hold_waits_and_keeps_its_old_version(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    with db.archive.transaction() as session:
        series = queries.by_ref(session, "SE/LSA/T1/A1")  # above it: a hold covers what is below
        holdings.place_hold(session, series, reason="tvist", actor=SYSTEM)
    update = _deliver(city, tmp_path, "REPLACEMENT", factories.minutes(), files=_page("akt.jpg"))
    assert update.state == "review" and "UPDATE-HOLD" in _codes(update)
    _take(update)
    assert _state(update) == "accessioned" and _aip().version == "v2"
    assert "v1" in open_store(city).inventory(_aip().object_id)["versions"]


def test_a_test_delivery_waits_for_a_person(city: Config, tmp_path: Path) -> None:
    update = _deliver(city, tmp_path, "TEST", factories.minutes())
    assert update.state == "review" and "UPDATE-STATUS" in _codes(update)


# -- replacing --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["REPLACEMENT", "VERSION"])
def test_a_replacement_is_a_new_version_and_the_old_one_stays(
    city: Config, tmp_path: Path, status: str
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    old = _files()
    leaf = factories.minutes("Protokoll, rättad avskrift", text="Anno 1634, rättat.")
    update = _deliver(city, tmp_path, status, leaf, files=_page("akt.jpg"))
    assert update.state == "accessioned" and "UPDATE-REPLACES" in _codes(update)
    assert _files() != old and _files(ended=True) == old and len(_files()) == 1
    assert factories.record(REF).title == "Protokoll, rättad avskrift"
    aip, store = _aip(), open_store(city)
    assert aip.version == "v2"
    v1, v2 = (store.version(aip.object_id, v).files for v in ("v1", "v2"))
    [(_, sha_old)], [(_, sha_new)] = old, _files()
    content = [p for p in v1 if p.startswith("content/")]
    assert [v1[p].sha256 for p in content] == [sha_old]
    assert [v2[p].sha256 for p in v2 if p.startswith("content/")] == [sha_new]
    assert store.check(aip.object_id, aip.inventory_digest) == []
    with db.archive.reading() as session:
        event = session.scalars(select(Event).where(Event.kind == "modification")).one()
        assert event.detail["from"] == "v1" and event.detail["status"] == status
        done = AuditEvent.action == "record.update"
        assert session.scalar(select(func.count()).select_from(AuditEvent).where(done)) == 1
        text = session.scalars(select(RecordText.body).where(RecordText.source == "transcription"))
        assert text.one() == "Anno 1634, rättat."
        change = session.scalars(select(Change)).one()
    assert change.deed == "update" and str(update.number) in (change.reason or "")
    assert change.fields["title"] == [factories.minutes().title, "Protokoll, rättad avskrift"]


def test_records_that_a_replacement_does_not_name_are_left_as_they_are(
    city: Config, tmp_path: Path
) -> None:
    other = factories.minutes("Andra", key="b", reference="SE/LSA/T1/A1:2")
    _deliver(city, tmp_path, "NEW", factories.minutes(), other)
    before = _files("SE/LSA/T1/A1:2")
    update = _deliver(city, tmp_path, "REPLACEMENT", factories.minutes(), files=_page("akt.jpg"))
    assert update.state == "accessioned"
    assert _files("SE/LSA/T1/A1:2") == before and _aip("SE/LSA/T1/A1:2").version == "v1"


def test_what_a_person_decided_or_wrote_is_never_overwritten(city: Config, tmp_path: Path) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes(scope="Först"))
    with db.archive.transaction() as session:
        record = queries.by_ref(session, REF)
        holdings.describe(session, record, {"title": "Arkivariens titel"}, actor=SYSTEM)
        unit = factories.accounts.need_unit(session, "HA")
        holdings.assign_rule(session, record, unit, "HA-F-BV", reason="rätt rad", actor=SYSTEM)
        mark = holdings.set_mark(session, record, "OSL-26-1", authority="KS", actor=SYSTEM)
        holdings.lift_mark(session, mark, record, reason="fel", actor=SYSTEM)
    leaf = factories.minutes("Leverantörens titel", scope="Sedan")
    update = _deliver(city, tmp_path, "REPLACEMENT", leaf, files=_page("akt.jpg"))
    assert update.state == "accessioned" and "UPDATE-ROW" in _codes(update)
    record = factories.record(REF)
    assert (record.title, record.scope) == ("Arkivariens titel", "Sedan")
    assert record.rule_code == "HA-F-BV" and _aip().version == "v2"


def test_a_published_record_waits_and_then_shows_its_new_contents(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    with db.archive.transaction() as session:
        record = queries.by_ref(session, REF)
        holdings.publish(session, record, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    before = _public()
    assert before
    update = _deliver(
        city, tmp_path, "REPLACEMENT", factories.minutes("Ny titel"), files=_page("akt.jpg")
    )
    assert update.state == "review" and "UPDATE-PUBLISHED" in _codes(update)
    assert _public() == before
    _take(update)
    assert _public() and not _public() & before
    with db.edition.reading() as session:
        titles = session.scalars(select(PublicRecord.title).where(PublicRecord.reference == REF))
        assert titles.one() == "Ny titel"


def test_a_record_that_was_withdrawn_stays_withdrawn(city: Config, tmp_path: Path) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    with db.archive.transaction() as session:
        record, who = queries.by_ref(session, REF), factories.viewer("archivist")
        holdings.publish(session, record, viewer=who)
        holdings.withdraw(session, record, reason="fel bild", viewer=who)
    worker.run_until_idle()
    update = _deliver(city, tmp_path, "REPLACEMENT", factories.minutes(), files=_page("akt.jpg"))
    assert update.state == "accessioned" and _public() == set()
    assert factories.record(REF).withdrawn_reason == "fel bild"


def test_an_update_that_claims_secrecy_closes_a_published_record(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    with db.archive.transaction() as session:
        record = queries.by_ref(session, REF)
        holdings.publish(session, record, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    leaf = factories.minutes(living_persons="yes", personal_data="sensitive")
    _take(_deliver(city, tmp_path, "REPLACEMENT", leaf, files=_page("akt.jpg")))
    assert factories.record(REF).access != "allow" and _public() == set()


def _public() -> set[str]:
    with db.edition.reading() as session:
        return set(session.scalars(select(PublicFile.sha256)))


def test_a_record_without_a_code_is_never_guessed_by_its_number(
    city: Config, tmp_path: Path
) -> None:
    one, two = (factories.minutes(f"Akt {n}", key=f"a{n}", reference=None) for n in (1, 2))
    _deliver(city, tmp_path, "NEW", one, two)
    before = _canonical_records()
    turned = _deliver(city, tmp_path, "REPLACEMENT", two)  # the first one now, once the second
    assert turned.state == "review" and "UPDATE-UNNAMED" in _codes(turned)
    with pytest.raises(Conflict):
        _take(turned)
    assert _canonical_records() == before
    more = _deliver(city, tmp_path, "SUPPLEMENT", factories.minutes("Akt 3", reference=None))
    assert more.state == "accessioned"
    assert factories.record("SE/LSA/T1/A1/3").title == "Akt 3"
    assert _canonical_records()[:2] == before


def _canonical_records() -> list[tuple[str, str]]:
    with db.archive.reading() as session:
        own = select(Description.reference, Description.title).where(Description.level == "file")
        return [(r, t) for r, t in session.execute(own.order_by(Description.id))]


# -- supplementing ----------------------------------------------------------------------------


def test_a_supplement_adds_files_and_records_and_changes_nothing_that_is_here(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    old = _files()
    more = factories.minutes("Bilaga", key="b", reference="SE/LSA/T1/A1:2")
    files = (*_page("sida2.jpg"), BuildFile("b.jpg", factories.picture("green"), "b"))
    update = _deliver(
        city, tmp_path, "SUPPLEMENT", factories.minutes("Annan titel"), more, files=files
    )
    assert update.state == "accessioned" and "UPDATE-SUPPLEMENTS" in _codes(update)
    assert _files()[:1] == old and [name for name, _ in _files()] == ["akt.jpg", "sida2.jpg"]
    assert _files(ended=True) == [] and _aip().version == "v2"
    assert factories.record(REF).title == "Rådstuguprotokoll 1634"
    new = factories.record("SE/LSA/T1/A1:2")
    assert new.title == "Bilaga" and new.transfer_pid == update.pid
    with db.archive.reading() as session:
        sequences = session.scalars(select(File.sequence).where(File.aip_id == _aip().id)).all()
    assert sorted(sequences) == [1, 2]


def test_a_supplement_with_a_name_that_is_here_does_not_write_over_it(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    old = _files()
    update = _deliver(city, tmp_path, "SUPPLEMENT", factories.minutes(), files=_page("akt.jpg"))
    assert update.state == "accessioned"
    assert _files()[0] == old[0] and len(_files()) == 2
    store, aip = open_store(city), _aip()
    with db.archive.reading() as session:
        for file in session.scalars(select(File)):
            kept = store.version(aip.object_id, aip.version).files[file.logical_path]
            assert kept.sha512 == file.sha512


def test_the_reference_code_names_what_is_supplemented_as_well(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    update = _deliver(
        city, tmp_path, "SUPPLEMENT", factories.minutes(), object_id="annat",
        updates=REF, files=_page("sida2.jpg"),
    )  # fmt: skip
    assert update.state == "accessioned" and len(_files()) == 2


def test_the_same_supplement_in_another_wrapping_adds_nothing(city: Config, tmp_path: Path) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    _deliver(city, tmp_path, "SUPPLEMENT", factories.minutes(), files=_page("sida2.jpg"))
    before = _files(), _aip().version
    again = _deliver(
        city, tmp_path, "SUPPLEMENT", factories.minutes(), files=_page("sida2.jpg"), readme="Igen"
    )
    assert again.state == "accessioned" and (_files(), _aip().version) == before


def test_the_same_replacement_in_another_wrapping_makes_no_version(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    _deliver(city, tmp_path, "REPLACEMENT", factories.minutes(), files=_page("akt.jpg"))
    before = _files(), _files(ended=True), _aip().version
    again = _deliver(
        city, tmp_path, "REPLACEMENT", factories.minutes(), files=_page("akt.jpg"), readme="Igen"
    )
    assert again.state == "accessioned"
    assert (_files(), _files(ended=True), _aip().version) == before


# -- breakdowns -------------------------------------------------------------------------------


def _killed(*_: object, **__: object) -> None:
    raise OSError("killed")


def test_killed_between_store_and_rows_the_old_version_is_read_until_the_new_one_is_whole(
    city: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    old, store = _files(), open_store(city)
    with monkeypatch.context() as at_first:
        at_first.setattr(accession.following, "grow_aips", _killed)
        update = _deliver(
            city, tmp_path, "REPLACEMENT", factories.minutes("Ny"), files=_page("akt.jpg")
        )
    aip = _aip()
    assert update.state == "accepted" and aip.version == "v1" and _files() == old
    assert store.version(aip.object_id).version == "v2"  # written, and known to nobody yet
    with db.archive.reading() as session:
        [file] = session.scalars(select(File))
        place = store.path_of(*queries.object_of(session, file))
    assert place.stat().st_size == file.size_bytes
    assert store.version(*queries.object_of(session, file)[::2]).files[
        file.logical_path
    ].sha512 == file.sha512  # fmt: skip
    with clock.frozen(clock.now() + timedelta(hours=2)):
        worker.run_until_idle()
    assert _state(update) == "accessioned" and _aip().version == "v2"
    assert _files(ended=True) == old and factories.record(REF).title == "Ny"


def test_two_updates_of_one_package_at_once_lose_neither(
    city: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    true_store = accession.packing.store_all
    with monkeypatch.context() as at_first:
        at_first.setattr(accession.following, "grow_aips", _killed)
        first = _deliver(
            city, tmp_path, "SUPPLEMENT", factories.minutes(), files=_page("sida2.jpg")
        )
    second = _deliver(city, tmp_path, "SUPPLEMENT", factories.minutes(), files=_page("sida3.jpg"))
    assert (_state(first), second.state) == ("accepted", "accessioned")
    with clock.frozen(clock.now() + timedelta(hours=2)):
        worker.run_until_idle()
    assert _state(first) == "accessioned" and accession.packing.store_all is true_store
    assert {name for name, _ in _files()} == {"akt.jpg", "sida2.jpg", "sida3.jpg"}
    aip, store = _aip(), open_store(city)
    kept = store.version(aip.object_id, aip.version).files
    with db.archive.reading() as session:
        assert all(f.logical_path in kept for f in session.scalars(select(File)))


def test_the_store_alone_gives_back_a_record_with_its_versions(
    city: Config, tmp_path: Path
) -> None:
    _deliver(city, tmp_path, "NEW", factories.minutes())
    _deliver(city, tmp_path, "REPLACEMENT", factories.minutes("Ny"), files=_page("akt.jpg"))
    _deliver(city, tmp_path, "SUPPLEMENT", factories.minutes(), files=_page("sida2.jpg"))
    before = _canonical()
    db.unbind()
    databases.lose(city.database_url)
    db.bind(city)
    migrate.upgrade()
    assert rebuild(open_store(city), say=lambda text: None).problems == ()
    assert _canonical() == before and _aip().version == "v3"


def test_what_is_built_says_its_status_and_what_it_changes(tmp_path: Path) -> None:
    spec: PackageSpec = replace(
        factories.spec(factories.minutes()), status="VERSION", updates="SE/LSA/T1"
    )
    path = factories.package(tmp_path, spec)
    found = accession.pipeline.read.examine(path)
    assert found.package is not None and found.is_valid
    assert (found.package.status, found.package.updates) == ("VERSION", ("SE/LSA/T1",))
