"""The charts of the components page: one of each kind, with invented numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from learnpath.goals.picture import Change, Picture, picture
from learnpath.goals.standing import Aim, Direction, Measure, Point
from learnpath.goals.trend import look

START = date(2025, 9, 22)
FACTS = Aim(target=42, due=15, baseline=24)
LEVELS = ("One piece", "Two pieces, but no reason why", "Two pieces plus why", "And the other side")


def _picture(
    aim: Aim, values: Sequence[float | None], title: str, unit: str = "",
    changes: Sequence[Change] = (), first: Aim | None = None, levels: Sequence[str] = (),
) -> Picture:  # fmt: skip
    points = [Point(float(week), value) for week, value in enumerate(values)]
    return picture(
        aim, points, look(aim, points, changes=[change.x for change in changes]),
        title=title, unit=unit, start=START, due=START + timedelta(days=round(aim.due * 7)),
        days={point.x: START + timedelta(weeks=int(point.x)) for point in points},
        changes=changes, first_aim=first, levels=levels,
    )  # fmt: skip


def pictures() -> list[Picture]:
    """Return a picture of each kind of goal."""
    claims = Aim(target=3, due=10, baseline=1, measure=Measure.RUBRIC)
    calling = Aim(target=2, due=10, baseline=8, direction=Direction.DECREASE)
    tasks = Aim(target=90, due=12, baseline=60, measure=Measure.PERCENT)
    reading = Aim(target=60, due=12, direction=Direction.MAINTAIN, low=60, high=75)
    ideas = Aim(target=8, due=10, measure=Measure.YES_NO)
    smaller = (Change(5.0, "target", START + timedelta(weeks=5)),)
    return [
        _picture(FACTS, (24, 25, 27, 27, None, 30, 33, 32, 36), "Multiplication facts", "facts"),
        _picture(calling, (8, 7, 9, 6, 5, 6, 4), "Calling out in class", "times"),
        _picture(claims, (1, 1, 2, 2, None, 2, 3), "Evidence in my claims", levels=LEVELS),
        _picture(tasks, (60, 70, 65, 80, 85, 90, 94), "Tasks on time"),
        _picture(reading, (66, 70, 58, 72, 68, 77, 65, 70), "Minutes of reading", "minutes"),
        _picture(ideas, (1, 0, 1, 1, None, 1), "I raise my idea"),
        _picture(
            FACTS, (24, 24, 25, 26, 24, 25, 28, 30, 31), "A smaller goal now", "facts",
            smaller, replace(FACTS, target=50),
        ),
        _picture(FACTS, (24,), "One check-in", "facts"),
    ]  # fmt: skip
