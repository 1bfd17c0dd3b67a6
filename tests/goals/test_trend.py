"""The statistics behind a goal's progress: against published numbers, against scipy, and against common sense."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st
from scipy import stats

from learnpath.goals.slope import (
    half_width,
    kendall,
    least_squares,
    mahonian,
    residual_sd,
    slope_interval,
    t_quantile,
    theil_sen,
    wilson,
)
from learnpath.goals.trend import (
    Aim,
    Direction,
    Measure,
    Point,
    Status,
    Trend,
    look,
    own_rate,
    phase_starts,
    points_from_dates,
    usual_up_and_down,
)
from learnpath.school.calendar import Break, SchoolCalendar, SchoolYear

VECTORS = json.loads(Path(__file__).with_name("progress_vectors.json").read_text(encoding="utf-8"))
UP = Aim(target=60, due=20, baseline=30)


def points(*values: float | None, first: float = 1.0) -> list[Point]:
    return [Point(first + n, value) for n, value in enumerate(values)]


def published(name: str) -> dict[str, Any]:
    return next(check for check in VECTORS["published_checks"] if check["name"].startswith(name))


# -- against published numbers ------------------------------------------------------------------------


def test_sen_1968_has_slope_four_and_intercept_six() -> None:
    sen = published("Sen 1968")
    line = theil_sen(sen["x"], sen["y"])
    assert line is not None
    assert (line.slope, line.intercept) == pytest.approx((4, sen["intercept_joint"]), abs=1e-9)


def test_sen_1968_has_its_published_interval_and_its_exact_confidence() -> None:
    """Sen calls it 93 %, by the normal approximation; by the exact counts it holds 97 %."""
    sen = published("Sen 1968")
    interval = slope_interval(sen["x"], sen["y"], 0.95)
    assert interval is not None
    assert [round(interval.low, 2), round(interval.high, 2)] == sen["ci93"]
    assert interval.confidence == pytest.approx(0.969841, abs=1e-6)


def test_norris_certified_values_of_least_squares() -> None:
    norris = published("NIST")
    fit = least_squares(norris["x"], norris["y"])
    assert fit is not None
    assert fit.line.slope == pytest.approx(1.00211681802045, abs=1e-9)
    assert fit.line.intercept == pytest.approx(-0.262323073774029, abs=1e-9)
    assert fit.slope_se == pytest.approx(0.429796848199937e-03, abs=1e-9)
    assert fit.intercept_se == pytest.approx(0.232818234301152, abs=1e-9)


def test_kendall_1970_with_ties_on_both_sides() -> None:
    case = published("Kendall 1970")
    test = kendall(case["a"], case["b"])
    assert test.s == case["S"]
    assert test.tau_b == pytest.approx(case["tau_b"], abs=5e-4)


@pytest.mark.parametrize(("n", "least"), [(3, 1 / 3), (4, 1 / 12), (5, 1 / 60)])
def test_the_smallest_p_that_few_points_can_have(n: int, least: float) -> None:
    assert kendall(range(n), range(n)).p == pytest.approx(least, abs=1e-12)
    assert published("Kendall exact")["min_two_sided_p"][str(n)] == pytest.approx(least, abs=1e-6)


def test_three_points_have_no_80_percent_interval_and_four_no_95_percent_one() -> None:
    assert slope_interval([1, 2, 3], [1, 2, 3], 0.80) is None
    four = slope_interval([1, 2, 3, 4], [42, 47, 45, 51], 0.80)
    assert four is not None
    assert four.confidence == pytest.approx(22 / 24, abs=1e-12)
    assert slope_interval([1, 2, 3, 4], [42, 47, 45, 51], 0.95) is None


def test_orders_by_inversions_are_counted_right() -> None:
    assert mahonian(4) == (1, 3, 5, 6, 5, 3, 1)


@pytest.mark.parametrize("example", VECTORS["examples"], ids=lambda example: example["id"])
def test_the_shared_examples_decide_alike(example: dict[str, Any]) -> None:
    goal, expected = example["goal"], example["expected"]
    aim = Aim(goal["target"], goal["due_week"], goal["baseline"], Direction(goal["direction"]))
    log = [Point(entry["week"], entry["value"]) for entry in example["series"]]
    trend = look(aim, log, longest_gap=None)
    assert trend.status == expected["status"]
    assert trend.label == expected["confidence_label"]
    assert (trend.run_below, trend.run_above) == (
        expected["run_below_aim"], expected["run_above_aim"],
    )  # fmt: skip


# -- against scipy ------------------------------------------------------------------------------------

small = st.integers(-50, 50).map(float)


@st.composite
def logs(draw: st.DrawFn, least: int = 3) -> tuple[list[float], list[float]]:
    xs = draw(st.lists(st.integers(0, 60), min_size=least, max_size=20, unique=True))
    ys = draw(st.lists(small, min_size=len(xs), max_size=len(xs)))
    return [float(x) for x in xs], ys


@given(logs())
def test_the_line_is_scipys(log: tuple[list[float], list[float]]) -> None:
    xs, ys = log
    line = theil_sen(xs, ys)
    theirs = stats.theilslopes(ys, xs, method="joint")
    assert line is not None
    assert line.slope == pytest.approx(theirs.slope, abs=1e-9)
    assert line.intercept == pytest.approx(theirs.intercept, abs=1e-9)


@given(st.integers(1, 60))
def test_students_t_is_scipys(freedom: int) -> None:
    assert t_quantile(0.90, freedom) == pytest.approx(stats.t.ppf(0.90, freedom), abs=1e-9)
    assert t_quantile(0.975, freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)


@given(st.permutations(range(8)))
def test_kendalls_p_without_ties_is_scipys_exact_one(order: list[int]) -> None:
    theirs = stats.kendalltau(range(8), order, method="exact")
    assert kendall(range(8), order).p == pytest.approx(theirs.pvalue, abs=1e-9)
    assert kendall(range(8), order).tau_b == pytest.approx(theirs.statistic, abs=1e-9)


@given(st.lists(st.integers(1, 3), min_size=3, max_size=6))
def test_kendalls_p_with_ties_is_that_of_all_orders(levels: list[int]) -> None:
    from itertools import permutations

    xs, mine = range(len(levels)), kendall(range(len(levels)), levels)
    all_s = [kendall(xs, order).s for order in permutations(levels)]
    share = sum(abs(s) >= abs(mine.s) for s in all_s) / len(all_s)
    assert mine.p == pytest.approx(share, abs=1e-12)


@given(st.integers(0, 40), st.integers(1, 40))
def test_wilsons_range_is_scipys(yes: int, more: int) -> None:
    theirs = stats.binomtest(yes, yes + more).proportion_ci(0.80, method="wilson")
    assert wilson(yes, yes + more) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@given(logs(least=4))
def test_the_interval_has_the_confidence_that_it_states(
    log: tuple[list[float], list[float]],
) -> None:
    xs, ys = log
    interval = slope_interval(xs, ys, 0.80)
    assert interval is not None
    assert interval.low <= interval.high
    assert interval.confidence >= 0.80


@given(st.integers(41, 60))
@settings(max_examples=5, deadline=None)
def test_many_points_get_nearly_the_exact_confidence(n: int) -> None:
    interval = slope_interval(range(n), [float(x % 7) + x for x in range(n)], 0.80)
    assert interval is not None
    assert 0.80 <= interval.confidence < 0.82


@given(logs(least=3))
def test_the_range_of_the_projection_is_as_written_down(
    log: tuple[list[float], list[float]],
) -> None:
    xs, ys = log
    line = theil_sen(xs, ys)
    assert line is not None
    sd, n, at = residual_sd(line, xs, ys), len(xs), 70.0
    assert sd is not None
    mean = sum(xs) / n
    spread = sum((x - mean) ** 2 for x in xs)
    wanted = stats.t.ppf(0.90, n - 2) * sd * (1 + 1 / n + (at - mean) ** 2 / spread) ** 0.5
    assert half_width(sd, xs, at) == pytest.approx(wanted, rel=1e-9, abs=1e-9)


# -- what must not matter -------------------------------------------------------------------------------


def told(trend: Trend) -> tuple[Any, ...]:
    return (trend.status, trend.n, trend.label, trend.prompt)


@given(logs(), st.randoms(use_true_random=False))
def test_the_order_of_the_log_does_not_matter(
    log: tuple[list[float], list[float]], shuffle: Any
) -> None:
    there = [Point(x, y) for x, y in zip(*log, strict=True)]
    mixed = list(there)
    shuffle.shuffle(mixed)
    assert look(UP, mixed) == look(UP, there)


@given(logs(least=6), st.integers(-20, 20))
def test_moving_all_values_moves_the_line_and_changes_nothing_else(
    log: tuple[list[float], list[float]], shift: int
) -> None:
    there = [Point(x, y) for x, y in zip(*log, strict=True)]
    moved = [replace(p, value=(p.value or 0) + shift) for p in there]
    aim = Aim(target=60, due=80, baseline=30, measure=Measure.SCORE)
    other = replace(aim, target=60.0 + shift, baseline=30.0 + shift)
    one, two = look(aim, there), look(other, moved)
    assert told(one) == told(two)
    if one.line and two.line:
        assert two.line.slope == pytest.approx(one.line.slope, abs=1e-9)
        assert two.line.at(80) == pytest.approx(one.line.at(80) + shift, abs=1e-9)


@given(logs(least=6), st.sampled_from([0.5, 2.0, 4.0]))
def test_another_unit_changes_the_numbers_and_not_the_decision(
    log: tuple[list[float], list[float]], scale: float
) -> None:
    there = [Point(x, y) for x, y in zip(*log, strict=True)]
    scaled = [replace(p, value=(p.value or 0) * scale) for p in there]
    aim = Aim(target=60, due=80, baseline=30, measure=Measure.SCORE)
    other = replace(aim, target=60 * scale, baseline=30 * scale)
    one, two = look(aim, there), look(other, scaled)
    assert told(one) == told(two)
    assert (one.sd or 0) * scale == pytest.approx(two.sd or 0, abs=1e-9)


@given(logs(least=6))
def test_going_down_is_the_mirror_of_going_up(log: tuple[list[float], list[float]]) -> None:
    there = [Point(x, y) for x, y in zip(*log, strict=True)]
    mirrored = [replace(p, value=-(p.value or 0)) for p in there]
    up = Aim(target=60, due=80, baseline=30, measure=Measure.SCORE)
    down = replace(up, target=-60.0, baseline=-30.0, direction=Direction.DECREASE)
    one, two = look(up, there), look(down, mirrored)
    assert one.status == two.status
    assert (one.run_below, one.run_above) == (two.run_above, two.run_below)
    assert one.status_for_learner == two.status_for_learner


# -- the statuses, one by one ---------------------------------------------------------------------------


def status(aim: Aim, *values: float | None, now: float | None = None) -> Status:
    return look(aim, points(*values), now=now).status


def test_nothing_logged_is_too_early_and_draws_nothing() -> None:
    trend = look(UP, [])
    assert (trend.n, trend.status, trend.line, trend.label) == (0, Status.TOO_EARLY, None, None)


def test_one_point_is_too_early_and_has_no_line() -> None:
    trend = look(UP, points(31))
    assert (trend.status, trend.line, trend.forecast) == (Status.TOO_EARLY, None, None)


def test_two_points_have_a_line_but_no_range() -> None:
    trend = look(UP, points(31, 33))
    assert trend.sd is None
    assert trend.forecast is not None
    assert trend.forecast.low is None


def test_five_points_are_too_early() -> None:
    assert status(UP, 31, 33, 34, 36, 38) is Status.TOO_EARLY


def test_six_points_within_four_weeks_are_too_early() -> None:
    close = [Point(1 + n * 0.8, 30.0 + n) for n in range(6)]
    assert look(UP, close).status is Status.TOO_EARLY


def test_six_tidy_points_over_five_weeks_decide() -> None:
    assert status(UP, 32, 34, 36, 38, 40, 42) is Status.ON_TRACK


def test_a_tidy_line_that_ends_short_is_off_track() -> None:
    assert status(UP, 30.5, 31, 31.5, 32, 32.5, 33) is Status.OFF_TRACK


def test_noise_makes_it_too_close_to_call() -> None:
    assert status(UP, 33, 30, 36, 33, 40, 37, 38, 44, 41, 46) is Status.CLOSE_LEANING_OFF
    easier = replace(UP, target=59.0)
    assert status(easier, 33, 30, 36, 33, 40, 37, 38, 44, 41, 46) is Status.CLOSE_LEANING_ON


def test_all_equal_is_flat() -> None:
    assert status(UP, 30, 30, 30, 30, 30, 30) is Status.FLAT


def test_the_median_of_the_last_three_at_the_target_is_met() -> None:
    assert status(UP, 30, 40, 60, 61) is Status.GOAL_MET
    assert status(UP, 30, 40, 60, 59) is Status.TOO_EARLY


def test_two_points_past_the_target_are_not_met_yet() -> None:
    assert status(UP, 70, 70) is Status.TOO_EARLY


def test_met_comes_before_the_date() -> None:
    assert status(UP, 60, 60, 60, now=25.0) is Status.GOAL_MET


@pytest.mark.parametrize("now", [20.0, 21.0])
def test_the_date_has_come(now: float) -> None:
    assert status(UP, 31, 33, 34, now=now) is Status.DUE_NOT_MET


def test_the_date_has_not_come_a_moment_before() -> None:
    assert status(UP, 31, 33, 34, now=19.9) is Status.TOO_EARLY


def test_a_target_under_the_baseline_of_a_goal_to_increase_is_met_at_once() -> None:
    assert status(Aim(target=20, due=20, baseline=30), 30, 31, 30) is Status.GOAL_MET


def test_a_baseline_that_is_not_known_yet_has_no_aim_line_but_a_target() -> None:
    trend = look(replace(UP, baseline=None), points(32, 34, 36, 38, 40, 42))
    assert (trend.aim_at_last, trend.prompt) == (None, "none")
    assert trend.status is Status.ON_TRACK


# -- missing, doubled, changed ---------------------------------------------------------------------------


def test_a_missing_week_is_not_a_zero() -> None:
    log = points(32, None, 36, 38, None, 42, 44, 46)
    assert look(UP, log) == look(UP, [p for p in log if p.value is not None])


def test_a_typed_zero_is_a_zero() -> None:
    assert look(UP, points(0, 0, 0)).last3_median == 0


def test_two_values_at_one_time_count_once_by_their_median() -> None:
    doubled = look(UP, [Point(1, 30), Point(2, 31), Point(2, 41)])
    assert (doubled.n, doubled.last) == (2, 36)


def test_a_gap_over_four_weeks_begins_a_new_phase() -> None:
    log = [*points(30, 31, 32), *points(40, 41, first=8.0)]
    trend = look(UP, log)
    assert (trend.phase_start, trend.n) == (8.0, 2)
    assert look(UP, log, longest_gap=None).n == 5


def test_a_gap_of_four_weeks_does_not() -> None:
    log = [*points(30, 31, 32), *points(40, 41, first=7.0)]
    assert phase_starts(log, ()) == []


def test_a_changed_target_starts_a_new_phase_and_older_values_do_not_pull_the_line() -> None:
    log = points(50, 40, 30, 20, 32, 34, 36, 38, 40, 42)
    trend = look(UP, log, changes=[5.0])
    assert (trend.n, trend.phase_start) == (6, 5.0)
    assert trend.line is not None
    assert trend.line.slope == pytest.approx(2)


def test_an_outlier_is_kept_and_hardly_moves_the_line() -> None:
    trend = look(UP, points(30, 32, 34, 90, 38, 40, 42, 44))
    assert trend.n == 8
    assert trend.line is not None
    assert trend.line.slope == pytest.approx(2)


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        look(UP, points(30, wrong))


# -- four in a row, and two looks -------------------------------------------------------------------------


def test_four_in_a_row_below_the_aim_line_prompt_a_talk() -> None:
    assert look(UP, points(40, 32, 33, 34, 35)).prompt == "below"
    assert look(UP, points(40, 40, 33, 34, 35)).prompt == "none"


def test_four_in_a_row_above_the_aim_line_prompt_too() -> None:
    assert look(UP, points(40, 41, 42, 43)).prompt == "above"


def test_a_value_on_the_aim_line_ends_the_run() -> None:
    assert look(UP, points(30, 33, 33, 34)).run_below == 2


def test_the_first_look_that_is_off_track_is_not_told_to_the_learner() -> None:
    trend = look(UP, points(30.5, 31, 31.5, 32, 32.5, 33))
    assert trend.status is Status.OFF_TRACK
    assert trend.status_for_learner is Status.CLOSE_LEANING_OFF


def test_the_second_look_that_agrees_is_told() -> None:
    trend = look(UP, points(30.5, 31, 31.5, 32, 32.5, 33, 33.5))
    assert trend.status_for_learner is Status.OFF_TRACK


def test_a_second_value_in_the_same_week_is_no_second_look() -> None:
    log = [*points(30.5, 31, 31.5, 32, 32.5, 33), Point(6.0, 33.0)]
    assert look(UP, log).status_for_learner is Status.CLOSE_LEANING_OFF


# -- by kind of measure ------------------------------------------------------------------------------------


def test_a_percentage_is_shown_inside_its_scale_and_says_so() -> None:
    aim = Aim(target=90, due=20, baseline=50, measure=Measure.PERCENT)
    trend = look(aim, points(50, 55, 61, 64, 70, 74))
    assert trend.forecast is not None
    assert trend.forecast.value > 100
    assert trend.shown is not None
    assert (trend.shown.value, trend.shown.high, trend.shown.clipped) == (100, 100, True)


def test_a_count_is_not_shown_under_zero() -> None:
    aim = Aim(target=1, due=20, baseline=8, direction=Direction.DECREASE)
    trend = look(aim, points(8, 7, 6, 6, 5, 4))
    assert trend.shown is not None
    assert trend.shown.low == 0


def test_values_near_the_top_of_a_scale_say_so() -> None:
    aim = Aim(target=100, due=20, baseline=50, measure=Measure.PERCENT)
    assert look(aim, points(60, 96, 95, 97)).near == "top"
    assert look(aim, points(60, 96, 94, 97)).near is None


def test_values_near_the_low_end_say_so() -> None:
    aim = Aim(target=0, due=20, baseline=50, measure=Measure.PERCENT, direction=Direction.DECREASE)
    assert look(aim, points(60, 5, 4, 3)).near == "bottom"


RUBRIC = Aim(target=4, due=20, baseline=1, measure=Measure.RUBRIC)


def test_a_rubric_has_no_trend_line() -> None:
    assert look(RUBRIC, points(1, 1, 2, 2, 3, 3)).line is None


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((1, 1, 2, 2, 3, 3), Status.RISING),
        ((3, 3, 2, 2, 1, 1), Status.SLIPPING),
        ((2, 2, 2, 2, 2, 2), Status.STEADY),
        ((1, 3, 1, 3, 2, 1), Status.MIXED),
        ((1, 2, 3, 3, 3), Status.TOO_EARLY),
        ((1, 2, 3, 4, 4), Status.GOAL_MET),
    ],
)
def test_a_rubric_is_told_in_words(levels: tuple[int, ...], expected: Status) -> None:
    assert look(RUBRIC, points(*levels)).status is expected


YES = Aim(target=4, due=10, measure=Measure.YES_NO)


def test_yes_is_counted_by_weeks_and_excused_weeks_never_count() -> None:
    log = [*points(1, 0, 1), Point(4, None, excused=True), Point(5, None), Point(6, 1)]
    trend = look(YES, log)
    assert (trend.yes, trend.looks, trend.status) == (3, 4, Status.COUNTING)
    assert trend.yes_range == wilson(3, 4)
    assert trend.line is None


def test_enough_yes_weeks_meet_the_goal() -> None:
    assert look(YES, points(1, 1, 0, 1, 1)).status is Status.GOAL_MET


def test_too_few_yes_weeks_at_the_date() -> None:
    assert look(YES, points(1, 0), now=10).status is Status.DUE_NOT_MET


BAND = Aim(target=60, due=20, direction=Direction.MAINTAIN, low=60, high=75)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((60, 61, 75, 70, 65, 62, 50, 80), Status.STEADY),
        ((60, 61, 75, 70, 65, 50, 50, 80), Status.MIXED),
        ((60, 61, 75, 50, 50, 50, 50, 80), Status.SLIPPING),
        ((10, 10, 10, 60, 61, 75, 70, 65, 62, 61, 61), Status.STEADY),
        ((60, 61, 75, 70, 65), Status.TOO_EARLY),
    ],
)
def test_a_range_to_keep_looks_at_the_last_eight(
    values: tuple[float, ...], expected: Status
) -> None:
    assert look(BAND, points(*values)).status is expected


def test_a_range_with_one_open_end() -> None:
    open_above = replace(BAND, high=None)
    assert look(open_above, points(60, 99, 99, 99, 99, 99)).status is Status.STEADY


# -- dates ---------------------------------------------------------------------------------------------------

YEAR = SchoolYear("2025-26", date(2025, 8, 18), date(2026, 5, 29))
THANKS = Break(date(2025, 11, 24), date(2025, 11, 28))


def test_a_week_of_holidays_moves_nothing() -> None:
    calendar = SchoolCalendar.from_years([YEAR], [THANKS])
    start = date(2025, 11, 17)
    log = points_from_dates([(start + timedelta(days=14), 5.0, False)], start, calendar)
    assert log == [Point(1.0, 5.0)]


def test_two_days_of_one_week_become_one_point() -> None:
    calendar = SchoolCalendar.from_years([YEAR], [])
    start = date(2025, 9, 1)
    entries = [(date(2025, 9, 8), 4.0, False), (date(2025, 9, 10), 6.0, False)]
    assert points_from_dates(entries, start, calendar) == [Point(8 / 7, 5.0)]


def test_a_reason_counts_only_where_there_is_no_value() -> None:
    calendar = SchoolCalendar.from_years([YEAR], [])
    start = date(2025, 9, 1)
    entries = [
        (date(2025, 9, 8), None, True), (date(2025, 9, 9), 6.0, False),
        (date(2025, 9, 15), None, True),
    ]  # fmt: skip
    log = points_from_dates(entries, start, calendar)
    assert [(p.value, p.excused) for p in log] == [(6.0, False), (None, True)]


# -- the learner's own pace ------------------------------------------------------------------------------------


def test_own_pace_needs_eight_points_that_agree() -> None:
    rate = own_rate(points(10, 12, 13, 16, 18, 19, 22, 24))
    assert rate is not None
    assert rate.a_week == pytest.approx(2, abs=0.05)
    assert own_rate(points(10, 12, 13, 16, 18, 19, 22)) is None
    assert own_rate(points(10, 20, 10, 20, 10, 20, 10, 20)) is None


def test_the_usual_up_and_down_is_the_spread_around_the_line() -> None:
    assert usual_up_and_down(points(1, 2, 3, 4, 5, 6, 7, 8)) == 0
    assert usual_up_and_down(points(1, 2, 3)) is None


@given(logs(least=1))
def test_a_trend_survives_json(log: tuple[list[float], list[float]]) -> None:
    trend = look(UP, [Point(x, y) for x, y in zip(*log, strict=True)])
    assert Trend.from_json(json.loads(json.dumps(trend.as_json()))) == trend


def test_scipy_only_serves_the_tests() -> None:
    for name in ("slope", "standing", "trend", "smart", "picture", "progress_file"):
        source = Path(__file__).parents[2] / "learnpath" / "goals" / f"{name}.py"
        assert "scipy" not in [
            line.split()[1].split(".")[0]
            for line in source.read_text(encoding="utf-8").splitlines()
            if line.startswith(("import ", "from "))
        ]


# -- what few tests above come by ----------------------------------------------------------------------------


def test_all_points_in_one_week_have_no_line() -> None:
    assert theil_sen([3, 3, 3], [1, 2, 3]) is None
    assert slope_interval([3, 3, 3], [1, 2, 3], 0.80) is None
    assert least_squares([3, 3, 3], [1, 2, 3]) is None


def test_many_weeks_of_one_value_are_no_trend() -> None:
    assert kendall(range(50), [2.0] * 50).p == 1


@given(st.permutations(range(45)))
def test_kendalls_p_of_many_points_is_near_scipys(order: list[int]) -> None:
    theirs = stats.kendalltau(range(45), order, method="asymptotic")
    assert kendall(range(45), order).p == pytest.approx(theirs.pvalue, abs=0.02)


def test_no_degree_of_freedom_has_an_endless_range_and_no_week_no_share() -> None:
    assert t_quantile(0.90, 0) == float("inf")
    assert wilson(0, 0) is None


def test_a_scale_of_percent_may_have_ends_of_its_own() -> None:
    aim = Aim(target=40, due=10, measure=Measure.PERCENT, minimum=10, maximum=50)
    assert aim.ends() == (10, 50)
