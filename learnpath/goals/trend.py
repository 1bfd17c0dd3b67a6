"""Where a goal stands: aim line, robust trend, projection, and a decision that claims no more than it can.

Pure. Time is ``x``, school weeks since the goal's start as a real number; values are in the measure's
own unit. The rules and their sources are in ``docs/progress.md``; the types that come in and go out are those
of ``standing``, and can be had here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise, takewhile
from math import isfinite
from statistics import median

from learnpath.goals.slope import (
    half_width,
    kendall,
    residual_sd,
    slope_interval,
    theil_sen,
    wilson,
)
from learnpath.goals.standing import (
    SETTLED_FROM,
    TREND_FROM,
    Aim,
    Direction,
    Forecast,
    Measure,
    Point,
    Status,
    Trend,
)
from learnpath.school.calendar import SchoolCalendar

__all__ = [
    "SETTLED_FROM", "TREND_FROM", "Aim", "Direction", "Forecast", "Measure", "OwnRate", "Point",
    "Status", "Trend", "look", "own_rate", "phase_starts", "points_from_dates", "usual_up_and_down",
]  # fmt: skip

SHORTEST_SPAN = 5.0
LONGEST_GAP = 4.0
NEAR = 0.05
BAND_LOOKS, BAND_STEADY, BAND_SLIPPING = 8, 6, 3
RISING_P = 0.2
OWN_RATE_FROM = 8


def points_from_dates(
    entries: Iterable[tuple[date, float | None, bool]], start: date, calendar: SchoolCalendar
) -> list[Point]:
    """Return entries (day, value or None, excused) as points in school weeks since ``start``.

    Whole weeks without school do not count. Several values in one school week become one point: their
    median, at the median of their days. A week with a value is not a gap, whatever else was said.
    """
    weeks = groupby(sorted(entries, key=lambda e: e[0]), key=lambda e: e[0].isocalendar()[:2])
    return [_one_week(list(week), start, calendar) for _, week in weeks]


def _one_week(
    entries: Sequence[tuple[date, float | None, bool]], start: date, calendar: SchoolCalendar
) -> Point:
    told = [(calendar.elapsed(start, day), value) for day, value, _ in entries if value is not None]
    if told:
        return Point(median(x for x, _ in told), median(value for _, value in told))
    excused = any(excused for _, _, excused in entries)
    return Point(calendar.elapsed(start, entries[0][0]), None, excused)


def look(
    aim: Aim,
    points: Iterable[Point],
    *,
    now: float | None = None,
    changes: Iterable[float] = (),
    longest_gap: float | None = LONGEST_GAP,
) -> Trend:
    """Return where the goal stands at ``now`` (by default at its last point).

    ``changes`` are the times of a new strategy, measure or target; each, and each gap of more than
    ``longest_gap`` weeks (None: gaps do not matter), begins a new phase, and the trend is that of the
    newest phase. The order of ``points`` does not matter. Raises ValueError for a number that is none.
    """
    weeks = _one_value_a_week(points)
    present = _look(aim, weeks, now, changes, longest_gap)
    if present.status is not Status.OFF_TRACK:
        return present
    before = _before_the_last(weeks)
    earlier = _look(aim, before, None, changes, longest_gap)
    return replace(present, agrees_with_look_before=earlier.status is Status.OFF_TRACK)


def _one_value_a_week(points: Iterable[Point]) -> list[Point]:
    """Return the points in order, those at one time as one with their median."""
    together = groupby(sorted(points, key=lambda p: p.x), key=lambda p: p.x)
    merged = [_merged(x, list(group)) for x, group in together]
    for point in merged:
        if not isfinite(point.x) or not isfinite(point.value or 0.0):
            raise ValueError("a week and its value must be finite numbers")
    return merged


def _merged(x: float, points: Sequence[Point]) -> Point:
    told = [point.value for point in points if point.value is not None]
    if told:
        return Point(x, median(told))
    return Point(x, None, any(point.excused for point in points))


def _before_the_last(weeks: Sequence[Point]) -> list[Point]:
    last = max(point.x for point in weeks if point.value is not None)
    return [point for point in weeks if point.x < last]


def phase_starts(
    points: Iterable[Point], changes: Iterable[float], longest_gap: float | None = LONGEST_GAP
) -> list[float]:
    """Return the times at which new phases begin (the first phase is not among them), in order."""
    xs = sorted(point.x for point in points if point.value is not None)
    gaps = [
        late for early, late in pairwise(xs)
        if longest_gap is not None and late - early > longest_gap
    ]  # fmt: skip
    return sorted({*changes, *gaps})


def _look(
    aim: Aim,
    weeks: Sequence[Point],
    now: float | None,
    changes: Iterable[float],
    longest_gap: float | None,
) -> Trend:
    told = [(point.x, point.value) for point in weeks if point.value is not None]
    starts = phase_starts(weeks, changes, longest_gap)
    start = starts[-1] if starts else None
    phase = [(x, y) for x, y in told if start is None or x >= start]
    xs, ys = [x for x, _ in phase], [y for _, y in phase]
    at = now if now is not None else (told[-1][0] if told else 0.0)
    trend = Trend(
        n=len(xs), span=xs[-1] - xs[0] if xs else 0.0, phase_start=start,
        last3_median=median(ys[-3:]) if ys else None,
        first=ys[0] if ys else None, last=ys[-1] if ys else None,
        last_x=xs[-1] if xs else None, weeks_left=aim.due - at,
    )  # fmt: skip
    trend = _against_aim(trend, aim, xs, ys)
    if aim.direction is Direction.MAINTAIN:
        return _in_band(trend, aim, ys)
    if aim.measure is Measure.YES_NO:
        return _counting(trend, aim, weeks)
    if aim.measure is Measure.RUBRIC:
        return replace(trend, status=_rubric_status(trend, aim, xs, ys))
    return _with_line(trend, aim, xs, ys)


def _against_aim(trend: Trend, aim: Aim, xs: Sequence[float], ys: Sequence[float]) -> Trend:
    line = aim.line()
    if line is None or not xs or aim.measure is Measure.YES_NO:
        return trend
    offs = [_off(y, line.at(x)) for x, y in zip(xs, ys, strict=True)]
    left = trend.weeks_left or 0.0
    needed = (aim.target - (trend.last3_median or 0.0)) / left if left > 0 else None
    return replace(
        trend, aim_at_last=line.at(xs[-1]), rate_asked=line.slope, rate_still_needed=needed,
        run_below=sum(1 for _ in takewhile(lambda off: off < 0, reversed(offs))),
        run_above=sum(1 for _ in takewhile(lambda off: off > 0, reversed(offs))),
    )  # fmt: skip


def _off(value: float, aim: float) -> float:
    """Return how far ``value`` is from the aim line; rounding is no distance."""
    off = value - aim
    return 0.0 if abs(off) <= 1e-9 * max(1.0, abs(value), abs(aim)) else off


def _first_matters(trend: Trend, aim: Aim) -> Status | None:
    """Return the statuses that come before any trend: met, or the date has come."""
    middle = trend.last3_median
    if trend.n >= 3 and middle is not None and aim.reached_by(middle):
        return Status.GOAL_MET
    return Status.DUE_NOT_MET if (trend.weeks_left or 0.0) <= 0 else None


def _with_line(trend: Trend, aim: Aim, xs: Sequence[float], ys: Sequence[float]) -> Trend:
    line = theil_sen(xs, ys)
    if line is None:
        return replace(trend, status=_first_matters(trend, aim) or Status.TOO_EARLY)
    sd, value = residual_sd(line, xs, ys), line.at(aim.due)
    half = None if sd is None else half_width(sd, xs, aim.due)
    low, high = (None, None) if half is None else (value - half, value + half)
    forecast = Forecast(value, low, high)
    trend = replace(
        trend, line=line, sd=sd, forecast=forecast, near=_near(aim, ys),
        interval80=slope_interval(xs, ys, 0.80), interval95=slope_interval(xs, ys, 0.95),
    )  # fmt: skip
    status = _first_matters(trend, aim) or _line_status(trend, aim, ys)
    return replace(trend, status=status, shown=_shown(forecast, aim))


def _line_status(trend: Trend, aim: Aim, ys: Sequence[float]) -> Status:
    forecast = trend.forecast
    if trend.n < TREND_FROM or trend.span < SHORTEST_SPAN or forecast is None:
        return Status.TOO_EARLY
    if min(ys) == max(ys):
        return Status.FLAT
    ends = [end for end in (forecast.low, forecast.high) if end is not None]
    reached = [aim.reached_by(end) for end in ends]
    if all(reached):
        return Status.ON_TRACK
    if not any(reached):
        return Status.OFF_TRACK
    leaning_on = aim.reached_by(forecast.value)
    return Status.CLOSE_LEANING_ON if leaning_on else Status.CLOSE_LEANING_OFF


def _shown(forecast: Forecast, aim: Aim) -> Forecast:
    """Return the forecast as it may be shown: inside the scale, and saying so when it was not."""
    ends = aim.ends()
    value = _inside(forecast.value, ends)
    low = None if forecast.low is None else _inside(forecast.low, ends)
    high = None if forecast.high is None else _inside(forecast.high, ends)
    clipped = (value, low, high) != (forecast.value, forecast.low, forecast.high)
    return Forecast(value, low, high, clipped)


def _inside(number: float, ends: tuple[float | None, float | None]) -> float:
    low, high = ends
    number = number if low is None else max(low, number)
    return number if high is None else min(high, number)


def _near(aim: Aim, ys: Sequence[float]) -> str | None:
    """Return "top" or "bottom" when the last three values lie within 5 % of that end of the scale."""
    if aim.measure not in (Measure.PERCENT, Measure.SCORE) or len(ys) < 3:
        return None
    low, high = aim.ends()
    if high is None:
        return None
    room = NEAR * (high - (low or 0.0))
    if all(y >= high - room for y in ys[-3:]):
        return "top"
    return "bottom" if low is not None and all(y <= low + room for y in ys[-3:]) else None


def _rubric_status(trend: Trend, aim: Aim, xs: Sequence[float], ys: Sequence[float]) -> Status:
    first = _first_matters(trend, aim)
    if first is not None:
        return first
    if trend.n < TREND_FROM:
        return Status.TOO_EARLY
    if min(ys) == max(ys):
        return Status.STEADY
    test = kendall(xs, ys)
    if test.p >= RISING_P:
        return Status.MIXED
    toward = test.s > 0 if aim.direction is Direction.INCREASE else test.s < 0
    return Status.RISING if toward else Status.SLIPPING


def _counting(trend: Trend, aim: Aim, weeks: Sequence[Point]) -> Trend:
    """Return k of n weeks with yes and Wilson's 80 % range. A week without an answer is no answer."""
    answers = [
        point.value for point in weeks
        if point.value is not None and (trend.phase_start is None or point.x >= trend.phase_start)
    ]  # fmt: skip
    yes = sum(1 for value in answers if value > 0)
    due = (trend.weeks_left or 0.0) <= 0
    enough = yes <= aim.target and due if aim.direction is Direction.DECREASE else yes >= aim.target
    status = Status.GOAL_MET if enough and answers else (
        Status.DUE_NOT_MET if due else Status.COUNTING if answers else Status.TOO_EARLY
    )  # fmt: skip
    return replace(
        trend, yes=yes, looks=len(answers), yes_range=wilson(yes, len(answers)), status=status
    )


def _in_band(trend: Trend, aim: Aim, ys: Sequence[float]) -> Trend:
    looks = ys[-BAND_LOOKS:]
    inside = sum(1 for y in looks if aim.holds(y))
    trend = replace(trend, inside=inside, looks=len(looks))
    if (trend.weeks_left or 0.0) <= 0:
        held = bool(looks) and inside * BAND_LOOKS >= BAND_STEADY * len(looks)
        return replace(trend, status=Status.GOAL_MET if held else Status.DUE_NOT_MET)
    if trend.n < TREND_FROM:
        return replace(trend, status=Status.TOO_EARLY)
    if inside >= BAND_STEADY:
        return replace(trend, status=Status.STEADY)
    return replace(trend, status=Status.SLIPPING if inside <= BAND_SLIPPING else Status.MIXED)


@dataclass(frozen=True)
class OwnRate:
    """A learner's own earlier pace on the same measure, a school week, and the usual up and down."""

    a_week: float
    sd: float


def own_rate(points: Iterable[Point]) -> OwnRate | None:
    """Return the learner's own earlier pace, or None when the log does not show one.

    It takes 8 points and an exact 80 % interval of the slope that does not hold zero.
    """
    told = [(p.x, p.value) for p in _one_value_a_week(points) if p.value is not None]
    xs, ys = [x for x, _ in told], [y for _, y in told]
    line, interval = theil_sen(xs, ys), slope_interval(xs, ys, 0.80)
    if len(xs) < OWN_RATE_FROM or line is None or interval is None:
        return None
    if interval.low <= 0 <= interval.high:
        return None
    return OwnRate(line.slope, residual_sd(line, xs, ys) or 0.0)


def usual_up_and_down(points: Iterable[Point]) -> float | None:
    """Return the residual standard deviation of an earlier log of 8 points or more, else None."""
    told = [(p.x, p.value) for p in _one_value_a_week(points) if p.value is not None]
    xs, ys = [x for x, _ in told], [y for _, y in told]
    line = theil_sen(xs, ys)
    return residual_sd(line, xs, ys) if line and len(xs) >= OWN_RATE_FROM else None
