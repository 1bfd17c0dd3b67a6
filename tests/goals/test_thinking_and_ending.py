"""Reflecting, trying another way, ending a goal, and taking an end back."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from learnpath import clock
from learnpath.goals import reflect
from learnpath.goals.models import Goal, GoalState, Reflection, StrategyChange
from learnpath.people.models import Hat
from learnpath.record import Verb
from learnpath.record.models import Event
from tests.builders import MONDAY, a_learner, a_teacher_of
from tests.goals.build import a_draft, a_goal, a_sent_goal, learner_of, look
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


def _events(session: Session, goal: Goal, verb: Verb) -> list[dict[str, Any]]:
    query = select(Event).where(Event.object_id == goal.id, Event.verb == verb)
    found = [json.loads(event.payload) for event in session.exec(query.order_by(col(Event.seq)))]
    session.commit()
    return found


def test_a_reflection_is_on_the_page_in_the_learner_s_words(session: Session, visit: Visit) -> None:
    goal = a_goal(session, check_ins=3)
    mine = visit(learner_of(session, goal))
    assert mine.get(f"/goals/{goal.id}/reflect?prompt=evidence").status == 200
    saved = mine.post(
        f"/goals/{goal.id}/reflect", prompt="evidence", text="The quiz, because it is hard."
    )
    assert saved.status == 303
    assert "The quiz, because it is hard." in saved.follow().words
    assert _events(session, goal, Verb.REFLECTED) == [{"prompt": "evidence"}]


def test_the_trend_in_own_words_is_told_as_such(session: Session, visit: Visit) -> None:
    goal = a_goal(session, check_ins=3)
    mine = visit(learner_of(session, goal))
    mine.post(f"/goals/{goal.id}/reflect", prompt="trend", text="It goes up slowly.")
    assert _events(session, goal, Verb.TREND_STATED) == [{}]
    assert _events(session, goal, Verb.REFLECTED) == []


@pytest.mark.parametrize(
    ("prompt", "text"),
    [("evidence", " "), ("nothing", "words"), ("", "words"), ("next", "w" * 1201)],
)
def test_a_reflection_that_is_none_stays_on_the_page(
    session: Session, visit: Visit, prompt: str, text: str
) -> None:
    goal = a_goal(session)
    page = visit(learner_of(session, goal)).post(
        f"/goals/{goal.id}/reflect", prompt=prompt, text=text
    )
    assert page.status == 422
    assert text.strip() in page.soup.find("textarea", {"name": "text"}).get_text()
    assert session.exec(select(Reflection)).first() is None


def test_there_is_nothing_to_reflect_on_before_both_agree(session: Session, visit: Visit) -> None:
    goal = a_sent_goal(session)
    mine = visit(learner_of(session, goal))
    assert mine.get(f"/goals/{goal.id}/reflect").status == 409
    assert mine.post(f"/goals/{goal.id}/strategy", text="Mornings", reason="life").status == 409


def test_another_way_is_recorded_with_its_reason_and_marks_the_chart(
    session: Session, visit: Visit
) -> None:
    goal = a_goal(session, check_ins=7)
    mine = visit(learner_of(session, goal))
    saved = mine.post(
        f"/goals/{goal.id}/strategy", text="Practice before school", reason="life",
        reason_words="band in the afternoon",
    )  # fmt: skip
    assert saved.status == 303
    page = saved.follow()
    assert "Practice before school" in page.words
    assert "Life got busy: band in the afternoon" in page.words
    assert "New plan" in page.text
    assert look(session, Goal, goal.id).state is GoalState.AGREED
    assert _events(session, goal, Verb.STRATEGY_CHANGED) == [{"reason": "life"}]


def test_another_way_needs_words(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    page = visit(learner_of(session, goal)).post(
        f"/goals/{goal.id}/strategy", text="", reason="life", reason_words="my words"
    )
    assert page.status == 422
    assert page.soup.find("input", {"name": "reason_words"})["value"] == "my words"
    assert session.exec(select(StrategyChange)).first() is None


@pytest.mark.parametrize(
    ("how", "state"),
    [
        ("reached", GoalState.REACHED),
        ("closed", GoalState.CLOSED),
        ("carried_on", GoalState.CARRIED_ON),
    ],
)
def test_a_goal_ends_with_closing_words(
    session: Session, visit: Visit, how: str, state: GoalState
) -> None:
    goal = a_goal(session, check_ins=4)
    mine = visit(learner_of(session, goal))
    assert "Your first words" in mine.get(f"/goals/{goal.id}/close").words
    assert mine.post(f"/goals/{goal.id}/close", how=how, words="I kept at it.").status == 303
    goal = look(session, Goal, goal.id)
    assert (goal.state, goal.closing_words) == (state, "I kept at it.")
    assert "I kept at it." in mine.get(f"/goals/{goal.id}").words
    assert _events(session, goal, Verb.GOAL_CLOSED) == [{"how": how}]


def test_carrying_on_begins_the_next_goal_with_what_is_known(
    session: Session, visit: Visit
) -> None:
    goal = a_goal(session, check_ins=6)
    mine = visit(learner_of(session, goal))
    page = mine.post(f"/goals/{goal.id}/close", how="carried_on", words="More to do.")
    assert page.location.endswith("/draft/check")
    assert "Know 42 multiplication facts from memory" in page.follow().words
    following = session.exec(select(Goal).where(Goal.follows_id == goal.id)).one()
    assert following.state is GoalState.DRAFT
    assert following.draft is not None
    assert (following.draft["baseline"], following.draft["target"]) == ("33", "42")


@pytest.mark.parametrize(("how", "words"), [("reached", ""), ("", "words"), ("won", "words")])
def test_an_end_that_is_not_right_yet_keeps_its_words(
    session: Session, visit: Visit, how: str, words: str
) -> None:
    goal = a_goal(session)
    page = visit(learner_of(session, goal)).post(f"/goals/{goal.id}/close", how=how, words=words)
    assert page.status == 422
    assert words in page.soup.find("textarea", {"name": "words"}).get_text()
    assert look(session, Goal, goal.id).state is GoalState.AGREED


def test_a_draft_can_be_let_go_without_words(session: Session, visit: Visit) -> None:
    goal = a_draft(session)
    mine = visit(learner_of(session, goal))
    assert mine.post(f"/goals/{goal.id}/close", how="closed").status == 303
    assert mine.post(f"/goals/{goal.id}/close", how="reached", words="No.").status == 409


def test_an_end_can_be_undone_within_ten_minutes_and_no_later(
    session: Session, visit: Visit
) -> None:
    goal = a_goal(session, reached=True)
    mine = visit(learner_of(session, goal))
    assert "Undo" in mine.get(f"/goals/{goal.id}").words
    with clock.standing_at(MONDAY + timedelta(minutes=11)):
        assert mine.post(f"/goals/{goal.id}/close/undo").status == 409
    assert mine.post(f"/goals/{goal.id}/close/undo").status == 303
    assert look(session, Goal, goal.id).state is GoalState.AGREED
    assert _events(session, goal, Verb.GOAL_UNDONE) == [{"what": "closed"}]


def test_an_ended_goal_takes_nothing_more(session: Session, visit: Visit) -> None:
    goal = a_goal(session, reached=True)
    mine = visit(learner_of(session, goal))
    for path in ("change", "take-back"):
        assert mine.post(f"/goals/{goal.id}/{path}").status == 409
    assert mine.post(
        f"/goals/{goal.id}/check-in", week="2025-11-17", seen_id="", value="3", feel="smooth"
    ).status == 409  # fmt: skip
    assert mine.post(f"/goals/{goal.id}/close", how="closed", words="Again.").status == 409


@pytest.mark.parametrize("path", ["reflect", "strategy", "close", "share", "change"])
def test_a_teacher_and_a_stranger_do_not_think_for_the_learner(
    session: Session, visit: Visit, path: str
) -> None:
    goal = a_goal(session)
    learner = learner_of(session, goal)
    teacher, stranger = a_teacher_of(session, learner), a_learner(session)
    session.commit()
    for person, hat in ((teacher, Hat.TEACHER), (stranger, Hat.LEARNER)):
        page = visit(person, hat=hat).post(f"/goals/{goal.id}/{path}", text="x", words="x")
        assert page.status == 404


def test_no_learner_or_family_word_of_this_room_blames_anybody() -> None:
    from learnpath.goals import wording

    said = " ".join(
        str(label).lower()
        for labels in (
            wording.STATES, wording.REASONS, wording.FEELS, wording.GAPS, wording.PROMPTS,
            wording.CONFIDENCES, wording.ANSWERS,
        )
        for label in labels.values()
    )  # fmt: skip
    for banned in ("failed", "behind", "overdue", "late", "missed"):
        assert banned not in said.split()


MONDAYS = [date(2025, 9, 22) + timedelta(weeks=n) for n in range(8)]


@pytest.mark.parametrize(
    ("weeks", "reflected", "asks"),
    [
        (0, [], None),
        (1, [], "strategy"),
        (2, [], "next"),
        (3, [], "can_now"),
        (4, [], "trend"),
        # Whoever reflected in the week of the newest check-in is asked nothing.
        (4, [MONDAYS[3] + timedelta(days=4)], None),
        (5, [MONDAYS[3] + timedelta(days=4)], "next"),
        (7, [MONDAYS[3]], "strategy"),
        (8, [MONDAYS[3]], "trend"),
    ],
)
def test_one_question_follows_a_check_in_and_a_longer_look_each_month(
    weeks: int, reflected: list[date], asks: str | None
) -> None:
    prompts = ("can_now", "strategy", "next")
    assert reflect.question_due(MONDAYS[:weeks], reflected, prompts) == asks


def test_the_question_is_on_the_page_and_goes_when_it_is_answered(
    session: Session, visit: Visit
) -> None:
    goal = a_goal(session, check_ins=2)
    mine, path = visit(learner_of(session, goal)), f"/goals/{goal.id}"
    page = mine.get(path)
    assert "One question, if you like:" in page.words
    link = page.soup.find("a", string="Write a few words")
    assert link is not None
    prompt = str(link["href"]).partition("prompt=")[2]
    mine.post(f"{path}/reflect", prompt=prompt, text="The quiz, because it is hard.")
    assert "One question, if you like:" not in mine.get(path).words
