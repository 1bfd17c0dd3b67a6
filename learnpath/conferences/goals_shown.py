"""The goals that a conference shows. One that is not agreed yet says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from learnpath.conferences.models import Conference
from learnpath.goals.models import GoalState
from learnpath.goals.progress import GoalProgress
from learnpath.goals.queries import GoalLine, goals_of, progress_of
from learnpath.school.calendar import SchoolCalendar

STILL_TALKING = frozenset(
    {GoalState.DRAFT, GoalState.WITH_TEACHER, GoalState.TALK, GoalState.WITH_LEARNER}
)


@dataclass(frozen=True)
class ShownGoal:
    """A goal as a conference shows it, with its progress where that was asked for."""

    goal_id: int
    title: str
    agreed: bool
    progress: GoalProgress | None = None


def titles_shown(
    session: Session, conference: Conference, calendar: SchoolCalendar, today: date
) -> list[ShownGoal]:
    """Return the goals that the learner chose, in the learner's order, without their progress."""
    if not conference.goal_ids:
        return []
    lines = {line.id: line for line in goals_of(session, conference.learner_id, calendar, today)}
    return [_shown(lines[goal_id]) for goal_id in conference.goal_ids if goal_id in lines]


def goals_shown(
    session: Session, conference: Conference, calendar: SchoolCalendar, today: date
) -> list[ShownGoal]:
    """Return the goals that the learner chose with their progress. There are two at most."""
    return [
        ShownGoal(
            goal.goal_id, goal.title, goal.agreed,
            progress_of(session, goal.goal_id, calendar, today),
        )
        for goal in titles_shown(session, conference, calendar, today)
    ]  # fmt: skip


def _shown(line: GoalLine) -> ShownGoal:
    return ShownGoal(line.id, line.title, line.state not in STILL_TALKING)
