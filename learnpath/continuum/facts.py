"""Facts of the record as the rules see them: what counts, for which school week, in which window.

Pure: no database, no Flask. A fact counts for the school week it is about (a check-in names its week);
what is done in a break counts for the school week before it, so that a break takes nothing away. The
same thing done twice in a week counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from learnpath.continuum.driver_model import Indicator
from learnpath.record.rollup import qualifier
from learnpath.record.verbs import Relation, Verb
from learnpath.school.calendar import UNTIL_FRIDAY, SchoolCalendar

Which = Callable[["Fact"], bool]


@dataclass(frozen=True)
class Fact:
    """Something that happened: what, as whom it was decided, about which thing, on which day."""

    day: date
    verb: Verb
    by: Relation
    about: tuple[str, int | str]
    payload: Mapping[str, Any] = field(default_factory=dict, compare=False)
    event_id: int | None = None
    # Set when a person saw it and the record did not: the indicator that it speaks to.
    observed_for: str | None = None

    @cached_property
    def is_about_day(self) -> date:
        """The day whose week this counts for."""
        named = self.payload.get("day" if self.verb is Verb.OBSERVED else "week")
        return date.fromisoformat(named) if isinstance(named, str) and named else self.day

    def said(self, key: str) -> Any:
        """Return what the payload says under ``key``, or None."""
        return self.payload.get(key)

    def relations(self, key: str) -> frozenset[str]:
        """Return a payload value that lists relations, as a set."""
        value = self.payload.get(key)
        if isinstance(value, str):
            return frozenset([value])
        return frozenset(map(str, value)) if isinstance(value, list | tuple) else frozenset()


@dataclass(frozen=True)
class Window:
    """The days that a placement looks at."""

    first: date
    last: date


@dataclass(frozen=True)
class Evidence:
    """All facts about one learner, seen from one day, in one window.

    ``weeks`` are the school weeks of record in the window whose last school day has come: they start
    with the learner's first fact, so that a start in mid-year counts against nobody.
    """

    facts: tuple[Fact, ...]
    earlier: tuple[Fact, ...]
    weeks: tuple[date, ...]
    window: Window
    calendar: SchoolCalendar
    # Looked up once: fifteen rules ask for the weeks of the same days.
    found_weeks: dict[date, date | None] = field(default_factory=dict, compare=False)

    @cached_property
    def by_verb(self) -> dict[Verb, list[Fact]]:
        """The facts in the window, by what was done."""
        found: dict[Verb, list[Fact]] = {}
        for fact in self.facts:
            found.setdefault(fact.verb, []).append(fact)
        return found

    @cached_property
    def has_observations(self) -> bool:
        """Whether anything in it was seen by a person."""
        return any(fact.verb is Verb.OBSERVED for fact in (*self.earlier, *self.facts))

    def week_of(self, fact: Fact) -> date | None:
        """Return the school week that a fact counts for."""
        day = fact.is_about_day
        if day not in self.found_weeks:
            self.found_weeks[day] = self.calendar.latest_week(day)
        return self.found_weeks[day]

    def of(
        self, *verbs: Verb, by: Relation | Sequence[Relation] = (), which: Which | None = None
    ) -> list[Fact]:
        """Return the facts of these verbs in the window; decided by one of ``by`` if any is given."""
        return _chosen([f for verb in verbs for f in self.by_verb.get(verb, ())], verbs, by, which)

    def ever(
        self, *verbs: Verb, by: Relation | Sequence[Relation] = (), which: Which | None = None
    ) -> list[Fact]:
        """Return the same, of the years before too."""
        return _chosen(self.earlier + self.facts, verbs, by, which)

    def weeks_with(self, facts: Iterable[Fact]) -> list[date]:
        """Return the school weeks that hold at least one of the facts, oldest first."""
        return sorted({week for fact in facts if (week := self.week_of(fact)) is not None})

    def explained(self) -> set[date]:
        """Return the weeks that somebody explained ("not this week"): no gap in ownership."""
        return set(self.weeks_with(self.of(Verb.GAP_EXPLAINED)))

    def weeks_that_count(self) -> list[date]:
        """Return the school weeks of record, less those that were explained."""
        explained = self.explained()
        return [week for week in self.weeks if week not in explained]

    def weeks_apart(self, first: date, last: date) -> int:
        """Return how many school weeks lie from one to the other; breaks do not count."""
        return len(self.calendar.weeks_between(first, last)) - 1

    def for_indicator(self, indicator: Indicator) -> Evidence:
        """Return the same with what people observed for this indicator, and for no other."""
        if not self.has_observations:
            return self
        return replace(
            self,
            facts=_counted_for(self.facts, indicator),
            earlier=_counted_for(self.earlier, indicator),
        )


def gather(
    facts: Iterable[Fact], calendar: SchoolCalendar, as_of: date, window: Window | None = None
) -> Evidence:
    """Return the evidence as it stood at the end of ``as_of``: the school year to date, or a window."""
    until = min(as_of, window.last) if window else as_of
    told = _less_withdrawn([f for f in facts if f.day <= until])
    known = _once(sorted(told, key=_by_day), calendar)
    year = calendar.year_of(until)
    first = window.first if window else (year.starts if year else until)
    inside = set(calendar.weeks_between(first, until))
    begun = max(first, min((f.is_about_day for f in known), default=until))
    weeks = tuple(
        week for week in calendar.weeks_between(begun, until) if week + UNTIL_FRIDAY <= until
    )
    now, before = [], []
    for fact in known:
        week = calendar.latest_week(fact.is_about_day)
        if week in inside:
            now.append(fact)
        elif week is None or week < first:
            before.append(fact)
    return Evidence(tuple(now), tuple(before), weeks, Window(first, until), calendar)


def _less_withdrawn(facts: Sequence[Fact]) -> list[Fact]:
    """Leave out data of an import that was undone: it is as if it had never come."""
    gone = {fact.about for fact in facts if fact.verb is Verb.OUTCOME_WITHDRAWN}
    return [
        fact
        for fact in facts
        if fact.verb is not Verb.OUTCOME_WITHDRAWN
        and not (fact.verb is Verb.OUTCOME_RECORDED and fact.about in gone)
    ]


def _by_day(fact: Fact) -> tuple[date, int]:
    return fact.day, fact.event_id or 0


def _chosen(
    facts: Iterable[Fact],
    verbs: Sequence[Verb],
    by: Relation | Sequence[Relation],
    which: Which | None,
) -> list[Fact]:
    deciders = (by,) if isinstance(by, Relation) else tuple(by)
    return [
        fact
        for fact in facts
        if fact.verb in verbs
        and (not deciders or fact.by in deciders)
        and (which is None or which(fact))
    ]


def _once(facts: Iterable[Fact], calendar: SchoolCalendar) -> list[Fact]:
    """Keep one of each kind of fact about the same thing in the same week: the newest."""
    kept: dict[tuple[Any, ...], Fact] = {}
    for fact in facts:
        key = (
            fact.verb, fact.by, fact.about, calendar.latest_week(fact.is_about_day),
            qualifier(fact.verb, fact.payload), str(fact.said("card")), str(fact.said("seen")),
        )  # fmt: skip
        kept[key] = fact
    return list(kept.values())


def _counted_for(facts: Iterable[Fact], indicator: Indicator) -> tuple[Fact, ...]:
    counted = []
    for fact in facts:
        if fact.verb is not Verb.OBSERVED:
            counted.append(fact)
        elif fact.said("indicator") == indicator.key:
            counted.append(_as_seen(fact, indicator))
    return tuple(counted)


def _as_seen(fact: Fact, indicator: Indicator) -> Fact:
    """Let an observation stand for the kind of fact that its author saw."""
    sighting = indicator.seen.get(str(fact.said("seen")))
    marked = replace(fact, observed_for=indicator.key)
    if sighting is None or sighting.verb is None or sighting.decided_by is None:
        return marked
    day = {"week": fact.payload.get("day")} if fact.payload.get("day") else {}
    return replace(
        marked, verb=sighting.verb, by=sighting.decided_by, payload={**sighting.payload, **day}
    )
