"""The pen in a real browser: no barriers, no page too wide, and all of it by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from archive import db
from archive.holdings import actions as holdings
from archive.holdings import queries
from tests import factories
from tests.browser import hands
from tests.browser.test_pages import _axe, _log_in

pytestmark = pytest.mark.browser
PATHS = ("/edit", "/history", "/new", "/move", "/move?q=SE/LSA/T1", "/order")
VOLUME = "SE/LSA/T1/A1:1"


@pytest.fixture
def desk(site: tuple[str, str], page: Page) -> tuple[str, Page]:
    """An archivist at the page of a record with leaves and a history: (address of it, page)."""
    base, pid = site
    factories.grow(VOLUME, 4)
    with db.archive.transaction() as session:
        record = queries.by_ref(session, VOLUME)
        who = factories.viewer("archivist")
        holdings.describe(session, record, {"scope": "Ord. " * 60, "genre": "bok"}, actor=who)
    _log_in(page, base, "archivist")
    return f"{base}/desk/holdings/{pid}", page


def _look_at_all(desk: tuple[str, Page]) -> list[str]:
    """Go to every page of the pen and return what is wrong there."""
    at, page = desk
    found = []
    for path in PATHS:
        page.goto(at + path)
        found += _wrong(page)
    page.goto(f"{at}/move?q=SE/LSA/T1")
    page.get_by_role("radio").first.check()
    page.get_by_label("Skäl").fill("rätt plats")
    hands.button(page, "Visa vad som händer")
    found += _wrong(page)
    page.goto(f"{at.rsplit('/', 1)[0]}/many?branch={at.rsplit('/', 1)[1]}")
    found += _wrong(page)
    page.get_by_label("Ändra: Genre").check()
    page.get_by_label("Genre", exact=False).last.fill("protokoll")
    page.get_by_label("Skäl").fill("städning")
    hands.button(page, "Visa vad som händer")
    found += _wrong(page)
    return found


def _wrong(page: Page) -> list[str]:
    assert page.locator("h1").count() == 1, page.url
    wide = page.evaluate("document.documentElement.scrollWidth") > page.viewport_size["width"]
    return [*_axe(page), *([f"{page.url} is too wide"] if wide else [])]


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_the_pen_have_no_barriers(desk: tuple[str, Page], width: int) -> None:
    desk[1].set_viewport_size({"width": width, "height": 900})
    assert _look_at_all(desk) == []


def test_a_description_is_saved_by_the_keys(desk: tuple[str, Page]) -> None:
    at, page = desk
    page.goto(f"{at}/edit")
    page.get_by_label("Genre").fill("tidebok")
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    assert page.url == at
    assert factories.record(VOLUME).genre == "tidebok"
    page.goto(f"{at}/edit")
    page.get_by_label("Genre").fill("lagbok")
    if page.get_by_role("button", name="Spara och nästa").count():
        with page.expect_navigation():
            page.keyboard.press("Control+Enter")
        assert page.url.endswith("/edit") and page.url != f"{at}/edit"
        assert factories.record(VOLUME).genre == "lagbok"


def test_a_record_is_moved_by_the_keys_alone(desk: tuple[str, Page]) -> None:
    at, page = desk
    page.goto(f"{at}/move")
    expect(page.get_by_label("Sök ny plats")).to_be_focused()
    page.keyboard.type("SE/LSA/T1")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(2):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Skäl")).to_be_focused()
    page.keyboard.type("rätt plats")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Flytta", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert factories.record(VOLUME).parent_id == factories.record("SE/LSA/T1").id


def test_a_record_goes_down_step_by_step_without_leaving_its_button(
    desk: tuple[str, Page],
) -> None:
    at, page = desk
    page.goto(f"{at}/order")
    moved = page.locator(".order li").first.get_attribute("id")
    page.locator(".order li").first.locator("button[value=down]").focus()
    for _ in range(2):
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.locator(f"#{moved} button[value=down]")).to_be_focused()
    assert page.locator(".order li").nth(2).get_attribute("id") == moved
