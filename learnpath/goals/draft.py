"""Writing a goal: started, kept step by step, taken up again for a change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from learnpath import record
from learnpath.errors import NotAllowedNow
from learnpath.goals import basis, parts, states
from learnpath.goals.models import Goal, GoalKind, GoalState, GoalVersion
from learnpath.record import By, Relation, Verb
from learnpath.wording import lazy as _l

# What a draft keeps of one field, right or not: far more than any part may have.
LONGEST = 4000


def start(
    session: Session,
    by: By,
    learner_id: int,
    now: datetime,
    *,
    begins_with: Mapping[str, Any] | None = None,
    follows: Goal | None = None,
    group_goal_id: int | None = None,
    drafted_by: Relation | None = None,
) -> Goal:
    """Begin a goal of a learner as an empty draft, or with what is known already.

    ``drafted_by`` says whose first words they are, when they are not of who begins.
    """
    kind = GoalKind.INDIVIDUAL if group_goal_id is None else GoalKind.GROUP
    goal = Goal(
        school_id=by.school_id, learner_id=learner_id, kind=kind, drafted_by=drafted_by or by.decided,
        started_by_id=by.person_id or 0, started_at=now, since=now, draft=_known(begins_with or {}),
        follows_id=follows.id if follows else None, group_goal_id=group_goal_id,
    )  # fmt: skip
    session.add(goal)
    session.flush()
    record.write(
        session, by, Verb.GOAL_DRAFTED, learner_id=learner_id, about=("goal", goal.id),
        payload={"kind": str(kind)}, at=now,
    )  # fmt: skip
    return goal


def keep(session: Session, goal: Goal, typed: Mapping[str, Any]) -> None:
    """Keep what was typed, right or not: nothing that somebody wrote gets lost on the way.

    Raises NotAllowedNow when nothing is being written.
    """
    if goal.draft is None or goal.state in states.ENDED:
        raise NotAllowedNow(_l("This goal was sent already. Choose “Change my goal” to change it."))
    goal.draft = {**goal.draft, **_known(typed)}
    session.add(goal)


def _known(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value[:LONGEST] if isinstance(value, str) else value
        for key, value in typed.items()
        if key in parts.DRAFT_KEYS
    }


def take_up(session: Session, goal: Goal) -> None:
    """Open a goal for a change: a draft that begins with the newest words. They stay as they are.

    Raises NotAllowedNow when the goal has ended.
    """
    if goal.state in states.ENDED:
        raise NotAllowedNow(_l("This goal is closed. You can start a new one from it."))
    if goal.draft is None:
        goal.draft = basis.as_whole_draft(session, newest(session, goal))
        session.add(goal)


def drop(session: Session, goal: Goal) -> None:
    """Leave the goal as it is: what was being changed is let go.

    Raises NotAllowedNow for a first draft, which has nothing to go back to.
    """
    if goal.state is GoalState.DRAFT:
        raise NotAllowedNow(_l("This goal is still a draft."))
    goal.draft = None
    session.add(goal)


def newest(session: Session, goal: Goal) -> GoalVersion:
    """Return the newest version of a goal that has one."""
    return version(session, goal, goal.newest_number)


def version(session: Session, goal: Goal, number: int) -> GoalVersion:
    """Return one version of a goal."""
    query = select(GoalVersion).where(GoalVersion.goal_id == goal.id, GoalVersion.number == number)
    return session.exec(query).one()
