"""The demo school's calendar: it moves with today.

So the demo is in the middle of a term in August, in a holiday and in June alike: today always lies in
the twelfth school week.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from learnpath.school.calendar import Break, SchoolCalendar, SchoolYear, monday_of

ZONE = "America/Denver"
WEEKS_BEHIND, WEEKS_AHEAD = 12, 27
# Whole weeks without school, counted from this week: how far, and how long.
BREAKS = ((-6, 1), (5, 2), (16, 1))
YEAR_LENGTH = timedelta(weeks=52)


@dataclass(frozen=True)
class DemoDays:
    """The days of the demo school, seen from ``today``."""

    today: date

    @property
    def monday(self) -> date:
        """The Monday of this week."""
        return monday_of(self.today)

    @property
    def year(self) -> SchoolYear:
        """The school year that today lies in."""
        return _named(
            self.monday - timedelta(weeks=WEEKS_BEHIND),
            self.monday + timedelta(weeks=WEEKS_AHEAD, days=-3),
        )

    @property
    def year_before(self) -> SchoolYear:
        """The school year before."""
        return _named(self.year.starts - YEAR_LENGTH, self.year.ends - YEAR_LENGTH)

    @property
    def breaks(self) -> tuple[Break, ...]:
        """The weeks without school in this year."""
        return tuple(
            Break(
                self.monday + timedelta(weeks=start),
                self.monday + timedelta(weeks=start + length, days=-3),
                "Break" if length == 1 else "Long break",
            )
            for start, length in BREAKS
        )

    @property
    def terms(self) -> tuple[tuple[str, date, date], ...]:
        """The two terms of the year: name, first and last day."""
        turn = self.breaks[1]
        return (
            ("Term 1", self.year.starts, turn.starts - timedelta(days=3)),
            ("Term 2", turn.ends + timedelta(days=3), self.year.ends),
        )

    @cached_property
    def calendar(self) -> SchoolCalendar:
        """The school weeks of both years."""
        return SchoolCalendar.from_years((self.year_before, self.year), self.breaks)

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Mondays of the school weeks of this year so far, this week the last."""
        return self.calendar.weeks_between(self.year.starts, self.monday)

    def at(self, day: date, hour: int = 9, minute: int = 0) -> datetime:
        """Return a time of a school day, in school time."""
        return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE))


def _named(starts: date, ends: date) -> SchoolYear:
    """Return a year that is called as schools call it: by the autumn and the spring it joins."""
    first = starts.year if starts.year != ends.year or starts.month > 6 else starts.year - 1
    return SchoolYear(f"{first}-{(first + 1) % 100:02d}", starts, ends)
