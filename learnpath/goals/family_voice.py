"""What a family reads and says about a goal when it comes by a link: no account, and not the whole page.

It reads the goal as the learner shared it, its own words and the answers that are meant for it. All else of
the conversation stays between learner and teacher until the learner shares the goal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from learnpath.goals import states
from learnpath.goals.models import Goal, GoalMessage, GoalState, GoalSuggestion, GoalVersion
from learnpath.people.queries import names
from learnpath.record import Relation


@dataclass(frozen=True)
class FamilySaid:
    """A word of the conversation that the family reads; without a name it is the family's own."""

    message: GoalMessage
    author: str


@dataclass(frozen=True)
class FamilyGoal:
    """A goal as a family reads it by a link."""

    goal: Goal
    version: GoalVersion
    said: Sequence[FamilySaid]
    ideas: Sequence[GoalSuggestion]

    @property
    def takes_ideas(self) -> bool:
        """Whether other words can still be suggested: for the version that is shown, of an open goal."""
        return self.version.number == self.goal.newest_number and self.goal.state in states.OPEN


def shown_to_family(session: Session, goal: Goal, shared_at: datetime) -> FamilyGoal | None:
    """Return what a family reads of a goal that was shared at that moment, in four queries; None of a draft.

    What the learner wrote later is not shown, unless the learner shares the goal itself.
    """
    if goal.state is GoalState.DRAFT:
        return None
    query = select(GoalVersion).where(GoalVersion.goal_id == goal.id)
    if not goal.shared_with_family:
        query = query.where(GoalVersion.at <= shared_at)
    version = session.exec(query.order_by(col(GoalVersion.number).desc())).first()
    if version is None:
        return None
    messages = session.exec(
        select(GoalMessage).where(GoalMessage.goal_id == goal.id).order_by(col(GoalMessage.id))
    ).all()
    mine = [one for one in messages if _is_for_family(one, goal)]
    called = names(session, {one.author_id for one in mine})
    ideas = select(GoalSuggestion).where(
        GoalSuggestion.goal_id == goal.id, GoalSuggestion.relation == Relation.FAMILY
    )
    return FamilyGoal(
        goal, version, [FamilySaid(one, called.get(one.author_id or 0, "")) for one in mine],
        session.exec(ideas.order_by(col(GoalSuggestion.id))).all(),
    )  # fmt: skip


def _is_for_family(message: GoalMessage, goal: Goal) -> bool:
    if message.relation is Relation.FAMILY or message.for_family:
        return True
    return goal.shared_with_family
