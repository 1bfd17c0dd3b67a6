"""A robust line through a few noisy points: Theil-Sen, its exact interval, and Kendall's test.

Pure and on the standard library alone. Sources: Sen 1968 (JASA 63:1379) for the slope and its interval,
Kendall 1970 for the distribution of S. ``docs/progress.md`` tells what the app makes of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from math import cos, erf, factorial, fsum, inf, pi, sin, sqrt, tan
from statistics import NormalDist, fmean, median

EXACT_UP_TO = 40


@dataclass(frozen=True)
class Interval:
    """A range and the confidence that it really has."""

    low: float
    high: float
    confidence: float


@dataclass(frozen=True)
class Line:
    """A straight line: ``intercept`` in the values' unit, ``slope`` in that unit a school week."""

    slope: float
    intercept: float

    def at(self, x: float) -> float:
        """Return the height of the line at ``x`` school weeks."""
        return self.intercept + self.slope * x


def pair_slopes(xs: Sequence[float], ys: Sequence[float]) -> list[float]:
    """Return the slopes between all pairs of points at different ``x``, smallest first."""
    return sorted(
        (y2 - y1) / (x2 - x1)
        for (x1, y1), (x2, y2) in combinations(zip(xs, ys, strict=True), 2)
        if x1 != x2
    )


def theil_sen(xs: Sequence[float], ys: Sequence[float]) -> Line | None:
    """Return the Theil-Sen line, or None without two points at different ``x``.

    Slope: median of the pairwise slopes. Intercept: median of y - slope x (scipy's ``joint``).
    """
    slopes = pair_slopes(xs, ys)
    if not slopes:
        return None
    slope = median(slopes)
    return Line(slope, median(y - slope * x for x, y in zip(xs, ys, strict=True)))


def slope_interval(xs: Sequence[float], ys: Sequence[float], level: float) -> Interval | None:
    """Return the narrowest interval of the slope with at least ``level`` confidence, or None.

    The m-th smallest and m-th largest of the N pairwise slopes hold the true slope with the chance
    that Kendall's count of inversions lies from m to N - m. Exact for up to 40 points, for more by the normal
    approximation. Three points never reach 80 %, four never 95 %: then there is none.
    """
    slopes, n = pair_slopes(xs, ys), len(xs)
    if not slopes:
        return None
    best = None
    for m in range(1, len(slopes) // 2 + 1):
        confidence = _chance_between(n, m)
        if confidence < level:
            break
        best = Interval(slopes[m - 1], slopes[-m], confidence)
    return best


def _chance_between(n: int, m: int) -> float:
    """Return the chance that a random order of ``n`` has from m to N - m inversions."""
    if n <= EXACT_UP_TO:
        return 1 - 2 * sum(mahonian(n)[:m]) / factorial(n)
    pairs = n * (n - 1) / 2
    spread = sqrt(n * (n - 1) * (2 * n + 5) / 72)
    return erf((pairs / 2 - m + 0.5) / (spread * sqrt(2)))


@cache
def mahonian(n: int) -> tuple[int, ...]:
    """Return how many orders of ``n`` different things have 0, 1, 2, ... inversions."""
    counts = [1]
    for size in range(2, n + 1):
        counts = _times_steps(counts, size)
    return tuple(counts)


def _times_steps(counts: Sequence[int], size: int) -> list[int]:
    """Return the polynomial ``counts`` times 1 + q + ... + q^(size-1)."""
    product = [0] * (len(counts) + size - 1)
    for power, count in enumerate(counts):
        for step in range(size):
            product[power + step] += count
    return product


def _over_steps(counts: Sequence[int], size: int) -> list[int]:
    """Return the polynomial ``counts`` divided by 1 + q + ... + q^(size-1), which must divide it."""
    quotient: list[int] = []
    for power in range(len(counts) - size + 1):
        quotient.append(counts[power] - sum(quotient[max(0, power - size + 1) : power]))
    return quotient


@dataclass(frozen=True)
class Kendall:
    """Kendall's S (pairs in order less pairs out of order), tau-b, and the exact two-sided p of S."""

    s: int
    tau_b: float | None
    p: float


def kendall(xs: Sequence[float], ys: Sequence[float]) -> Kendall:
    """Return Kendall's statistics of ``ys`` along ``xs``.

    ``p`` is exact, ties in ``ys`` included, when no two ``xs`` are equal (equal values in every order
    of the weeks are counted as what they are); with ties in both it is for ``ys`` only.
    """
    pairs = list(combinations(zip(xs, ys, strict=True), 2))
    s = sum(_sign(x2 - x1) * _sign(y2 - y1) for (x1, y1), (x2, y2) in pairs)
    untied_x = sum(1 for (x1, _), (x2, _) in pairs if x1 != x2)
    untied_y = sum(1 for (_, y1), (_, y2) in pairs if y1 != y2)
    tau = s / sqrt(untied_x * untied_y) if untied_x and untied_y else None
    return Kendall(s, tau, _chance_of_s(s, ys, untied_y))


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _chance_of_s(s: int, ys: Sequence[float], untied: int) -> float:
    """Return the chance of an S at least as far from zero, over all orders of ``ys``."""
    n, groups = len(ys), [size for size in Counter(ys).values() if size > 1]
    if n > EXACT_UP_TO:
        return _chance_of_s_normal(s, n, groups)
    orders = list(mahonian(n))
    for group in groups:
        for size in range(2, group + 1):
            orders = _over_steps(orders, size)
    extreme = sum(count for power, count in enumerate(orders) if abs(untied - 2 * power) >= abs(s))
    return extreme / sum(orders)


def _chance_of_s_normal(s: int, n: int, groups: Sequence[int]) -> float:
    spread = n * (n - 1) * (2 * n + 5) - sum(t * (t - 1) * (2 * t + 5) for t in groups)
    if not spread or not s:
        return 1.0
    return 2 * (1 - NormalDist().cdf((abs(s) - 1) / sqrt(spread / 18)))


def residual_sd(line: Line, xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Return the standard deviation around ``line`` (n - 2 below the root); None under three points."""
    if len(xs) < 3:
        return None
    squares = fsum((y - line.at(x)) ** 2 for x, y in zip(xs, ys, strict=True))
    return sqrt(squares / (len(xs) - 2))


def half_width(sd: float, xs: Sequence[float], at: float) -> float:
    """Return half the width of the 80 % range of a new value at ``at``, for a spread ``sd``.

    Student's t around a Theil-Sen line is a hybrid: with values that hang together from week to week
    it holds less than 80 %, which is why people are told "roughly".
    """
    n, mean = len(xs), fmean(xs)
    spread = sum((x - mean) ** 2 for x in xs)
    return t_quantile(0.90, n - 2) * sd * sqrt(1 + 1 / n + (at - mean) ** 2 / spread)


@cache
def t_quantile(p: float, freedom: int) -> float:
    """Return the quantile ``p`` (over one half) of Student's t for a whole number of degrees of freedom.

    The distribution is a finite sum of sines and cosines of one angle (Abramowitz & Stegun 26.7.3-4);
    the angle is found by halving.
    """
    if freedom < 1:
        return inf
    wanted, low, high = 2 * p - 1, 0.0, pi / 2
    for _ in range(200):
        middle = (low + high) / 2
        if _t_inside(middle, freedom) < wanted:
            low = middle
        else:
            high = middle
    return tan((low + high) / 2) * sqrt(freedom)


def _t_inside(angle: float, freedom: int) -> float:
    """Return the chance that |t| is under tan(angle) times the root of ``freedom``."""
    squared, odd = cos(angle) ** 2, freedom % 2 == 1
    term, total = (cos(angle), 0.0) if odd else (1.0, 0.0)
    for k in range(2, freedom, 2) if odd else range(1, freedom, 2):
        total += term
        term *= squared * k / (k + 1)
    if odd:
        return 2 / pi * (angle + sin(angle) * total)
    return sin(angle) * total


@dataclass(frozen=True)
class Fit:
    """An ordinary least-squares line with its spread; only for comparison with what others work out."""

    line: Line
    sd: float
    slope_se: float
    intercept_se: float


def least_squares(xs: Sequence[float], ys: Sequence[float]) -> Fit | None:
    """Return the least-squares line, or None under three points or with all ``xs`` equal."""
    n = len(xs)
    if n < 3 or min(xs) == max(xs):
        return None
    mx, my = fmean(xs), fmean(ys)
    spread = fsum((x - mx) ** 2 for x in xs)
    slope = fsum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True)) / spread
    line = Line(slope, my - slope * mx)
    sd = residual_sd(line, xs, ys) or 0.0
    return Fit(line, sd, sd / sqrt(spread), sd * sqrt(1 / n + mx * mx / spread))


def wilson(yes: int, of: int, level: float = 0.80) -> tuple[float, float] | None:
    """Return Wilson's range of a share, ``yes`` out of ``of``, from 0 to 1; None out of nothing."""
    if not of:
        return None
    z, share = NormalDist().inv_cdf((1 + level) / 2), yes / of
    middle = share + z * z / (2 * of)
    reach = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    scale = 1 + z * z / of
    return (max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale))
