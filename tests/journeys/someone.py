"""Somebody at a browser: signs in, fills in, presses, reads. All through what is on the page."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import PATIENCE, LiveServer
from tests.builders import PASSWORD

expect.set_options(timeout=PATIENCE)


class Someone:
    """A person with a window of their own."""

    def __init__(
        self, browser: Browser, live: LiveServer, username: str, locale: str = "en-US"
    ) -> None:
        self.username = username
        self.context = browser.new_context(
            base_url=live.url, viewport={"width": 1280, "height": 900}, locale=locale,
            reduced_motion="reduce",
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()

    def signs_in(self) -> Someone:
        """Sign in with the username and the password, as after every rest."""
        self.context.clear_cookies()
        self.page.goto("/sign-in")
        self.page.get_by_label("Username").fill(self.username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.presses("Sign in")
        expect(self.page.locator("h1")).to_be_visible()
        return self

    def signs_out(self) -> None:
        """Sign out by the button that every page has."""
        self.page.get_by_role("button", name="Sign out").click()
        expect(self.page).to_have_url(re.compile("/sign-in"))

    def presses(self, name: str, *, within: str = "main") -> None:
        """Press the button with that name."""
        self.page.locator(within).get_by_role("button", name=name).first.click()

    def follows(self, name: str) -> None:
        """Follow the link with that name."""
        self.page.locator("main").get_by_role("link", name=name).first.click()

    def goes_to(self, place: str) -> None:
        """Go to one of the places of the navigation."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=place).click()

    def fills(self, **fields: str) -> None:
        """Fill in fields by their names."""
        for name, text in fields.items():
            self.page.locator(f"main [name={name}]").first.fill(text)

    def chooses(self, label: str) -> None:
        """Choose a card, by its words."""
        self.page.locator("main label").filter(
            has_text=re.compile(f"^\\s*{re.escape(label)}")
        ).first.click()

    def sees(self, text: str) -> None:
        """Check that a text is on the page."""
        expect(self.page.locator("main")).to_contain_text(text)

    def reads(self, heading: str) -> None:
        """Check what the page's heading says."""
        expect(self.page.locator("h1")).to_contain_text(heading)

    def part(self, selector: str) -> Locator:
        """Return a part of the page."""
        return self.page.locator(selector)
