"""What a class's list needs to know about its learners' goals, in two queries for any number of learners."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile

from sqlmodel import Session, col, select

from learnpath.goals import states, wording
from learnpath.goals.models import CheckIn, Feel, Goal, GoalState, GoalVersion
from learnpath.goals.queries import is_number, standing_check_ins, title_of
from learnpath.goals.trend import Direction
from learnpath.school.calendar import SchoolCalendar

RECENT = 3
GOOD_NEWS_DAYS = 14


@dataclass(frozen=True)
class GoalFacts:
    """What the goals room knows about one learner of a class. Weeks are school weeks."""

    learner_id: int
    has_goal: bool = False
    goal_id: int | None = None
    title: str = ""
    state: GoalState | None = None
    last_week: date | None = None
    last_words: str = ""
    last_feel: Feel | None = None
    wants_talk: bool = False
    stuck_weeks: int = 0
    waiting_since: datetime | None = None
    weeks_without_check_in: int = 0
    checked_in_this_week: bool = False
    recent_values: tuple[float, ...] = ()
    increases: bool = True
    reached_goal_id: int | None = None


def facts_of_learners(
    session: Session, learner_ids: Collection[int], calendar: SchoolCalendar, today: date
) -> dict[int, GoalFacts]:
    """Return what is known about the goals of many learners, in two queries."""
    rows = session.execute(
        select(Goal, GoalVersion)
        .outerjoin(GoalVersion, is_number(GoalVersion, Goal.newest_number))
        .where(col(Goal.learner_id).in_(learner_ids))
        .order_by(col(Goal.id))
    ).all() if learner_ids else []  # fmt: skip
    followed = [goal.key for goal, _version in rows if states.takes_check_ins(goal)]
    check_ins = standing_check_ins(session, followed)
    by_learner: dict[int, list[tuple[Goal, GoalVersion | None]]] = {}
    for goal, version in rows:
        by_learner.setdefault(goal.learner_id, []).append((goal, version))
    return {
        learner_id: _facts(learner_id, by_learner.get(learner_id, []), check_ins, calendar, today)
        for learner_id in learner_ids
    }


def _facts(
    learner_id: int, goals: Sequence[tuple[Goal, GoalVersion | None]],
    check_ins: Mapping[int, Sequence[CheckIn]], calendar: SchoolCalendar, today: date,
) -> GoalFacts:  # fmt: skip
    open_ones = [(goal, version) for goal, version in goals if goal.state in states.OPEN]
    chosen = _most_pressing(open_ones, check_ins)
    reached = [goal for goal, _version in goals if _just_reached(goal, today)]
    waiting = [goal.since for goal, _version in open_ones if goal.state is GoalState.WITH_TEACHER]
    known = GoalFacts(
        learner_id, has_goal=bool(open_ones), waiting_since=min(waiting, default=None),
        reached_goal_id=reached[-1].id if reached else None,
    )  # fmt: skip
    if chosen is None:
        return known
    rows = check_ins.get(chosen[0].key, ())
    return _with_goal(known, *chosen, rows, calendar, today)


def _most_pressing(
    goals: Sequence[tuple[Goal, GoalVersion | None]], check_ins: Mapping[int, Sequence[CheckIn]]
) -> tuple[Goal, GoalVersion | None] | None:
    """The goal to name first: one with a word for help, else one that is followed, else the newest."""

    def order(pair: tuple[Goal, GoalVersion | None]) -> tuple[bool, bool, int]:
        rows = check_ins.get(pair[0].key, ())
        asks = bool(rows) and (rows[-1].wants_talk or rows[-1].feel is Feel.STUCK)
        return asks, states.takes_check_ins(pair[0]), pair[0].key

    return max(goals, key=order, default=None)


def _just_reached(goal: Goal, today: date) -> bool:
    ended = goal.ended_at.date() if goal.ended_at else None
    return (
        goal.state is GoalState.REACHED
        and ended is not None
        and (today - ended).days <= GOOD_NEWS_DAYS
    )


def _with_goal(
    known: GoalFacts, goal: Goal, version: GoalVersion | None, rows: Sequence[CheckIn],
    calendar: SchoolCalendar, today: date,
) -> GoalFacts:  # fmt: skip
    week = calendar.latest_week(today)
    last = rows[-1] if rows else None
    told = [row for row in rows if row.value is not None]
    stuck = list(takewhile(lambda row: row.feel is Feel.STUCK, reversed(told)))
    return replace(
        known, goal_id=goal.key, title=title_of(goal, version), state=goal.state,
        last_week=last.week if last else None,
        last_words=wording.week_value(version, told[-1].value) if told and version else "",
        last_feel=last.feel if last else None, wants_talk=bool(last and last.wants_talk),
        stuck_weeks=len(stuck), checked_in_this_week=bool(last and last.week == week),
        weeks_without_check_in=_quiet_weeks(goal, version, last, calendar, today),
        recent_values=tuple(float(row.value or 0) for row in told[-RECENT:]),
        increases=version is None or version.direction is not Direction.DECREASE,
    )  # fmt: skip


def _quiet_weeks(
    goal: Goal, version: GoalVersion | None, last: CheckIn | None, calendar: SchoolCalendar,
    today: date,
) -> int:  # fmt: skip
    """Return how many whole school weeks have gone by without any word; the present one does not count."""
    if version is None or not states.takes_check_ins(goal):
        return 0
    since = last.week if last else version.starts
    weeks = calendar.weeks_between(since, today)
    present = calendar.week_of(today)
    return len([w for w in weeks if w != present and (last is None or w > last.week)])
