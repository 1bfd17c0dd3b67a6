"""Learner and teacher come to one goal: ideas, answers, questions, talks, and both names under the same words."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from learnpath import clock
from learnpath.goals.models import Goal, GoalSignature, GoalState, GoalSuggestion, GoalVersion
from learnpath.people.models import Hat, Language, Person
from learnpath.record import Verb
from learnpath.record.models import Event
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of
from tests.goals.build import a_goal, a_sent_goal, look
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def pair(session: Session) -> tuple[Person, Person, Goal]:
    """Return a learner, their teacher, and a goal that the teacher has."""
    learner = a_learner(session, "Mateo")
    teacher = a_teacher_of(session, learner, "Ms. Baca")
    goal = a_sent_goal(session, learner)
    session.commit()
    return learner, teacher, goal


def _sha(page: Page) -> str:
    field = page.soup.find("input", {"name": "sha256"})
    assert field is not None, page.words
    return str(field["value"])


def _suggest(teacher: Visitor, goal: Goal, number: int = 1, **typed: Any) -> Page:
    said = {"part": "target", "words": "36", "sentence": "A first step.", "number": number} | typed
    return teacher.post(f"/goals/{goal.id}/suggest", **said)


def _idea(session: Session) -> int:
    idea = session.exec(select(GoalSuggestion.id).order_by(col(GoalSuggestion.id).desc())).first()
    session.commit()
    assert idea is not None
    return idea


def _agreed_event(session: Session, goal: Goal) -> dict[str, Any]:
    query = select(Event).where(Event.verb == Verb.GOAL_AGREED, Event.object_id == goal.id)
    event = session.exec(query.order_by(col(Event.seq).desc())).first()
    session.commit()
    assert event is not None
    return dict(json.loads(event.payload))


def test_the_queue_shows_the_goal_with_the_coach_s_questions(
    visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    _learner, teacher, _goal = pair
    page = visit(teacher).get("/goals/to-sign")
    assert "Mateo" in page.words
    assert "I go from 24 to 42 facts by Jan 30." in page.words
    assert "One goal waits for you." in page.words


def test_the_queue_of_another_teacher_is_empty(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    other = a_teacher_of(session, a_learner(session))
    session.commit()
    assert "Nothing waits for you." in visit(other).get("/goals/to-sign").words


def test_the_learner_takes_the_teacher_s_idea_and_both_sign(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    mine, theirs = visit(learner), visit(teacher)
    assert _suggest(theirs, goal).status == 303
    read = mine.get(f"/goals/{goal.id}")
    assert "Ms. Baca has an idea: How far" in read.words
    assert "My words 42 facts Ms. Baca suggests 36 facts" in read.words
    answer = {"answer": "used_it"}
    assert mine.post(f"/goals/{goal.id}/ideas/{_idea(session)}", **answer).status == 303
    read = mine.get(f"/goals/{goal.id}")
    assert mine.post(f"/goals/{goal.id}/sign", sha256=_sha(read)).status == 303
    waits = mine.get(f"/goals/{goal.id}")
    assert (
        "Mateo said yes on Monday, November 17. The teacher's yes is still to come." in waits.words
    )
    assert "Yes, this is my goal" not in waits.words
    queue = theirs.get("/goals/to-sign")
    signed = theirs.post(f"/goals/{goal.id}/sign", sha256=_sha(queue), next="/goals/to-sign")
    assert signed.location == "/goals/to-sign"
    goal = look(session, Goal, goal.id)
    assert (goal.state, goal.newest_number, goal.agreed_number) == (GoalState.AGREED, 2, 2)
    page = mine.get(f"/goals/{goal.id}")
    assert "Mateo said yes on" in page.words
    assert "Ms. Baca said yes on" in page.words
    assert "The words are unchanged since then." in page.words
    said = _agreed_event(session, goal)
    assert (said["drafted_by"], said["shaped_by"]) == ("learner", ["learner", "teacher"])


def test_the_three_answers_weigh_the_same(visit: Visit, pair: tuple[Person, Person, Goal]) -> None:
    learner, teacher, goal = pair
    _suggest(visit(teacher), goal)
    page = visit(learner).get(f"/goals/{goal.id}")
    answers = page.soup.select(".answers > .button")
    assert [" ".join(a.get_text().split()) for a in answers[:3]] == [
        "Keep mine", "Use this", "Write a new one",
    ]  # fmt: skip
    assert {" ".join(a["class"]) for a in answers[:3]} == {"button"}


def test_keeping_my_words_makes_no_new_version_and_hands_the_goal_back(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    _suggest(visit(teacher), goal)
    visit(learner).post(f"/goals/{goal.id}/ideas/{_idea(session)}", answer="kept_mine")
    goal = look(session, Goal, goal.id)
    assert (goal.state, goal.newest_number) == (GoalState.WITH_TEACHER, 1)
    assert "Kept my words" in visit(teacher).get(f"/goals/{goal.id}").words


def test_a_new_wording_is_the_learner_s_own(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    _suggest(visit(teacher), goal)
    page = visit(learner).post(
        f"/goals/{goal.id}/ideas/{_idea(session)}", answer="wrote_new", own_words="39"
    )
    assert page.status == 303
    version = session.exec(select(GoalVersion).where(GoalVersion.number == 2)).one()
    assert (int(version.target), version.shaped_by) == (39, ["learner"])


def test_a_new_wording_that_the_part_cannot_take_stays_on_the_page(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    _suggest(visit(teacher), goal)
    page = visit(learner).post(
        f"/goals/{goal.id}/ideas/{_idea(session)}", answer="wrote_new", own_words="lots"
    )
    assert page.status == 422
    assert page.soup.find("textarea", {"name": "own_words"}).get_text().strip() == "lots"


def test_an_idea_is_answered_once(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    _suggest(visit(teacher), goal)
    idea = _idea(session)
    mine = visit(learner)
    assert mine.post(f"/goals/{goal.id}/ideas/{idea}", answer="used_it").status == 303
    assert mine.post(f"/goals/{goal.id}/ideas/{idea}", answer="kept_mine").status == 409


def test_an_idea_of_another_goal_is_not_there(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    _suggest(visit(teacher), goal)
    idea = _idea(session)
    other = a_sent_goal(session, learner)
    session.commit()
    assert visit(learner).post(f"/goals/{other.id}/ideas/{idea}", answer="used_it").status == 404


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"words": "lots"}, "Type a number, like 24 or 2.5."),
        ({"words": ""}, "Write what you suggest."),
        ({"words": "42"}, "That is what the goal says now."),
        ({"part": "when", "words": "2025-01-01"}, "Choose a day that is still to come."),
    ],
)
def test_an_idea_that_could_not_be_used_comes_back_with_its_words(
    visit: Visit, pair: tuple[Person, Person, Goal], typed: dict[str, str], says: str
) -> None:
    _learner, teacher, goal = pair
    page = _suggest(visit(teacher), goal, **typed)
    assert page.status == 422
    assert says in page.words
    assert page.soup.find("input", {"name": "sentence"})["value"] == "A first step."


def test_an_idea_about_words_that_changed_meanwhile_shows_both(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    mine = visit(learner)
    mine.post(f"/goals/{goal.id}/change")
    mine.post(f"/goals/{goal.id}/draft/target", baseline="24", target="38")
    mine.post(f"/goals/{goal.id}/draft/check")
    page = _suggest(visit(teacher), goal, number=1)
    assert page.status == 409
    assert "36" in page.words
    assert "38" in page.words


def test_signing_words_that_changed_a_moment_ago_is_refused_with_both_versions(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    shown = _sha(visit(teacher).get("/goals/to-sign"))
    mine = visit(learner)
    mine.post(f"/goals/{goal.id}/change")
    mine.post(f"/goals/{goal.id}/draft/target", baseline="24", target="38")
    mine.post(f"/goals/{goal.id}/draft/check")
    page = visit(teacher).post(f"/goals/{goal.id}/sign", sha256=shown)
    assert page.status == 409
    assert "42 facts" in page.words
    assert "38 facts" in page.words
    assert session.exec(select(GoalSignature)).first() is None


@pytest.mark.parametrize("shown", ["", "0" * 64, "not a hash"])
def test_a_signature_needs_the_words_that_were_shown(
    visit: Visit, pair: tuple[Person, Person, Goal], shown: str
) -> None:
    _learner, teacher, goal = pair
    assert visit(teacher).post(f"/goals/{goal.id}/sign", sha256=shown).status == 409


def test_nobody_signs_twice(visit: Visit, pair: tuple[Person, Person, Goal]) -> None:
    _learner, teacher, goal = pair
    theirs = visit(teacher)
    shown = _sha(theirs.get("/goals/to-sign"))
    assert theirs.post(f"/goals/{goal.id}/sign", sha256=shown).status == 303
    assert theirs.post(f"/goals/{goal.id}/sign", sha256=shown).status == 409


def test_a_new_version_needs_both_names_anew(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    theirs, mine = visit(teacher), visit(learner)
    theirs.post(f"/goals/{goal.id}/sign", sha256=_sha(theirs.get("/goals/to-sign")))
    mine.post(f"/goals/{goal.id}/change")
    mine.post(f"/goals/{goal.id}/draft/why", why="it is mine")
    mine.post(f"/goals/{goal.id}/draft/check", reason="learned")
    page = mine.get(f"/goals/{goal.id}")
    mine.post(f"/goals/{goal.id}/sign", sha256=_sha(page))
    assert look(session, Goal, goal.id).state is GoalState.WITH_TEACHER


@pytest.mark.parametrize("who", ["stranger", "family", "other teacher"])
def test_only_the_two_of_them_sign(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal], who: str
) -> None:
    learner, _teacher, goal = pair
    others = {
        "stranger": (a_learner(session), Hat.LEARNER),
        "family": (a_guardian_of(session, learner), Hat.FAMILY),
        "other teacher": (a_teacher_of(session, a_learner(session)), Hat.TEACHER),
    }
    sha = look(session, GoalVersion, 1).sha256
    person, hat = others[who]
    visitor = visit(person, hat=hat)
    assert visitor.post(f"/goals/{goal.id}/sign", sha256=sha).status == 404
    assert visitor.get(f"/goals/{goal.id}").status == 404


def test_a_teacher_cannot_write_in_the_learner_s_place(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    _learner, teacher, goal = pair
    theirs = visit(teacher)
    _suggest(theirs, goal)
    assert theirs.post(f"/goals/{goal.id}/change").status == 404
    answer = f"/goals/{goal.id}/ideas/{_idea(session)}"
    assert theirs.post(answer, answer="used_it").status == 404


def test_a_yes_can_be_taken_back_within_ten_minutes_and_no_later(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    goal = a_goal(session, learner=learner, teacher=teacher)
    session.commit()
    theirs = visit(teacher)
    with clock.standing_at(MONDAY + timedelta(minutes=12)):
        assert theirs.post(f"/goals/{goal.id}/sign/undo").status == 409
    with clock.standing_at(MONDAY + timedelta(minutes=9)):
        assert theirs.post(f"/goals/{goal.id}/sign/undo").status == 303
    goal = look(session, Goal, goal.id)
    assert (goal.state, goal.agreed_number) == (GoalState.WITH_TEACHER, None)
    verbs = session.exec(select(Event.verb).where(Event.object_id == goal.id)).all()
    assert Verb.GOAL_UNDONE in verbs


def test_a_question_hands_the_goal_to_the_learner_and_the_answer_hands_it_back(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    asked = visit(teacher).post(f"/goals/{goal.id}/talk", kind="question", text="Which facts?")
    assert asked.status == 303
    assert look(session, Goal, goal.id).state is GoalState.WITH_LEARNER
    assert "Ms. Baca asks" in visit(learner).get(f"/goals/{goal.id}").words
    assert visit(learner).post(f"/goals/{goal.id}/say", text="The sevens.").status == 303
    assert look(session, Goal, goal.id).state is GoalState.WITH_TEACHER


def test_a_talk_is_planned_for_a_day_to_come(
    session: Session, visit: Visit, pair: tuple[Person, Person, Goal]
) -> None:
    learner, teacher, goal = pair
    theirs = visit(teacher)
    for day in ("", "2025-11-10"):
        page = theirs.post(f"/goals/{goal.id}/talk", kind="talk_planned", talk_on=day, text="Soon")
        assert page.status == 422
        assert "Soon" in page.words
    page = theirs.post(f"/goals/{goal.id}/talk", kind="talk_planned", talk_on="2025-11-18")
    assert page.status == 303
    assert look(session, Goal, goal.id).state is GoalState.TALK
    words = visit(learner).get(f"/goals/{goal.id}").words
    assert "Tuesday, November 18" in words


def test_an_empty_word_is_not_sent(visit: Visit, pair: tuple[Person, Person, Goal]) -> None:
    learner, _teacher, goal = pair
    page = visit(learner).post(f"/goals/{goal.id}/say", text="  ")
    assert page.status == 422
    assert "Write a few words first." in page.words


def test_family_speaks_and_suggests_only_on_a_shared_goal(session: Session, visit: Visit) -> None:
    learner = a_learner(session, "Mateo")
    guardian = a_guardian_of(session, learner, "Rosa", language=Language.EN)
    goal = a_goal(session, learner=learner)
    session.commit()
    family = visit(guardian, hat=Hat.FAMILY)
    assert family.post(f"/goals/{goal.id}/say", text="Bravo").status == 404
    mine = visit(learner)
    assert mine.post(f"/goals/{goal.id}/share", with_family="yes").status == 303
    assert family.post(f"/goals/{goal.id}/say", text="Bravo").status == 303
    assert _suggest(family, goal, part="plan", words="ask Abuela").status == 422
    assert _suggest(family, goal, part="obstacle", words="ask Abuela").status == 303
    page = mine.get(f"/goals/{goal.id}")
    assert "Bravo" in page.words
    assert "Rosa has an idea" in page.words
    assert look(session, Goal, goal.id).state is GoalState.AGREED
    assert mine.post(f"/goals/{goal.id}/share", with_family="no").status == 303
    assert family.get(f"/goals/{goal.id}").status == 404
