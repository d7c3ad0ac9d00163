"""The pages in a real browser: every page type free of axe findings, the journeys by keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from archive.jobs import worker
from ingest.demo import load
from tests import factories
from tests.browser import hands

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PUBLIC = ("/", "/search?q=qvarn", "/search?q=finnsinte", "/records/{pid}", "/archives", "/plans",
          "/plans/HA", "/timeline", "/map", "/services", "/collections", "/about",
          "/accessibility", "/privacy", "/requests/new", "/en/", "/nowhere", "/login")  # fmt: skip
DESK = ("/desk", "/desk/ingest", "/desk/ingest/1", "/desk/offers",
        "/desk/offers/new?unit=HA", "/desk/holdings", "/desk/holdings/{pid}",
        "/desk/holdings/{pid}/edit", "/desk/plans", "/desk/plans/SA/1", "/desk/cases",
        "/desk/cases/new", "/desk/scanning", "/desk/holdings/{pid}/scan", "/desk/disposal",
        "/desk/reports", "/desk/audit",
        "/desk/jobs")  # fmt: skip


def _axe(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate(
        "rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", RULES
    )
    return [
        f"{page.url} {violation['id']}: {node['html'][:160]}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def _log_in(page: Page, base: str, role: str) -> None:
    page.goto(f"{base}/login")
    page.get_by_label("E-postadress").fill(f"{role}@demo.example")
    page.get_by_label("Lösenord").fill(load.PASSWORD)
    hands.button(page, "Logga in")
    page.wait_for_url("**/desk")


def test_the_public_pages_have_no_barriers_and_ask_no_other_host(
    site: tuple[str, str], page: Page
) -> None:
    base, pid = site
    found = []
    for path in PUBLIC:
        page.goto(base + path.format(pid=pid))
        assert page.locator("h1").count() == 1, path
        found += _axe(page)
    assert found == []
    assert page.foreign == []  # type: ignore[attr-defined]


def test_the_desk_has_no_barriers(site: tuple[str, str], page: Page) -> None:
    base, pid = site
    _log_in(page, base, "city_archivist")
    found = []
    for path in DESK:
        answer = page.goto(base + path.format(pid=pid))
        assert answer is not None and answer.status == 200, path
        found += _axe(page)
    assert found == []


def test_no_page_is_wider_than_a_telephone(site: tuple[str, str], page: Page) -> None:
    base, pid = site
    page.set_viewport_size({"width": 360, "height": 740})
    wide = []
    for path in PUBLIC:
        page.goto(base + path.format(pid=pid))
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide.append((path, width))
    assert wide == []


def test_a_citizen_finds_a_record_by_keyboard_and_reads_it_in_english(
    site: tuple[str, str], page: Page
) -> None:
    base, _ = site
    page.goto(base)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.locator("main input[name=q]").first.focus()
    page.keyboard.type("kvarn")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    hands.link(page, "Rådstuguprotokoll 1634")
    assert page.locator("h1").inner_text() == "Rådstuguprotokoll 1634"
    hands.link(page, "English")
    assert "/en/records/" in page.url
    assert page.locator("html").get_attribute("lang") == "en"


def test_an_archivist_publishes_and_is_told_why_not(site: tuple[str, str], page: Page) -> None:
    base, _ = site
    secret = factories.record("SE/LSA/T1/F1:1").pid
    _log_in(page, base, "archivist")
    page.goto(f"{base}/desk/holdings/{secret}")
    hands.button(page, "Publicera")
    assert "26 kap. 1 §" in page.content()
    assert "inte publicerad" in page.content()


def test_a_citizen_asks_without_a_name_and_without_script(
    site: tuple[str, str], browser: Browser
) -> None:
    base, _ = site
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/requests/new?record=SE/LSA/T1/F1:1")
    page.get_by_label("Vad vill du ta del av?").fill("Akten från 1988")
    hands.button(page, "Fortsätt")
    hands.button(page, "Fortsätt")
    hands.button(page, "Skicka begäran")
    link = page.locator("main code").inner_text()
    worker.run_until_idle()
    page.goto(base + "/requests/" + link.rsplit("/", 1)[1])
    assert page.locator("h1").inner_text() == "Mottagen"
    context.close()
