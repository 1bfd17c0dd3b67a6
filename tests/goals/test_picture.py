"""What a chart shows: what was, what is aimed at, and nothing that the numbers do not carry."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from learnpath.goals.picture import Change, Dot, Picture, Range, Stretch, picture
from learnpath.goals.trend import Aim, Direction, Measure, Point, look

START = date(2025, 9, 22)
AIM = Aim(target=42, due=15, baseline=24)


def of(*values: float | None, aim: Aim = AIM, **more: Any) -> Picture:
    points = [Point(float(week), value) for week, value in enumerate(values)]
    days = {point.x: START + timedelta(weeks=int(point.x)) for point in points}
    changes = [change.x for change in more.get("changes", ())]
    trend = look(aim, points, changes=changes)
    facts = {"title": "Facts", "unit": "facts", "start": START, "due": date(2026, 1, 5), **more}
    return picture(aim, points, trend, days=days, **facts)


def test_a_gap_is_a_gap_and_breaks_the_line() -> None:
    shown = of(24, 25, None, 27)
    assert [dot.y for dot in shown.dots] == [24, 25, 27]
    assert [gap.x for gap in shown.gaps] == [2]
    assert [[dot.y for dot in run] for run in shown.runs()] == [[24, 25], [27]]


def test_each_dot_and_gap_knows_its_day() -> None:
    shown = of(24, None)
    assert shown.dots[0] == Dot(0.0, 24, START)
    assert shown.gaps[0].day == START + timedelta(weeks=1)


def test_the_aim_line_goes_from_the_baseline_to_the_target() -> None:
    assert of(24).aims == (Stretch(0, 24, 15, 42),)


def test_without_a_baseline_there_is_no_aim_line() -> None:
    assert of(24, aim=replace(AIM, baseline=None)).aims == ()


def test_the_first_aim_stays_visible_after_a_change() -> None:
    shown = of(24, 25, changes=[Change(1.0, "target")], first_aim=replace(AIM, target=50))
    assert [aim.y2 for aim in shown.aims] == [50, 42]
    assert [[dot.y for dot in run] for run in shown.runs()] == [[24], [25]]


def test_under_six_points_there_is_no_range() -> None:
    assert of(24, 26, 27, 29, 30).range is None


def test_with_six_points_the_range_begins_at_the_last_one_on_the_line() -> None:
    shown = of(24, 26, 27, 29, 30, 32)
    assert isinstance(shown.range, Range)
    assert (shown.range.x1, shown.range.x2) == (5, 15)
    assert shown.range.low <= shown.range.high


def test_near_the_top_there_is_no_range() -> None:
    aim = Aim(target=100, due=15, baseline=60, measure=Measure.PERCENT)
    assert of(60, 70, 80, 96, 97, 98, aim=aim).range is None


def test_after_the_due_date_there_is_no_range() -> None:
    assert of(*range(24, 41)).range is None


def test_a_long_pause_is_marked_as_a_fresh_start() -> None:
    shown = of(24, 25, None, None, None, None, 27)
    assert [(mark.x, mark.kind) for mark in shown.changes] == [(6, "pause")]


def test_a_change_is_marked_once() -> None:
    shown = of(24, 25, 27, changes=[Change(2.0, "plan")])
    assert [(mark.x, mark.kind) for mark in shown.changes] == [(2, "plan")]


def test_a_range_to_keep_has_a_band_and_no_aim_line() -> None:
    aim = Aim(target=60, due=10, direction=Direction.MAINTAIN, low=60, high=75)
    shown = of(66, 70, aim=aim)
    assert (shown.band, shown.aims) == ((60, 75), ())
    assert shown.base <= 60
    assert shown.top >= 75


def test_a_rubric_has_words_on_its_axis() -> None:
    aim = Aim(target=3, due=10, baseline=1, measure=Measure.RUBRIC)
    shown = of(1, 2, aim=aim, levels=("one piece", "two pieces", "two and why"))
    assert [tick.word for tick in shown.ticks] == ["one piece", "two pieces", "two and why"]
    assert shown.word_of(2) == "two pieces"


def test_yes_and_no_have_two_places_and_no_aim_line() -> None:
    shown = of(1, 0, aim=Aim(target=8, due=10, measure=Measure.YES_NO))
    assert ([tick.value for tick in shown.ticks], shown.aims) == ([0, 1], ())


@pytest.mark.parametrize(
    ("values", "aim", "base"),
    [
        ((24, 30), AIM, 20),
        ((2, 3), Aim(target=8, due=10, baseline=2), 0),
        ((62, 66), Aim(target=75, due=10, baseline=62), 60),
        ((8, 2), Aim(target=1, due=10, baseline=8, direction=Direction.DECREASE), 0),
        ((), Aim(target=5, due=10, baseline=5), 4),
    ],
)
def test_the_axis_begins_at_a_sensible_base(
    values: tuple[float, ...], aim: Aim, base: float
) -> None:
    assert of(*values, aim=aim).base == base


numbers = st.floats(-1000, 1000).map(lambda number: round(number, 2))


@given(st.lists(st.none() | numbers, max_size=12), numbers, numbers)
def test_everything_lies_on_the_axis_and_the_marks_are_few(
    values: list[float | None], target: float, baseline: float
) -> None:
    aim = Aim(target=target, due=15, baseline=baseline, measure=Measure.SCORE)
    shown = of(*values, aim=aim)
    heights = [dot.y for dot in shown.dots] + [target, baseline]
    assert shown.base <= min(heights)
    assert shown.top >= max(heights)
    assert 2 <= len(shown.ticks) <= 8


@given(st.lists(st.none() | numbers, max_size=12))
def test_a_picture_survives_json(values: list[float | None]) -> None:
    shown = of(*values, changes=[Change(3.0, "plan", START)])
    assert Picture.from_json(json.loads(json.dumps(shown.as_json()))) == shown


def test_a_picture_of_a_range_to_keep_survives_json() -> None:
    aim = Aim(target=60, due=10, direction=Direction.MAINTAIN, low=60)
    shown = of(66, None, aim=aim, start=None, due=None)
    assert Picture.from_json(json.loads(json.dumps(shown.as_json()))) == shown
