"""How a goal ends: reached, carried on as a next one, or closed with what was learned. And sharing it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.goals import begin, states
from learnpath.goals.cosign import SIGNERS, UNDO_WITHIN, signatures
from learnpath.goals.models import Goal, GoalState
from learnpath.goals.states import Act
from learnpath.goals.tell import tell
from learnpath.record import By, Verb
from learnpath.wording import lazy as _l

LONGEST = 1000


class How(StrEnum):
    """How a goal ends."""

    REACHED = "reached"
    CARRIED_ON = "carried_on"
    CLOSED = "closed"


ACTS = {How.REACHED: Act.REACH, How.CARRIED_ON: Act.CARRY_ON, How.CLOSED: Act.CLOSE}


def close(session: Session, by: By, goal: Goal, how: How, words: str, now: datetime) -> Goal | None:
    """End a goal with the learner's closing words; carrying on returns the draft of the next one.

    Raises WrongInput for an agreed goal without words, NotAllowedNow when it cannot end that way.
    """
    if how is not How.CLOSED and goal.agreed_number is None:
        raise NotAllowedNow(_l("You can do this when you both agree on the goal."))
    said = words.strip()
    if goal.agreed_number is not None and not said:
        raise WrongInput("words", _l("Write one sentence about what you learned."))
    if len(said) > LONGEST:
        raise WrongInput("words", _l("Use %(limit)s letters or fewer.", limit=LONGEST))
    states.move(goal, ACTS[how], now)
    goal.closing_words, goal.ended_at, goal.draft = said, now, None
    session.add(goal)
    tell(session, by, Verb.GOAL_CLOSED, goal, {"how": str(how)}, now)
    return begin.from_goal(session, by, goal, now) if how is How.CARRIED_ON else None


def reopen(session: Session, by: By, goal: Goal, now: datetime) -> None:
    """Undo, within ten minutes, that an agreed goal was closed. Raises NotAllowedNow."""
    both = signatures(session, goal.id, goal.newest_number).keys() >= set(SIGNERS)
    if goal.ended_at is None or now - goal.ended_at > UNDO_WITHIN or not both:
        raise NotAllowedNow(_l("This goal is closed. You can start a new one from it."))
    states.move(goal, Act.REOPEN, now)
    goal.closing_words, goal.ended_at = "", None
    session.add(goal)
    tell(session, by, Verb.GOAL_UNDONE, goal, {"what": "closed"}, now)


def share(session: Session, by: By, goal: Goal, with_family: bool, now: datetime) -> None:
    """Let the learner's family see the goal, or not any more. Raises NotAllowedNow for a draft."""
    if goal.state is GoalState.DRAFT:
        raise NotAllowedNow(_l("This goal is still a draft."))
    if goal.shared_with_family == with_family:
        return
    goal.shared_with_family = with_family
    session.add(goal)
    audience = "family" if with_family else "teachers"
    tell(session, by, Verb.GOAL_SHARED, goal, {"audience": audience}, now)
