"""One turn of the class routine in a real browser on a phone, by keyboard only; and the word before the end."""

from __future__ import annotations

from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlmodel import Session, select

from learnpath.goals.models import CheckIn
from tests.badges.build import MINE, a_card
from tests.browsing import PATIENCE, LiveServer, a_window
from tests.builders import PASSWORD, a_class, a_learner, a_teacher
from tests.goals.build import a_goal

expect.set_options(timeout=PATIENCE)


def _tab_to(page: Page, wanted: str) -> None:
    """Press the tab key until the focus is on what ``wanted`` selects."""
    for _ in range(40):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key never comes to {wanted}")


def _press(page: Page, wanted: str) -> None:
    _tab_to(page, wanted)
    page.keyboard.press("Enter")


def _come_in(page: Page, scanned: str) -> None:
    """Show a badge as a hand scanner does, which types and presses Enter; then press the pictures."""
    _tab_to(page, "[name=badge]")
    page.keyboard.type(scanned)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Press your pictures")
    for number, key in enumerate(MINE):
        expect(page.locator("[data-pressed]")).to_have_text(f"Pressed: {number} of 3")
        page.keyboard.press("Shift+Tab")
        _press(page, f"button[value={key}]")


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.browser
def test_a_turn_by_keyboard_at_360_pixels(
    session: Session, live: LiveServer, browser: Browser
) -> None:
    room = a_class(session)
    a_teacher(session, room, username="baca")
    learners = [a_learner(session, name, in_class=room, grade=3) for name in ("Mateo", "Lucía")]
    goals = [a_goal(session, learner=learner) for learner in learners]
    cards = [a_card(session, learner) for learner in learners]
    session.commit()
    with a_window(browser, live.url, width=360, height=740) as (_context, page):
        page.goto(f"/sign-in?next=/classes/{room.id}/routine")
        page.get_by_label("Username").fill("baca")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Start and sign me out here").press("Enter")
        expect(page.locator("h1")).to_have_text("Who is next?")

        _come_in(page, f"https://paths.example.org/b#{cards[0].token}")
        expect(page.locator("h1")).to_have_text("Hello, Mateo. How is it this week?")
        assert _fits(page)
        _tab_to(page, "[name=value]")
        page.keyboard.type("27")
        _press(page, "main form[action*='/routine/goals/'] button.button")
        expect(page.locator("h1")).to_have_text("You are all set, Mateo.")
        _press(page, "main form[action$='/done'] button")
        expect(page.locator("h1")).to_have_text("Who is next?")
        expect(page.locator("body")).not_to_contain_text("Mateo")
        page.go_back()
        expect(page.locator("body")).not_to_contain_text("Mateo")

        # The address of a badge, as a camera opens it: the token leaves the address bar.
        page.goto(f"/b#{cards[1].token}")
        expect(page).to_have_url(f"{live.url}/b/pictures")
        page.clock.install()
        for key in MINE:
            page.locator(f"button[value={key}]").press("Enter")
        expect(page.locator("h1")).to_contain_text("Lucía")
        dialog = page.get_by_role("alertdialog", name="Are you still there?")
        expect(dialog).to_be_hidden()
        page.clock.run_for(8 * 60 * 1000 + 2000)
        expect(dialog).to_be_visible()
        expect(dialog.get_by_role("button", name="I am here")).to_be_focused()
        with page.expect_response("**/me/stay") as answer:
            page.keyboard.press("Enter")
        assert answer.value.json() == {"seconds": 600}
        expect(dialog).to_be_hidden()
        page.locator("[name=line]").fill("The sevens went well")
        page.clock.run_for(9 * 60 * 1000 + 2000)
        expect(dialog.get_by_role("status")).to_have_text("One minute left.")
        page.clock.run_for(60 * 1000)
        expect(page.locator("h1")).to_have_text("Who is next?")
        # What she typed is there for her.
        page.goto(f"/b#{cards[1].token}")
        for key in MINE:
            page.locator(f"button[value={key}]").press("Enter")
        expect(page.locator("[name=line]")).to_have_value("The sevens went well")
    session.expire_all()
    [row] = session.exec(select(CheckIn).where(CheckIn.replaced_at == None)).all()  # noqa: E711
    assert (row.goal_id, row.value) == (goals[0].id, Decimal(27))
    session.commit()
