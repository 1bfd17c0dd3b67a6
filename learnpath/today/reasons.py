"""Whom it would be good to see today, and why: a pure core. Rules, not scores; seven at the most.

Each reason is one that a teacher would give in words. Good news is a reason too, so that attention is
not only for trouble.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

MOST = 7
WAITING_DAYS, QUIET_WEEKS, CONFERENCE_DAYS, AWAY_POINTS = 3, 2, 5, 3
GOOD_NEWS_PLACES = 1


class Why(StrEnum):
    """Why it would be good to see somebody, in the order in which it matters."""

    ASKED = "asked"
    STUCK = "stuck"
    WAITING = "waiting"
    MOVING_AWAY = "moving_away"
    QUIET = "quiet"
    NO_GOAL = "no_goal"
    NOT_READY = "not_ready"
    GOOD_NEWS = "good_news"


@dataclass(frozen=True)
class LearnerWeek:
    """What the rooms know about a learner of the class. Weeks are school weeks, days calendar days."""

    learner_id: int
    called: str
    has_goal: bool = False
    goal_id: int | None = None
    wants_talk: bool = False
    stuck_weeks: int = 0
    waiting_since: date | None = None
    weeks_without_check_in: int = 0
    recent_values: tuple[float, ...] = ()
    increases: bool = True
    conference_id: int | None = None
    conference_day: date | None = None
    conference_ready: bool = False
    reached_goal_id: int | None = None
    # The teacher is done with this reason for the week, and with every one that presses less.
    left_out: Why | None = None


@dataclass(frozen=True)
class Reason:
    """One line of the list: who, why, how much of it, and what it is about."""

    learner_id: int
    called: str
    why: Why
    amount: int = 0
    day: date | None = None
    goal_id: int | None = None
    conference_id: int | None = None


def see_today(learners: Iterable[LearnerWeek], today: date) -> list[Reason]:
    """Return whom to see today: the most pressing first, by name within one reason, one line each.

    The last place is kept for good news when there is any.
    """
    reasons = [reason for learner in learners if (reason := _reason(learner, today))]
    order = list(Why)
    reasons.sort(key=lambda reason: (order.index(reason.why), reason.called))
    good = [reason for reason in reasons if reason.why is Why.GOOD_NEWS]
    other = [reason for reason in reasons if reason.why is not Why.GOOD_NEWS]
    kept = other[: MOST - min(len(good), GOOD_NEWS_PLACES)]
    return kept + good[: MOST - len(kept)]


def _reason(learner: LearnerWeek, today: date) -> Reason | None:
    why, amount, day = _why(learner, today)
    if why is None or _is_left_out(learner, why):
        return None
    goal_id = learner.reached_goal_id if why is Why.GOOD_NEWS else learner.goal_id
    conference_id = learner.conference_id if why is Why.NOT_READY else None
    return Reason(learner.learner_id, learner.called, why, amount, day, goal_id, conference_id)


def _is_left_out(learner: LearnerWeek, why: Why) -> bool:
    order = list(Why)
    return learner.left_out is not None and order.index(why) >= order.index(learner.left_out)


def _why(learner: LearnerWeek, today: date) -> tuple[Why | None, int, date | None]:
    waited = (today - learner.waiting_since).days if learner.waiting_since else 0
    ahead = (learner.conference_day - today).days if learner.conference_day else None
    checks: tuple[tuple[bool, Why, int, date | None], ...] = (
        (learner.wants_talk, Why.ASKED, 0, None),
        (learner.stuck_weeks > 0, Why.STUCK, learner.stuck_weeks, None),
        (waited >= WAITING_DAYS, Why.WAITING, waited, learner.waiting_since),
        (moves_away(learner.recent_values, learner.increases), Why.MOVING_AWAY, AWAY_POINTS, None),
        (_quiet(learner), Why.QUIET, learner.weeks_without_check_in, None),
        (not learner.has_goal, Why.NO_GOAL, 0, None),
        (
            ahead is not None and 0 <= ahead <= CONFERENCE_DAYS and not learner.conference_ready,
            Why.NOT_READY, 0, learner.conference_day,
        ),
        (learner.reached_goal_id is not None, Why.GOOD_NEWS, 0, None),
    )  # fmt: skip
    return next(((why, n, day) for holds, why, n, day in checks if holds), (None, 0, None))


def _quiet(learner: LearnerWeek) -> bool:
    return learner.goal_id is not None and learner.weeks_without_check_in >= QUIET_WEEKS


def moves_away(values: tuple[float, ...], increases: bool) -> bool:
    """Tell whether the last three values go the other way than the goal, step by step.

    Two points say nothing, and a plateau is no reason to worry a child.
    """
    last = values[-AWAY_POINTS:]
    if len(last) < AWAY_POINTS:
        return False
    steps = [later - earlier for earlier, later in pairwise(last)]
    return all(step < 0 if increases else step > 0 for step in steps)
