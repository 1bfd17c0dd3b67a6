"""The main job, end to end: one learner's path from inventory to conference, in real browsers.

One test, because it is one story: each step stands on the one before, and the last page reads them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import Session

from learnpath import clock
from learnpath.db import open_session
from learnpath.people.models import Language
from learnpath.record.verify import verify
from tests.browsing import LiveServer
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of
from tests.journeys.someone import Someone

pytestmark = pytest.mark.browser
GOAL = "Know 42 multiplication facts from memory"
SENTENCE = "I see patterns fast. I like to try a bit first."


@pytest.fixture
def cast(session: Session) -> None:
    learner = a_learner(session, "Linh", grade=4, username="linh")
    a_teacher_of(session, learner, "Ms. Tran", username="tran")
    a_guardian_of(
        session, learner, "Hoa Nguyen", as_called="Mamá", language=Language.ES, username="hoa"
    )
    session.commit()
    session.close()


@pytest.fixture
def linh(browser: Browser, live: LiveServer, cast: None) -> Iterator[Someone]:
    someone = Someone(browser, live, "linh")
    yield someone
    someone.context.close()


@pytest.fixture
def tran(browser: Browser, live: LiveServer, cast: None) -> Iterator[Someone]:
    someone = Someone(browser, live, "tran")
    yield someone
    someone.context.close()


def it_is(moment: datetime) -> None:
    """Let the app's clock stand at ``moment``."""
    clock.install(moment)


def weeks_later(weeks: int, days: int = 3) -> datetime:
    """Return a moment some school weeks after the story's first Monday: a Thursday."""
    return MONDAY + timedelta(weeks=weeks, days=days)


def test_from_inventory_to_conference(
    browser: Browser, live: LiveServer, linh: Someone, tran: Someone, engine
) -> None:
    it_is(MONDAY)
    answers_an_inventory_in_two_sittings(linh)
    writes_in_my_words(linh)
    proposes_a_goal(linh)
    it_is(MONDAY + timedelta(hours=4))
    teacher_suggests_another_target(tran)
    it_is(MONDAY + timedelta(days=1))
    learner_takes_it_and_says_yes(linh)
    teacher_signs(tran)
    for week, value in enumerate(("24", "26", "27", None, "30", "33", "32", "36")):
        it_is(weeks_later(week))
        checks_in(linh, value)
    reads_sentence_chart_and_table(linh)
    teacher_plans_a_conference(tran)
    prepares(linh)
    teacher_adds_two_sentences(tran)
    presents(linh)
    approves_the_summary(linh)
    link = teacher_shares_and_makes_a_link(tran)
    family_answers_in_spanish(browser, live, link)
    teacher_passes_it_on(tran)
    learner_reads_the_answer(linh)
    sees_who_is_leading(linh, "Who is leading?")
    teacher_sees_who_is_leading(tran)
    with open_session(engine, writing=False) as session:
        assert verify(session).faults == ()


def answers_an_inventory_in_two_sittings(linh: Someone) -> None:
    linh.signs_in()
    linh.reads("Linh")
    linh.follows("See the questions")
    linh.presses("Start")
    linh.chooses("Space")
    linh.presses("Continue")
    linh.fills(good_at="I fold paper animals")
    for _ in range(4):
        linh.presses("Continue")
    linh.sees("Question 6 of 12")
    linh.signs_out()
    linh.signs_in()
    linh.sees("Carry on with your questions.")
    linh.follows("Carry on")
    linh.presses("Carry on")
    linh.sees("Question 6 of 12")
    linh.chooses("drawing it")
    for _ in range(7):
        linh.presses("Continue")
    linh.reads("Check my answers")
    linh.sees("I fold paper animals")
    linh.presses("Save to my profile")
    linh.sees("Space")


def writes_in_my_words(linh: Someone) -> None:
    linh.part("#in-my-words").get_by_role("link", name=re.compile("Write|Change")).click()
    linh.fills(lines=SENTENCE)
    linh.presses("Save")
    expect(linh.part("#in-my-words .voice").first).to_have_text(SENTENCE)


def proposes_a_goal(linh: Someone) -> None:
    linh.goes_to("My goals")
    linh.follows("Make a goal")
    linh.presses("Start")
    linh.fills(what=GOAL)
    linh.part("summary").filter(has_text="profile").click()
    linh.chooses("I fold paper animals")
    _go_on(linh)
    linh.fills(why="Then long problems go faster.")
    _go_on(linh)
    linh.fills(can_now="say 24 facts", baseline="24")
    _go_on(linh)
    linh.fills(unit="facts")
    _go_on(linh)
    linh.fills(target="50", stretch="The sevens are hard.")
    _go_on(linh)
    linh.chooses("In 9 weeks")
    _go_on(linh)
    linh.fills(actions="Six hard ones after lunch")
    _go_on(linh)
    linh.fills(obstacle="I forget the sevens", plan="draw them as groups")
    _go_on(linh)
    linh.chooses("My teacher")
    _go_on(linh)
    linh.sees(GOAL)
    linh.presses("Send to my teacher")
    linh.sees("Your teacher has it")


def _go_on(linh: Someone) -> None:
    before = linh.part("h1").inner_text()
    linh.presses("Save and go on")
    expect(linh.part("h1")).not_to_have_text(before)


def teacher_suggests_another_target(tran: Someone) -> None:
    tran.signs_in()
    tran.reads("One goal waits for you.")
    tran.goes_to("Goals to sign")
    tran.sees(GOAL)
    tran.follows("Suggest")
    tran.part("main [name=part]").select_option("target")
    tran.fills(words="42", sentence="42 by the winter is a good first step.")
    tran.presses("Send my idea")
    tran.sees("42 facts. Not answered yet.")


def learner_takes_it_and_says_yes(linh: Someone) -> None:
    linh.signs_in()
    linh.sees("There is an idea for your goal.")
    linh.follows("Read the idea")
    linh.sees("42 by the winter is a good first step.")
    linh.presses("Use this")
    linh.sees("42")
    linh.presses("Yes, this is my goal")


def teacher_signs(tran: Someone) -> None:
    tran.signs_in()
    tran.follows("Read and co-sign")
    tran.presses("Co-sign")
    tran.sees("Both agreed")


def checks_in(linh: Someone, value: str | None) -> None:
    linh.signs_in()
    linh.sees("How is it going with your goal?")
    if value is None:
        linh.part("main summary").filter(has_text="Say a bit more").click()
        linh.chooses("I was sick")
        linh.chooses("Not this week")
    else:
        linh.fills(value=value)
        linh.chooses("Some bumps")
    linh.presses("Save my check-in")
    expect(linh.part(".said[role=status]")).to_contain_text("Saved")


def reads_sentence_chart_and_table(linh: Someone) -> None:
    linh.goes_to("My goals")
    linh.follows(GOAL)
    linh.sees("You went from 24 to 36")
    expect(linh.part("figure canvas, .chart canvas").first).to_be_visible()
    linh.part("summary").filter(has_text="Show as a table").click()
    rows = linh.part("details table tbody tr")
    expect(rows).to_have_count(8)
    expect(linh.part("details table")).to_contain_text("I was sick")


def teacher_plans_a_conference(tran: Someone) -> None:
    tran.signs_in()
    tran.goes_to("My classes")
    tran.follows("Room 214")
    tran.follows("Linh")
    tran.part("main nav").get_by_role("link", name="Conferences").click()
    tran.follows("Plan a conference")
    tran.fills(day=weeks_later(7).date().isoformat(), at="16:00")
    tran.presses("Plan it")
    tran.sees("Your sentences are needed")


def prepares(linh: Someone) -> None:
    linh.signs_in()
    linh.sees("Get ready for your conference.")
    linh.follows("Get ready")
    linh.follows("Next:")
    linh.chooses(SENTENCE)
    linh.presses("Save")
    for title in ("My paper animals", "My fraction page"):
        _opens(linh, "work")
        linh.fills(title=title, did="I tried it twice.", shows="I see parts.")
        linh.presses("Save")
    _opens(linh, "hard")
    linh.fills(what="Saying my steps", tried="Two words first", need="A partner who waits")
    linh.presses("Save")
    _opens(linh, "goals")
    linh.chooses(GOAL)
    linh.presses("Save")
    _opens(linh, "guess")
    linh.fills(words="That I know more than I say.")
    linh.presses("Save")
    _opens(linh, "words")
    linh.fills(words="I used to skip the hard ones. Now I do six first.")
    linh.presses("Save")
    linh.follows("Rehearse")
    linh.page.go_back()


def _opens(linh: Someone, part: str) -> None:
    """Open a part of the preparation from the list of what is there."""
    path = linh.page.url.split("/prepare")[0]
    linh.page.goto(f"{path}/prepare/{part}")


def teacher_adds_two_sentences(tran: Someone) -> None:
    tran.signs_in()
    tran.part("main section").filter(has_text="Conferences").get_by_role(
        "link", name="Linh"
    ).first.click()
    tran.follows("Add my sentences")
    tran.chooses("Yes, I agree")
    tran.fills(words="Linh sees patterns before I name them. We practise saying one step a day.")
    tran.presses("Save")


def presents(linh: Someone) -> None:
    linh.signs_in()
    linh.goes_to("My conference")
    linh.part("main a[href^='/conferences/']").first.click()
    linh.presses("Begin the conference")
    cards = linh.part("[data-card]")
    many = cards.count()
    for number in range(many - 1):
        card = cards.nth(number)
        expect(card).to_be_visible()
        who = "together" if number == 2 else "learner"
        card.locator(f"input[name^=led_][value={who}]").check(force=True)
        for by, text in (
            ("learner", "Six hard ones each day"),
            ("family", "Ask three at dinner"),
            ("teacher", "Ten minutes on Thursdays"),
        ):
            promise = card.locator(f"[name=text_{by}]")
            if promise.count():
                promise.fill(text)
                card.locator(f"[name=back_{by}]").check(force=True)
        linh.part("[data-next]").click()
    for who in ("learner", "family", "teacher"):
        linh.part(f"input[name=present][value={who}]").check(force=True)
    linh.fills(family_names="Mamá")
    linh.presses("Finish the conference", within="body")
    linh.sees("summary")


def approves_the_summary(linh: Someone) -> None:
    linh.goes_to("Home")
    linh.sees("Check what goes in the summary.")
    linh.follows("Check my summary")
    linh.sees("Six hard ones each day")
    linh.presses("Yes, this may be shared")
    linh.sees("Your teacher")


def teacher_shares_and_makes_a_link(tran: Someone) -> str:
    tran.signs_in()
    tran.follows("Linh said yes to the summary.")
    tran.presses("Share with the family")
    tran.presses("Make a link")
    return tran.part("#link").input_value()


def family_answers_in_spanish(browser: Browser, live: LiveServer, link: str) -> None:
    phone = browser.new_context(
        viewport={"width": 360, "height": 740}, locale="es-MX", reduced_motion="reduce"
    )
    page = phone.new_page()
    page.goto(live.url + "/f/" + link.rsplit("/f/", 1)[1])
    assert "Linh" not in page.content()
    page.get_by_role("button", name="Abrir").click()
    expect(page.locator("html")).to_have_attribute("lang", "es")
    expect(page.locator("main")).to_contain_text("Linh")
    expect(page.locator("main")).to_contain_text("I used to skip the hard ones.")
    page.get_by_role("button", name="Sí", exact=True).click()
    page.locator("[name=proud]").fill("¡Qué bien explicaste tu meta!")
    page.locator("[name=question]").fill("¿Qué podemos practicar en casa?")
    page.get_by_role("button", name="Enviar").click()
    expect(page.locator("main")).to_contain_text("¡Qué bien explicaste tu meta!")
    phone.close()


def teacher_passes_it_on(tran: Someone) -> None:
    tran.signs_in()
    tran.follows("The family of Linh answered.")
    tran.sees("¿Qué podemos practicar en casa?")
    tran.presses("Pass on to Linh")


def learner_reads_the_answer(linh: Someone) -> None:
    linh.signs_in()
    linh.sees("Your family wrote to you.")
    linh.follows("Read their words")
    linh.sees("¡Qué bien explicaste tu meta!")
    expect(linh.part("main")).not_to_contain_text("¿Qué podemos practicar en casa?")


def sees_who_is_leading(linh: Someone, place: str) -> None:
    linh.goes_to(place)
    linh.reads("Who is leading?")
    addresses = _addresses(linh)
    assert any(re.match(r"/goals/\d+", path) for path in addresses)
    assert any(re.match(r"/conferences/\d+", path) for path in addresses)
    assert any("/profile#" in path for path in addresses)
    goal = next(path for path in addresses if re.match(r"/goals/\d+", path))
    linh.page.goto(goal)
    linh.sees(GOAL)


def _addresses(someone: Someone) -> list[str]:
    links = someone.part("main a[href]").all()
    return [str(link.get_attribute("href")) for link in links]


def teacher_sees_who_is_leading(tran: Someone) -> None:
    tran.goes_to("My classes")
    tran.follows("Room 214")
    tran.follows("Linh")
    tran.sees("Leading my conference")
    tran.part("main nav").get_by_role("link", name="Who is leading?").click()
    assert any(re.match(r"/conferences/\d+", path) for path in _addresses(tran))
