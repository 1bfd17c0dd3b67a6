"""The coach's questions about a draft or a version, with what the learner's own record tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from learnpath.errors import WrongInput
from learnpath.goals import parts, smart
from learnpath.goals.band import Growth, growth_for
from learnpath.goals.models import CheckIn, Goal, GoalVersion
from learnpath.goals.smart import GoalDraft, Hint, Letter
from learnpath.goals.trend import (
    Direction,
    Measure,
    OwnRate,
    Point,
    own_rate,
    points_from_dates,
    usual_up_and_down,
)
from learnpath.school.calendar import SchoolCalendar


@dataclass(frozen=True)
class Coaching:
    """The questions about a goal, and the letters of SMART that are here already."""

    hints: tuple[Hint, ...]
    letters: tuple[Letter, ...]

    def about(self, part: str) -> list[Hint]:
        """Return the questions about one part."""
        return [hint for hint in self.hints if hint.part == part]


def coach(
    session: Session, learner_id: int, goal_id: int | None, typed: Mapping[str, Any],
    calendar: SchoolCalendar, today: date,
) -> Coaching:  # fmt: skip
    """Return what the coach asks about a goal as it is typed: two queries.

    They ask for the learner's own pace, and for what the learner's teachers find usual.
    """
    earlier = _earlier_points(session, learner_id, goal_id, typed, calendar)
    rate = own_rate(earlier) if earlier else None
    up_and_down = usual_up_and_down(earlier) if earlier else None
    growth = growth_for(session, learner_id, typed, today)
    draft = _in_band(_draft(typed, calendar, today, rate, up_and_down), growth)
    return Coaching(tuple(smart.hints(draft)), tuple(smart.letters(draft)))


def _in_band(draft: GoalDraft, growth: Growth | None) -> GoalDraft:
    """Tell the draft how far most people would go in its weeks."""
    if growth is None or not draft.weeks or draft.weeks < 0:
        return draft
    return replace(
        draft, usual_low=growth.usual * draft.weeks, usual_high=growth.ambitious * draft.weeks
    )


def coach_plain(typed: Mapping[str, Any], calendar: SchoolCalendar, today: date) -> Coaching:
    """Return what the coach asks without looking at earlier goals: for lists of many goals."""
    draft = _draft(typed, calendar, today, None, None)
    return Coaching(tuple(smart.hints(draft)), tuple(smart.letters(draft)))


def _draft(
    typed: Mapping[str, Any], calendar: SchoolCalendar, today: date, rate: OwnRate | None,
    up_and_down: float | None,
) -> GoalDraft:  # fmt: skip
    due = _day(typed)
    measure = typed.get("measure")
    direction = typed.get("direction")
    kind = Measure(measure) if measure in set(Measure) else None
    return GoalDraft(
        what=str(typed.get("what") or ""),
        # Nobody has said how to see it as long as there is neither a unit nor a number.
        measure=kind if typed.get("unit") or typed.get("target") or typed.get("levels") else None,
        baseline=_number(typed, "baseline"),
        target=_number(typed, "target"),
        direction=Direction(direction) if direction in set(Direction) else Direction.INCREASE,
        low=_number(typed, "target"),
        high=_number(typed, "target_high"),
        highest=_number(typed, "highest"),
        confidence=str(typed.get("confidence") or ""),
        weeks=calendar.elapsed(today, due) if due else None,
        actions=tuple(parts.lines(typed.get("actions"))),
        plan=str(typed.get("plan") or ""),
        own_rate=rate,
        up_and_down=up_and_down,
    )


def _number(typed: Mapping[str, Any], key: str) -> float | None:
    """What was typed wrong is told beside its field, not by the coach."""
    try:
        number = parts.read_number(str(typed.get(key) or ""), key)
    except WrongInput:
        return None
    return None if number is None else float(number)


def _day(typed: Mapping[str, Any]) -> date | None:
    try:
        return parts.read_day(str(typed.get("due") or ""), "due")
    except WrongInput:
        return None


def _earlier_points(
    session: Session, learner_id: int, goal_id: int | None, typed: Mapping[str, Any],
    calendar: SchoolCalendar,
) -> Sequence[Point]:  # fmt: skip
    """The learner's own check-ins on the same measure: of the newest goal, this one included, that has some."""
    unit = str(typed.get("unit") or "").strip()
    measure = str(typed.get("measure") or "")
    if measure not in set(Measure) or not unit:
        return ()
    query = (
        select(col(CheckIn.goal_id), col(CheckIn.week), col(CheckIn.value), col(GoalVersion.starts))
        .join(Goal, col(Goal.id) == col(CheckIn.goal_id))
        .join(
            GoalVersion,
            (col(GoalVersion.goal_id) == col(Goal.id))
            & (col(GoalVersion.number) == col(Goal.agreed_number)),
        )
        .where(
            Goal.learner_id == learner_id,
            GoalVersion.measure == Measure(measure),
            GoalVersion.unit == unit,
            col(CheckIn.replaced_at).is_(None),
            col(CheckIn.value).is_not(None),
        )
        .order_by(col(CheckIn.goal_id), col(CheckIn.week))
    )
    rows = session.execute(query).all()
    newest = goal_id if any(row[0] == goal_id for row in rows) else (rows[-1][0] if rows else None)
    mine = [row for row in rows if row[0] == newest]
    if not mine:
        return ()
    entries = [(max(week, starts), float(value), False) for _id, week, value, starts in mine]
    first = min(entry[0] for entry in entries)
    return points_from_dates(entries, first, calendar)
