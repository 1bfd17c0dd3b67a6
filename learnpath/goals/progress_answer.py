"""What ``learnpath progress`` answers about a goal and its log: every number by its name in docs/progress.md."""

from __future__ import annotations

from typing import Any

from learnpath.goals.slope import Interval, half_width, kendall, least_squares, t_quantile
from learnpath.goals.trend import Aim, Direction, Forecast, Measure, Point, Trend, look


def answer(
    aim: Aim, points: list[Point], now: float | None, changes: list[float], gap: float | None
) -> dict[str, Any]:
    """Return the progress of a goal as it is at ``now``: numbers, and words from short lists."""
    trend = look(aim, points, now=now, changes=changes, longest_gap=gap)
    forecast = trend.forecast
    return {
        "n": trend.n,
        "span_weeks": trend.span,
        "required_weekly_rate": trend.rate_asked,
        "aimline_at_last_point": trend.aim_at_last,
        "last3_median": trend.last3_median,
        "run_below_aim": trend.run_below,
        "run_above_aim": trend.run_above,
        "four_point_flag": trend.prompt,
        "goal_met_now": trend.status == "goal_met",
        "weeks_left": trend.weeks_left,
        "rate_still_needed": trend.rate_still_needed,
        "theil_sen_slope": trend.line.slope if trend.line else None,
        "theil_sen_intercept": trend.line.intercept if trend.line else None,
        "theil_sen_ci80_exact": _interval(trend.interval80),
        "theil_sen_ci95_exact": _interval(trend.interval95),
        **_compared(points, trend, aim.due),
        "residual_sd": trend.sd,
        "projection": forecast.value if forecast else None,
        "projection_lo80": forecast.low if forecast else None,
        "projection_hi80": forecast.high if forecast else None,
        "display": _display(trend.shown),
        "near": trend.near,
        "status": str(trend.status),
        "status_for_learner": str(trend.status_for_learner),
        "confidence_label": trend.label,
        "phase_start": trend.phase_start,
        "yes": _of(trend.yes, trend.looks) if aim.measure is Measure.YES_NO else None,
        "yes_range80": trend.yes_range,
        "inside_band": _of(trend.inside, trend.looks)
        if aim.direction is Direction.MAINTAIN
        else None,
    }


def _compared(points: list[Point], trend: Trend, due: float) -> dict[str, Any]:
    """Return what others often work out from the same points, for a comparison; the app does not use it."""
    told = sorted(
        (p.x, p.value)
        for p in points
        if p.value is not None and (trend.phase_start is None or p.x >= trend.phase_start)
    )
    xs, ys = [x for x, _ in told], [y for _, y in told]
    test = kendall(xs, ys) if len(told) > 1 else None
    return {
        **_least_squares(xs, ys, due),
        "kendall_S": test.s if test else None,
        "kendall_tau_b": test.tau_b if test else None,
        "kendall_p_exact": test.p if test else None,
    }


def _least_squares(xs: list[float], ys: list[float], due: float) -> dict[str, Any]:
    fit = least_squares(xs, ys)
    if fit is None:
        names = ("slope", "intercept", "slope_se", "slope_ci95", "see", "projection", "pi80")
        return {f"ols_{name}": None for name in names}
    slope, value = fit.line.slope, fit.line.at(due)
    reach, half = t_quantile(0.975, len(xs) - 2) * fit.slope_se, half_width(fit.sd, xs, due)
    return {
        "ols_slope": slope,
        "ols_intercept": fit.line.intercept,
        "ols_slope_se": fit.slope_se,
        "ols_slope_ci95": [slope - reach, slope + reach],
        "ols_see": fit.sd,
        "ols_projection": value,
        "ols_pi80": [value - half, value + half],
    }


def _interval(interval: Interval | None) -> dict[str, float] | None:
    if interval is None:
        return None
    return {"lo": interval.low, "hi": interval.high, "actual_conf": interval.confidence}


def _display(shown: Forecast | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    return {
        "projection": shown.value,
        "lo80": shown.low,
        "hi80": shown.high,
        "clipped": shown.clipped,
    }


def _of(some: int, of: int) -> dict[str, int]:
    return {"weeks": some, "of": of}
