"""A summary with a year of check-ins, words without end and a name from right to left stays one page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from sqlmodel import Session

from learnpath.conferences import prepare, summary
from learnpath.conferences.models import Summary
from learnpath.conferences.prepare import Hard, Piece
from learnpath.people.models import Person
from learnpath.record import Relation
from learnpath.school.models import SchoolYearRow
from tests import builders
from tests.browsing import a_window, served
from tests.builders import MONDAY
from tests.conferences import build, paper
from tests.goals.build import a_goal
from tests.visiting import Visitor

LONG = "Donaudampfschifffahrtsgesellschaftskapitänspatentverlängerungsantrag"
RIGHT_TO_LEFT = "عمر عبد الرحمن الراشد"


@dataclass
class Case:
    """A shared summary with much in it, and who reads it."""

    learner: Person
    guardian: Person
    made: Summary


@pytest.fixture
def year_long(session: Session) -> Case:
    learner = builders.a_learner(session, RIGHT_TO_LEFT)
    teacher = builders.a_teacher_of(session, learner, "Ms. " + LONG[:60])
    guardian = builders.a_guardian_of(session, learner, RIGHT_TO_LEFT)
    # A year without a summer before this one: forty school weeks in a row.
    session.add(
        SchoolYearRow(
            school_id=learner.school_id, name="2024-25", starts=date(2024, 8, 19),
            ends=date(2025, 8, 17),
        )
    )  # fmt: skip
    session.flush()
    goals = [
        a_goal(
            session, learner=learner, teacher=teacher, due="2025-12-12",
            values=[None if n % 12 == 11 else 20 + n * 0.4 for n in range(45)],
        )
        for _number in range(2)
    ]  # fmt: skip
    conference = build.a_planned_conference(session, learner, teacher)
    build.prepare_all(session, conference, goals=[goal.id for goal in goals])
    doer = build.by(learner, Relation.LEARNER)
    prepare.add_work(session, doer, conference, Piece(LONG, LONG * 3, LONG * 2), MONDAY)
    hard = Hard(LONG * 2, LONG * 2, LONG)
    prepare.say_hard(session, doer, conference, hard, conference.number, MONDAY)
    made = build.hold(session, conference)
    summary.approve(session, doer, made, LONG * 8, MONDAY)
    summary.share(session, build.by(teacher, Relation.TEACHER), made, made.sha256, MONDAY)
    session.commit()
    return Case(learner, guardian, made)


def test_the_page_is_small_and_says_that_the_table_has_the_last_weeks(visit, year_long):
    for reader in (year_long.learner, year_long.guardian):
        page = visit(reader).get(f"/summaries/{year_long.made.id}")
        size = len(page.response.get_data())
        assert size < 100_000
        weeks = [len(goal["progress"]["rows"]) for goal in year_long.made.content["goals"]]
        assert min(weeks) >= 40
        said = (
            f"The table has the last 12 weeks. The chart has all {weeks[0]}.",
            f"La tabla tiene las últimas 12 semanas. La gráfica tiene todas: {weeks[0]}.",
        )
        assert any(sentence in page.words for sentence in said)
        assert [len(table.select("tbody tr")) for table in page.soup.select("main table")] == [
            12,
            12,
        ]
        assert RIGHT_TO_LEFT in page.text
        assert LONG * 8 in page.text


def test_the_pdf_stays_on_one_letter_page(visit, year_long):
    for reader in (year_long.learner, year_long.guardian):
        body = visit(reader).get(f"/summaries/{year_long.made.id}/summary.pdf").response.get_data()
        assert (paper.pages(body), paper.sizes(body)) == (1, paper.LETTER)


def test_the_browser_prints_it_on_one_letter_page(app, year_long, browser):
    for reader in (year_long.learner, year_long.guardian):
        visitor = Visitor(app, reader)
        visitor.get("/about")
        cookie = visitor.client.get_cookie("learnpath")
        with served(app) as server, a_window(browser, server.url) as (context, page):
            context.add_cookies([{"name": "learnpath", "value": cookie.value, "url": server.url}])
            page.goto(f"/summaries/{year_long.made.id}")
            body = page.pdf(format="Letter")
            assert (paper.pages(body), paper.sizes(body)) == (1, paper.LETTER)


def test_on_a_phone_nothing_runs_out_at_the_side(app, year_long, browser):
    visitor = Visitor(app, year_long.guardian)
    visitor.get("/about")
    cookie = visitor.client.get_cookie("learnpath")
    with served(app) as server, a_window(browser, server.url, width=320) as (context, page):
        context.add_cookies([{"name": "learnpath", "value": cookie.value, "url": server.url}])
        page.goto(f"/summaries/{year_long.made.id}")
        page.locator("details summary").first.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
