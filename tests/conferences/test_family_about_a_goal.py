"""A family that came by a link speaks about a goal of the summary; learner and teacher answer; all is recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from learnpath import clock
from learnpath.conferences import links
from learnpath.conferences.models import FamilyLink
from learnpath.goals import draft, propose
from learnpath.goals.models import ChangeReason, Goal, GoalMessage, GoalSuggestion
from learnpath.goals.propose import Reason
from learnpath.people.models import Language, Person
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from tests.builders import MONDAY, a_guardian_of, a_learner, a_teacher_of, by
from tests.conferences.build import a_conference
from tests.goals.build import a_goal
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
WORDS = "<b>En casa</b> practica los lunes."


@dataclass
class Here:
    """A goal that a shared summary shows, one that it does not, and the family's opened link."""

    learner: Person
    teacher: Person
    goal: Goal
    other: Goal
    link: FamilyLink
    family: Visitor

    @property
    def path(self) -> str:
        return f"/family/{self.link.id}/goals/{self.goal.id}"


@pytest.fixture
def here(session: Session, visit: Visit) -> Here:
    learner = a_learner(session, "Sofía")
    teacher = a_teacher_of(session, learner, "Mr. Whitfield")
    guardian = a_guardian_of(session, learner, language=Language.EN)
    goal = a_goal(session, learner=learner, teacher=teacher, check_ins=7)
    other = a_goal(session, learner=learner, teacher=teacher, what="Sleep before ten")
    conference = a_conference(session, learner, teacher, goals=[goal.key])
    link, token = links.issue(
        session, by(teacher, Relation.TEACHER), conference, guardian.id or 0, MONDAY
    )
    session.commit()
    family = visit(None)
    assert family.post(f"/f/{token}").status == 303
    return Here(learner, teacher, goal, other, link, family)


def _events(session: Session, goal: Goal) -> list[tuple[str, str, int | None]]:
    query = select(Event).where(
        Event.object_type == "goal", Event.object_id == goal.id,
        col(Event.verb).in_([Verb.GOAL_COMMENTED, Verb.GOAL_SUGGESTED]),
    )  # fmt: skip
    found = [(str(e.verb), str(e.relation), e.actor_id) for e in session.exec(query)]
    session.commit()
    return found


def test_a_family_says_something_and_reads_the_answer(
    session: Session, visit: Visit, here: Here
) -> None:
    summary = here.family.get(f"/family/{here.link.id}")
    assert summary.soup.find("a", href=here.path) is not None
    assert here.family.get(here.path).heading == "Sofía's goal"
    page = here.family.post(f"{here.path}/say", text=WORDS).follow()
    assert WORDS in page.words
    assert "<b>En casa" not in page.text
    assert _events(session, here.goal) == [("goal_commented", "family", None)]
    mine = visit(here.learner)
    goal_page = mine.get(f"/goals/{here.goal.id}")
    assert WORDS in goal_page.words
    assert "The family may read this answer" in goal_page.words
    say = f"/goals/{here.goal.id}/say"
    mine.post(say, text="Gracias, mamá.", for_family="y")
    visit(here.teacher).post(say, text="Thank you. We try Tuesdays.", for_family="y")
    mine.post(say, text="This is between us.")
    page = here.family.get(here.path)
    assert "Gracias, mamá." in page.words
    assert "Mr. Whitfield" in page.words
    assert "We try Tuesdays." in page.words
    assert "between us" not in page.text


def test_a_family_suggests_other_words_and_the_learner_decides(
    session: Session, visit: Visit, here: Here
) -> None:
    idea = {"number": "1", "part": "target", "words": "36", "sentence": "A first step."}
    page = here.family.post(f"{here.path}/suggest", **idea).follow()
    assert "36. Not answered yet." in page.words
    assert _events(session, here.goal) == [("goal_suggested", "family", None)]
    mine = visit(here.learner)
    assert "Your family has an idea: How far" in mine.get(f"/goals/{here.goal.id}").words
    (row,) = session.exec(select(GoalSuggestion)).all()
    session.commit()
    mine.post(f"/goals/{here.goal.id}/ideas/{row.id}", answer="used_it")
    assert "36. Used this idea." in here.family.get(here.path).words


def test_what_cannot_be_used_stays_on_the_page(here: Here) -> None:
    wrong = here.family.post(
        f"{here.path}/suggest", number="1", part="target", words="many more", sentence="Because."
    )
    assert wrong.status == 422
    assert wrong.soup.find("textarea", {"name": "words"}).get_text(strip=True) == "many more"
    assert here.family.post(f"{here.path}/say", text=" ").status == 422
    assert (
        here.family.post(f"{here.path}/suggest", part="rank", words="1", number="x").status == 422
    )


def test_a_link_opens_the_goals_of_its_summary_and_no_others(
    session: Session, visit: Visit, here: Here
) -> None:
    others = a_goal(session, learner=a_learner(session, "Teo"))
    session.commit()
    base = f"/family/{here.link.id}/goals"
    for goal in (here.other, others):
        assert here.family.get(f"{base}/{goal.id}").status == 404
        for act in ("say", "suggest"):
            assert here.family.post(f"{base}/{goal.id}/{act}", text=WORDS, words="3").status == 404
    stranger = visit(None)
    assert stranger.get(here.path).status == 404
    assert stranger.post(f"{here.path}/say", text=WORDS).status == 404
    links.revoke(
        session, by(here.teacher, Relation.TEACHER),
        session.get_one(FamilyLink, here.link.id), MONDAY,
    )  # fmt: skip
    session.commit()
    assert here.family.get(here.path).status == 404
    assert here.family.post(f"{here.path}/say", text=WORDS).status == 404
    assert session.exec(select(GoalMessage)).all() == []


def test_words_that_came_after_the_learners_yes_are_not_shown(session: Session, here: Here) -> None:
    goal = session.get_one(Goal, here.goal.id, populate_existing=True)
    later = MONDAY + timedelta(minutes=5)
    draft.take_up(session, goal)
    draft.keep(session, goal, {"why": "Something private"})
    propose.send(
        session, by(here.learner, Relation.LEARNER), goal, later.date(), later,
        reason=Reason(ChangeReason.LIFE),
    )  # fmt: skip
    session.commit()
    with clock.standing_at(later + timedelta(minutes=1)):
        page = here.family.get(here.path)
        assert page.status == 200
        assert "Something private" not in page.text
        assert page.soup.find("form", action=f"{here.path}/suggest") is None
        assert (
            here.family.post(f"{here.path}/suggest", number="2", part="why", words="x").status
            == 404
        )
        assert here.family.post(f"{here.path}/say", text=WORDS).status == 303


def test_the_page_speaks_spanish_to_a_family_that_chose_it(here: Here) -> None:
    here.family.post(f"/family/{here.link.id}/language", language="es")
    page = here.family.get(here.path)
    assert page.soup.html["lang"] == "es"
    assert page.heading != "Sofía's goal"
