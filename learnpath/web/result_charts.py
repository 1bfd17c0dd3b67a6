"""A chart of results over time: the same drawing as a goal's, without an aim, for data that school keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, log10
from typing import ClassVar

from learnpath.goals.picture import Dot, Gap, Picture, Tick
from learnpath.goals.trend import Direction, Measure

NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST_ROOM = 5


@dataclass(frozen=True)
class ResultsPicture(Picture):
    """A chart whose dots are results."""

    dots_are: ClassVar[str] = "results"


def picture_of_results(
    title: str, unit: str, points: Sequence[tuple[date, float | None]], top: float | None = None
) -> Picture:
    """Return the picture of results by day; None is a gap. ``top`` is the highest possible value."""
    start, end = points[0][0], points[-1][0]
    known = [(day, value) for day, value in points if value is not None]
    values = [value for _day, value in known]
    return ResultsPicture(
        title=title, unit=unit, measure=Measure.COUNT, direction=Direction.INCREASE, start=start, due=end,
        weeks=max(1.0, _weeks(start, end)), target=0.0, baseline=None,
        dots=tuple(Dot(_weeks(start, day), value, day) for day, value in known),
        gaps=tuple(Gap(_weeks(start, day), day) for day, value in points if value is None),
        aims=(), band=None, range=None, changes=(), ticks=_ticks(values, top),
    )  # fmt: skip


def _weeks(start: date, day: date) -> float:
    return (day - start).days / 7


def _ticks(values: Sequence[float], top: float | None) -> tuple[Tick, ...]:
    """Return the marks of the value axis: from zero to the highest possible, else around the values."""
    low, high = min(values), max(values)
    if top is not None:
        low, high = min(0.0, low), max(top, high)
    room = (high - low) or abs(high) or 1.0
    size = 10.0 ** floor(log10(room / MOST_ROOM))
    step = next(size * nice for nice in NICE_STEPS if size * nice >= room / MOST_ROOM * 0.999)
    first, last = floor(low / step), ceil(high / step)
    last = max(last, first + 1)
    return tuple(Tick(round(place * step, 9)) for place in range(first, last + 1))
