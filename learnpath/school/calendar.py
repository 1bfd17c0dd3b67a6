"""School weeks, years and breaks: a pure core. "Week" everywhere means a week with school in it.

A week is named by its Monday. A week in which every school day falls into a break is no school week:
it counts against nobody and moves no aim line.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from learnpath.clock import school_day

SCHOOL_DAYS = 5
WEEK = timedelta(days=7)
UNTIL_FRIDAY = timedelta(days=SCHOOL_DAYS - 1)


@dataclass(frozen=True)
class SchoolYear:
    """A school year, from its first to its last day."""

    name: str
    starts: date
    ends: date

    def holds(self, day: date) -> bool:
        """Tell whether ``day`` lies in this year."""
        return self.starts <= day <= self.ends


@dataclass(frozen=True)
class Break:
    """Days without school, from the first to the last."""

    starts: date
    ends: date
    name: str = ""

    def holds(self, day: date) -> bool:
        """Tell whether ``day`` lies in this break."""
        return self.starts <= day <= self.ends


def monday_of(day: date) -> date:
    """Return the Monday of the week that ``day`` lies in."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True)
class SchoolCalendar:
    """The school weeks of a school: ``weeks`` are their Mondays, oldest first."""

    weeks: tuple[date, ...]
    years: tuple[SchoolYear, ...] = ()
    breaks: tuple[Break, ...] = ()
    zone: str = "UTC"

    @classmethod
    def from_years(
        cls, years: Iterable[SchoolYear], breaks: Iterable[Break], zone: str = "UTC"
    ) -> SchoolCalendar:
        """Return the calendar of ``years``, less the weeks that lie wholly in ``breaks``."""
        in_order = tuple(sorted(years, key=lambda year: year.starts))
        rests = tuple(sorted(breaks, key=lambda rest: rest.starts))
        weeks = {
            monday
            for year in in_order
            for monday in _mondays(year.starts, year.ends)
            if _has_school(monday, year, rests)
        }
        return cls(tuple(sorted(weeks)), in_order, rests, zone)

    def day_of(self, moment: datetime) -> date:
        """Return the day at school on which something happened."""
        return school_day(moment, self.zone)

    def week_of(self, day: date) -> date | None:
        """Return the Monday of the school week that ``day`` lies in, or None in a week without school."""
        monday = monday_of(day)
        at = bisect_left(self.weeks, monday)
        return monday if at < len(self.weeks) and self.weeks[at] == monday else None

    def year_of(self, day: date) -> SchoolYear | None:
        """Return the year that ``day`` lies in, else the newest one that began before it."""
        begun = [year for year in self.years if year.starts <= day]
        return begun[-1] if begun else None

    def number(self, day: date) -> int | None:
        """Return the number of ``day``'s school week within its school year, from one.

        All days of a week have its number, also those before a year that begins on a Wednesday.
        """
        week = self.week_of(day)
        if week is None:
            return None
        year = self.year_of(week + UNTIL_FRIDAY)
        first = bisect_left(self.weeks, year.starts - UNTIL_FRIDAY) if year else 0
        return bisect_right(self.weeks, week) - first

    def weeks_between(self, first: date, last: date) -> tuple[date, ...]:
        """Return the Mondays of the school weeks from ``first``'s to ``last``'s, both included."""
        begin = bisect_left(self.weeks, monday_of(first))
        return self.weeks[begin : bisect_right(self.weeks, monday_of(last))]

    def elapsed(self, since: date, until: date) -> float:
        """Return the school weeks from ``since`` to ``until`` as a real number.

        It is days/7 less each whole week without school in between; negative when ``until`` is earlier.
        """
        if until < since:
            return -self.elapsed(until, since)
        resting = sum(
            1
            for monday in _mondays(since, until)
            if since <= monday and monday + WEEK <= until and self.week_of(monday) is None
        )
        return (until - since).days / 7 - resting

    def latest_week(self, day: date) -> date | None:
        """Return the school week of ``day``, or in a break the newest one before it."""
        at = bisect_right(self.weeks, monday_of(day))
        return self.weeks[at - 1] if at else None


def _mondays(first: date, last: date) -> Iterable[date]:
    monday = monday_of(first)
    while monday <= last:
        yield monday
        monday += WEEK


def _has_school(monday: date, year: SchoolYear, breaks: Sequence[Break]) -> bool:
    days = (monday + timedelta(days=n) for n in range(SCHOOL_DAYS))
    return any(year.holds(day) and not any(rest.holds(day) for rest in breaks) for day in days)
