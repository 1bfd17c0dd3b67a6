"""The running conference in a real browser: keys, hiding, language, a reload, and the network cut."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from learnpath.conferences.models import (
    Conference,
    ConferenceCard,
    ConferenceState,
    Leader,
    Promise,
)
from learnpath.record import Relation
from tests import builders
from tests.browsing import a_window, served
from tests.conferences import build
from tests.visiting import Visitor


@pytest.fixture
def begun(app, session: Session, browser):
    """A conference that has begun, open in the learner's browser."""
    learner = builders.a_learner(session, "Mateo")
    conference = build.a_planned_conference(session, learner)
    build.prepare_all(session, conference)
    session.commit()
    visitor = Visitor(app, learner)
    visitor.post(f"/conferences/{conference.id}/begin")
    cookie = visitor.client.get_cookie("learnpath")
    with served(app) as server, a_window(browser, server.url) as (context, page):
        context.add_cookies([{"name": "learnpath", "value": cookie.value, "url": server.url}])
        page.goto(f"/conferences/{conference.id}/present")
        yield conference, context, page


def kept(engine, conference: Conference) -> dict[Relation, str]:
    with Session(engine) as reading:
        rows = reading.exec(select(Promise).where(Promise.conference_id == conference.id))
        return {row.by_relation: row.text for row in rows}


def heading(page) -> str:
    return page.locator("[data-card]:not([hidden]) h2 .speaks-en").first.inner_text()


def says(page, words: str) -> None:
    page.locator("[data-status] .speaks-en", has_text=words).wait_for()


def choose(page, name: str, value: str) -> None:
    page.locator(f"label:has(input[name={name}][value={value}])").click()


def test_arrows_and_buttons_move_from_card_to_card(begun):
    _conference, _context, page = begun
    assert heading(page) == "Welcome"
    page.keyboard.press("ArrowRight")
    assert heading(page) == "Who I am as a learner"
    page.get_by_role("button", name="Next part").click()
    assert heading(page) == "Work I am proud of"
    page.keyboard.press("ArrowLeft")
    page.reload()
    assert heading(page) == "Who I am as a learner"
    page.get_by_role("link", name="Our promises").click()
    page.locator("#text_learner").fill("Two quotes")
    page.locator("#text_learner").press("ArrowLeft")
    assert heading(page) == "Our promises"


def test_a_card_can_be_hidden_at_once(begun):
    _conference, _context, page = begun
    page.keyboard.press("ArrowRight")
    line = page.get_by_text(build.LINES[0].text)
    assert line.is_visible()
    page.get_by_role("button", name="Hide now").click()
    assert line.is_hidden()
    page.reload()
    assert page.get_by_text(build.LINES[0].text).is_hidden()
    page.get_by_role("button", name="Show again").click()
    assert page.get_by_text(build.LINES[0].text).is_visible()


def test_the_language_changes_without_the_network_and_the_words_stay(begun):
    _conference, context, page = begun
    page.keyboard.press("ArrowRight")
    context.set_offline(True)
    page.get_by_role("button", name="Español").click()
    assert page.get_by_role("heading", name="Quién soy cuando aprendo").is_visible()
    assert page.get_by_text(build.LINES[0].text).is_visible()


def test_what_is_typed_without_the_network_is_sent_when_it_is_back(begun, engine):
    conference, context, page = begun
    page.get_by_role("link", name="Our promises").click()
    context.set_offline(True)
    page.locator("#text_family").fill("Ask about one quote on Sundays.")
    says(page, "Kept on this device. It is sent when the network is back.")
    page.keyboard.press("Tab")
    assert kept(engine, conference) == {}
    context.set_offline(False)
    says(page, "Saved.")
    assert kept(engine, conference) == {Relation.FAMILY: "Ask about one quote on Sundays."}


def test_what_is_typed_without_the_network_survives_a_reload(begun, engine):
    conference, _context, page = begun
    page.get_by_role("link", name="Our promises").click()
    # The page itself can be had again, but nothing can be sent.
    page.route(
        "**/present",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.locator("#text_teacher").fill("Ten minutes on Tuesdays.")
    says(page, "Kept on this device. It is sent when the network is back.")
    page.reload()
    assert page.locator("#text_teacher").input_value() == "Ten minutes on Tuesdays."
    page.unroute("**/present")
    says(page, "Saved.")
    assert kept(engine, conference) == {Relation.TEACHER: "Ten minutes on Tuesdays."}


def test_one_tap_says_who_led_and_the_end_comes_through(begun, engine):
    conference, _context, page = begun
    choose(page, "led_welcome", "learner")
    says(page, "Saved.")
    with Session(engine) as reading:
        card = reading.exec(select(ConferenceCard).where(ConferenceCard.key == "welcome")).one()
        assert card.led_by is Leader.LEARNER
    page.get_by_role("link", name="The end").click()
    end = page.locator("#card-end")
    choose(page, "present", "learner")
    choose(page, "present", "family")
    end.get_by_role("button", name="Finish the conference").click()
    page.get_by_role("heading", name="Check what goes in the summary").wait_for()
    with Session(engine) as reading:
        held = reading.get_one(Conference, conference.id)
        assert (held.state, held.present) == (ConferenceState.HELD, ["learner", "family"])


def test_a_click_without_the_network_keeps_the_conference_open(begun, engine):
    conference, context, page = begun
    page.get_by_role("link", name="The end").click()
    context.set_offline(True)
    page.locator("#family_names").fill("Abuela")
    page.get_by_role("button", name="Finish the conference").click()
    says(page, "Kept on this device. It is sent when the network is back.")
    assert page.locator("#family_names").input_value() == "Abuela"
    with Session(engine) as reading:
        assert reading.get_one(Conference, conference.id).state is ConferenceState.UNDER_WAY


def test_a_conference_that_was_ended_elsewhere_says_so_and_keeps_the_words_on_the_page(
    begun, engine
):
    conference, _context, page = begun
    with Session(engine) as elsewhere:
        elsewhere.get_one(Conference, conference.id).state = ConferenceState.HELD
        elsewhere.commit()
    page.get_by_role("link", name="Our promises").click()
    page.locator("#text_teacher").fill("Ten minutes on Tuesdays.")
    says(page, "This was ended somewhere else. What you typed is still on this page.")
    assert page.locator("#text_teacher").input_value() == "Ten minutes on Tuesdays."


def test_without_a_script_it_is_one_long_page(app, session, browser):
    learner = builders.a_learner(session)
    conference = build.a_planned_conference(session, learner)
    build.prepare_all(session, conference)
    session.commit()
    visitor = Visitor(app, learner)
    visitor.post(f"/conferences/{conference.id}/begin")
    cookie = visitor.client.get_cookie("learnpath")
    with (
        served(app) as server,
        a_window(browser, server.url, java_script_enabled=False) as (context, page),
    ):
        context.add_cookies([{"name": "learnpath", "value": cookie.value, "url": server.url}])
        page.goto(f"/conferences/{conference.id}/present")
        assert page.get_by_text(build.LINES[0].text).is_visible()
        assert page.get_by_text(build.HARD.what).is_visible()
        choose(page, "led_welcome", "learner")
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_load_state()
        assert page.locator("input[name=led_welcome][value=learner]").is_checked()
