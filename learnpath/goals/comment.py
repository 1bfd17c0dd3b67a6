"""The conversation about a goal: words, questions, talks that are planned and talks that were had."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, col, select

from learnpath import record
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.goals import states
from learnpath.goals.models import Goal, GoalMessage, GoalState, MessageKind
from learnpath.goals.states import Act
from learnpath.record import By, Relation, Verb
from learnpath.wording import lazy as _l

LONGEST = 1000


def comment(
    session: Session, by: By, goal: Goal, text: str, now: datetime, *, language: str = "en",
    for_family: bool = False,
) -> GoalMessage:  # fmt: skip
    """Say something about a goal. The learner's word after a question hands the goal back.

    ``for_family`` lets a family that wrote by a link read the answer there; it means nothing where none did.

    Raises WrongInput for no words or too many, NotAllowedNow for a draft.
    """
    said = _say(session, by, goal, MessageKind.COMMENT, text, now, language)
    said.for_family = for_family and _answers_a_family(session, by, goal)
    session.add(said)
    replies = by.relation is Relation.LEARNER and goal.state is GoalState.WITH_LEARNER
    if replies and _was_asked(session, goal):
        states.move(goal, Act.REPLY, now)
        session.add(goal)
    return said


def ask(
    session: Session, by: By, goal: Goal, text: str, now: datetime, *, language: str = "en"
) -> GoalMessage:
    """Ask the learner a question about a goal that waits for an answer: it goes back to them.

    Raises WrongInput for no words or too many, NotAllowedNow when the goal is not in talks.
    """
    states.check(goal, Act.ASK)
    said = _say(session, by, goal, MessageKind.QUESTION, text, now, language)
    states.move(goal, Act.ASK, now)
    session.add(goal)
    return said


def plan_talk(
    session: Session, by: By, goal: Goal, day: date, text: str, now: datetime, today: date,
    *, language: str = "en",
) -> GoalMessage:  # fmt: skip
    """Plan to talk about a goal on a day. Raises WrongInput for a day gone by, NotAllowedNow."""
    states.check(goal, Act.PLAN_TALK)
    if day < today:
        raise WrongInput("talk_on", _l("Choose today or a later day."))
    said = _say(session, by, goal, MessageKind.TALK_PLANNED, text, now, language, needs_words=False)
    said.talk_on = day
    states.move(goal, Act.PLAN_TALK, now)
    session.add_all([goal, said])
    return said


def note_talk(
    session: Session, by: By, goal: Goal, text: str, now: datetime, *, language: str = "en"
) -> GoalMessage:
    """Note that a talk was had, and what came of it. Raises WrongInput, NotAllowedNow for a draft."""
    return _say(session, by, goal, MessageKind.TALK_NOTED, text, now, language, needs_words=False)


def _say(
    session: Session, by: By, goal: Goal, kind: MessageKind, text: str, now: datetime,
    language: str, *, needs_words: bool = True,
) -> GoalMessage:  # fmt: skip
    if goal.state is GoalState.DRAFT:
        raise NotAllowedNow(_l("This goal is still a draft."))
    words = text.strip()
    if needs_words and not words:
        raise WrongInput("text", _l("Write a few words first."))
    if len(words) > LONGEST:
        raise WrongInput("text", _l("Use %(limit)s letters or fewer.", limit=LONGEST))
    said = GoalMessage(
        goal_id=goal.key, learner_id=goal.learner_id, kind=kind, relation=by.relation,
        author_id=by.person_id, at=now, text=words, language=language,
    )  # fmt: skip
    session.add(said)
    session.flush()
    record.write(
        session,
        by,
        Verb.GOAL_COMMENTED,
        learner_id=goal.learner_id,
        about=("goal", goal.id),
        at=now,
    )
    return said


def _answers_a_family(session: Session, by: By, goal: Goal) -> bool:
    if by.relation is Relation.FAMILY or goal.shared_with_family:
        return False
    query = select(GoalMessage.id).where(
        GoalMessage.goal_id == goal.id, GoalMessage.relation == Relation.FAMILY
    )
    return session.exec(query).first() is not None


def _was_asked(session: Session, goal: Goal) -> bool:
    """Whether the newest word before the learner's own is a question."""
    query = (
        select(GoalMessage.kind)
        .where(GoalMessage.goal_id == goal.id, col(GoalMessage.relation) != Relation.LEARNER)
        .order_by(col(GoalMessage.id).desc())
    )
    return session.exec(query).first() is MessageKind.QUESTION
