"""The journeys from the first click to the last, in a real browser, free of axe findings."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from archive import clock
from archive.jobs import worker
from ingest.demo import units
from tests import factories
from tests.browser import hands
from tests.browser.test_pages import _axe, _log_in

pytestmark = pytest.mark.browser
WORK = ("/desk", "/desk/ingest", "/desk/ingest/1", "/desk/ingest/2", "/desk/holdings",
        "/desk/holdings?q=protokoll", "/desk/holdings/{pid}", "/desk/holdings/{pid}/edit",
        "/desk/holdings/{pid}/row", "/desk/plans", "/desk/plans/SA/1", "/desk/cases",
        "/desk/cases/new", "/desk/disposal", "/desk/reports", "/desk/audit",
        "/desk/jobs")  # fmt: skip


def _broken(folder: Path) -> Path:
    """A package that was cut off on its way."""
    whole = factories.package(folder, factories.spec(factories.minutes(), object_id="trasig"))
    cut = whole.read_bytes()[:-400]
    (folder / "trasig.zip").write_bytes(cut)
    return folder / "trasig.zip"


def _without_row(folder: Path) -> Path:
    """A whole package whose record names no row of a plan."""
    leaf = factories.minutes("Protokoll 1635", record_type=None)
    spec = factories.spec(leaf, object_id="inkorg")
    drafts = [
        replace(draft, reference=(draft.reference or "").replace("T1", "T2"))
        for draft in spec.drafts
    ]
    return factories.package(folder, replace(spec, drafts=tuple(drafts)))


def _told(page: Page, words: str) -> None:
    page.get_by_role("status").filter(has_text=words).wait_for()


def _hand_in(page: Page, base: str, path: Path) -> None:
    page.goto(f"{base}/desk/ingest")
    page.get_by_text("Lämna in en leverans").click()
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Lämna in", exact=True).click()
    page.get_by_text("hela filen är framme").first.wait_for()
    worker.run_until_idle()
    page.wait_for_url("**/desk/ingest/*")
    address = page.url
    worker.run_until_idle()
    page.goto(address)


def test_an_archivist_hands_in_assigns_publishes_and_withdraws(
    site: tuple[str, str],
    page: Page,
    tmp_path: Path,
) -> None:
    base, _ = site
    _log_in(page, base, "archivist")
    _hand_in(page, base, _broken(tmp_path))
    assert "Leveransen är avvisad" in page.content() and "Så rättas det:" in page.content()
    found = _axe(page)
    _hand_in(page, base, _without_row(tmp_path))
    found += _axe(page)
    judge = page.locator("section.judge")
    judge.get_by_label("Enhet", exact=True).select_option("HA")
    hands.button(page, "Visa enhetens rader")
    judge.get_by_label("Handlingstyp").select_option("HA-A")
    page.locator("form[action$=assign]").get_by_label("Skäl").fill("Protokoll hör dit.")
    hands.button(page, "Tilldela och pröva på nytt")
    _told(page, "Tilldelat.")
    worker.run_until_idle()
    page.reload()
    hands.link(page, "Protokoll 1635")
    pid = page.url.rsplit("/", 1)[1]
    hands.button(page, "Publicera")
    _told(page, "Publicerad.")
    worker.run_until_idle()
    hands.link(page, "Så ser alla den")
    assert page.locator("h1").inner_text() == "Protokoll 1635"
    page.goto(f"{base}/desk/holdings/{pid}")
    page.get_by_text("Dra tillbaka", exact=True).click()
    page.locator("#withdraw-reason").fill("Fel bild.")
    hands.button(page, "Dra tillbaka från webben")
    _told(page, "Tillbakadragna: 1.")
    assert "Tillbakadragen: Fel bild." in page.content()
    found += _axe(page)
    answer = page.goto(f"{base}/records/{pid}")
    assert answer is not None and answer.status == 404
    assert found == []


def test_a_citizen_asks_and_an_officer_hands_out_and_the_link_opens_it(
    site: tuple[str, str],
    page: Page,
    browser: Browser,
) -> None:
    base, pid = site
    page.goto(f"{base}/records/{pid}")
    hands.link(page, "Begär ut handlingen eller en kopia")
    hands.button(page, "Fortsätt")
    page.locator(".error-summary").wait_for()
    assert page.locator(".error-summary a").get_attribute("href") == "#question"
    found = _axe(page)
    page.get_by_label("Vad vill du ta del av?").fill("Hela protokollet")
    hands.button(page, "Fortsätt")
    hands.button(page, "Fortsätt")
    hands.button(page, "Skicka begäran")
    page.get_by_role("heading", name="Spara din länk nu").wait_for()
    page.reload()  # hands in nothing once more
    found += _axe(page)
    token = page.locator("main code").inner_text().rsplit("/", 1)[1]
    worker.run_until_idle()
    desk = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    _log_in(desk, base, "case_officer")
    hands.follow(desk.locator(".tasks a").first)
    hands.button(desk, "Ta ärendet")
    found += _axe(desk)
    desk.get_by_label("lämnas ut").check()
    hands.button(desk, "Besluta")
    hands.button(desk, "Avsluta ärendet")
    _told(desk, "Ärendet är avslutat.")
    found += _axe(desk)
    desk.context.close()
    worker.run_until_idle()
    page.goto(f"{base}/requests/{token}")
    assert page.locator("h1").inner_text() == "Utlämnad"
    found += _axe(page)
    with page.expect_download() as download:
        page.locator("a[download]").first.click()
    assert download.value.suggested_filename.endswith(".jpg")
    assert found == []


def test_a_plan_is_drafted_by_one_decided_by_another_and_read_by_all(
    site: tuple[str, str],
    page: Page,
    browser: Browser,
    tmp_path: Path,
) -> None:
    base, _ = site
    plan = next(each for each in units.PLANS if each.unit == "LK")
    rows = [
        row for row in json.loads(units.plan_text(plan))["rows"] if row["unit"] == plan.rows_unit
    ]
    (tmp_path / "rows.json").write_text(json.dumps({"rows": rows}), encoding="utf-8")
    _log_in(page, base, "unit_custodian")
    page.goto(f"{base}/desk/plans")
    page.get_by_label("Enhet", exact=True).select_option("LK")
    page.get_by_label("Titel").fill("Plan för LKDATA")
    page.set_input_files("input[type=file]", tmp_path / "rows.json")
    hands.button(page, "Läs in")
    hands.button(page, "Skicka på samråd")
    _told(page, "Planen är på samråd.")
    found = _axe(page)
    address = page.url
    decider = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    _log_in(decider, base, "city_archivist")
    decider.goto(address)
    decider.get_by_label("Diarienummer").fill("VSS 2026-0400")
    decider.get_by_label("Gäller från").fill(clock.today().isoformat())
    hands.button(decider, "Besluta")
    _told(decider, "Planen är beslutad.")
    decider.context.close()
    worker.run_until_idle()
    page.goto(f"{base}/plans/LK")
    assert page.locator("h1").inner_text().replace("\u00ad", "") == "Plan för LKDATA"
    found += _axe(page)
    assert found == []


def test_no_page_of_the_desk_is_wider_than_a_telephone(
    site: tuple[str, str],
    page: Page,
    tmp_path: Path,
) -> None:
    base, pid = site
    _log_in(page, base, "city_archivist")
    _hand_in(page, base, _broken(tmp_path))
    page.set_viewport_size({"width": 360, "height": 740})
    wide, found = [], []
    for path in WORK:
        answer = page.goto(base + path.format(pid=pid))
        assert answer is not None and answer.status == 200, path
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide.append((path, width))
        found += _axe(page)
    assert (wide, found) == ([], [])
