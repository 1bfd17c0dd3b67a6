"""Words that were being typed, in a real browser: two devices, a network that is cut, a sign-in that ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page
from sqlmodel import Session

from learnpath.people.models import Person
from tests.browsing import LiveServer, a_window
from tests.builders import PASSWORD, a_learner
from tests.profiles.build import a_profile
from tests.visiting import Visitor

Devices = tuple[str, Page, Page]


@pytest.fixture
def devices(app, live: LiveServer, session: Session, browser) -> Iterator[Devices]:
    """A learner's profile block, open on two devices."""
    learner: Person = a_profile(session, a_learner(session, "Mateo", username="mateo"))
    session.commit()
    address = f"/learners/{learner.id}/profile/strengths"
    with ExitStack() as open_windows:
        pages = []
        for _device in range(2):
            cookie = Visitor(app, learner).client.get_cookie("learnpath")
            context, page = open_windows.enter_context(a_window(browser, live.url))
            context.add_cookies([{"name": "learnpath", "value": cookie.value, "url": live.url}])
            page.goto(address)
            pages.append(page)
        yield address, pages[0], pages[1]


def lines(page: Page) -> str:
    return page.get_by_label("My words").input_value()


def test_the_later_device_is_told_and_sees_both(devices: Devices) -> None:
    _address, one, other = devices
    other.get_by_label("My words").fill("Explaining\nDrawing maps")
    one.get_by_label("My words").fill("Explaining\nSinging")
    one.get_by_role("button", name="Save").click()
    one.get_by_text("Saved.").wait_for()
    other.get_by_role("button", name="Save").click()
    other.get_by_text("Both are here, nothing is lost.").wait_for()
    both = other.locator(".both").inner_text()
    assert "Drawing maps" in both
    assert "Singing" in both
    other.get_by_role("link", name="Open the page again").click()
    assert lines(other) == "Explaining\nSinging"
    assert "Drawing maps" in other.locator("[data-kept-words]").inner_text()
    other.get_by_label("My words").fill("Explaining\nSinging\nDrawing maps")
    other.get_by_role("button", name="Save").click()
    other.get_by_text("Saved.").wait_for()


def test_words_stay_when_the_network_is_cut(devices: Devices) -> None:
    address, page, _other = devices
    page.get_by_label("My words").fill("Explaining\nPatience")
    page.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    page.wait_for_timeout(200)
    page.context.set_offline(False)
    page.goto(address)
    assert lines(page) == "Explaining\nPatience"
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    page.goto(address)
    assert lines(page) == "Explaining\nPatience"
    assert page.locator("[data-kept-draft]").is_hidden()


def test_words_stay_when_the_sign_in_has_ended(devices: Devices) -> None:
    address, page, _other = devices
    page.get_by_label("My words").fill("Explaining\nKindness")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    page.goto(address)
    page.get_by_label("Username").fill("mateo")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{address}")
    assert lines(page) == "Explaining\nKindness"
