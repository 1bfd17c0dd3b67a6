"""What a chart of a goal shows, as plain facts: no words of the app, no colours, no sizes.

The same picture is drawn as SVG on the server and by Chart.js in the browser, frozen into a conference
summary as JSON, and told in whichever language the reader has.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from math import ceil, floor, log10
from typing import Any, ClassVar

from learnpath.goals.trend import Aim, Direction, Measure, Point, Trend

NICE_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST_TICKS = 6


@dataclass(frozen=True)
class Dot:
    """A value in a week; ``x`` counts school weeks since the start, ``day`` is its date if known."""

    x: float
    y: float
    day: date | None = None


@dataclass(frozen=True)
class Gap:
    """A school week without a value; ``excused`` when a reason was given."""

    x: float
    day: date | None = None
    excused: bool = False


@dataclass(frozen=True)
class Stretch:
    """A straight line from one place to another: an aim line."""

    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Range:
    """Where the line points: a wedge from the last dot to the range at the due date."""

    x1: float
    y1: float
    x2: float
    low: float
    high: float


@dataclass(frozen=True)
class Change:
    """A new "plan", "target" or "measure", or a fresh start after a long "pause"."""

    x: float
    kind: str
    day: date | None = None


@dataclass(frozen=True)
class Tick:
    """A mark on the value axis; ``word`` is the rubric's level, empty for numbers."""

    value: float
    word: str = ""


@dataclass(frozen=True)
class Picture:
    """A chart's facts. ``title`` and ``unit`` are the learner's own words."""

    title: str
    unit: str
    measure: Measure
    direction: Direction
    start: date | None
    due: date | None
    weeks: float
    target: float
    baseline: float | None
    dots: tuple[Dot, ...]
    gaps: tuple[Gap, ...]
    aims: tuple[Stretch, ...]
    band: tuple[float | None, float | None] | None
    range: Range | None
    changes: tuple[Change, ...]
    ticks: tuple[Tick, ...]
    # What its dots are, for its description: the key of a wording in ``web.charts``.
    dots_are: ClassVar[str] = "check_ins"

    @property
    def base(self) -> float:
        """The lowest value of the axis."""
        return self.ticks[0].value

    @property
    def top(self) -> float:
        """The highest value of the axis."""
        return self.ticks[-1].value

    def runs(self) -> list[list[Dot]]:
        """Return the dots in unbroken runs: a gap or a change breaks the line."""
        breaks = sorted([gap.x for gap in self.gaps] + [change.x for change in self.changes])
        runs: list[list[Dot]] = []
        for dot in self.dots:
            before = runs[-1][-1].x if runs else None
            broken = before is None or any(before < at <= dot.x for at in breaks)
            runs.append([dot]) if broken else runs[-1].append(dot)
        return runs

    def word_of(self, value: float) -> str:
        """Return the rubric's word for ``value``, or nothing when the axis has numbers."""
        return next((tick.word for tick in self.ticks if tick.value == value), "")

    def as_json(self) -> dict[str, Any]:
        """Return the picture as plain JSON values."""
        facts: dict[str, Any] = _plain(asdict(self))
        return facts

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Picture:
        """Return the picture that ``as_json`` wrote."""
        parts: dict[str, Any] = dict(facts)
        for name, kind in (("dots", Dot), ("gaps", Gap), ("aims", Stretch), ("changes", Change),
                           ("ticks", Tick)):  # fmt: skip
            parts[name] = tuple(kind(**_with_day(row)) for row in facts[name])
        parts["range"] = Range(**facts["range"]) if facts["range"] else None
        parts["band"] = tuple(facts["band"]) if facts["band"] else None
        parts["measure"], parts["direction"] = (
            Measure(facts["measure"]),
            Direction(facts["direction"]),
        )
        for name in ("start", "due"):
            parts[name] = date.fromisoformat(facts[name]) if facts[name] else None
        return cls(**parts)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _with_day(row: Mapping[str, Any]) -> dict[str, Any]:
    parts = dict(row)
    if parts.get("day"):
        parts["day"] = date.fromisoformat(parts["day"])
    return parts


def picture(
    aim: Aim,
    points: Sequence[Point],
    trend: Trend,
    *,
    title: str,
    unit: str = "",
    start: date | None = None,
    due: date | None = None,
    days: Mapping[float, date] | None = None,
    changes: Sequence[Change] = (),
    first_aim: Aim | None = None,
    levels: Sequence[str] = (),
) -> Picture:
    """Return what the chart of a goal shows.

    ``days`` gives the date of a point by its ``x``; ``first_aim`` the aim before a changed target, which
    stays visible; ``levels`` the rubric's words from the lowest. The range is there only when the trend is.
    """
    when = days or {}
    told = sorted((p for p in points if p.value is not None), key=lambda p: p.x)
    dots = tuple(Dot(p.x, p.value or 0.0, when.get(p.x)) for p in told)
    filled = {dot.x for dot in dots}
    gaps = tuple(
        Gap(p.x, when.get(p.x), p.excused)
        for p in sorted(points, key=lambda p: p.x)
        if p.value is None and p.x not in filled
    )
    marks = _marks(trend, changes, when)
    aims = _aims(aim, first_aim)
    reach = _range(aim, trend, dots)
    band = (aim.low, aim.high) if aim.direction is Direction.MAINTAIN else None
    return Picture(
        title=title, unit=unit, measure=aim.measure, direction=aim.direction, start=start, due=due,
        weeks=max([aim.due, *(dot.x for dot in dots), *(gap.x for gap in gaps)]),
        target=aim.target, baseline=aim.baseline, dots=dots, gaps=gaps, aims=aims, band=band,
        range=reach, changes=marks,
        ticks=_ticks(aim, levels, _all_values(aim, dots, aims, reach)),
    )  # fmt: skip


def _marks(
    trend: Trend, changes: Sequence[Change], when: Mapping[float, date]
) -> tuple[Change, ...]:
    """Return the changes, and the fresh start where a long pause began the newest phase."""
    start = trend.phase_start
    marks = {change.x: change for change in changes}
    if start is not None and start not in marks:
        marks[start] = Change(start, "pause", when.get(start))
    return tuple(marks[x] for x in sorted(marks))


def _aims(aim: Aim, first: Aim | None) -> tuple[Stretch, ...]:
    if aim.measure is Measure.YES_NO:
        return ()
    lines = []
    for each in (first, aim):
        line = each.line() if each else None
        if each and line:
            lines.append(Stretch(0.0, line.at(0.0), each.due, line.at(each.due)))
    return tuple(dict.fromkeys(lines))


def _range(aim: Aim, trend: Trend, dots: Sequence[Dot]) -> Range | None:
    """Return the wedge where the line points; only with a trend that may be told, and time ahead."""
    shown = trend.shown
    if trend.label is None or trend.near or shown is None or shown.low is None or not dots:
        return None
    if trend.span < 5 or dots[-1].x >= aim.due or trend.line is None:
        return None
    return Range(dots[-1].x, trend.line.at(dots[-1].x), aim.due, shown.low, shown.high or shown.low)


def _all_values(
    aim: Aim, dots: Sequence[Dot], aims: Sequence[Stretch], reach: Range | None
) -> list[float]:
    values = [dot.y for dot in dots]
    values += [end for line in aims for end in (line.y1, line.y2)]
    values += [reach.low, reach.high] if reach else []
    values += [end for end in (aim.low, aim.high) if end is not None]
    if aim.direction is not Direction.MAINTAIN and aim.measure is not Measure.YES_NO:
        values.append(aim.target)
    return values or [aim.target]


def _ticks(aim: Aim, levels: Sequence[str], values: Sequence[float]) -> tuple[Tick, ...]:
    if levels:
        return tuple(Tick(float(place), word) for place, word in enumerate(levels, start=1))
    if aim.measure is Measure.YES_NO:
        return (Tick(0.0), Tick(1.0))
    low, high = min(values), max(values)
    if 0 < low <= (high - low) / 2:
        low = 0.0  # zero is near: begin there
    step = _step(low, high)
    bottom, top = floor(low / step) * step, ceil(high / step) * step
    least, most = aim.ends()
    bottom = bottom if least is None else max(bottom, min(least, low))
    top = top if most is None else min(top, max(most, high))
    count = max(1, ceil((top - bottom) / step - 1e-9))
    return tuple(Tick(round(bottom + place * step, 9)) for place in range(count + 1))


def _step(low: float, high: float) -> float:
    """Return a step that people count in (1, 2, 2.5, 5 times a power of ten), for at most six marks."""
    room = (high - low) or abs(high) or 1.0
    rough = room / (MOST_TICKS - 2)
    size = 10.0 ** floor(log10(rough))
    return next(size * nice for nice in NICE_STEPS if size * nice >= rough * 0.999)
