"""A teacher notes a talk, or leaves a name for next week; the first page keeps nothing against anybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from learnpath import clock
from learnpath.goals.models import CheckIn, Feel, Goal
from learnpath.people.models import Person
from learnpath.record import Verb
from learnpath.record.models import Event
from learnpath.today.models import Snooze
from learnpath.today.reasons import LearnerWeek, Why, see_today
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher, a_teacher_of, class_of
from tests.conftest import counted
from tests.goals.build import a_goal
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]
TODAY = date(2025, 11, 17)


def _named(page: Page) -> list[str]:
    return [
        cell.get_text(strip=True)
        for cell in page.soup.select("section[aria-labelledby=see] th[scope=row]")
    ]


@pytest.fixture
def jamal(session: Session) -> tuple[Person, Person, Goal]:
    """A learner who said "stuck" last week, with the teacher and the goal."""
    learner = a_learner(session, "Jamal")
    teacher = a_teacher_of(session, learner)
    goal = a_goal(session, learner=learner, teacher=teacher, values=(1, 2), feels={1: Feel.STUCK})
    session.commit()
    return learner, teacher, goal


@pytest.mark.parametrize("settled", ["talk_noted", "snoozed"])
def test_a_name_goes_until_next_week(
    session: Session, visit: Visit, jamal: tuple[Person, Person, Goal], settled: str
) -> None:
    learner, teacher, _goal = jamal
    page = visit(teacher).get("/")
    assert _named(page) == ["Jamal"]
    assert "The newest check-in says “stuck”." in page.words
    done = visit(teacher).post(f"/learners/{learner.id}/settle", why="stuck", settled=settled)
    page = done.follow()
    assert _named(page) == []
    assert "Left out until next week" in page.words
    (row,) = session.exec(select(Snooze)).all()
    assert (row.why, row.until) == (Why.STUCK, date(2025, 11, 24))
    told = session.exec(select(Event).where(Event.verb == Verb.TALK_NOTED)).all()
    session.commit()
    noted = settled == "talk_noted"
    assert [json.loads(event.payload) for event in told] == ([{"reason": "stuck"}] if noted else [])
    with clock.standing_at(MONDAY + timedelta(weeks=1)):
        # The check-in was talked about; what only waited comes back.
        assert _named(visit(teacher).get("/")) == ([] if noted else ["Jamal"])


def test_a_name_can_be_shown_again(visit: Visit, jamal: tuple[Person, Person, Goal]) -> None:
    learner, teacher, _goal = jamal
    theirs = visit(teacher)
    theirs.post(f"/learners/{learner.id}/settle", why="stuck", settled="snoozed")
    assert _named(theirs.post(f"/learners/{learner.id}/settle/back").follow()) == ["Jamal"]


def test_who_asks_for_help_after_that_is_named_at_once(
    session: Session, visit: Visit, jamal: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = jamal
    visit(teacher).post(f"/learners/{learner.id}/settle", why="stuck", settled="talk_noted")
    with clock.standing_at(MONDAY + timedelta(hours=1)):
        mine = visit(learner)
        said = {"week": TODAY.isoformat(), "value": "2", "feel": "stuck", "wants_talk": "y"}
        assert mine.post(f"/goals/{goal.id}/check-in", **said).status == 303
        page = visit(teacher).get("/")
    assert _named(page) == ["Jamal"]
    assert "Asked for a talk" in page.words
    assert session.exec(select(CheckIn).where(CheckIn.wants_talk)).one().goal_id == goal.id
    session.commit()
    visit(teacher).post(f"/learners/{learner.id}/settle", why="asked", settled="snoozed")


def test_it_is_the_teachers_own_page_and_nobody_elses(
    session: Session, visit: Visit, jamal: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, _goal = jamal
    second = a_teacher(session, class_of(session, learner), called="Mr. Two")
    stranger = a_teacher_of(session, a_learner(session, "Teo"), "Ms. Far")
    guardian = a_guardian_of(session, learner)
    session.commit()
    path, said = f"/learners/{learner.id}/settle", {"why": "stuck", "settled": "snoozed"}
    for person in (stranger, guardian, learner):
        assert visit(person).post(path, **said).status == 404
    assert visit(teacher).post(path, why="rank", settled="snoozed").status == 400
    visit(teacher).post(path, **said)
    assert _named(visit(teacher).get("/")) == []
    assert _named(visit(second).get("/")) == ["Jamal"]
    copy = visit(learner).post(f"/learners/{learner.id}/record/copy").text
    assert "snooze" not in json.loads(copy)["tables"]


def test_only_what_presses_less_is_left_out() -> None:
    stuck = LearnerWeek(1, "Amara", has_goal=True, goal_id=5, stuck_weeks=1)
    quiet = LearnerWeek(1, "Amara", has_goal=True, goal_id=5, weeks_without_check_in=2)
    assert see_today([replace(stuck, left_out=Why.STUCK)], TODAY) == []
    assert see_today([replace(quiet, left_out=Why.STUCK)], TODAY) == []
    assert [one.why for one in see_today([replace(stuck, left_out=Why.QUIET)], TODAY)] == [
        Why.STUCK
    ]


def test_the_page_asks_as_much_of_the_database_whoever_is_left_out(
    session: Session, visit: Visit, jamal: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, _goal = jamal
    theirs, engine = visit(teacher), session.get_bind()
    theirs.get("/")
    with counted(engine) as before:  # type: ignore[arg-type]
        theirs.get("/")
    for _ in range(5):
        theirs.post(f"/learners/{learner.id}/settle", why="stuck", settled="snoozed")
    with counted(engine) as after:  # type: ignore[arg-type]
        theirs.get("/")
    assert after.count == before.count
