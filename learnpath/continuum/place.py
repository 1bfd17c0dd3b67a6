"""Placing a learner's record on the continuum: indicators, threads, strands, and the facts behind them.

Pure: give it events and a calendar. A place is a key of a column, never a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from learnpath.continuum.columns import Column, in_order, lower_median, next_after
from learnpath.continuum.driver_model import DriverModel, Indicator, Words, driver_model
from learnpath.continuum.facts import Evidence, Fact, Window, gather
from learnpath.continuum.rules import RULES, Limits
from learnpath.record.verbs import Verb
from learnpath.school.calendar import SchoolCalendar


@dataclass(frozen=True)
class Placed:
    """One indicator as the record shows it. ``column`` is None while not enough was seen.

    A column may rest on empty weeks alone ("no talk in eight weeks"): it has no facts then, and no marker
    is drawn from it.
    """

    indicator: Indicator
    column: Column | None
    counted: Mapping[str, int]
    facts: tuple[Fact, ...]

    @property
    def seen(self) -> Column | None:
        """The column, where something that happened stands behind it."""
        return self.column if self.facts else None

    def next_words(self, reader: str) -> Words | None:
        """Return the one thing to try that would show the next column; None at the last column."""
        start = self.column or Column.TEACHER_DRIVEN
        return None if next_after(start) is None else self.indicator.next[start][reader]


@dataclass(frozen=True)
class Band:
    """From where to where, and the one in the middle: three columns by name."""

    low: Column
    marker: Column
    high: Column


@dataclass(frozen=True)
class Gathered:
    """A thread or a strand: its indicators, and the band that they span."""

    key: str
    band: Band | None
    indicators: tuple[Placed, ...]


@dataclass(frozen=True)
class Placement:
    """Where a learner's record stands, on a day, in a window."""

    as_of: date
    window: Window
    weeks: int
    indicators: tuple[Placed, ...]
    threads: tuple[Gathered, ...]
    strands: tuple[Gathered, ...]


def place(
    events: Iterable[Fact],
    calendar: SchoolCalendar,
    as_of: date,
    window: Window | None = None,
    model: DriverModel | None = None,
) -> Placement:
    """Return the placement at the end of ``as_of``, over the school year to date or a window."""
    model = model or driver_model()
    evidence = gather(events, calendar, as_of, window)
    placed = {key: _placed(one, evidence, model) for key, one in model.indicators.items()}
    return Placement(
        as_of, evidence.window, len(evidence.weeks), tuple(placed.values()),
        tuple(_gathered(t.key, [placed[key] for key in t.indicators]) for t in model.threads),
        tuple(
            _gathered(key, [placed[one.key] for one in model.indicators_of(key)])
            for key in model.strands
            if model.indicators_of(key)
        ),
    )  # fmt: skip


def _placed(indicator: Indicator, evidence: Evidence, model: DriverModel) -> Placed:
    own = evidence.for_indicator(indicator)
    reading = RULES[indicator.key](own, Limits(indicator.thresholds))
    # What somebody saw and no rule has a kind for is still a fact, with its author's name.
    other = tuple(f for f in own.of(Verb.OBSERVED) if f not in reading.facts)
    enough = (
        len(evidence.weeks) >= model.gates["weeks_of_record"].number
        and reading.basis + len(other) >= model.gates["facts"].number
    )
    facts = tuple(sorted(reading.facts + other, key=lambda fact: fact.is_about_day))
    return Placed(indicator, reading.column if enough else None, reading.counted, facts)


def _gathered(key: str, placed: list[Placed]) -> Gathered:
    """Return the band over the indicators; none where nothing that happened stands behind any of them."""
    columns = in_order([one.column for one in placed if one.column])
    middle = lower_median(columns) if any(one.seen for one in placed) else None
    band = Band(columns[0], middle, columns[-1]) if middle else None
    return Gathered(key, band, tuple(placed))


# -- as JSON ---------------------------------------------------------------------------------------


def as_json(placement: Placement, language: str = "en") -> dict[str, Any]:
    """Return a placement as JSON: keys for places, and the facts that were counted."""
    return {
        "as_of": placement.as_of.isoformat(),
        "window": {
            "first": placement.window.first.isoformat(), "last": placement.window.last.isoformat(),
        },
        "school_weeks": placement.weeks,
        "strands": [_gathered_json(one) for one in placement.strands],
        "threads": [_gathered_json(one) for one in placement.threads],
        "indicators": [_placed_json(one, language) for one in placement.indicators],
    }  # fmt: skip


def _gathered_json(gathered: Gathered) -> dict[str, Any]:
    band = gathered.band
    return {
        "key": gathered.key,
        "from": band.low if band else None,
        "marker": band.marker if band else None,
        "to": band.high if band else None,
        "indicators": [one.indicator.key for one in gathered.indicators],
    }


def _placed_json(placed: Placed, language: str) -> dict[str, Any]:
    words = placed.next_words("educator")
    return {
        "key": placed.indicator.key,
        "column": placed.column,
        "counted": dict(placed.counted),
        "facts": [_fact_json(fact) for fact in placed.facts],
        "next": words[language] if words else None,
    }


def _fact_json(fact: Fact) -> dict[str, Any]:
    said: dict[str, Any] = {
        "day": fact.is_about_day.isoformat(),
        "verb": fact.verb,
        "decided_by": fact.by,
        "object": {"type": fact.about[0], "id": fact.about[1]},
    }
    return {**said, "observed": True} if fact.observed_for else said
