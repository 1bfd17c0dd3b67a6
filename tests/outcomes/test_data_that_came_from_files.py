"""What a learner, a teacher and a family see of data from files: in plain words, and only what each may see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlmodel import Session, select

from learnpath.outcomes import bring_in
from learnpath.outcomes.models import SharedKind
from learnpath.people.models import Person
from learnpath.record import Verb
from learnpath.record.models import Event
from learnpath.school.models import ImportRun
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of, by_school, the_school
from tests.conftest import counted
from tests.outcomes import files
from tests.outcomes.files import known_as, mapping, quizzes, source
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
DAYS = quizzes(
    "4711,2025-09-29,P", "4711,2025-09-30,P", "4711,2025-10-01,A", "4711,2025-10-02,H",
    "4711,2025-10-20,P", header="Student,Day,Code",
)  # fmt: skip
QUIZZES = quizzes("4711,09/05/2025,Fractions,15", "4711,10/03/2025,Fractions,18")


@pytest.fixture
def learner(session: Session) -> Person:
    return known_as(session, a_learner(session, "Linh"), "4711")


def bring(session: Session) -> list[ImportRun]:
    doer = by_school(the_school(session))
    quiz = bring_in.apply(session, doer, source(QUIZZES), MONDAY)[0]
    attendance = source(DAYS, mapping(files.ATTENDANCE), "days.csv")
    days = bring_in.apply(session, doer, attendance, MONDAY)[0]
    session.commit()
    return [quiz, days]


def place(learner: Person) -> str:
    return f"/learners/{learner.id}/data"


def test_days_at_school_are_told_without_blame(
    session: Session, visit: Visit, learner: Person
) -> None:
    bring(session)
    page = visit(learner).get(place(learner))
    assert "You were at school on 3.5 of 5 days, from Sep 29 to Oct 20." in page.words
    assert "Days away: 1.5." in page.words
    for word in ("absent", "missed", "truant", "unexcused", "late"):
        assert word not in page.words.casefold().split()


def test_weeks_in_which_nothing_was_noted_are_gaps_in_chart_and_table(
    session: Session, visit: Visit, learner: Person
) -> None:
    bring(session)
    page = visit(learner).get(place(learner))
    chart = next(one for one in page.soup.select("svg.chart-wide") if "Days" in one.title.string)
    assert len(chart.select(".chart-gap")) == 2
    assert "No data in 2 weeks." in chart.desc.string
    rows = [row.get_text(" ", strip=True) for row in page.soup.select("table tr")]
    assert "Oct 6 Nothing was noted" in rows
    assert "Sep 29 2.5 of 4" in rows


def test_results_come_as_a_sentence_then_a_chart_then_a_table(
    session: Session, visit: Visit, learner: Person
) -> None:
    bring(session)
    item = visit(learner).get(place(learner)).soup.find("h3", string="Fractions").find_parent("li")
    words = " ".join(item.get_text(" ").split())
    assert "18 of 20 This is from Oct 3. The one before was on Sep 5: 15 of 20" in words
    assert "2 results, from 15 to 18." in item.find("desc").string
    order = [tag.name for tag in item.find_all(["figure", "table"])]
    assert order == ["figure", "table"]
    assert "Quiz book , from a file of the school" in words


def test_a_teacher_sees_the_file_and_the_line(
    session: Session, visit: Visit, learner: Person
) -> None:
    teacher = a_teacher_of(session, learner)
    bring(session)
    assert "from the file quizzes.csv, line 3" in visit(teacher).get(place(learner)).words


def test_a_family_sees_nothing_until_the_learner_says_so(
    session: Session, visit: Visit, learner: Person
) -> None:
    mother = a_guardian_of(session, learner)
    bring(session)
    me, family = visit(learner), visit(mother)
    assert "Fractions" not in family.get(place(learner)).words
    assert "Your family cannot." in me.get(place(learner)).words
    assert me.post(f"{place(learner)}/academic/share", shared="yes").status == 303
    page = family.get(place(learner))
    assert "Fractions" in page.words
    assert not page.soup.select("#kind-attendance")
    assert not page.soup.select("form[action*=need], form[action*=share]")
    me.post(f"{place(learner)}/academic/share", shared="no")
    assert "Fractions" not in family.get(place(learner)).words
    told = session.exec(select(Event.payload).where(Event.verb == Verb.OUTCOMES_SHARED)).all()
    assert told == [
        '{"audience":"family","kind":"academic"}', '{"audience":"nobody","kind":"academic"}'
    ]  # fmt: skip


def test_only_the_learner_shares(session: Session, visit: Visit, learner: Person) -> None:
    others = [a_teacher_of(session, learner), a_guardian_of(session, learner)]
    bring(session)
    for other in others:
        answer = visit(other).post(f"{place(learner)}/academic/share", shared="yes")
        assert answer.status == 404
    assert visit(learner).post(f"{place(learner)}/grades/share", shared="yes").status == 404
    assert session.exec(select(SharedKind)).all() == []


def test_what_an_import_brought_is_gone_when_it_is_undone_and_the_learners_words_stay(
    session: Session, visit: Visit, learner: Person
) -> None:
    quiz, _days = bring(session)
    me = visit(learner)
    item = me.get(place(learner)).soup.find("h3", string="Fractions").find_parent("li")
    me.post(item.select_one("form[action$=need]")["action"], text="More time with thirds")
    bring_in.undo(session, by_school(the_school(session)), quiz, MONDAY)
    session.commit()
    page = me.get(place(learner))
    assert "Fractions" not in page.words
    assert "You were at school on" in page.words
    assert "More time with thirds" in page.words
    assert "Your words stay yours." in page.words


def test_incidents_are_counted_and_not_judged(
    session: Session, visit: Visit, learner: Person
) -> None:
    what = mapping(
        values=[{"value": "1", "measure": "{Sort}", "kind": "behaviour", "reference": "{No}"}]
    )
    content = quizzes(
        "4711,09/05/2025,Noise,1", "4711,10/03/2025,Noise,2", header="Student,Day,Sort,No"
    )
    bring_in.apply(session, by_school(the_school(session)), source(content, what), MONDAY)
    session.commit()
    page = visit(learner).get(place(learner))
    assert "It was written down 2 times, the last time on Oct 3." in page.words
    assert not page.soup.select("figure")


def test_a_year_of_days_costs_no_more_questions(
    session: Session, visit: Visit, app: Flask, learner: Person
) -> None:
    bring(session)
    me, site = visit(learner), app.extensions["learnpath.engine"]
    with counted(site) as few:
        me.get(place(learner))
    rows = [f"4711,2025-{month:02}-{day:02},P" for month in range(1, 9) for day in range(1, 26)]
    content = quizzes(*rows, header="Student,Day,Code")
    by = mapping(files.ATTENDANCE)
    bring_in.apply(session, by_school(the_school(session)), source(content, by), MONDAY)
    session.commit()
    with counted(site) as many:
        assert me.get(place(learner)).status == 200
    assert few.count == many.count <= 12
