"""No other site can act for us, and looking changes nothing (PROMISES P21)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from archive import db
from archive.accounts.models import Role
from archive.audit.models import AuditEvent
from archive.config import Config
from archive.holdings import actions, queries
from archive.jobs import worker
from ingest.demo import load
from tests import factories

READS = {"GET", "HEAD", "OPTIONS"}
# OAI-PMH asks by POST as well (3.1.1.2); it changes nothing, as the dump below shows.
ONLY_READS = {"/oai"}
# Where a log-in must not lead: eight ways to write another site's address.
ELSEWHERE = (
    "https://evil.example/desk", "//evil.example/desk", "/\\evil.example", "\\\\evil.example",
    "https:evil.example", "javascript:alert(1)//desk", "/desk/../..//evil.example",
    "http:///evil.example/desk", "/desk\r\nLocation: https://evil.example", "///evil.example",
    "/deskevil.example", "https://127.0.0.1@evil.example/desk", "/%09/evil.example",
)  # fmt: skip


@pytest.fixture
def filled(app: Flask, city: Config, tmp_path: Path) -> Flask:
    """The application over a city with a published record and a closed one."""
    leaves = (factories.minutes(), factories.secret_file())
    factories.take_in(city, factories.package(tmp_path, factories.spec(*leaves)))
    with db.archive.transaction() as session:
        fonds = queries.by_ref(session, "SE/LSA/T1")
        actions.publish_branch(session, fonds, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    return app


def _changing(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield (method, path) of every way to change something, its parts filled in."""
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for argument in rule.arguments:
            kind = "1" if f"<int:{argument}>" in path else "x" * 43
            path = re.sub(rf"<([a-z]+:)?{argument}>", kind, path)
        for method in sorted((rule.methods or set()) - READS):
            yield method, path


def _token(client: FlaskClient, path: str) -> str:
    page = client.get(path).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None, path
    return found[1]


def _log_in(app: Flask, role: str) -> FlaskClient:
    """Log in as a browser does, the form token and all."""
    client = app.test_client()
    form = {
        "email": f"{role}@demo.example",
        "password": load.PASSWORD,
        "csrf_token": _token(client, "/login"),
    }
    assert client.post("/login", data=form).status_code == 302
    return client


def _dump() -> dict[str, list[tuple[object, ...]]]:
    """Return every row of the three databases, in the order of their keys."""
    whole: dict[str, list[tuple[object, ...]]] = {}
    for database, base in (
        (db.archive, db.ArchiveBase), (db.edition, db.EditionBase), (db.counter, db.CounterBase),
    ):  # fmt: skip
        with database.reading() as session:
            for table in base.metadata.sorted_tables:
                rows = session.execute(select(table).order_by(*table.primary_key)).all()
                whole[f"{database.name}.{table.name}"] = [tuple(row) for row in rows]
    return whole


def test_every_change_is_refused_without_the_token_with_anothers_and_from_elsewhere(
    app: Flask,
) -> None:
    client, other = _log_in(app, "admin"), _log_in(app, "archivist")
    own, anothers = _token(client, "/desk/account"), _token(other, "/desk/account")
    ways = list(_changing(app))
    assert len(ways) > 25
    before = _dump()
    for method, path in ways:
        for form in ({}, {"csrf_token": anothers}, {"csrf_token": "x"}):
            status = client.open(path, method=method, data=form).status_code
            assert status == 400 or path in ONLY_READS, path
        for origin in ("https://evil.example", "null", "http://localhost.evil.example"):
            answer = client.open(
                path, method=method, data={"csrf_token": own}, headers={"Origin": origin}
            )
            assert answer.status_code == 403 or path in ONLY_READS, (path, origin)
    assert _dump() == before


def test_the_token_of_before_the_log_in_is_worth_nothing_after_it(app: Flask) -> None:
    client = app.test_client()
    early = _token(client, "/login")
    form = {"email": "admin@demo.example", "password": load.PASSWORD, "csrf_token": early}
    assert client.post("/login", data=form).status_code == 302
    assert client.post("/logout", data={"csrf_token": early}).status_code == 400


@pytest.mark.parametrize("role", ["admin", "city_archivist", "auditor"])
def test_looking_at_everything_changes_nothing(filled: Flask, role: str) -> None:
    client = _log_in(filled, role)
    before = _dump()
    assert sum(map(len, before.values())) > 100
    seen, queue = set(), ["/desk", "/", "/en/", *_addresses(filled)]
    while queue and len(seen) < 250:
        path = queue.pop(0)
        if path in seen:
            continue
        seen.add(path)
        for method in ("OPTIONS", "HEAD", "GET"):
            answer = client.open(path, method=method)
        assert answer.status_code < 500, path
        if answer.mimetype == "text/html":
            queue += _links(answer.get_data(as_text=True))
    assert len(seen) > 60
    after = _dump()
    # That an original was read is kept (P19); it is all that a look may leave behind.
    known = {row[0] for row in before["archive.audit_event"]}
    with db.archive.reading() as session:
        new = session.scalars(select(AuditEvent).where(AuditEvent.seq.not_in(known))).all()
    assert {event.action for event in new} <= {"file.read"}
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= ({"archive.audit_event", "archive.audit_head"} if new else set())


def _addresses(app: Flask) -> list[str]:
    paths = []
    for rule in app.url_map.iter_rules():
        path = rule.rule
        for argument in rule.arguments:
            path = re.sub(rf"<([a-z]+:)?{argument}>", "1", path)
        if "GET" in (rule.methods or set()):
            paths.append(path)
    return paths


def _links(page: str) -> list[str]:
    found = re.findall(r'href="(/[^"#]*)"', page)
    return [link.replace("&amp;", "&") for link in found if not link.startswith("/static")]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_a_log_in_never_leads_to_another_site(app: Flask, target: str) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"email": "admin@demo.example", "password": load.PASSWORD}
    answer = app.test_client().post("/login", query_string={"next": target}, data=form)
    place = answer.headers["Location"]
    parts = urlsplit(place)
    assert answer.status_code == 302 and not parts.netloc and not parts.scheme
    assert parts.path == "/desk" or parts.path.startswith("/desk/")
    assert "evil" not in parts.path and ".." not in parts.path


def test_a_refused_change_does_not_send_the_reader_to_another_site(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    form = {"email": "auditor@demo.example", "password": load.PASSWORD}
    client.post("/login", data=form)
    for referrer in ("https://evil.example/desk", "http://localhost//evil.example"):
        answer = client.post("/desk/admin/users", headers={"Referer": referrer})
        assert "evil" not in answer.headers.get("Location", "")


def test_every_role_of_the_demo_can_change_its_own_password(app: Flask) -> None:
    for role in Role:
        assert _log_in(app, role.value).get("/desk/account").status_code == 200


def test_a_name_that_is_not_ours_is_not_answered(app: Flask) -> None:
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1.evil.example"):
        assert app.test_client().get("/login", headers={"Host": host}).status_code == 400
