"""A whole branch is published as its records would be one by one, and the law is asked in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from archive import db
from archive.audit import queries as audits
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.holdings import actions, queries, stale
from archive.holdings.models import Description, Publication
from archive.jobs import worker
from ingest.package import DescriptionDraft
from tests import factories


@contextmanager
def _counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(db.archive.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.archive.engine, "before_cursor_execute", note)


def _minutes(count: int) -> list[DescriptionDraft]:
    return [
        factories.minutes(f"Protokoll {n}", key=f"p{n}", reference=f"SE/LSA/T1/A1:{n}")
        for n in range(1, count + 1)
    ]


def _publish(reference: str) -> tuple[int, int]:
    with db.archive.transaction() as session:
        fonds = queries.by_ref(session, reference)
        return actions.publish_branch(session, fonds, viewer=factories.viewer("archivist"))


def test_a_branch_is_published_as_far_as_the_law_allows_each_record(
    city: Config, tmp_path: Path
) -> None:
    spec = factories.spec(factories.minutes(), factories.secret_file())
    factories.take_in(city, factories.package(tmp_path, spec))
    assert _publish("SE/LSA/T1") == (3, 1)
    with db.archive.reading() as session:
        found = dict(session.execute(select(Description.reference, Description.publication)).all())
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "record.publish")
        ).all()
        assert not list(audits.verify(session))
    assert found["SE/LSA/T1/A1:1"] == Publication.FULL
    assert found["SE/LSA/T1/F1:1"] == Publication.NONE
    assert len(events) == 3, "each record that was let out has its own event"


def test_publishing_a_large_branch_asks_no_more_questions_than_a_small_one(
    city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(*_minutes(20))))
    with _counted() as asked:
        assert _publish("SE/LSA/T1") == (22, 0)
    assert len(asked) < 30, "\n".join(asked)


def test_a_record_that_changed_often_is_taken_to_the_shadows_once(
    city: Config, tmp_path: Path
) -> None:
    factories.take_in(city, factories.package(tmp_path, factories.spec(*_minutes(3))))
    for title in ("Ett", "Två", "Tre"):
        with db.archive.transaction() as session:
            queries.by_ref(session, "SE/LSA/T1/A1:2").title = title
    with db.archive.transaction() as session:
        queries.by_ref(session, "SE/LSA/T1/A1:3").title = "Fyra"
    with db.archive.reading() as session:
        rows = stale.take(session, 1)
        assert len(rows) == 3 and len({row.pid for row in rows}) == 1
        assert len({row.pid for row in stale.take(session, 10)}) == 2
    worker.run_until_idle()
    with db.archive.reading() as session:
        assert not stale.waiting(session)
