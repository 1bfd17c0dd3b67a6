"""The goals that a conference shows. One that is not agreed yet says so.

All goals of a conference are read together: four queries, whether one goal is shown or two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlmodel import Session, col, select

from learnpath.conferences.models import Conference, FamilyLink, Summary
from learnpath.goals import progress
from learnpath.goals.models import (
    CheckIn,
    Goal,
    GoalSignature,
    GoalState,
    GoalVersion,
    StrategyChange,
)
from learnpath.goals.progress import GoalProgress
from learnpath.goals.queries import agreed_ones, is_number, title_of
from learnpath.people.models import Person
from learnpath.school.calendar import SchoolCalendar

STILL_TALKING = frozenset(
    {GoalState.DRAFT, GoalState.WITH_TEACHER, GoalState.TALK, GoalState.WITH_LEARNER}
)
Row = TypeVar("Row", GoalSignature, CheckIn, StrategyChange)


@dataclass(frozen=True)
class ShownGoal:
    """A goal as a conference shows it, with its progress where that was asked for."""

    goal_id: int
    title: str
    agreed: bool
    progress: GoalProgress | None = None


def titles_shown(session: Session, conference: Conference) -> list[ShownGoal]:
    """Return the goals that the learner chose, in the learner's order, without their progress. One query."""
    if not conference.goal_ids:
        return []
    query = (
        select(Goal, GoalVersion)
        .outerjoin(GoalVersion, is_number(GoalVersion, Goal.newest_number))
        .where(col(Goal.id).in_(conference.goal_ids), Goal.learner_id == conference.learner_id)
    )
    found = {goal.id: _shown(goal, version) for goal, version in session.exec(query)}
    return [found[goal_id] for goal_id in conference.goal_ids if goal_id in found]


def goals_shown(
    session: Session, conference: Conference, learner: Person, calendar: SchoolCalendar, today: date
) -> list[ShownGoal]:
    """Return the goals that the learner chose, with their progress as far as something was agreed."""
    ids = conference.goal_ids
    if not ids:
        return []
    goals, all_versions = _goals_with_versions(session, conference)
    read: dict[Any, dict[int, list[Any]]] = {
        model: _rows(session, model, ids) for model in (GoalSignature, CheckIn, StrategyChange)
    }

    def shown(goal_id: int) -> ShownGoal:
        goal, versions = goals[goal_id], all_versions.get(goal_id, [])
        agreed = [
            version
            for version in agreed_ones(versions, read[GoalSignature].get(goal_id, []))
            if version.number <= (goal.agreed_number or 0)
        ]
        ended = calendar.day_of(goal.ended_at) if goal.ended_at else None
        known = agreed and progress.build(
            goal.key, learner.called, goal.state, agreed, read[CheckIn].get(goal_id, []),
            read[StrategyChange].get(goal_id, []), calendar, today, until=ended,
        )  # fmt: skip
        plain = _shown(goal, versions[-1] if versions else None)
        return ShownGoal(plain.goal_id, plain.title, plain.agreed, known or None)

    return [shown(goal_id) for goal_id in ids if goal_id in goals]


def _goals_with_versions(
    session: Session, conference: Conference
) -> tuple[dict[int, Goal], dict[int, list[GoalVersion]]]:
    """Return the chosen goals, and their versions in the order in which they were written. One query."""
    query = (
        select(Goal, GoalVersion)
        .outerjoin(GoalVersion, col(GoalVersion.goal_id) == col(Goal.id))
        .where(col(Goal.id).in_(conference.goal_ids), Goal.learner_id == conference.learner_id)
        .order_by(col(GoalVersion.id))
    )
    goals: dict[int, Goal] = {}
    versions: dict[int, list[GoalVersion]] = {}
    for goal, version in session.exec(query):
        goals[goal.key] = goal
        if version is not None:
            versions.setdefault(goal.key, []).append(version)
    return goals, versions


def _rows(session: Session, model: type[Row], goal_ids: Sequence[int]) -> dict[int, list[Row]]:
    """Return the rows of these goals, by goal, in the order in which they were written."""
    query = select(model).where(col(model.goal_id).in_(goal_ids)).order_by(col(model.id))
    found: dict[int, list[Row]] = {}
    for row in session.exec(query):
        found.setdefault(row.goal_id, []).append(row)
    return found


def _shown(goal: Goal, newest: GoalVersion | None) -> ShownGoal:
    return ShownGoal(goal.key, title_of(goal, newest), goal.state not in STILL_TALKING)


def goals_to_talk_about(session: Session, conference_id: int) -> list[ShownGoal]:
    """Return the goals of a summary that was shared, for a family that wants to say something. Two queries.

    They are called as they were when the learner said yes, unless the learner shares the goal itself.
    """
    query = select(Conference, Summary.approved_at).join(
        Summary, col(Summary.conference_id) == col(Conference.id)
    )
    found = session.exec(query.where(Conference.id == conference_id)).first()
    if found is None or found[1] is None or not found[0].goal_ids:
        return []
    conference, said_yes = found
    goals, versions = _goals_with_versions(session, conference)
    shown = []
    for goal in (goals[goal_id] for goal_id in conference.goal_ids if goal_id in goals):
        meant = [
            one
            for one in versions.get(goal.key, [])
            if goal.shared_with_family or one.at <= said_yes
        ]
        if meant and goal.state is not GoalState.DRAFT:
            shown.append(_shown(goal, meant[-1]))
    return shown


def goal_of_summary(
    session: Session, link: FamilyLink, goal_id: int
) -> tuple[Goal, datetime] | None:
    """Return a goal that the summary behind a link shows, and when the learner said yes to that; else None."""
    query = (
        select(Goal, Summary.approved_at, Conference)
        .join(Summary, col(Summary.learner_id) == col(Goal.learner_id))
        .join(Conference, col(Conference.id) == col(Summary.conference_id))
        .where(
            Goal.id == goal_id,
            Goal.learner_id == link.learner_id,
            Summary.conference_id == link.conference_id,
            col(Summary.shared_at).is_not(None),
        )
    )
    found = session.exec(query).first()
    if found is None or found[1] is None or goal_id not in found[2].goal_ids:
        return None
    return found[0], found[1]
