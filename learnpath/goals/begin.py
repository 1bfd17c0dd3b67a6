"""Where a new goal can begin: with a line of the profile, with school data, or where an earlier goal ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from learnpath.errors import NotAllowedNow
from learnpath.goals import basis, draft, parts, states
from learnpath.goals.models import CheckIn, Goal, GoalState, GoalVersion
from learnpath.goals.trend import Measure
from learnpath.outcomes.cited import Cited
from learnpath.profiles.queries import Entry
from learnpath.record import By
from learnpath.wording import lazy as _l

# What a goal grows from: not what goes well already.
BLOCKS = ("challenges", "hopes", "needs", "interests")
MOST_LINES, MOST_GOALS = 6, 3


@dataclass(frozen=True)
class Ended:
    """An earlier goal to go on from."""

    id: int
    title: str


def lines_to_begin_with(entries: Sequence[Entry]) -> list[Entry]:
    """Return the lines of a profile that a goal can begin with."""
    fitting = [entry for block in BLOCKS for entry in entries if entry.block == block]
    return fitting[:MOST_LINES]


def ended_goals(session: Session, learner_id: int) -> list[Ended]:
    """Return the newest goals of a learner that have ended and were agreed once. One query."""
    query = (
        select(Goal.id, GoalVersion.what)
        .join(
            GoalVersion,
            (col(GoalVersion.goal_id) == col(Goal.id))
            & (col(GoalVersion.number) == col(Goal.agreed_number)),
        )
        .where(Goal.learner_id == learner_id, col(Goal.state).in_(states.ENDED))
        .order_by(col(Goal.id).desc())
        .limit(MOST_GOALS)
    )
    return [Ended(goal_id or 0, what) for goal_id, what in session.exec(query)]


def from_line(session: Session, by: By, learner_id: int, entry: Entry, now: datetime) -> Goal:
    """Begin a goal with a line of the profile, which it builds on."""
    cited = {"key": entry.key, "block": str(entry.block), "text": entry.text}
    begins_with = {"what": entry.text, "builds_on": [cited]}
    return draft.start(session, by, learner_id, now, begins_with=begins_with)


def from_data(session: Session, by: By, learner_id: int, data: Cited, now: datetime) -> Goal:
    """Begin a goal with a value of the school data, or with what the learner wrote about one.

    It rests on that. Own words about a value are its first words; a value says no goal by itself.
    """
    begins_with: dict[str, Any] = {"rests_on": [basis.entry(data)]}
    if data.need:
        begins_with["what"] = data.need[: parts.WORDS["what"]]
    return draft.start(session, by, learner_id, now, begins_with=begins_with)


def from_goal(session: Session, by: By, goal: Goal, now: datetime) -> Goal:
    """Begin a goal where an earlier one ended. Raises NotAllowedNow for one that goes on."""
    if goal.state not in states.ENDED or goal.agreed_number is None:
        raise NotAllowedNow(_l("You can do this when the goal has ended."))
    begins_with = where_it_ended(session, goal)
    return draft.start(session, by, goal.learner_id, now, begins_with=begins_with, follows=goal)


def where_it_ended(session: Session, goal: Goal) -> dict[str, Any]:
    """Return an earlier goal as a draft: its last number is where the next one starts."""
    version = draft.newest(session, goal)
    begins_with = basis.as_whole_draft(session, version) | {
        "due": "", "confidence": "", "can_now": ""
    }  # fmt: skip
    last = _last_value(session, goal)
    if last is not None and version.measure is not Measure.YES_NO:
        begins_with["baseline"] = last
    if goal.state is GoalState.REACHED:
        begins_with["target"] = ""
    return begins_with


def _last_value(session: Session, goal: Goal) -> str | None:
    query = select(CheckIn).where(
        CheckIn.goal_id == goal.id, col(CheckIn.replaced_at).is_(None),
        col(CheckIn.value).is_not(None),
    )  # fmt: skip
    row = session.exec(query.order_by(col(CheckIn.week).desc())).first()
    return parts.as_typed(row.value) if row else None
