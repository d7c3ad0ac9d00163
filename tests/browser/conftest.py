"""A real browser, and a small published city served to it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from archive import db
from archive.config import Config
from archive.holdings import actions, queries
from archive.jobs import worker
from ingest.demo import load
from tests import factories

QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def site(app: Flask, city: Config, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The application served over a small published city: (address, a record's pid)."""
    leaves = (factories.minutes(), factories.secret_file())
    factories.take_in(city, factories.package(tmp_path, factories.spec(*leaves)))
    with db.archive.transaction() as session:
        fonds = queries.by_ref(session, "SE/LSA/T1")
        actions.publish_branch(session, fonds, viewer=factories.viewer("archivist"))
    worker.run_until_idle()
    load._services()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}", factories.record("SE/LSA/T1/A1:1").pid
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="sv-SE")
    opened = context.new_page()
    opened.foreign = []  # type: ignore[attr-defined]
    opened.on("request", lambda r: _note(opened, r.url))
    yield opened
    context.close()


def _note(page: Page, url: str) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:")):
        page.foreign.append(url)  # type: ignore[attr-defined]
