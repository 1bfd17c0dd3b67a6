"""A learner's school year in the record, event by event, for the continuum's tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from learnpath.continuum.facts import Fact
from learnpath.people.models import Person
from learnpath.record import By, Relation, Verb, write
from learnpath.school.calendar import Break, SchoolCalendar, SchoolYear
from tests.builders import YEAR_END, YEAR_START

DENVER = ZoneInfo("America/Denver")
LAST_YEAR = SchoolYear("2024-25", date(2024, 8, 19), date(2025, 5, 30))
THIS_YEAR = SchoolYear("2025-26", YEAR_START, YEAR_END)
AUTUMN = Break(date(2025, 10, 13), date(2025, 10, 17), "Autumn break")
CALENDAR = SchoolCalendar.from_years([LAST_YEAR, THIS_YEAR], [AUTUMN])
WEEKS = CALENDAR.weeks_between(YEAR_START, YEAR_END)

LEARNER, TEACHER, TOGETHER = Relation.LEARNER, Relation.TEACHER, Relation.TOGETHER
FAMILY, PEER, SCHOOL = Relation.FAMILY, Relation.PEER, Relation.SCHOOL


def day_in(week: int, weekday: int = 1) -> date:
    """Return a day of the school year's week with that number, counted from one; Tuesday by itself."""
    return WEEKS[week - 1] + timedelta(days=weekday)


def friday(week: int) -> date:
    """Return the last school day of a week: the day from which it counts as gone by."""
    return day_in(week, 4)


def fact(
    verb: Verb, by: Relation, week: int, about: tuple[str, int] = ("goal", 1), weekday: int = 1, /,
    **payload: Any,
) -> Fact:  # fmt: skip
    """Return a fact in a school week of this year."""
    return Fact(day_in(week, weekday), verb, by, about, payload)


def arrived(week: int = 1) -> Fact:
    """Return that the learner came to the school: the record begins there."""
    return Fact(WEEKS[week - 1], Verb.ENROLLED, SCHOOL, ("enrolment", 1))


def goal(
    week: int = 1, id: int = 1, *, drafted_by: str = "learner",
    shaped_by: tuple[str, ...] = ("learner", "teacher"), cited_by: tuple[str, ...] = (),
    kind: str = "individual",
) -> list[Fact]:  # fmt: skip
    """Return a goal that was drafted and agreed in a week."""
    by = Relation(drafted_by)
    agreement = {
        "number": 1, "kind": kind, "drafted_by": drafted_by, "shaped_by": list(shaped_by),
        "cited_by": list(cited_by), "cites": len(cited_by),
        "basis": "profile" if cited_by else "nothing",
    }  # fmt: skip
    return [
        fact(Verb.GOAL_DRAFTED, by, week, ("goal", id), kind=kind),
        fact(Verb.GOAL_AGREED, TEACHER, week, ("goal", id), **agreement),
    ]


def check_in(week: int, by: Relation = LEARNER, id: int = 1) -> Fact:
    """Return a check-in for a week."""
    return fact(Verb.CHECKED_IN, by, week, ("goal", id), week=WEEKS[week - 1].isoformat())


def session_held(
    week: int, led_by: str, present: tuple[str, ...] = ("learner", "teacher"), id: int = 1,
    kind: str = "feedback", cards: Mapping[str, int] | None = None,
) -> Fact:  # fmt: skip
    """Return a feedback session or a conference."""
    said = {"kind": kind, "led_by": led_by, "present": list(present), "cards": dict(cards or {})}
    return fact(Verb.SESSION_HELD, TEACHER, week, ("conference", id), **said)


def recorded(
    session: Session, person: Person, learner: Person, told: Fact, at: time = time(9)
) -> None:
    """Write a fact into the record, as its relation, by a person."""
    by = By(person.id, told.by, learner.school_id, "America/Denver")
    moment = datetime.combine(told.day, at, DENVER)
    write(
        session, by, told.verb, learner_id=learner.id,
        about=(told.about[0], int(told.about[1])), at=moment, payload=told.payload,
    )  # fmt: skip
