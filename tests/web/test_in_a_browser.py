"""What only a browser can tell: reading aids, small windows, life without JavaScript, kept drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from flask import Flask, abort
from playwright.sync_api import Browser, BrowserContext, expect
from sqlmodel import Session

from learnpath.errors import ChangedMeanwhile
from learnpath.people.models import Person, Spacing, TextSize
from learnpath.web.rules import public
from tests import builders
from tests.browsing import LiveServer, a_window, served
from tests.conferences import build as conferences
from tests.goals import build as goals
from tests.reading import barriers, overflow
from tests.visiting import Visitor

PAGES = ["/components", "/sign-in", "/about", "/fail/409", "/fail/404", "/fail/500"]


@pytest.fixture
def live(make_app: Callable[..., Flask]) -> Iterator[LiveServer]:
    app = make_app(demo=True)

    @app.get("/fail/<int:status>")
    @public
    def _fail(status: int) -> NoReturn:
        if status == 409:
            raise ChangedMeanwhile({"Why": "So that I am quick."}, {"Why": "For fractions."})
        abort(status)

    with served(app) as server:
        yield server


def come_in(context: BrowserContext, live: LiveServer, person: Person) -> None:
    """Give the browser a sign-in of ``person``, as if they had just typed their password."""
    cookie = Visitor(live.app, person).client.get_cookie("learnpath")
    assert cookie
    context.add_cookies([{"name": "learnpath", "value": cookie.value, "url": live.url}])


@pytest.mark.parametrize(
    ("width", "scheme", "locale"), [(1280, "light", "en-US"), (320, "dark", "es-MX")]
)
def test_pages_have_no_barriers_and_fit(
    browser: Browser, live: LiveServer, width: int, scheme: str, locale: str
) -> None:
    with a_window(browser, live.url, width=width, scheme=scheme, locale=locale) as (_, page):
        for path in PAGES:
            page.goto(path)
            assert barriers(page) == [], path
            assert overflow(page) <= 0, path


def test_pages_of_the_school_have_no_barriers(
    browser: Browser, live: LiveServer, session: Session
) -> None:
    own = builders.a_class(session)
    builders.a_learner(session, "Nguyễn Thị Bảo Châu", in_class=own)
    teacher = builders.a_teacher(session, own)
    administrator = builders.an_administrator(session)
    session.commit()
    for person, paths in (
        (teacher, ["/classes", f"/classes/{own.id}", "/me/comfort", "/me/password"]),
        (administrator, ["/people", "/people?name=zzz"]),
    ):
        with a_window(browser, live.url, width=320) as (context, page):
            come_in(context, live, person)
            for path in paths:
                page.goto(path)
                assert barriers(page) == [], path
                assert overflow(page) <= 0, path


def test_the_largest_letters_still_fit_the_smallest_phone(
    browser: Browser, live: LiveServer, session: Session
) -> None:
    learner = builders.a_learner(session, grade=3)
    learner.text_size, learner.spacing = TextSize.LARGER, Spacing.WIDE
    session.add(learner)
    session.commit()
    with a_window(browser, live.url, width=320) as (context, page):
        come_in(context, live, learner)
        for path in ("/me/comfort", "/components", "/about"):
            page.goto(path)
            assert overflow(page) <= 0, path
        size = page.evaluate("getComputedStyle(document.documentElement).fontSize")
        assert size == "23.4px"


@pytest.fixture
def linh(session: Session) -> Person:
    learner = builders.a_learner(session, "Linh")
    session.commit()
    return learner


@pytest.mark.parametrize("javascript", [True, False])
def test_on_a_phone_the_places_open_and_close_with_and_without_javascript(
    browser: Browser, live: LiveServer, linh: Person, javascript: bool
) -> None:
    with a_window(browser, live.url, width=360, java_script_enabled=javascript) as (context, page):
        come_in(context, live, linh)
        page.goto("/about")
        goals = page.get_by_role("link", name="My goals")
        expect(goals).to_be_hidden()
        page.get_by_role("button", name="Menu").click()
        expect(goals).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_be_visible()
        page.keyboard.press("Escape")
        expect(goals).to_be_hidden()


def test_on_a_phone_the_head_is_one_row(browser: Browser, live: LiveServer, linh: Person) -> None:
    with a_window(browser, live.url, width=360) as (context, page):
        come_in(context, live, linh)
        page.goto("/about")
        boxes = [
            page.locator(part).bounding_box() for part in (".brand", ".language", ".menu-button")
        ]
        middles = [box["y"] + box["height"] / 2 for box in boxes if box]
        assert len(middles) == 3
        assert max(middles) - min(middles) < 4


def test_everything_of_the_head_is_reached_by_the_keyboard(
    browser: Browser, live: LiveServer, linh: Person
) -> None:
    with a_window(browser, live.url) as (context, page):
        come_in(context, live, linh)
        page.goto("/about")
        seen = []
        for _step in range(13):
            page.keyboard.press("Tab")
            seen.append(page.evaluate("document.activeElement.textContent.trim()"))
        assert seen[0] == "Skip to the page"
        assert {"Home", "Who is leading?", "Español", "Sign out", "Help and about"} <= set(seen)
        page.goto("/about")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_the_letters_are_ours_and_nothing_is_blocked(browser: Browser, live: LiveServer) -> None:
    said: list[str] = []
    with a_window(browser, live.url) as (_, page):
        page.on("console", lambda message: said.append(message.text))
        page.on("requestfailed", lambda request: said.append(request.url))
        page.goto("/components")
        page.evaluate("document.fonts.ready")
        assert page.evaluate("document.fonts.check('16px \"Atkinson Hyperlegible Next\"')")
        hosts = page.evaluate(
            "performance.getEntriesByType('resource').map((one) => new URL(one.name).origin)"
        )
    assert said == []
    assert set(hosts) == {live.url}


def test_one_more_and_one_less_change_the_number(browser: Browser, live: LiveServer) -> None:
    with a_window(browser, live.url) as (_, page):
        page.goto("/components")
        stepper = page.locator("#form-filled .stepper")
        number = stepper.get_by_role("textbox")
        stepper.get_by_role("button", name="More").click()
        expect(number).to_have_value("37")
        number.fill("1")
        for _ in range(3):
            stepper.get_by_role("button", name="Less").click()
        expect(number).to_have_value("0")


def test_a_beginning_goes_into_the_box_and_the_box_takes_the_focus(
    browser: Browser, live: LiveServer
) -> None:
    with a_window(browser, live.url) as (_, page):
        page.goto("/components")
        part = page.locator("#form-empty")
        part.get_by_role("button", name="It helps me when ...").click()
        box = part.get_by_label("Why does it matter to you?")
        expect(box).to_be_focused()
        expect(box).to_have_value("It helps me when ")


def test_errors_are_read_first(browser: Browser, live: LiveServer) -> None:
    with a_window(browser, live.url) as (_, page):
        page.goto("/sign-in")
        page.get_by_role("button", name="Sign in").click()
        summary = page.get_by_role("alert")
        expect(summary).to_be_focused()
        assert page.title().startswith("Error: ")
        summary.get_by_role("link", name="Enter your username.").click()
        expect(page.get_by_label("Username")).to_be_focused()


def test_what_is_typed_is_kept_in_this_tab_until_the_person_signs_out(
    browser: Browser, live: LiveServer, linh: Person
) -> None:
    with a_window(browser, live.url) as (context, page):
        come_in(context, live, linh)
        page.goto("/components")
        page.locator("#empty-name").fill("Fractions")
        page.locator("#empty-feeling").get_by_text("Smooth").click()
        page.goto("/about")
        page.goto("/components")
        expect(page.locator("#empty-name")).to_have_value("Fractions")
        expect(page.locator("#empty-feeling-0")).to_be_checked()
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in")
        assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_a_draft_of_one_person_is_not_shown_to_the_next(
    browser: Browser, live: LiveServer, linh: Person, session: Session
) -> None:
    mateo = builders.a_learner(session, "Mateo")
    session.commit()
    with a_window(browser, live.url) as (context, page):
        come_in(context, live, linh)
        page.goto("/components")
        page.locator("#empty-name").fill("Fractions")
        context.clear_cookies()
        come_in(context, live, mateo)
        page.goto("/components")
        expect(page.locator("#empty-name")).to_have_value("")
        assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_a_family_reads_the_summary_on_a_phone_light_and_without_anybody_else(
    browser: Browser, make_app: Callable[..., Flask], session: Session
) -> None:
    learner = builders.a_learner(session, "Linh")
    goal = goals.a_goal(session, learner=learner, check_ins=8, shared=True)
    shared = conferences.a_conference(session, learner, goals=[goal.id or 0])
    _link, token = conferences.a_link(session, shared, builders.a_guardian_of(session, learner))
    session.commit()
    asked: list[str] = []
    with (
        served(make_app(demo=True, chartjs="cdn")) as server,
        a_window(browser, server.url, width=360, locale="es-MX") as (_, page),
    ):
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"/f/{token}")
        assert barriers(page) == []
        page.get_by_role("button", name="Abrir").click()
        expect(page.locator("main .chart svg").first).to_be_attached()
        page.wait_for_load_state("networkidle")
        weight = page.evaluate(
            "[...performance.getEntriesByType('navigation'),"
            " ...performance.getEntriesByType('resource')]"
            ".reduce((sum, one) => sum + one.encodedBodySize, 0)"
        )
        assert barriers(page) == []
        assert overflow(page) <= 0
    assert 30_000 < weight < 100_000
    assert all(url.startswith(server.url) for url in asked)
    assert not [url for url in asked if "chartjs" in url]


VOICES = """
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => %s.map((lang) => ({lang})), cancel() {}, addEventListener() {},
  speak(words) { window.saidAloud = words.text; },
}});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


def test_words_are_read_aloud_when_asked(browser: Browser, live: LiveServer) -> None:
    with a_window(browser, live.url) as (_, page):
        page.add_init_script(VOICES % '["es-MX", "en-US"]')
        page.goto("/components")
        assert page.evaluate("window.saidAloud") is None
        button = page.get_by_role("button", name="Listen")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        assert page.evaluate("window.saidAloud") == "Read this sentence aloud."


def test_no_button_offers_a_voice_of_another_language(browser: Browser, live: LiveServer) -> None:
    with a_window(browser, live.url) as (_, page):
        page.add_init_script(VOICES % '["es-MX"]')
        page.goto("/components")
        expect(page.locator("[data-speak]")).to_be_hidden()
