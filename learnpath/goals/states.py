"""How a goal may move: one table. What is not in it does not happen."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from learnpath.errors import NotAllowedNow
from learnpath.goals.models import Goal, GoalState
from learnpath.record import Relation
from learnpath.wording import lazy as _l


class Act(StrEnum):
    """What people do that can move a goal."""

    SEND = "send"
    OFFER = "offer"
    TAKE_BACK = "take_back"
    SUGGEST = "suggest"
    ASK = "ask"
    PLAN_TALK = "plan_talk"
    KEEP_MINE = "keep_mine"
    REPLY = "reply"
    LEARNER_SIGNS = "learner_signs"
    TEACHER_SIGNS = "teacher_signs"
    BOTH_SIGNED = "both_signed"
    LEARNER_WITHDRAWS = "learner_withdraws"
    TEACHER_WITHDRAWS = "teacher_withdraws"
    REACH = "reach"
    CARRY_ON = "carry_on"
    CLOSE = "close"
    REOPEN = "reopen"


S = GoalState
MOVES: dict[GoalState, dict[Act, GoalState]] = {
    S.DRAFT: {
        Act.SEND: S.WITH_TEACHER,
        Act.OFFER: S.WITH_LEARNER,
        Act.CLOSE: S.CLOSED,
    },
    S.WITH_TEACHER: {
        Act.TAKE_BACK: S.DRAFT,
        Act.SEND: S.WITH_TEACHER,
        Act.SUGGEST: S.WITH_LEARNER,
        Act.ASK: S.WITH_LEARNER,
        Act.PLAN_TALK: S.TALK,
        Act.LEARNER_SIGNS: S.WITH_TEACHER,
        Act.TEACHER_SIGNS: S.WITH_LEARNER,
        Act.BOTH_SIGNED: S.AGREED,
        Act.LEARNER_WITHDRAWS: S.WITH_LEARNER,
        Act.TEACHER_WITHDRAWS: S.WITH_TEACHER,
        Act.REACH: S.REACHED,
        Act.CARRY_ON: S.CARRIED_ON,
        Act.CLOSE: S.CLOSED,
    },
    S.TALK: {
        Act.SEND: S.WITH_TEACHER,
        Act.SUGGEST: S.WITH_LEARNER,
        Act.ASK: S.WITH_LEARNER,
        Act.PLAN_TALK: S.TALK,
        Act.KEEP_MINE: S.WITH_TEACHER,
        Act.LEARNER_SIGNS: S.WITH_TEACHER,
        Act.TEACHER_SIGNS: S.WITH_LEARNER,
        Act.BOTH_SIGNED: S.AGREED,
        Act.LEARNER_WITHDRAWS: S.TALK,
        Act.TEACHER_WITHDRAWS: S.TALK,
        Act.REACH: S.REACHED,
        Act.CARRY_ON: S.CARRIED_ON,
        Act.CLOSE: S.CLOSED,
    },
    S.WITH_LEARNER: {
        Act.SEND: S.WITH_TEACHER,
        Act.SUGGEST: S.WITH_LEARNER,
        Act.ASK: S.WITH_LEARNER,
        Act.PLAN_TALK: S.TALK,
        Act.KEEP_MINE: S.WITH_TEACHER,
        Act.REPLY: S.WITH_TEACHER,
        Act.LEARNER_SIGNS: S.WITH_TEACHER,
        Act.TEACHER_SIGNS: S.WITH_LEARNER,
        Act.BOTH_SIGNED: S.AGREED,
        Act.LEARNER_WITHDRAWS: S.WITH_LEARNER,
        Act.TEACHER_WITHDRAWS: S.WITH_TEACHER,
        Act.REACH: S.REACHED,
        Act.CARRY_ON: S.CARRIED_ON,
        Act.CLOSE: S.CLOSED,
    },
    S.AGREED: {
        Act.SEND: S.WITH_TEACHER,
        Act.SUGGEST: S.AGREED,
        Act.PLAN_TALK: S.AGREED,
        Act.KEEP_MINE: S.AGREED,
        Act.LEARNER_WITHDRAWS: S.WITH_LEARNER,
        Act.TEACHER_WITHDRAWS: S.WITH_TEACHER,
        Act.REACH: S.REACHED,
        Act.CARRY_ON: S.CARRIED_ON,
        Act.CLOSE: S.CLOSED,
    },
    S.REACHED: {Act.REOPEN: S.AGREED},
    S.CARRIED_ON: {},
    S.CLOSED: {Act.REOPEN: S.AGREED},
}
OPEN = frozenset({S.DRAFT, S.WITH_TEACHER, S.TALK, S.WITH_LEARNER, S.AGREED})
IN_TALKS = frozenset({S.WITH_TEACHER, S.TALK, S.WITH_LEARNER})
ENDED = frozenset({S.REACHED, S.CLOSED, S.CARRIED_ON})
WAITS_FOR: dict[GoalState, Relation] = {
    S.DRAFT: Relation.LEARNER,
    S.WITH_TEACHER: Relation.TEACHER,
    S.TALK: Relation.TOGETHER,
    S.WITH_LEARNER: Relation.LEARNER,
}


def takes_check_ins(goal: Goal) -> bool:
    """Tell whether there is something agreed to check in on, even while a change is talked over."""
    return goal.agreed_number is not None and goal.state in OPEN


def can(goal: Goal, act: Act) -> bool:
    """Tell whether ``act`` is possible as the goal stands."""
    return act in MOVES[goal.state]


def check(goal: Goal, act: Act) -> None:
    """Raise NotAllowedNow when ``act`` is not possible as the goal stands."""
    if not can(goal, act):
        raise NotAllowedNow(_l("This goal has moved on. Look at it again to see where it is now."))


def move(goal: Goal, act: Act, now: datetime) -> None:
    """Let ``act`` move the goal. Raises NotAllowedNow when the table does not have it."""
    check(goal, act)
    after = MOVES[goal.state][act]
    if after is not goal.state:
        goal.state, goal.since = after, now
