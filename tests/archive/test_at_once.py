"""Many at once: no number doubled, no change lost, no job run twice, nothing closed that opens.

The same tests run on PostgreSQL, from tests/postgres.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import select

from archive import clock, db
from archive.audit import actions as audit
from archive.audit import queries as audits
from archive.audit.actions import SYSTEM
from archive.audit.models import AuditHead
from archive.cases import actions as cases
from archive.cases.models import Case
from archive.config import Config
from archive.edition.models import PublicRecord
from archive.holdings import actions as holdings
from archive.holdings import queries
from archive.jobs import actions as jobs
from archive.jobs import worker
from archive.jobs.models import Job, JobState
from archive.publish import drain
from archive.storage.models import StoredObject
from ingest import receive
from ingest.models import Transfer
from tests import factories

HANDS = 6


def at_once(deed: Callable[[int], None], hands: int = HANDS) -> None:
    """Let several threads do a deed, all starting at the same moment."""
    together = threading.Barrier(hands)

    def start(number: int) -> None:
        together.wait()
        deed(number)

    with ThreadPoolExecutor(hands) as pool:
        list(pool.map(start, range(hands)))


def test_two_who_read_and_then_write_do_not_lose_each_others_change(city: Config) -> None:
    now, values = clock.now(), {"version": "v1", "digest": "d", "size_bytes": 1, "file_count": 0}
    with db.archive.transaction() as session:
        row = StoredObject(object_id="urn:a", stored_at=now, last_checked_at=now, **values)
        session.add(row)

    def count(number: int) -> None:
        for _ in range(10):
            with db.archive.transaction() as session:
                row = session.get_one(StoredObject, "urn:a")
                row.file_count = row.file_count + 1

    at_once(count)
    with db.archive.reading() as session:
        assert session.get_one(StoredObject, "urn:a").file_count == HANDS * 10


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(city: Config) -> None:
    with db.archive.reading() as reader:
        before = reader.scalar(select(AuditHead.seq))
        with db.archive.transaction() as session:
            audit.record(session, "test", "test:1", actor=SYSTEM)
        reader.expire_all()
        assert reader.scalar(select(AuditHead.seq)) == before
        assert audits.head(reader).seq == before


def test_the_chain_of_the_audit_holds_while_many_write_in_it(city: Config) -> None:
    with db.archive.reading() as session:
        before = audits.head(session).seq
    broken: list[audits.Break] = []

    def write(number: int) -> None:
        for turn in range(8):
            with db.archive.transaction() as session:
                audit.record(session, "test", f"test:{number}", actor=SYSTEM, turn=turn)
            with db.archive.reading() as session:
                broken.extend(audits.verify(session))

    at_once(write)
    assert broken == []
    with db.archive.reading() as session:
        assert not list(audits.verify(session))
        assert audits.head(session).seq == before + HANDS * 8


def test_no_case_number_is_given_twice(city: Config) -> None:
    def ask(number: int) -> None:
        for turn in range(4):
            with db.archive.transaction() as session:
                asked = cases.Asked("question", "desk", f"fråga {number} {turn}")
                cases.register(session, asked, actor=SYSTEM)

    at_once(ask)
    with db.archive.reading() as session:
        numbers = sorted(int(no.rsplit("-", 1)[1]) for no in session.scalars(select(Case.case_no)))
    assert numbers == list(range(1, HANDS * 4 + 1))


def test_no_transfer_number_is_given_twice_and_the_same_bytes_are_one(city: Config) -> None:
    def hand_in(number: int) -> None:
        for some in (b"the same bytes", f"bytes of {number}".encode()):
            receive.receive(
                BytesIO(some), "x.zip", receive.Declared(), quarantine=city.quarantine, actor=SYSTEM
            )

    at_once(hand_in)
    with db.archive.reading() as session:
        transfers = list(session.scalars(select(Transfer).order_by(Transfer.number)))
    assert [each.number for each in transfers] == list(range(1, HANDS + 2))
    assert all(receive.package_of(city.quarantine, each).is_file() for each in transfers)
    assert len(list(city.quarantine.iterdir())) == len(transfers)


def test_a_job_is_claimed_once_and_two_on_the_same_thing_never_run_at_once(city: Config) -> None:
    with db.archive.transaction() as session:
        for number in range(60):
            jobs.enqueue(session, "test.work", lock_key=f"thing:{number % 7}")
    claimed: list[int] = []

    def work(number: int) -> None:
        name, empty = f"worker {number}", 0
        while empty < 20:
            with db.archive.transaction() as session:
                job = jobs.claim(session, name)
            if job is None:
                empty += 1
                continue
            claimed.append(job.id)
            with db.archive.reading() as session:
                query = select(Job.lock_key).where(Job.state == JobState.RUNNING)
                running = Counter(session.scalars(query))
                assert max(running.values()) == 1
            with db.archive.transaction() as session:
                assert jobs.finish(session, job.id, name)

    at_once(work)
    assert len(claimed) == len(set(claimed)) == 60


@pytest.fixture
def published(city: Config, tmp_path: Path) -> Config:
    """A record that an archivist has let out, and that no worker has put in the edition yet."""
    factories.take_in(city, factories.package(tmp_path, factories.spec(factories.minutes())))
    with db.archive.transaction() as session:
        record = queries.by_ref(session, "SE/LSA/T1/A1:1")
        holdings.publish(session, record, viewer=factories.viewer("archivist"))
    return city


def _is_public() -> bool:
    with db.edition.reading() as session:
        found = select(PublicRecord.pid).where(PublicRecord.reference == "SE/LSA/T1/A1:1")
        return session.scalars(found).first() is not None


def test_a_drain_does_not_put_back_what_is_being_withdrawn(published: Config) -> None:
    has_left, go = threading.Event(), threading.Event()
    archivist = factories.viewer("archivist")

    def withdraw() -> None:
        with db.archive.transaction() as session:
            record = queries.by_ref(session, "SE/LSA/T1/A1:1")
            holdings.withdraw(session, record, reason="fel", viewer=archivist)
            has_left.set()
            go.wait(10)

    withdrawing = threading.Thread(target=withdraw)
    withdrawing.start()
    assert has_left.wait(10)
    draining = threading.Thread(target=drain.drain, args=(published,))
    draining.start()
    draining.join(0.5)  # without waiting for the archivist it would be done by now
    assert not _is_public()
    go.set()
    withdrawing.join()
    draining.join()
    assert not _is_public()


def test_publishing_withdrawing_and_draining_never_wait_for_each_other_in_a_ring(
    published: Config,
) -> None:
    archivist = factories.viewer("archivist")

    def deed(number: int) -> None:
        for _ in range(3):
            if number % 3 == 0:
                drain.drain(published)
                continue
            with db.archive.transaction() as session:
                record = queries.by_ref(session, "SE/LSA/T1/A1:1")
                if record.publication == "none":
                    holdings.publish(session, record, viewer=archivist)
                else:
                    holdings.withdraw(session, record, reason="fel", viewer=archivist)

    at_once(deed, hands=3)
    worker.run_until_idle()
    with db.archive.reading() as session:
        record = queries.by_ref(session, "SE/LSA/T1/A1:1")
        assert not list(audits.verify(session))
    assert _is_public() == (record.publication != "none")


def test_the_locks_of_two_databases_are_taken_in_one_order_only(city: Config) -> None:
    with db.archive.transaction(), db.edition.transaction():
        pass
    for first, second in ((db.edition, db.archive), (db.counter, db.archive),
                          (db.archive, db.archive), (db.archive, db.counter)):  # fmt: skip
        is_refused = pytest.raises(RuntimeError, match="is held")
        with first.transaction(), is_refused, second.transaction():
            pass
    with db.archive.transaction():
        pass


def test_of_two_workers_one_drains(city: Config) -> None:
    with db.archive.alone("drains") as first:
        assert first
        with db.archive.alone("drains") as second:
            assert not second
    with db.archive.alone("drains") as again:
        assert again
