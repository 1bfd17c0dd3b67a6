"""The weekly check-in: by the learner, the teacher or both, for this week or one before, put right later."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath import clock
from learnpath.goals.models import CheckIn, Goal
from learnpath.people.models import Hat
from learnpath.record import Verb
from learnpath.record.models import Event
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of
from tests.conftest import counted
from tests.goals.build import a_goal, a_sent_goal, learner_of
from tests.profiles.build import a_profile
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]
WEEK = "2025-11-17"
# What a learner's page may ask of the database, the look-up of the sign-in included.
MOST_QUERIES = 12


def _check_in(visitor: Visitor, goal: Goal, **typed: Any) -> Page:
    said = {"week": WEEK, "seen_id": "", "value": "36", "feel": "smooth"} | typed
    return visitor.post(f"/goals/{goal.id}/check-in", **said)


def _rows(session: Session, goal: Goal) -> list[CheckIn]:
    query = select(CheckIn).where(CheckIn.goal_id == goal.id).order_by(col(CheckIn.id))
    found = list(session.exec(query.execution_options(populate_existing=True)))
    session.commit()
    return found


def _said(session: Session, verb: Verb) -> dict[str, Any]:
    event = session.exec(
        select(Event).where(Event.verb == verb).order_by(col(Event.id).desc())
    ).first()
    session.commit()
    assert event is not None
    return {"decided_by": str(event.decided_by), **json.loads(event.payload)}


def test_a_learner_checks_in_and_the_value_is_on_the_page(session: Session, visit: Visit) -> None:
    goal = a_goal(session, check_ins=6)
    mine = visit(learner_of(session, goal))
    form = mine.get(f"/goals/{goal.id}/check-in")
    assert "facts Last time: 33" in form.words
    saved = _check_in(mine, goal, feel="bumps", line="The sevens are slow.")
    assert saved.status == 303
    page = saved.follow()
    assert "Saved: 36 facts." in page.words
    assert "The sevens are slow." in page.words
    said = _said(session, Verb.CHECKED_IN)
    assert said == {
        "decided_by": "learner", "week": WEEK, "measure": "count", "feel": "bumps",
        "late": False, "corrects": None,
    }  # fmt: skip


def test_not_this_week_is_an_answer_with_a_reason(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    mine = visit(learner_of(session, goal))
    saved = _check_in(mine, goal, value="", feel="not_this_week", gap="sick")
    assert saved.status == 303
    assert "No number this week, and that is fine." in saved.follow().words
    assert _said(session, Verb.GAP_EXPLAINED) == {
        "decided_by": "learner", "week": WEEK, "reason": "sick", "late": False,
    }  # fmt: skip


def test_a_week_from_long_before_is_added_later(session: Session, visit: Visit) -> None:
    goal = a_goal(session, weeks_ago=6)
    mine = visit(learner_of(session, goal))
    assert _check_in(mine, goal, week="2025-10-20").status == 303
    [row] = _rows(session, goal)
    assert row.added_later
    assert "added later" in mine.get(f"/goals/{goal.id}").words


@pytest.mark.parametrize(("days", "late"), [(3, False), (8, False), (9, True)])
def test_a_week_is_open_until_the_tuesday_after(
    session: Session, visit: Visit, days: int, late: bool
) -> None:
    goal = a_goal(session)
    learner = learner_of(session, goal)
    with clock.standing_at(MONDAY + timedelta(days=days)):
        assert _check_in(visit(learner), goal).status == 303
    assert _rows(session, goal)[0].added_later is late


@pytest.mark.parametrize(
    ("day", "last_week_told", "asked"),
    [
        (0, False, "2025-11-10"),  # Monday and Tuesday: last week is still open
        (1, False, "2025-11-10"),
        (2, False, "2025-11-17"),  # from Wednesday on it would be added later
        (3, False, "2025-11-17"),
        (6, False, "2025-11-17"),
        (0, True, "2025-11-17"),
    ],
)
def test_the_week_that_is_open_is_the_one_that_is_asked_for(
    session: Session, visit: Visit, day: int, last_week_told: bool, asked: str
) -> None:
    told = [24, 25, 26] if last_week_told else [24, 25]
    learner = a_profile(session, a_learner(session))
    goal = a_goal(session, learner=learner, values=told, weeks_ago=3)
    session.commit()
    with clock.standing_at(MONDAY + timedelta(days=day)):
        mine = visit(learner)
        for path in ("/", f"/goals/{goal.id}/check-in"):
            week = mine.get(path).soup.find("input", {"name": "week"})
            assert week is not None
            assert week["value"] == asked


@pytest.mark.parametrize(
    "week", ["2025-11-24", "2025-10-13", "2025-11-18", "", "soon", "1999-01-04"]
)
def test_a_week_that_is_not_the_goal_s_is_refused(
    session: Session, visit: Visit, week: str
) -> None:
    goal = a_goal(session, weeks_ago=3)
    mine = visit(learner_of(session, goal))
    assert _check_in(mine, goal, week=week, line="my words").status == 422
    assert _rows(session, goal) == []


def test_a_correction_keeps_the_value_before(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    mine = visit(learner_of(session, goal))
    _check_in(mine, goal, value="63")
    [first] = _rows(session, goal)
    assert _check_in(mine, goal, value="36", seen_id=str(first.id)).status == 303
    old, new = _rows(session, goal)
    assert (old.value, old.replaced_at is not None) == (Decimal(63), True)
    assert (new.value, new.corrects_id, new.replaced_at) == (Decimal(36), old.id, None)
    assert "before: 63" in mine.get(f"/goals/{goal.id}").words
    assert _said(session, Verb.CHECKED_IN)["corrects"] == old.id


def test_who_did_not_see_the_value_of_the_week_does_not_replace_it(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    goal = a_goal(session, learner=learner, teacher=teacher)
    session.commit()
    assert _check_in(visit(teacher), goal, value="35", decided_by="teacher").status == 303
    page = _check_in(visit(learner), goal, value="36")
    assert page.status == 409
    assert "35" in page.words
    assert "36" in page.words
    assert [row.value for row in _rows(session, goal)] == [35]


@pytest.mark.parametrize("whose", ["learner", "together", "teacher"])
def test_a_teacher_types_and_says_whose_number_it_is(
    session: Session, visit: Visit, whose: str
) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    goal = a_goal(session, learner=learner, teacher=teacher)
    session.commit()
    assert _check_in(visit(teacher), goal, decided_by=whose).status == 303
    [row] = _rows(session, goal)
    assert (row.relation, row.decided_by, row.entered_by_id) == ("teacher", whose, teacher.id)
    assert _said(session, Verb.CHECKED_IN)["decided_by"] == whose


def test_a_learner_cannot_say_that_the_teacher_decided(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    _check_in(visit(learner_of(session, goal)), goal, decided_by="teacher")
    assert _rows(session, goal)[0].decided_by == "learner"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "Type your number"),
        ("lots", "Type a number, like 24 or 2.5."),
        ("-1", "Type a number from 0 up."),
        ("NaN", "Type a number"),
        ("1e999", "Type a number"),
        ("1.23456", "Use at most three digits after the point."),
    ],
)
def test_a_value_that_is_none_is_told_with_what_was_typed(
    session: Session, visit: Visit, value: str, says: str
) -> None:
    goal = a_goal(session)
    page = _check_in(visit(learner_of(session, goal)), goal, value=value, line="my words")
    assert page.status == 422
    assert says in page.words
    assert page.soup.find("input", {"name": "value"})["value"] == value
    assert page.soup.find("input", {"name": "line"})["value"] == "my words"


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (
            {
                "measure": "rubric",
                "levels": ["One", "Two", "Three"],
                "baseline": "1",
                "target": "3",
            },
            "a step",
        ),
        ({"measure": "yes_no", "baseline": "", "target": "4"}, "yes or no"),
    ],
)
def test_an_answer_that_is_not_there_is_asked_for_in_the_words_of_the_goal(
    session: Session, visit: Visit, parts: dict[str, Any], says: str
) -> None:
    goal = a_goal(session, unit="", **parts)
    page = _check_in(visit(learner_of(session, goal)), goal, value="", step="")
    assert page.status == 422
    assert f"Choose {says}, or choose “Not this week”." in page.words


@pytest.mark.parametrize("typed", ["2,5", "2.5", " 2.50 "])
def test_a_number_is_read_with_a_point_or_a_comma(
    session: Session, visit: Visit, typed: str
) -> None:
    goal = a_goal(session)
    assert _check_in(visit(learner_of(session, goal)), goal, value=typed).status == 303
    assert str(_rows(session, goal)[0].value) == "2.5"


def test_steps_in_words_are_chosen_not_typed(session: Session, visit: Visit) -> None:
    levels = ["One piece", "Two pieces", "Two pieces plus why"]
    goal = a_goal(session, measure="rubric", levels=levels, baseline="1", target="3", unit="")
    mine = visit(learner_of(session, goal))
    form = mine.get(f"/goals/{goal.id}/check-in")
    assert "Two pieces plus why" in form.words
    assert mine.post(
        f"/goals/{goal.id}/check-in", week=WEEK, seen_id="", step="2", feel="smooth"
    ).status == 303  # fmt: skip
    assert "Two pieces" in mine.get(f"/goals/{goal.id}").words
    bad = mine.post(f"/goals/{goal.id}/check-in", week=WEEK, seen_id="", step="9", feel="smooth")
    assert bad.status == 422


def test_yes_or_no_is_one_tap(session: Session, visit: Visit) -> None:
    goal = a_goal(session, measure="yes_no", target="8", baseline="", unit="")
    mine = visit(learner_of(session, goal))
    saved = mine.post(f"/goals/{goal.id}/check-in", week=WEEK, seen_id="", step="1", feel="smooth")
    assert saved.status == 303
    assert "Saved: Yes." in saved.follow().words


def test_without_an_agreed_goal_there_is_nothing_to_check_in_on(
    session: Session, visit: Visit
) -> None:
    goal = a_sent_goal(session)
    mine = visit(learner_of(session, goal))
    assert mine.get(f"/goals/{goal.id}/check-in").status == 409
    assert _check_in(mine, goal).status == 409


def test_check_ins_go_on_while_a_change_is_talked_over(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    mine = visit(learner_of(session, goal))
    mine.post(f"/goals/{goal.id}/change")
    mine.post(f"/goals/{goal.id}/draft/target", baseline="24", target="38")
    mine.post(f"/goals/{goal.id}/draft/check", reason="too_big")
    assert _check_in(mine, goal).status == 303


@pytest.mark.parametrize("who", ["stranger", "family"])
def test_nobody_else_checks_in(session: Session, visit: Visit, who: str) -> None:
    goal = a_goal(session, shared=True)
    learner = learner_of(session, goal)
    other, hat = (
        (a_learner(session), Hat.LEARNER)
        if who == "stranger"
        else (a_guardian_of(session, learner), Hat.FAMILY)
    )
    session.commit()
    assert _check_in(visit(other, hat=hat), goal).status == 404
    assert _rows(session, goal) == []


def test_the_page_of_a_goal_asks_the_database_as_often_after_forty_check_ins_as_after_one(
    session: Session, visit: Visit, engine: Engine
) -> None:
    learner = a_learner(session)
    few = a_goal(session, learner=learner, check_ins=1)
    many = a_goal(session, learner=learner, values=[20 + n % 7 for n in range(40)])
    session.commit()
    mine = visit(learner)
    app_engine = mine._app.extensions["learnpath.engine"]
    counts = []
    for goal in (few, many):
        for path in (f"/goals/{goal.id}", f"/goals/{goal.id}/check-in"):
            with counted(app_engine) as counter:
                assert mine.get(path).status == 200
            counts.append(counter.count)
    assert counts[:2] == counts[2:]
    assert max(counts) <= MOST_QUERIES


def test_a_teacher_s_queue_makes_as_many_queries_for_one_goal_as_for_ten(
    session: Session, visit: Visit
) -> None:
    counts = []
    for goals in (1, 10):
        learner = a_learner(session)
        teacher = a_teacher_of(session, learner)
        for _ in range(goals):
            a_sent_goal(session, learner)
        session.commit()
        theirs = visit(teacher)
        with counted(theirs._app.extensions["learnpath.engine"]) as counter:
            assert theirs.get("/goals/to-sign").status == 200
        counts.append(counter.count)
    assert counts[0] == counts[1]


def test_a_learner_s_list_makes_as_many_queries_for_one_goal_as_for_twelve(
    session: Session, visit: Visit
) -> None:
    one, twelve = a_learner(session), a_learner(session)
    a_goal(session, learner=one, check_ins=2)
    for _ in range(12):
        a_goal(session, learner=twelve, check_ins=2)
    session.commit()
    counts = []
    for learner in (one, twelve):
        mine = visit(learner)
        with counted(mine._app.extensions["learnpath.engine"]) as counter:
            assert mine.get(f"/learners/{learner.id}/goals").status == 200
        counts.append(counter.count)
    assert counts[0] == counts[1] <= MOST_QUERIES


def test_a_week_of_the_calendar_s_break_is_not_offered(session: Session, visit: Visit) -> None:
    goal = a_goal(session, weeks_ago=7)
    page = visit(learner_of(session, goal)).get(f"/goals/{goal.id}/check-in")
    assert "Oct 20" in page.words
    assert str(date(2025, 10, 13).strftime("%b %-d")) not in page.words


def test_a_link_to_work_is_kept_with_the_check_in_and_not_shown_to_family(
    session: Session, visit: Visit
) -> None:
    goal = a_goal(session, shared=True)
    learner = learner_of(session, goal)
    guardian = a_guardian_of(session, learner)
    session.commit()
    mine = visit(learner)
    link = "https://docs.example.org/quiz/week-11"
    assert _check_in(mine, goal, evidence=link).status == 303
    found = mine.get(f"/goals/{goal.id}").soup.find("a", href=link)
    assert found is not None
    assert "noopener" in found["rel"]
    assert link not in visit(guardian, hat=Hat.FAMILY).get(f"/goals/{goal.id}").text


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "docs.example.org", "//example.org/x", "http://[", "ftp://x.org/a"],
)  # fmt: skip
def test_what_is_no_link_is_refused_and_stays_on_the_page(
    session: Session, visit: Visit, link: str
) -> None:
    goal = a_goal(session)
    page = _check_in(visit(learner_of(session, goal)), goal, evidence=link)
    assert page.status == 422
    assert page.soup.find("input", {"name": "evidence"})["value"] == link
    assert _rows(session, goal) == []


def test_who_is_stuck_can_tell_the_teacher_and_chooses_to(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    goal = a_goal(session, learner=learner, teacher=teacher)
    session.commit()
    mine = visit(learner)
    page = _check_in(mine, goal, feel="stuck").follow()
    assert "Tell my teacher" in page.words
    assert not _rows(session, goal)[0].wants_talk
    assert mine.post(f"/goals/{goal.id}/tell-my-teacher").status == 303
    assert _rows(session, goal)[0].wants_talk
    assert mine.post(f"/goals/{goal.id}/tell-my-teacher").status == 409
    words = visit(teacher).get(f"/goals/{goal.id}").words
    assert "I would like to talk with my teacher" in words


def test_somebody_who_was_away_is_welcome(session: Session, visit: Visit) -> None:
    away = a_goal(session, values=[24], weeks_ago=4)
    there = a_goal(session, check_ins=4)
    people = [learner_of(session, goal) for goal in (away, there)]
    welcome = "Good to see you. Start from today."
    assert welcome in visit(people[0]).get(f"/goals/{away.id}/check-in").words
    assert welcome not in visit(people[1]).get(f"/goals/{there.id}/check-in").words
