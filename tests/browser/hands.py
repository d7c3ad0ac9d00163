"""What a hand does in a browser, waiting for the page it leads to as an eye would."""

from __future__ import annotations

from playwright.sync_api import Locator, Page


def follow(what: Locator) -> None:
    """Click a link or a button that leads to another page, and wait until that page is there.

    A click alone returns before the answer to a form has come, so that what is read
    next may be the page that is left, or the nothing between the two.
    """
    with what.page.expect_navigation():
        what.click()


def button(page: Page, name: str) -> None:
    """Press the button of exactly this name, and wait for the page it leads to."""
    follow(page.get_by_role("button", name=name, exact=True))


def link(page: Page, name: str) -> None:
    """Follow the first link of this name, and wait for its page."""
    follow(page.get_by_role("link", name=name).first)
