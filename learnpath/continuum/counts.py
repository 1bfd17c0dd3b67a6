"""Counts of learners for a school, with small groups withheld so that no subtraction gives them away. Pure.

A cell under ten is withheld. A row adds up to a number that people may know (the school's learners), so
a second cell is withheld where one alone, or a hidden rest under ten, could be worked out. All withheld
cells look alike. Every page and export shows these same cells: of a day, of an indicator over time, or of
several schools together, where only what each school shows is added up. So no page tells more than another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.place import Placement
from learnpath.school.calendar import WEEK, SchoolCalendar

SMALLEST_GROUP = 10
NOT_SEEN = "not_enough_seen"
CELLS: tuple[Column | None, ...] = (*Column, None)


@dataclass(frozen=True)
class Row:
    """One indicator: how many learners in each column, None where it is withheld."""

    indicator: str
    counts: Mapping[Column | None, int | None]


@dataclass(frozen=True)
class SchoolCounts:
    """Practice across a school on a day. ``rows`` is empty while there are too few learners."""

    rows: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """Return what may be seen, by keys."""
        return {
            row.indicator: {column or NOT_SEEN: row.counts[column] for column in CELLS}
            for row in self.rows
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Mapping[str, int | None]]) -> SchoolCounts:
        """Return the counts that were kept, in the model's order."""
        return cls(
            tuple(
                Row(key, {column: kept[key][column or NOT_SEEN] for column in CELLS})
                for key in driver_model().indicators
                if key in kept
            )
        )


@dataclass(frozen=True)
class Together:
    """A cell of several schools: the sum of what they show, None when none of them shows it.

    ``and_more`` tells that at least one school withholds its part: the sum is then the least it can be.
    """

    number: int | None
    and_more: bool


def together(parts: Sequence[SchoolCounts]) -> dict[str, dict[Column | None, Together]]:
    """Return the cells of several schools, out of nothing but the cells that each of them shows.

    So the sum tells no more than the schools' own pages, whichever schools a reader may see.
    """
    found: dict[str, dict[Column | None, list[int | None]]] = {}
    for row in (row for part in parts for row in part.rows):
        cells = found.setdefault(row.indicator, {column: [] for column in CELLS})
        for column in CELLS:
            cells[column].append(row.counts[column])
    small = any(not part.rows for part in parts)
    return {
        key: {column: _together(found[key][column], and_more=small) for column in CELLS}
        for key in driver_model().indicators
        if key in found
    }


def _together(numbers: list[int | None], *, and_more: bool) -> Together:
    shown = [number for number in numbers if number is not None]
    return Together(sum(shown) if shown else None, and_more or len(shown) < len(numbers))


def reporting_days(calendar: SchoolCalendar, today: date) -> list[date]:
    """Return the days of this school year that counts are given for: each month's last Sunday, newest first.

    Nobody can choose a day: counts of two days in a row would tell what one child did in between. On a
    Sunday the school's weeks are whole.
    """
    year = calendar.year_of(today)
    sunday = today - timedelta(days=today.weekday() + 1)
    days = []
    while year and sunday >= year.starts:
        if (sunday + WEEK).month != sunday.month:
            days.append(sunday)
        sunday -= WEEK
    return days


def count(placements: Iterable[Placement]) -> SchoolCounts:
    """Return the counts for all indicators; the key None stands for "not enough seen"."""
    known = list(placements)
    if len(known) < SMALLEST_GROUP:
        return SchoolCounts(())
    rows = []
    for number, key in enumerate(driver_model().indicators):
        cells = dict.fromkeys(CELLS, 0)
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
    # One cell alone never is: it is hidden because it is under ten.
    return sum(hidden) >= SMALLEST_GROUP
