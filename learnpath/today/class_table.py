"""A teacher's students in one table: words and days, by name or by who was seen longest ago. No ranks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from learnpath.conferences.ahead import NextConference
from learnpath.goals.models import CheckIn, Feel, Goal, GoalState
from learnpath.goals.states import ENDED
from learnpath.goals.trend import Direction
from learnpath.people.models import Person

OwnGoal = tuple[Goal, Direction | None, str | None]


class Order(StrEnum):
    """What the table can be ordered by. Progress is not among it."""

    NAME = "name"
    LAST = "last"
    STATE = "state"


@dataclass(frozen=True)
class ClassRow:
    """One student of the table."""

    learner_id: int
    called: str
    goal_id: int | None = None
    title: str = ""
    state: GoalState | None = None
    last_week: date | None = None
    feel: Feel | None = None
    conference: NextConference | None = None


def class_rows(
    learners: Iterable[Person], found: Mapping[int, Sequence[OwnGoal]],
    recent: Mapping[int, Sequence[CheckIn]], planned: Mapping[int, NextConference], order: Order,
) -> list[ClassRow]:  # fmt: skip
    """Return a row for each student, from what the first page has read already."""
    rows = [
        _row(person, found.get(person.id or 0, ()), recent, planned.get(person.id or 0))
        for person in learners
    ]
    if order is Order.LAST:
        rows.sort(key=lambda row: row.last_week or date.min)
    if order is Order.STATE:
        states = list(GoalState)
        rows.sort(key=lambda row: states.index(row.state) if row.state else -1)
    return rows


def _row(
    person: Person, own: Sequence[OwnGoal], recent: Mapping[int, Sequence[CheckIn]],
    planned: NextConference | None,
) -> ClassRow:  # fmt: skip
    going_on = [(goal, what) for goal, _way, what in own if goal.state not in ENDED]
    agreed = [one for one in going_on if one[0].agreed_number]
    if not going_on:
        return ClassRow(person.id or 0, person.called, conference=planned)
    goal, what = (agreed or going_on)[0]
    told = recent.get(goal.key, ())
    return ClassRow(
        person.id or 0, person.called, goal.key, what or str((goal.draft or {}).get("what") or ""),
        goal.state, told[-1].week if told else None, told[-1].feel if told else None, planned,
    )  # fmt: skip
