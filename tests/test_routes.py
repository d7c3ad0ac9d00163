"""Every route is public by name or asks for a permission; every change asks for a form token."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from archive.accounts.models import Role
from archive.accounts.permissions import ROLE_MAY, Permission
from tests import factories

PUBLIC_BLUEPRINTS = {"site", "api"}
READ_BY_POST = {"/oai"}  # the protocol lets a harvester ask by POST; nothing is changed by it
# The desk's pages, and which permission opens each: the table that a reader can check.
PAGES = {
    "/desk": Permission.DESK_SEE,
    "/desk/ingest": Permission.INGEST_READ,
    "/desk/offers": Permission.INGEST_READ,
    "/desk/offers/new": Permission.INGEST_SUBMIT,
    "/desk/holdings": Permission.HOLDINGS_READ,
    "/desk/authorities": Permission.HOLDINGS_READ,
    "/desk/authorities/duplicates": Permission.HOLDINGS_READ,
    "/desk/authorities/new": Permission.HOLDINGS_DESCRIBE,
    "/desk/scanning": Permission.HOLDINGS_READ,
    "/desk/scanning/list.csv": Permission.HOLDINGS_READ,
    "/desk/shelves": Permission.HOLDINGS_READ,
    "/desk/shelves/list.csv": Permission.HOLDINGS_READ,
    "/desk/shelves/list": Permission.HOLDINGS_DESCRIBE,
    "/desk/shelves/unplaced": Permission.HOLDINGS_DESCRIBE,
    "/desk/plans": Permission.PLANS_READ,
    "/desk/disposal": Permission.DISPOSAL_READ,
    "/desk/cases": Permission.CASES_READ,
    "/desk/cases/new": Permission.CASES_HANDLE,
    "/desk/reports": Permission.REPORTS_READ,
    "/desk/audit": Permission.AUDIT_READ,
    "/desk/jobs": Permission.JOBS_READ,
    "/desk/fixity": Permission.JOBS_READ,
    "/desk/formats": Permission.INGEST_READ,
    "/desk/formats/migration": Permission.INGEST_READ,
    "/desk/account": Permission.DESK_SEE,
    "/desk/admin": Permission.ACCOUNTS_MANAGE,
}


def test_every_route_names_its_permission_or_is_public(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        blueprint = rule.endpoint.split(".")[0]
        if rule.endpoint == "static" or blueprint in PUBLIC_BLUEPRINTS:
            continue
        view = app.view_functions[rule.endpoint]
        assert hasattr(view, "permission"), rule
        if view.permission is None:
            assert rule.endpoint in {"accounts.login", "accounts.logout", "watch.metrics"}, rule


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_own_pages_and_no_others(
    role: Role, login: Callable[[str], FlaskClient]
) -> None:
    client = login(role.value)
    for path, permission in PAGES.items():
        expected = 200 if permission in ROLE_MAY[role] else 403
        assert client.get(path).status_code == expected, (role, path)


def test_a_stranger_is_sent_to_the_log_in_and_told_nothing(app: Flask) -> None:
    client = app.test_client()
    for path in PAGES:
        answer = client.get(path)
        assert answer.status_code == 302 and "/login" in answer.headers["Location"]


def test_no_change_is_made_without_the_form_token(app: Flask) -> None:
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or set()) or rule.rule in READ_BY_POST:
            continue
        path = rule.rule
        for argument in rule.arguments:
            kind = "1" if f"<int:{argument}>" in path else "x" * 43
            path = path.replace(f"<int:{argument}>", kind).replace(f"<{argument}>", kind)
        assert client.post(path).status_code == 400, path


def test_another_sites_page_cannot_change_anything(login: Callable[[str], FlaskClient]) -> None:
    client = login("archivist")
    answer = client.post("/logout", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert client.get("/desk").status_code == 200


def test_logging_out_and_losing_a_role_end_the_session(
    login: Callable[[str], FlaskClient],
) -> None:
    client = login("archivist")
    client.post("/logout")
    assert client.get("/desk").status_code == 302


def test_ten_wrong_passwords_close_the_door_and_say_the_same_for_a_name_that_is_not(
    app: Flask,
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    for email in ("archivist@demo.example", "nobody@demo.example"):
        answers = [
            client.post("/login", data={"email": email, "password": "wrong"}) for _ in range(11)
        ]
        assert [a.status_code for a in answers] == [401] * 10 + [429]
    other = client.post(
        "/login",
        data={"email": "archivist@demo.example", "password": "demo-linkoping"},
        environ_overrides={"REMOTE_ADDR": "203.0.113.9"},
    )
    assert other.status_code == 302


def test_the_log_in_leads_to_our_own_pages_only(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    form = {"email": "archivist@demo.example", "password": "demo-linkoping"}
    for target in ("//evil.example", "https://evil.example/desk", "/\\evil.example", "/desk/cases"):
        answer = app.test_client().post("/login", query_string={"next": target}, data=form)
        assert answer.headers["Location"] in {"/desk", "/desk/cases"}


def test_a_unit_sees_its_own_records_only(app: Flask) -> None:
    manager = factories.viewer("unit_manager")
    assert manager.units(Permission.HOLDINGS_READ) is not None


def test_the_headers_of_every_page_close_what_is_not_needed(app: Flask) -> None:
    headers = app.test_client().get("/").headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert app.test_client().get("/", headers={"Host": "evil.example"}).status_code == 400
