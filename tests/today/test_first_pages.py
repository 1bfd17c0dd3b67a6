"""The first page of each person answers "what now?" in one sentence and one main action."""

from __future__ import annotations

import pytest
from bs4 import Tag
from sqlmodel import Session

from learnpath.db import key_of
from learnpath.goals import suggest
from learnpath.goals.models import Feel, GoalPart
from learnpath.record import Relation
from tests.builders import (
    MONDAY,
    a_guardian_of,
    a_leader,
    a_learner,
    a_teacher,
    a_teacher_of,
    an_administrator,
    by,
    class_of,
)
from tests.conferences.build import a_conference, a_planned_conference
from tests.conftest import counted
from tests.goals.build import a_goal, a_sent_goal
from tests.profiles.build import a_profile, an_inventory_run
from tests.visiting import Page


def _main_actions(page: Page) -> list[str]:
    buttons = page.soup.select("main .button:not(.plain)")
    return [" ".join(button.get_text().split()) for button in buttons]


def test_a_new_learner_is_asked_to_start_with_questions(session: Session, visit) -> None:
    learner = a_learner(session, "Lucía", grade=3)
    session.commit()
    page = visit(learner).get("/")
    assert page.heading == "Good morning, Lucía."
    assert "Start with some quick questions about you." in page.words
    assert _main_actions(page) == ["See the questions"]


def test_who_stopped_halfway_carries_on(session: Session, visit) -> None:
    learner = a_learner(session, grade=3)
    an_inventory_run(session, learner, answered=5)
    session.commit()
    assert "Carry on with your questions." in visit(learner).get("/").words


def test_with_a_profile_comes_the_first_goal(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    session.commit()
    assert _main_actions(visit(learner).get("/")) == ["Make a goal"]


def test_with_an_agreed_goal_comes_the_check_in_and_the_chart(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    a_goal(session, learner=learner, check_ins=4)
    session.commit()
    page = visit(learner).get("/")
    assert "One thing for this week: your check-in." in page.words
    assert page.soup.select_one("form input[name=value]") is not None
    assert "4 weeks of data so far" in page.words
    assert page.soup.select_one("svg[role=img]") is not None


def test_a_teachers_idea_comes_before_the_check_in(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    teacher = a_teacher_of(session, learner)
    goal = a_sent_goal(session, learner)
    doer = by(teacher, Relation.TEACHER)
    suggest.suggest(session, doer, goal, GoalPart.TARGET, "36", "Smaller first.", 1, MONDAY)
    session.commit()
    assert "There is an idea for your goal." in visit(learner).get("/").words


def test_a_conference_in_days_asks_to_get_ready(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    a_planned_conference(session, learner)
    session.commit()
    assert _main_actions(visit(learner).get("/")) == ["Get ready"]


def test_a_held_conference_waits_for_the_learners_yes(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    a_conference(session, learner, approved=False, shared=False)
    session.commit()
    page = visit(learner).get("/")
    assert _main_actions(page) == ["Check my summary"]


def test_a_teacher_reads_whom_to_see_and_why(session: Session, visit) -> None:
    learner = a_learner(session, "Jamal")
    teacher = a_teacher_of(session, learner)
    other = a_learner(session, "Amara", in_class=class_of(session, learner))
    a_goal(
        session, learner=learner, teacher=teacher, values=(1, 2, 2),
        feels={1: Feel.STUCK, 2: Feel.STUCK},
    )  # fmt: skip
    a_sent_goal(session, other)
    session.commit()
    page = visit(teacher).get("/")
    assert page.heading == "One student would be good to see today. One goal waits for you."
    assert "Said “stuck” 2 weeks in a row" in page.words
    assert "Read and co-sign Amara" in page.words


def test_a_teacher_with_nobody_waiting_reads_so(session: Session, visit) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    a_goal(session, learner=learner, teacher=teacher, check_ins=3)
    session.commit()
    page = visit(teacher).get("/")
    assert page.heading == "No one is waiting."
    assert "you worked here with 1 of 1 students" in page.words


def test_a_teacher_opens_one_learner_on_one_page(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session, "Mateo"))
    teacher = a_teacher_of(session, learner)
    a_guardian_of(session, learner, "Gloria")
    a_goal(session, learner=learner, teacher=teacher, check_ins=3)
    session.commit()
    page = visit(teacher).get(f"/learners/{learner.id}")
    assert page.heading == "Mateo Example"
    for words in (
        "I try first and ask later.",
        "Know 42 multiplication facts",
        "Leading my conference",
    ):
        assert words in page.words
    assert "Gloria" in page.words


@pytest.mark.parametrize("who", ["other teacher", "guardian", "classmate", "leader"])
def test_nobody_else_opens_the_one_page(session: Session, visit, who: str) -> None:
    learner = a_learner(session)
    person = {
        "other teacher": lambda: a_teacher_of(session, a_learner(session)),
        "guardian": lambda: a_guardian_of(session, learner),
        "classmate": lambda: a_learner(session, in_class=class_of(session, learner)),
        "leader": lambda: a_leader(session),
    }[who]()
    session.commit()
    assert visit(person).get(f"/learners/{learner.id}").status == 404


def test_a_family_sees_its_children_and_what_is_shared(session: Session, visit) -> None:
    learner = a_learner(session, "Mateo")
    guardian = a_guardian_of(session, learner)
    a_conference(session, learner)
    session.commit()
    page = visit(guardian).get("/")
    assert "Mateo" in page.words
    assert page.soup.select_one(f"a[href='/learners/{learner.id}/profile']") is not None
    assert _main_actions(page) == ["Leer y responder"]


def test_a_leader_of_a_small_school_reads_no_count(session: Session, visit) -> None:
    for _ in range(9):
        a_learner(session)
    leader = a_leader(session)
    session.commit()
    assert "There are not enough learners yet" in visit(leader).get("/").words


def test_a_leaders_counts_never_name_a_small_group(session: Session, visit) -> None:
    learners = [a_learner(session) for _ in range(24)]
    for learner in learners[:12]:
        a_profile(session, learner)
    a_goal(session, learner=learners[0])
    leader = a_leader(session)
    session.commit()
    page = visit(leader).get("/")
    shown = {dd.get_text(): dt.get_text() for dt, dd in _pairs(page)}
    assert shown["have a profile in their own words"] == "12"
    assert shown["have a goal that learner and teacher signed"] == "Fewer than ten"


def _pairs(page: Page) -> list[tuple[Tag, Tag]]:
    return list(zip(page.soup.select("main dt"), page.soup.select("main dd"), strict=True))


def test_an_administrator_starts_from_the_people(session: Session, visit) -> None:
    a_learner(session)
    person = an_administrator(session)
    session.commit()
    assert _main_actions(visit(person).get("/")) == ["Find a person"]


def test_a_teacher_without_classes_reads_what_will_be_here(session: Session, visit) -> None:
    learner = a_learner(session)
    school_class = class_of(session, learner)
    teacher = a_teacher(session, school_class)
    learner.left_at = MONDAY
    session.add(learner)
    session.commit()
    assert "No student learns in your classes yet." in visit(teacher).get("/").words


@pytest.mark.parametrize("many", [1, 30])
def test_the_learners_page_asks_the_database_at_most_twelve_times(
    session: Session, visit, engine, many: int
) -> None:
    learner = a_profile(session, a_learner(session))
    teacher = a_teacher_of(session, learner)
    for _ in range(many):
        a_goal(
            session,
            learner=learner,
            teacher=teacher,
            check_ins=2,
        )
    a_conference(session, learner, teacher)
    session.commit()
    visitor = visit(learner)
    visitor.get("/")
    with counted(engine) as counter:
        assert visitor.get("/").status == 200
    assert counter.count <= 12, counter.statements
    assert key_of(learner)


def test_a_teachers_page_asks_as_often_for_thirty_as_for_one(
    session: Session, visit, engine
) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    a_goal(session, learner=learner, teacher=teacher, check_ins=2)
    session.commit()
    visitor = visit(teacher)
    visitor.get("/")
    with counted(engine) as few:
        visitor.get("/")
    for _ in range(29):
        other = a_learner(session, in_class=class_of(session, learner))
        a_goal(session, learner=other, teacher=teacher, check_ins=2)
    session.commit()
    with counted(engine) as many:
        visitor.get("/")
    assert many.count == few.count <= 16


def test_the_path_says_where_a_goal_is_that_is_not_agreed_yet(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    goal = a_sent_goal(session, learner)
    session.commit()
    page = visit(learner).get("/")
    path = page.soup.select_one("section[aria-labelledby=path]")
    assert path is not None
    assert "Your teacher has it" in path.get_text()
    assert "You choose what it is about." not in path.get_text()
    assert path.find("a", href=f"/goals/{goal.id}") is not None
