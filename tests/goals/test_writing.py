"""A learner writes a goal: step by step or at once, checks it, sends it, takes it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select

from learnpath.goals import sentences
from learnpath.goals.models import Goal, GoalState, GoalVersion
from learnpath.goals.steps import STEPS
from learnpath.people.models import Hat, Person
from tests.builders import a_guardian_of, a_learner, a_teacher_of
from tests.goals.build import FACTS, a_draft, a_goal, a_sent_goal, learner_of, look
from tests.profiles.build import a_profile
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]
TYPED: dict[str, dict[str, Any]] = {
    "what": {"what": FACTS["what"]},
    "why": {"why": FACTS["why"]},
    "now": {"can_now": FACTS["can_now"], "baseline": "24"},
    "measure": {"measure": "count", "unit": "facts", "direction": "increase"},
    "target": {"baseline": "24", "target": "42", "confidence": "with_work"},
    "when": {"due": "other", "due_on": "2026-01-30"},
    "weekly": {"actions": "After lunch\r\nOn Sunday"},
    "obstacle": {"obstacle": "I forget", "plan": "draw groups"},
    "helper": {"helpers": ["me", "teacher"], "helper_how": "asking me"},
}


def _start(visit: Visit, learner: Person, how: str = "steps") -> tuple[Visitor, Page]:
    visitor = visit(learner)
    page = visitor.post(f"/learners/{learner.id}/goals/new", how=how)
    assert page.status == 303
    return visitor, page


def _the_goal(session: Session, learner: Person) -> Goal:
    goal_id = session.exec(select(Goal.id).where(Goal.learner_id == learner.id)).one()
    return look(session, Goal, goal_id)


def test_ten_steps_lead_from_an_idea_to_a_goal_that_the_teacher_has(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session, grade=7)
    session.commit()
    visitor, page = _start(visit, learner)
    seen = []
    while not page.location.endswith("/check"):
        key = page.location.rsplit("/", 1)[1]
        seen.append(key)
        assert visitor.get(page.location).status == 200
        page = visitor.post(page.location, **TYPED[key])
        assert page.status == 303, page.words
    assert seen == [step.key for step in STEPS]
    check = visitor.get(page.location)
    assert "Know 42 multiplication facts from memory" in check.words
    assert "I go from 24 to 42 facts by Jan 30." in check.words
    assert visitor.post(page.location).status == 303
    goal = _the_goal(session, learner)
    assert goal.state is GoalState.WITH_TEACHER
    version = session.exec(select(GoalVersion)).one()
    assert (version.number, version.actions) == (1, ["After lunch", "On Sunday"])


def test_six_steps_are_enough_in_grade_three(session: Session, visit: Visit) -> None:
    learner = a_learner(session, grade=3)
    session.commit()
    visitor, page = _start(visit, learner)
    seen = []
    while not page.location.endswith("/check"):
        key = page.location.rsplit("/", 1)[1]
        seen.append(key)
        page = visitor.post(page.location, **TYPED[key])
    assert [*seen, "check"] == ["what", "now", "measure", "target", "weekly", "check"]
    assert visitor.post(page.location).status == 303


def test_a_goal_can_be_written_on_one_page(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    visitor, page = _start(visit, learner, how="all")
    assert page.location.endswith("/draft/all")
    everything = {key: value for typed in TYPED.values() for key, value in typed.items()}
    page = visitor.post(page.location, **everything)
    assert page.location.endswith("/draft/check")
    assert "If I forget, then I will draw groups." in page.follow().words


def test_going_back_keeps_what_was_typed_even_when_it_is_not_right_yet(
    session: Session, visit: Visit
) -> None:
    goal = a_draft(session)
    visitor = visit(learner_of(session, goal))
    page = visitor.post(f"/goals/{goal.id}/draft/target", target="many", go="back")
    assert page.location.endswith("/draft/measure")
    again = visitor.get(f"/goals/{goal.id}/draft/target")
    assert again.soup.find("input", {"name": "target"})["value"] == "many"


def test_a_number_that_is_none_is_told_and_stays_on_the_page(
    session: Session, visit: Visit
) -> None:
    goal = a_draft(session)
    visitor = visit(learner_of(session, goal))
    page = visitor.post(f"/goals/{goal.id}/draft/target", target="many", stretch="my own words")
    assert page.status == 422
    assert "Type a number, like 24 or 2.5." in page.words
    assert page.soup.find("input", {"name": "target"})["value"] == "many"
    assert page.soup.find("input", {"name": "stretch"})["value"] == "my own words"


def test_a_step_changed_from_the_check_goes_back_to_the_check(
    session: Session, visit: Visit
) -> None:
    goal = a_draft(session)
    visitor = visit(learner_of(session, goal))
    page = visitor.post(f"/goals/{goal.id}/draft/why?from=check", why="it is mine")
    assert page.location.endswith("/draft/check")
    assert "Why it matters: it is mine." in page.follow().words


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ({"what": ""}, "Say what you want to get better at."),
        ({"target": ""}, "Say how far you want to go."),
        ({"due": "2025-11-17"}, "Choose a day that is still to come."),
        ({"measure": "rubric"}, "Write at least two steps"),
        ({"measure": "percent", "target": "120"}, "That is more than the most there can be."),
        ({"direction": "maintain"}, "Say the highest number of the range to stay in."),
    ],
)
def test_a_goal_is_sent_only_when_it_can_be_followed(
    session: Session, visit: Visit, missing: dict[str, str], says: str
) -> None:
    goal = a_draft(session, **missing)
    visitor = visit(learner_of(session, goal))
    page = visitor.post(f"/goals/{goal.id}/draft/check")
    assert page.status == 422
    assert says in page.words


def test_hints_never_stop_a_goal(session: Session, visit: Visit) -> None:
    goal = a_draft(session, target="24", confidence="already")
    visitor = visit(learner_of(session, goal))
    check = visitor.get(f"/goals/{goal.id}/draft/check")
    assert "That is where you are today. How far would you like to go?" in check.words
    assert visitor.post(f"/goals/{goal.id}/draft/check").status == 303


def test_a_goal_just_sent_can_be_taken_back_and_sent_again(session: Session, visit: Visit) -> None:
    goal = a_sent_goal(session)
    learner = learner_of(session, goal)
    visitor = visit(learner)
    page = visitor.post(f"/goals/{goal.id}/take-back")
    assert page.location.endswith("/draft/check")
    visitor.post(f"/goals/{goal.id}/draft/why", why="it is mine")
    assert visitor.post(f"/goals/{goal.id}/draft/check").status == 303
    assert _the_goal(session, learner).newest_number == 2


def test_a_goal_that_was_answered_is_not_taken_back(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    visitor = visit(learner_of(session, goal))
    assert visitor.post(f"/goals/{goal.id}/take-back").status == 409


def test_a_draft_opens_for_nobody_else(session: Session, visit: Visit) -> None:
    goal = a_draft(session)
    learner = session.get_one(Person, goal.learner_id)
    others = [a_learner(session), a_teacher_of(session, learner), a_guardian_of(session, learner)]
    session.commit()
    for other, hat in zip(others, (Hat.LEARNER, Hat.TEACHER, Hat.FAMILY), strict=True):
        assert visit(other, hat=hat).get(f"/goals/{goal.id}/draft/what").status == 404
        assert visit(other, hat=hat).post(f"/goals/{goal.id}/draft/check").status == 404


def test_an_unknown_step_is_not_there(session: Session, visit: Visit) -> None:
    goal = a_draft(session)
    visitor = visit(learner_of(session, goal))
    assert visitor.get(f"/goals/{goal.id}/draft/nothing").status == 404


def test_a_teacher_starts_a_goal_and_the_page_says_so(session: Session, visit: Visit) -> None:
    learner = a_learner(session, "Mateo")
    teacher = a_teacher_of(session, learner, "Ms. Baca")
    session.commit()
    everything = {key: value for typed in TYPED.values() for key, value in typed.items()}
    page = visit(teacher).post(f"/learners/{learner.id}/goals/offer", **everything)
    assert page.status == 303, page.words
    read = visit(learner).get(page.location.split("#")[0])
    assert "Ms. Baca started this one." in read.words
    assert "Yes, this is my goal" in read.words


def test_a_teacher_s_goal_with_a_part_missing_comes_back_with_its_words(
    session: Session, visit: Visit
) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    session.commit()
    page = visit(teacher).post(f"/learners/{learner.id}/goals/offer", what="Read more")
    assert page.status == 422
    assert page.soup.find("input", {"name": "what"})["value"] == "Read more"


def test_an_agreed_goal_is_changed_with_a_reason_and_the_old_words_stay(
    session: Session, visit: Visit
) -> None:
    goal = a_goal(session)
    learner = learner_of(session, goal)
    visitor = visit(learner)
    assert visitor.post(f"/goals/{goal.id}/change").location.endswith("/draft/check")
    visitor.post(f"/goals/{goal.id}/draft/target", baseline="24", target="36")
    page = visitor.post(
        f"/goals/{goal.id}/draft/check", reason="too_big", reason_words="so I can start"
    )
    assert page.status == 303
    read = page.follow()
    assert "It was too big: so I can start" in read.words
    assert _the_goal(session, learner).state is GoalState.WITH_TEACHER
    numbers = [(v.number, int(v.target)) for v in session.exec(select(GoalVersion))]
    assert sorted(numbers) == [(1, 42), (2, 36)]


def test_a_change_can_be_let_go(session: Session, visit: Visit) -> None:
    goal = a_goal(session)
    learner = learner_of(session, goal)
    visitor = visit(learner)
    visitor.post(f"/goals/{goal.id}/change")
    assert visitor.post(f"/goals/{goal.id}/draft/drop").status == 303
    goal = _the_goal(session, learner)
    assert (goal.state, goal.draft, goal.newest_number) == (GoalState.AGREED, None, 1)


def test_steps_in_words_are_chosen_in_the_wizard_too(session: Session, visit: Visit) -> None:
    levels = ["One piece", "Two pieces", "Two pieces plus why"]
    goal = a_draft(session, measure="rubric", levels=levels, baseline="", target="", unit="")
    mine = visit(learner_of(session, goal))
    page = mine.get(f"/goals/{goal.id}/draft/target")
    assert len(page.soup.select('input[type="radio"][name="target"]')) == 3
    assert mine.post(f"/goals/{goal.id}/draft/target", baseline="1", target="3").status == 303
    assert (
        "I go from One piece to Two pieces plus why"
        in mine.get(f"/goals/{goal.id}/draft/check").words
    )


def test_a_step_asks_only_what_the_answers_before_leave_open(
    session: Session, visit: Visit
) -> None:
    up = a_draft(session)
    keep = a_draft(session, session.get_one(Person, up.learner_id), direction="maintain")
    mine = visit(learner_of(session, up))
    assert not mine.get(f"/goals/{up.id}/draft/target").soup.find("input", {"name": "target_high"})
    assert mine.get(f"/goals/{keep.id}/draft/target").soup.find("input", {"name": "target_high"})


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Read 20 pages", "read 20 pages"), ("I read alone", "I read alone"),
        ("Ana Flores helps me", "Ana Flores helps me"), ("NASA facts", "NASA facts"),
        ("Spanish words", "Spanish words"), ("Él lee", "él lee"), ("2 pages", "2 pages"), ("", ""),
    ],
)  # fmt: skip
def test_words_stand_within_a_sentence_as_they_would(typed: str, told: str) -> None:
    assert sentences.within(typed) == told


def test_where_a_name_may_come_first_it_keeps_its_capital() -> None:
    assert sentences.within("Mateo calls", may_be_name=True) == "Mateo calls"
    assert sentences.within("My phone rings", may_be_name=True) == "my phone rings"


def test_a_goal_begins_with_a_line_of_the_profile_and_builds_on_it(
    session: Session, visit: Visit
) -> None:
    learner = a_profile(session, a_learner(session), lines={"challenges": ("Long words",)})
    session.commit()
    mine = visit(learner)
    page = mine.get(f"/learners/{learner.id}/goals/new")
    line = page.soup.find("input", {"name": "from_line"})
    assert line is not None
    step = mine.post(
        f"/learners/{learner.id}/goals/new", how="steps", from_line=line["value"]
    ).follow()
    assert step.soup.find("input", {"name": "what"})["value"] == "Long words"
    # What was chosen stands there; the whole list of the profile does not unfold over the question.
    assert "Chosen: Long words" in step.words
    assert step.soup.find("input", {"name": "builds_on", "checked": True})
    assert not step.soup.select("details[open]")
    goal = session.exec(select(Goal)).one()
    session.commit()
    assert goal.draft is not None
    assert [cited["text"] for cited in goal.draft["builds_on"]] == ["Long words"]


def test_a_goal_begins_where_an_earlier_one_ended(session: Session, visit: Visit) -> None:
    goal = a_goal(session, values=[24, 30, 43], reached=True)
    learner = learner_of(session, goal)
    others = a_goal(session, learner=a_learner(session, "Teo"), reached=True)
    session.commit()
    mine = visit(learner)
    new = f"/learners/{learner.id}/goals/new"
    assert FACTS["what"] in mine.get(new).words
    mine.post(new, how="steps", from_goal=goal.id)
    following = session.exec(select(Goal).where(Goal.follows_id == goal.id)).one()
    session.commit()
    assert following.draft is not None
    assert following.draft["what"] == FACTS["what"]
    assert (following.draft["baseline"], following.draft["target"]) == ("43", "")
    # What was not offered begins nothing: another learner's goal, or one that goes on.
    mine.post(new, how="steps", from_goal=others.id)
    assert session.exec(select(Goal).where(Goal.follows_id == others.id)).all() == []
