"""A goal's progress as one frozen thing: numbers, rows and picture, to be shown now or kept as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from learnpath.goals.models import CheckIn, GoalState, GoalVersion, StrategyChange
from learnpath.goals.parts import as_typed
from learnpath.goals.picture import Change, Picture, picture
from learnpath.goals.trend import Aim, Direction, Measure, Point, Trend, look
from learnpath.school.calendar import SchoolCalendar

PLAN, TARGET = "plan", "target"


@dataclass(frozen=True)
class Row:
    """One school week in the table: a value, a reason, or nothing yet."""

    week: date
    number: int | None
    value: str = ""
    feel: str = ""
    gap: str = ""
    line: str = ""
    decided_by: str = ""
    added_later: bool = False
    earlier: tuple[str, ...] = ()


@dataclass(frozen=True)
class GoalProgress:
    """What is known about the way of a goal. ``called`` is what the learner is called."""

    goal_id: int
    title: str
    called: str
    state: str
    unit: str
    levels: tuple[str, ...]
    due: date | None
    aim: Aim
    trend: Trend
    rows: tuple[Row, ...]
    picture: Picture
    baseline_looks: int = 1

    def as_json(self) -> dict[str, Any]:
        """Return the progress as plain JSON values, to be kept in a summary."""
        return {
            "goal_id": self.goal_id, "title": self.title, "called": self.called,
            "state": self.state, "unit": self.unit, "levels": list(self.levels),
            "due": self.due.isoformat() if self.due else None, "aim": asdict(self.aim),
            "trend": self.trend.as_json(), "rows": [_plain_row(row) for row in self.rows],
            "picture": self.picture.as_json(), "baseline_looks": self.baseline_looks,
        }  # fmt: skip

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> GoalProgress:
        """Return the progress that ``as_json`` wrote."""
        aim = dict(facts["aim"])
        aim["direction"], aim["measure"] = Direction(aim["direction"]), Measure(aim["measure"])
        return cls(
            goal_id=facts["goal_id"], title=facts["title"], called=facts["called"],
            state=facts["state"], unit=facts["unit"], levels=tuple(facts["levels"]),
            due=date.fromisoformat(facts["due"]) if facts["due"] else None, aim=Aim(**aim),
            trend=Trend.from_json(facts["trend"]),
            rows=tuple(_read_row(row) for row in facts["rows"]),
            picture=Picture.from_json(facts["picture"]), baseline_looks=facts["baseline_looks"],
        )  # fmt: skip


def _plain_row(row: Row) -> dict[str, Any]:
    return {**asdict(row), "week": row.week.isoformat(), "earlier": list(row.earlier)}


def _read_row(facts: Mapping[str, Any]) -> Row:
    week = date.fromisoformat(facts["week"])
    return Row(**{**facts, "week": week, "earlier": tuple(facts["earlier"])})


# -- from what the tables hold ---------------------------------------------------------------------


def build(
    goal_id: int,
    called: str,
    state: GoalState,
    agreed: Sequence[GoalVersion],
    check_ins: Sequence[CheckIn],
    strategies: Iterable[StrategyChange],
    calendar: SchoolCalendar,
    today: date,
    until: date | None = None,
) -> GoalProgress:
    """Return the progress of a goal whose ``agreed`` versions, in order, end with the present one.

    ``check_ins`` are all rows of the goal, corrected ones too; ``until`` is when the goal ended.
    """
    first, version = agreed[0], agreed[-1]
    last_day = min(today, until) if until else today
    standing = {row.week: row for row in check_ins if row.replaced_at is None}
    times = _Times(version.starts, calendar)
    points = _points(standing, calendar, times, last_day)
    aim = aim_of(version, times, points)
    changes = _changes(agreed, strategies, times)
    trend = look(aim, points, now=times.of(last_day), changes=[change.x for change in changes])
    days = {times.of_week(week): week for week in calendar.weeks_between(version.starts, last_day)}
    drawn = picture(
        aim, points, trend, title=version.what, unit=version.unit, start=version.starts,
        due=version.due, days=days, changes=changes, levels=version.levels,
        first_aim=aim_of(first, times, points) if first is not version else None,
    )  # fmt: skip
    return GoalProgress(
        goal_id=goal_id, title=version.what, called=called, state=str(state), unit=version.unit,
        levels=tuple(version.levels), due=version.due, aim=aim, trend=trend,
        rows=_rows(check_ins, standing, version, calendar, last_day), picture=drawn,
    )  # fmt: skip


@dataclass(frozen=True)
class _Times:
    """Days as school weeks since the goal's start."""

    starts: date
    calendar: SchoolCalendar

    def of(self, day: date) -> float:
        return self.calendar.elapsed(self.starts, day)

    def of_week(self, week: date) -> float:
        return self.of(max(week, self.starts))


def aim_of(version: GoalVersion, times: _Times, points: Sequence[Point] = ()) -> Aim:
    """Return what a version asks; a baseline "not known yet" is the first value that was logged."""
    first = next((point.value for point in points if point.value is not None), None)
    keeps = version.direction is Direction.MAINTAIN
    return Aim(
        target=float(version.target),
        due=times.of(version.due),
        baseline=first if version.baseline is None else float(version.baseline),
        direction=version.direction,
        measure=version.measure,
        low=float(version.target) if keeps else None,
        high=_or_none(version.target_high) if keeps else None,
        minimum=1.0 if version.measure is Measure.RUBRIC else 0.0,
        maximum=_or_none(version.highest),
    )


def _or_none(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _points(
    standing: Mapping[date, CheckIn], calendar: SchoolCalendar, times: _Times, last_day: date
) -> list[Point]:
    """One point for each school week up to the last day; a week that is still open is no gap."""
    points = []
    for week in calendar.weeks_between(times.starts, last_day):
        row = standing.get(week)
        if row is not None and row.value is not None:
            points.append(Point(times.of_week(week), float(row.value)))
        elif row is not None or week + timedelta(days=7) <= last_day:
            points.append(Point(times.of_week(week), None, excused=row is not None))
    return points


def _changes(
    agreed: Sequence[GoalVersion], strategies: Iterable[StrategyChange], times: _Times
) -> list[Change]:
    marks = [Change(times.of_week(row.week), PLAN, row.week) for row in strategies]
    marks += [
        Change(times.of(max(day, times.starts)), TARGET, day)
        for before, after in pairwise(agreed)
        if _asks_something_else(before, after)
        for day in (times.calendar.day_of(after.at),)
    ]
    return sorted(marks, key=lambda mark: mark.x)


def _asks_something_else(before: GoalVersion, after: GoalVersion) -> bool:
    return any(
        getattr(before, key) != getattr(after, key)
        for key in ("target", "target_high", "measure", "unit", "direction", "levels")
    )


def _rows(
    check_ins: Sequence[CheckIn], standing: Mapping[date, CheckIn], version: GoalVersion,
    calendar: SchoolCalendar, last_day: date,
) -> tuple[Row, ...]:  # fmt: skip
    """The table, newest week first."""
    replaced: dict[date, list[str]] = {}
    for row in sorted(check_ins, key=lambda row: row.id or 0):
        if row.replaced_at is not None:
            replaced.setdefault(row.week, []).append(as_typed(row.value))
    weeks = calendar.weeks_between(version.starts, last_day)
    shown = [
        _row(week, standing.get(week), tuple(replaced.get(week, ())), calendar)
        for week in weeks
        if week in standing or week + timedelta(days=7) <= last_day
    ]
    return tuple(reversed(shown))


def _row(
    week: date, row: CheckIn | None, earlier: tuple[str, ...], calendar: SchoolCalendar
) -> Row:
    number = calendar.number(week)
    if row is None:
        return Row(week, number)
    return Row(
        week, number, as_typed(row.value), str(row.feel or ""), str(row.gap or ""), row.line,
        str(row.decided_by), row.added_later, earlier,
    )  # fmt: skip
