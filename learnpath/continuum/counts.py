"""Counts of learners for a school, with small groups withheld so that no subtraction gives them away. Pure.

A cell under ten is withheld. A row adds up to a number that people may know (the school's learners), so
a second cell is withheld where one alone, or a hidden rest under ten, could be worked out. All withheld
cells look alike. The report has one filter only, the day, and cells of two days are different things:
there is no second table to subtract from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.place import Placement
from learnpath.school.calendar import SchoolCalendar

SMALLEST_GROUP = 10


@dataclass(frozen=True)
class Row:
    """One indicator: how many learners in each column, None where it is withheld."""

    indicator: str
    counts: Mapping[Column | None, int | None]

    @property
    def is_withheld(self) -> bool:
        """Whether nothing of the row can be shown."""
        return all(count is None for count in self.counts.values())


@dataclass(frozen=True)
class SchoolCounts:
    """Practice across a school on a day. ``rows`` is empty while there are too few learners."""

    rows: tuple[Row, ...]


def month_ends(calendar: SchoolCalendar, today: date) -> list[date]:
    """Return the last days of the whole months of this school year, newest first."""
    year = calendar.year_of(today)
    day = today.replace(day=1) - timedelta(days=1)
    days = []
    while year and day >= year.starts:
        days.append(day)
        day = day.replace(day=1) - timedelta(days=1)
    return days


def count(placements: Iterable[Placement]) -> SchoolCounts:
    """Return the counts for all indicators; the key None stands for "not enough seen"."""
    known = list(placements)
    if len(known) < SMALLEST_GROUP:
        return SchoolCounts(())
    rows = []
    for number, key in enumerate(driver_model().indicators):
        cells: dict[Column | None, int] = dict.fromkeys((*Column, None), 0)
        for placement in known:
            cells[placement.indicators[number].column] += 1
        rows.append(Row(key, withhold(cells)))
    return SchoolCounts(tuple(rows))


def withhold(cells: Mapping[Column | None, int]) -> dict[Column | None, int | None]:
    """Return the cells with None for those that are too small, and for as many more as protect them."""
    hidden = {key for key, number in cells.items() if number < SMALLEST_GROUP}
    shown = sorted(cells.keys() - hidden, key=lambda key: cells[key])
    while hidden and shown and not _is_protected([cells[key] for key in hidden]):
        hidden.add(shown.pop(0))
    return {key: None if key in hidden else number for key, number in cells.items()}


def _is_protected(hidden: list[int]) -> bool:
    return len(hidden) >= 2 and sum(hidden) >= SMALLEST_GROUP
