"""The drop zone in a real browser: cut off in the middle, continued, and never in the way."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page
from sqlalchemy import select
from werkzeug.serving import BaseWSGIServer, make_server

from archive import db
from archive.config import Config
from archive.jobs import worker
from ingest import uploads
from ingest.models import Transfer, Upload
from tests.browser.test_pages import _axe, _log_in

pytestmark = pytest.mark.browser
MIB = 1024 * 1024


_lines: WeakKeyDictionary[Page, CDPSession] = WeakKeyDictionary()


class House:
    """The application, behind a server that can be stopped and started on its port."""

    def __init__(self, app: Flask) -> None:
        self.app, self.port = app, 0
        self.start()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server: BaseWSGIServer = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = self.server.port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def house(app: Flask, city: Config) -> Iterator[House]:
    opened = House(app)
    yield opened
    opened.stop()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A file of many pieces, with a middle to be cut in."""
    path = tmp_path / "stor leverans.zip"
    path.write_bytes(os.urandom(12 * MIB))
    return path


def _open(page: Page, house: House) -> None:
    page.goto(f"{house.base}/desk/ingest")
    summary = page.locator("summary").first
    if not page.locator("form[data-upload]").is_visible():
        summary.click()


def _hand_in(page: Page, house: House, *paths: Path) -> None:
    _open(page, house)
    page.set_input_files("form[data-upload] input[type=file]", [str(path) for path in paths])
    page.get_by_role("button", name="Lämna in", exact=True).click()


def _line(page: Page, bytes_a_second: int) -> None:
    """Give the browser a line so wide; -1 is as wide as it can be."""
    # One session a page: a second one does not widen the line that the first made narrow.
    if page not in _lines:
        _lines[page] = page.context.new_cdp_session(page)
        _lines[page].send("Network.enable")
    line = _lines[page]
    line.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": 5,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_a_second,
        },
    )


def _slow(page: Page) -> None:
    """Make the line so narrow that there is a middle to be cut in, on a busy machine too."""
    page.context.set_default_timeout(120_000)
    _line(page, MIB)


def _row() -> Upload | None:
    with db.archive.reading() as session:
        return session.scalars(select(Upload).order_by(Upload.id.desc())).first()


def _wait_for(page: Page, arrived: int) -> int:
    for _ in range(300):
        row = _row()
        if row is not None and row.received_bytes >= arrived:
            return row.received_bytes
        page.wait_for_timeout(100)
    raise AssertionError("nothing arrives")


def _taken(page: Page, path: Path) -> Transfer:
    """Let the worker count the file; return the delivery, whose bytes are the file's."""
    page.get_by_text("hela filen är framme").first.wait_for(timeout=180_000)
    worker.run_until_idle()
    with db.archive.reading() as session:
        transfer = session.scalars(select(Transfer)).one()
    assert transfer.sha512 == hashlib.sha512(path.read_bytes()).hexdigest()
    assert transfer.name == path.name
    return transfer


def test_a_server_that_is_restarted_in_the_middle_costs_one_piece(
    page: Page, house: House, large: Path
) -> None:
    _log_in(page, house.base, "archivist")
    _slow(page)
    _hand_in(page, house, large)
    before = _wait_for(page, 3 * MIB)
    house.stop()
    page.get_by_text("Förbindelsen är bruten").first.wait_for()
    row = _row()
    assert row is not None and before <= row.received_bytes < large.stat().st_size
    _line(page, -1)
    house.start()
    transfer = _taken(page, large)
    page.wait_for_url(f"**/desk/ingest/{transfer.pid}")


def test_a_browser_that_was_closed_goes_on_with_the_same_file_and_no_other(
    browser: Browser, house: House, large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "BUSY", timedelta(seconds=5))
    first = browser.new_context(locale="sv-SE")
    page = first.new_page()
    _log_in(page, house.base, "archivist")
    _slow(page)
    _hand_in(page, house, large)
    arrived = _wait_for(page, 3 * MIB)
    first.close()
    second = browser.new_context(locale="sv-SE")
    page = second.new_page()
    _log_in(page, house.base, "archivist")
    page.goto(f"{house.base}/desk/ingest")
    assert not _axe(page)
    chooser = page.locator("li.upload input[type=file]")
    (tmp_path / "annan.zip").write_bytes(b"x")
    chooser.set_input_files(tmp_path / "annan.zip")
    page.get_by_role("status").filter(has_text="Det är inte samma fil").wait_for()
    twin = tmp_path / "b" / large.name
    twin.parent.mkdir()
    twin.write_bytes(os.urandom(large.stat().st_size))
    chooser.set_input_files(twin)
    page.get_by_text("samma namn och storlek men ett annat innehåll").first.wait_for()
    page.goto(f"{house.base}/desk/ingest")
    page.locator("li.upload input[type=file]").set_input_files(large)  # at once, or after BUSY
    transfer = _taken(page, large)
    page.wait_for_url(f"**/desk/ingest/{transfer.pid}")
    row = _row()
    assert row is not None and row.begun_at < row.touched_at and arrived >= 3 * MIB
    second.close()


def test_a_second_window_with_the_same_file_is_told_so_and_the_first_goes_on(
    page: Page, house: House, large: Path
) -> None:
    _log_in(page, house.base, "archivist")
    _slow(page)
    _hand_in(page, house, large)
    _wait_for(page, MIB)
    other = page.context.new_page()
    _hand_in(other, house, large)
    other.get_by_text("Samma fil skickas just nu från ett annat fönster").first.wait_for()
    assert other.get_by_role("button", name=f"Fortsätt här: {large.name}").is_visible()
    other.get_by_role("button", name=f"Kasta: {large.name}").click()
    other.get_by_text("kastad").first.wait_for()  # from that window, not from the house
    _line(page, -1)
    _taken(page, large)


def test_a_window_that_is_taken_over_from_stops_and_does_not_take_back(
    page: Page, house: House, large: Path
) -> None:
    _log_in(page, house.base, "archivist")
    _slow(page)
    _hand_in(page, house, large)
    _wait_for(page, MIB)
    other = page.context.new_page()
    _slow(other)
    _hand_in(other, house, large)
    other.get_by_role("button", name=f"Fortsätt här: {large.name}").click()
    page.get_by_text("Samma fil skickas just nu från ett annat fönster").first.wait_for()
    _line(other, -1)
    assert _taken(other, large).size_bytes == large.stat().st_size


def test_several_files_are_sent_one_after_the_other_and_one_is_thrown_away(
    page: Page, house: House, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{name}.zip" for name in ("ett", "två", "tre")]
    for path in paths:
        path.write_bytes(os.urandom(6 * MIB))
    _log_in(page, house.base, "archivist")
    _slow(page)
    _hand_in(page, house, *paths)
    page.get_by_role("button", name="Kasta: tre.zip").click()
    page.get_by_text("kastad").first.wait_for()
    _line(page, -1)
    links = page.get_by_role("link", name="Till leveransen")
    for _ in range(150):
        worker.run_until_idle()
        if links.count() == 2:
            break
        page.wait_for_timeout(200)
    assert [link.get_attribute("aria-label") for link in links.all()] == [
        "Till leveransen: ett.zip",
        "Till leveransen: två.zip",
    ]
    assert not _axe(page)
    with db.archive.reading() as session:
        assert sorted(session.scalars(select(Transfer.name))) == ["ett.zip", "två.zip"]


def test_an_upload_is_paused_and_resumed_by_keyboard(page: Page, house: House, large: Path) -> None:
    _log_in(page, house.base, "archivist")
    _slow(page)
    _hand_in(page, house, large)
    _wait_for(page, MIB)
    page.get_by_role("button", name=f"Pausa: {large.name}").press("Enter")
    page.get_by_text("pausad vid").first.wait_for()
    page.wait_for_timeout(500)
    resting = _row()
    page.wait_for_timeout(1000)
    assert resting is not None and resting.received_bytes == (_row() or resting).received_bytes
    _line(page, -1)
    page.get_by_role("button", name=f"Fortsätt här: {large.name}").press("Enter")
    _taken(page, large)


def test_the_drop_zone_is_the_label_of_the_file_field(page: Page, house: House) -> None:
    _log_in(page, house.base, "archivist")
    _open(page, house)
    zone = page.locator(".drop__zone")
    field = page.locator("form[data-upload] input[type=file]")
    assert zone.get_attribute("for") == field.get_attribute("id")
    page.evaluate(
        """() => {
          const carried = new DataTransfer();
          carried.items.add(new File(["hej"], "släppt.zip"));
          document.querySelector(".drop__zone").dispatchEvent(
            new DragEvent("drop", {dataTransfer: carried, bubbles: true, cancelable: true}));
        }"""
    )
    page.get_by_text("Valda: släppt.zip").wait_for()
    page.get_by_role("button", name="Lämna in", exact=True).click()
    page.get_by_text("hela filen är framme").first.wait_for()


def test_without_script_the_form_takes_a_file_as_before(
    browser: Browser, house: House, tmp_path: Path
) -> None:
    context = browser.new_context(locale="sv-SE", java_script_enabled=False)
    page = context.new_page()
    _log_in(page, house.base, "archivist")
    path = tmp_path / "liten.zip"
    path.write_bytes(b"inte en zip")
    _open(page, house)
    page.set_input_files("form[data-upload] input[type=file]", path)
    page.get_by_role("button", name="Lämna in", exact=True).click()
    page.wait_for_url("**/desk/ingest/*")
    assert page.get_by_text("liten.zip").first.is_visible()
    context.close()
