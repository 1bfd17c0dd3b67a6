"""The numbers and days of a goal's progress as they are read: rounded, with their signs, in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from math import ceil, floor
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale, ngettext

from learnpath.goals.trend import Aim, Direction, Measure, Status, Trend
from learnpath.wording import number_locale


class Reader(StrEnum):
    """Who reads."""

    LEARNER = "learner"
    FAMILY = "family"
    TEACHER = "teacher"


@dataclass(frozen=True)
class Told:
    """What the sentences are made of. ``called`` is the learner's name; ``levels`` a rubric's own words."""

    aim: Aim
    trend: Trend
    due: date
    called: str = ""
    levels: tuple[str, ...] = ()
    baseline_looks: int = 1

    # -- numbers and days as they are read --------------------------------------------------------

    def value(self, number: float | None, *, rounded: bool = False) -> LazyString | str:
        """Return a value with its sign or its word; ``rounded`` when it is an estimate."""
        if number is None:
            return ""
        if self.levels:
            place = min(max(round(number), 1), len(self.levels))
            return f"“{self.levels[place - 1]}”"
        number = round(number, self._decimals()) if rounded else number
        sign = "\u202f%" if self.aim.measure is Measure.PERCENT else ""
        return LazyString(lambda: number_words(number) + sign)

    @property
    def target(self) -> LazyString | str:
        """The target: a value, or a number of weeks with yes."""
        if self.aim.measure is not Measure.YES_NO:
            return self.value(self.aim.target)
        weeks = round(self.aim.target)
        return LazyString(lambda: ngettext("%(num)s week", "%(num)s weeks", weeks))

    def _range(self) -> tuple[float | None, float | None]:
        """Return the range in round numbers, outwards: never narrower than it is, never one number.

        The one end that stays where it is: a range that misses the target is not rounded on to it.
        """
        shown, fine = self.trend.shown, 10.0 ** self._decimals()
        if shown is None or shown.low is None or shown.high is None:
            return None, None
        low, high = floor(shown.low * fine + 1e-9), ceil(shown.high * fine - 1e-9)
        if self.trend.status is Status.OFF_TRACK:
            target = self.aim.target * fine
            if self.aim.direction is Direction.DECREASE:
                low = max(low, floor(target) + 1)
                high = max(high, low + 1)
            else:
                high = min(high, ceil(target) - 1)
                low = min(low, high - 1)
        if low == high:
            low, high = low - 1, high + 1
        least, most = self.aim.ends()
        return (
            low / fine if least is None else max(least, low / fine),
            high / fine if most is None else min(most, high / fine),
        )

    def _pointed_at(self) -> LazyString | str:
        """Return where the line points; never rounded on to a target that it does not reach."""
        shown = self.trend.shown
        if shown is None:
            return ""
        near = round(shown.value, self._decimals()) == self.aim.target
        if near and self._whole:
            return self.value(self.aim.target - self._short_by_one(shown.value))
        return self.value(round(shown.value, 1) if near else shown.value, rounded=not near)

    def _short_by_one(self, number: float) -> int:
        """Return 1 (or -1 on the way down) for a number that does not reach the target, else 0."""
        if self.aim.direction is Direction.DECREASE:
            return -1 if number > self.aim.target else 0
        return 1 if number < self.aim.target else 0

    @property
    def _whole(self) -> bool:
        """Whether all that is known here are whole numbers. An estimate of tasks is in tasks then."""
        known = (self.aim.baseline, self.aim.target, self.trend.first, self.trend.last)
        return all(number is None or number == int(number) for number in known)

    def _decimals(self) -> int:
        """Return how fine an estimate may be told: in whole numbers where numbers are, or the way is long."""
        if self._whole:
            return 0
        start = self.aim.baseline if self.aim.baseline is not None else self.trend.first
        return 0 if start is None or abs(self.aim.target - start) >= 5 else 1

    @property
    def by(self) -> LazyString:
        """The due date, as in "January 30"."""
        due = datetime(self.due.year, self.due.month, self.due.day)  # noqa: DTZ001 - a calendar day
        return LazyString(lambda: format_skeleton("MMMMd", due, locale=_locale()))

    def parts(self) -> dict[str, Any]:
        """Return everything that a sentence may name."""
        trend, (low, high) = self.trend, self._range()
        start = self.aim.baseline if self.aim.baseline is not None else trend.first
        return {
            "name": self.called, "date": self.by, "target": self.target,
            "start": self.value(start), "last": self.value(trend.last),
            "middle": self.value(trend.last3_median, rounded=True),
            "low": self.value(low), "high": self.value(high),
            "value": self._pointed_at(),
            "inside": trend.inside, "looks": trend.looks, "yes": trend.yes,
        }  # fmt: skip


def _locale() -> Any:
    return get_locale() or "en"


def number_words(number: float) -> str:
    """Return a number in the language of the page."""
    return format_decimal(round(number, 2), locale=number_locale())
