"""A summary with a year of check-ins, words without end and a name from right to left stays one page.

What no sheet can hold in letters that can be read takes several, each with its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from flask import render_template
from sqlmodel import Session

from learnpath.conferences import prepare, reading, summary
from learnpath.conferences.models import LONGEST_LINE, LONGEST_TEXT, Summary
from learnpath.conferences.page_words import listed
from learnpath.conferences.pdf import pdf_of
from learnpath.conferences.prepare import MOST_PIECES, Hard, Piece
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
GOAL = {"title": "Read aloud.", "agreed": True, "progress": None}
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
    body = visit(year_long.guardian).get(f"/summaries/{year_long.made.id}/summary.pdf")
    body = body.response.get_data()
    assert (paper.pages(body), paper.sizes(body)) == (1, paper.LETTER)
    assert b"1 / 1" not in paper.plain(body)


def test_the_browser_prints_it_on_one_letter_page_and_a_phone_has_nothing_at_the_side(
    app, year_long, browser
):
    visitor = Visitor(app, year_long.guardian)
    visitor.get("/about")
    cookie = visitor.client.get_cookie("learnpath")
    with served(app) as server, a_window(browser, server.url, width=320) as (context, page):
        context.add_cookies([{"name": "learnpath", "value": cookie.value, "url": server.url}])
        page.goto(f"/summaries/{year_long.made.id}")
        body = page.pdf(format="Letter")
        assert (paper.pages(body), paper.sizes(body)) == (1, paper.LETTER)
        page.locator("details summary").first.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def filled(content, share, pieces):
    """Return a summary's content with words for a part of what each field takes."""
    few, long = words(int(LONGEST_LINE * share)), words(int(LONGEST_TEXT * share))
    return {
        **content,
        "own_words": long,
        "teacher": {**content["teacher"], "words": long},
        "hard": dict.fromkeys(content["hard"], long),
        "work": [{"title": few, "did": long, "shows": long}] * pieces,
        "promises": [{**one, "text": few} for one in content["promises"]],
    }


def words(signs):
    return ("Now I read two quotes and choose the one that fits. " * 40)[:signs]


def on_paper(content):
    read = reading.shown(content)
    page = render_template(
        "conferences/summary_pdf.html", shown=read, there=listed(read.there), translated={},
        locale="en",
    )  # fmt: skip
    return read.density, pdf_of(page, read.density)


def test_a_full_sheet_is_one_and_what_no_sheet_holds_takes_numbered_ones(app, session):
    learner = builders.a_learner(session, "Mateo")
    made = build.summary_of(session, build.a_conference(session, learner))
    with app.test_request_context():
        density, body = on_paper(filled(made.content, 0.3, 2))
        assert (density, paper.pages(body)) == ("very-much", 1)
        density, body = on_paper(filled(made.content, 1, MOST_PIECES))
        assert density == "sheets"
        assert 2 <= paper.pages(body) <= 5
        assert paper.sizes(body) == paper.LETTER


@pytest.mark.parametrize(
    ("signs", "beside", "expected"),
    [(100, 0, ""), (2000, 0, "much"), (3400, 0, "very-much"), (3400, 2000, "sheets")],
)
def test_how_small_it_is_set_follows_from_how_much_there_is(session, signs, beside, expected):
    learner = builders.a_learner(session, "Mateo")
    made = build.summary_of(session, build.a_conference(session, learner))
    content = {**made.content, "own_words": "x" * signs, "goals": [GOAL]}
    beside_it = {"own_words": reading.Translated("x" * beside, "Ms. Ortiz")}
    assert reading.shown(content, beside_it).density == expected
