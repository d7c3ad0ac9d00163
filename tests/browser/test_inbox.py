"""Deliveries decided from the keyboard, and the same without any script."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from archive.config import Config
from archive.jobs import worker
from ingest import queries
from ingest.models import Transfer
from tests import factories
from tests.browser import hands
from tests.browser.test_pages import _axe, _log_in

pytestmark = pytest.mark.browser


def _waiting(city: Config, folder: Path, name: str) -> Transfer:
    leaf = factories.minutes(record_type=None, reference=f"SE/LSA/T1/A1:{name}")
    path = factories.package(folder, factories.spec(leaf, object_id=name))
    return factories.take_in(city, path)


def _now(transfer: Transfer) -> Transfer:
    with factories.db.archive.reading() as session:
        return queries.by_pid(session, transfer.pid)


def test_a_suggestion_is_accepted_from_the_keyboard(
    site: tuple[str, str], page: Page, city: Config, tmp_path: Path
) -> None:
    older, newer = _waiting(city, tmp_path, "ett"), _waiting(city, tmp_path, "två")
    _log_in(page, site[0], "archivist")
    page.goto(f"{site[0]}/desk/ingest")
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1 and _axe(page) == []
    page.keyboard.press("Escape")
    for key in ("j", "x", "ArrowDown", "x", "k", "x"):  # both chosen, and the first let go again
        page.keyboard.press(key)
    chosen = page.locator("input[name=pid]:checked")
    assert chosen.count() == 1 and chosen.get_attribute("value") == older.pid
    page.locator("#bulk-reason").press_sequentially("jaxa")  # letters in a field are letters
    assert page.locator("#bulk-reason").input_value() == "jaxa"
    page.locator(".is-here [data-open]").focus()
    with page.expect_navigation():
        page.keyboard.press("a")
    worker.run_until_idle()
    assert _now(newer).state == "accessioned" and _now(older).state == "review"


def test_many_are_decided_and_records_offered_without_script(
    site: tuple[str, str], browser: Browser, city: Config, tmp_path: Path
) -> None:
    transfer = _waiting(city, tmp_path, "ett")
    page = browser.new_context(java_script_enabled=False, locale="sv-SE").new_page()
    _log_in(page, site[0], "archivist")
    page.goto(f"{site[0]}/desk/ingest")
    page.get_by_label(f"Välj leverans {transfer.number}").check()
    page.get_by_label("Skäl, för alla").fill("Sett igenom.")
    hands.button(page, "Utför")
    worker.run_until_idle()
    assert _now(transfer).state == "accessioned"
    assert (_now(transfer).assigned_reason or "").startswith("Sett igenom.")
    page.goto(f"{site[0]}/desk/offers/new?unit=HA")
    page.get_by_label("Vad som erbjuds").fill("Protokoll")
    page.get_by_label("År", exact=True).fill("1901-1910")
    page.get_by_label("Mängd").fill("3 kartonger")
    page.get_by_label("i kartonger, med en förteckning").check()
    hands.button(page, "Erbjud arkivet")
    assert page.get_by_text("väntar på arkivet").count() == 1
    page.context.close()
