"""The words of progress as types: what a goal asks, what was logged, and all that is known about its standing.

Pure data; ``trend`` fills it. Time is school weeks since the goal's start, values are in the measure's own unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from learnpath.goals.slope import Interval, Line

TREND_FROM = 6
SETTLED_FROM = 10
PROMPT_FROM = 4


class Measure(StrEnum):
    """What kind of number a goal counts."""

    COUNT = "count"
    MINUTES = "minutes"
    PERCENT = "percent"
    SCORE = "score"
    RUBRIC = "rubric"
    YES_NO = "yes_no"


FROM_ZERO = frozenset({Measure.COUNT, Measure.MINUTES, Measure.PERCENT})


class Direction(StrEnum):
    """Which way a goal goes."""

    INCREASE = "increase"
    DECREASE = "decrease"
    MAINTAIN = "maintain"


class Status(StrEnum):
    """The decision. The last five belong to measures without a trend line."""

    GOAL_MET = "goal_met"
    DUE_NOT_MET = "due_not_met"
    TOO_EARLY = "too_early"
    FLAT = "flat_no_variation"
    ON_TRACK = "on_track"
    OFF_TRACK = "off_track"
    CLOSE_LEANING_ON = "close_leaning_on"
    CLOSE_LEANING_OFF = "close_leaning_off"
    RISING = "rising"
    STEADY = "steady"
    MIXED = "mixed"
    SLIPPING = "slipping"
    COUNTING = "counting"


@dataclass(frozen=True)
class Point:
    """One week of a goal. ``value`` is None where there is none; ``excused`` when there was a reason."""

    x: float
    value: float | None
    excused: bool = False


@dataclass(frozen=True)
class Aim:
    """What a goal asks: from ``baseline`` to ``target`` in ``due`` school weeks.

    ``low`` and ``high`` are the band of a goal to maintain; ``minimum`` and ``maximum`` are the ends of
    the scale. For ``yes_no`` the values are 1 and 0 and the target counts weeks with yes. For ``rubric``
    the values are places of the levels, counted from 1.
    """

    target: float
    due: float
    baseline: float | None = None
    direction: Direction = Direction.INCREASE
    measure: Measure = Measure.COUNT
    low: float | None = None
    high: float | None = None
    minimum: float | None = None
    maximum: float | None = None

    def line(self) -> Line | None:
        """Return the aim line, or None without a baseline, without time, or for a band."""
        if self.baseline is None or self.due <= 0 or self.direction is Direction.MAINTAIN:
            return None
        return Line((self.target - self.baseline) / self.due, self.baseline)

    def reached_by(self, value: float) -> bool:
        """Tell whether ``value`` is at the target or past it (a hair of rounding counts as at it)."""
        if self.direction is Direction.MAINTAIN:
            return self.holds(value)
        past = self._sign() * (value - self.target)
        return past >= -1e-9 * max(1.0, abs(self.target), abs(value))

    def holds(self, value: float) -> bool:
        """Tell whether ``value`` lies inside the band; an end that is not given is open."""
        above = self.low is None or value >= self.low
        return above and (self.high is None or value <= self.high)

    def _sign(self) -> int:
        return -1 if self.direction is Direction.DECREASE else 1

    def ends(self) -> tuple[float | None, float | None]:
        """Return both ends of the scale. Counts, minutes and percentages have a zero by themselves."""
        low, high = self.minimum, self.maximum
        if low is None and self.measure in FROM_ZERO:
            low = 0.0
        if high is None and self.measure is Measure.PERCENT:
            high = 100.0
        return low, high


@dataclass(frozen=True)
class Forecast:
    """What to expect on the due date: the line's own value and the rough range around it."""

    value: float
    low: float | None
    high: float | None
    clipped: bool = False


@dataclass(frozen=True)
class Trend:
    """Everything that is known about a goal's progress, from the newest phase of its log."""

    n: int = 0
    span: float = 0.0
    aim_at_last: float | None = None
    last3_median: float | None = None
    run_below: int = 0
    run_above: int = 0
    line: Line | None = None
    interval80: Interval | None = None
    interval95: Interval | None = None
    sd: float | None = None
    forecast: Forecast | None = None
    shown: Forecast | None = None
    status: Status = Status.TOO_EARLY
    near: str | None = None
    weeks_left: float | None = None
    rate_asked: float | None = None
    rate_still_needed: float | None = None
    phase_start: float | None = None
    yes: int = 0
    yes_range: tuple[float, float] | None = None
    inside: int = 0
    looks: int = 0
    first: float | None = None
    last: float | None = None
    last_x: float | None = None
    agrees_with_look_before: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return the trend as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Trend:
        """Return the trend that ``as_json`` wrote."""
        parts = dict(facts)
        for name, kind in _PARTS.items():
            parts[name] = kind(**facts[name]) if facts[name] else None
        parts["status"] = Status(facts["status"])
        parts["yes_range"] = tuple(facts["yes_range"]) if facts["yes_range"] else None
        return cls(**parts)

    @property
    def prompt(self) -> str:
        """Return "below" or "above" after four in a row on one side of the aim line, else "none"."""
        if self.run_below >= PROMPT_FROM:
            return "below"
        return "above" if self.run_above >= PROMPT_FROM else "none"

    @property
    def label(self) -> str | None:
        """Return how sure the estimate is, or None when there is too little for one."""
        if self.n < TREND_FROM:
            return None
        return "settled estimate" if self.n >= SETTLED_FROM else "early estimate"

    @property
    def status_for_learner(self) -> Status:
        """Return the status as a learner is told it: off track only after two looks that agree."""
        if self.status is Status.OFF_TRACK and not self.agrees_with_look_before:
            return Status.CLOSE_LEANING_OFF
        return self.status


_PARTS: dict[str, type[Any]] = {
    "line": Line,
    "interval80": Interval,
    "interval95": Interval,
    "forecast": Forecast,
    "shown": Forecast,
}
