"""The plan of the next school year: its days, which classes go on, who goes up a grade, and who leaves."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, or_, select

from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Person
from learnpath.record import Verb
from learnpath.record.models import Event
from learnpath.record.write import chain_name
from learnpath.school import admin_calendar
from learnpath.school.admin_calendar import Dates, Rows, dates_of, shifted
from learnpath.school.calendar import Break, SchoolCalendar, SchoolYear
from learnpath.school.models import Enrolment, Holiday, SchoolClass, SchoolYearRow, Teaching, Term
from learnpath.wording import lazy as _l

LAST_GRADE = 12
ONE_DAY = timedelta(days=1)
# Fifty-two weeks: the same weekday of the next year.
A_YEAR = 364
A_MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Choices:
    """What the school decides about its next year. What it leaves open is proposed."""

    name: str = ""
    starts: date | None = None
    ends: date | None = None
    # By their place in the proposal: which terms and holidays are kept, on which days. None keeps all of them.
    terms: tuple[Dates, ...] | None = None
    holidays: tuple[Dates, ...] | None = None
    # Which classes go on, by the id of the old one, under which name. None lets all of them go on.
    classes: Mapping[int, str] | None = None
    # Whether the learners of a class go along with it. The roster may bring them instead.
    learners_along: bool = True


@dataclass(frozen=True)
class ClassPlan:
    """A class that goes on: its old id, its name, and who goes along."""

    old_id: int
    name: str
    room: str
    teachers: tuple[int, ...]
    learners: tuple[int, ...]


@dataclass(frozen=True)
class RollOver:
    """What beginning the next school year would do."""

    old: SchoolYearRow
    year: Dates
    # The id of the next year where the calendar has it already: its days are not touched then.
    year_id: int | None
    done: bool
    terms: tuple[Dates, ...]
    holidays: tuple[Dates, ...]
    classes: tuple[ClassPlan, ...]
    # Who goes up a grade, and who leaves after the last one.
    learners: tuple[int, ...]
    leavers: tuple[int, ...]
    # Who goes up but into no class yet: the roster or the office puts them in one.
    unplaced: tuple[int, ...]
    ends_on: date
    weeks: int

    def as_json(self) -> dict[str, Any]:
        """Return the plan for machines: days as ISO dates, people by their ids."""
        return {
            "done": self.done,
            "old_year": _dates_json(dates_of(self.old)),
            "year": {**_dates_json(self.year), "id": self.year_id, "school_weeks": self.weeks},
            "terms": [_dates_json(one) for one in self.terms],
            "holidays": [_dates_json(one) for one in self.holidays],
            "classes": [
                {"old_id": one.old_id, "name": one.name, "teachers": list(one.teachers),
                 "learners": list(one.learners)}
                for one in self.classes
            ],
            "grade_up": list(self.learners),
            "leave": list(self.leavers),
            "without_class": list(self.unplaced),
            "old_classes_end_on": self.ends_on.isoformat(),
        }  # fmt: skip


def _dates_json(dates: Dates) -> dict[str, str]:
    return {
        "name": dates.name, "starts": dates.starts.isoformat(), "ends": dates.ends.isoformat()
    }  # fmt: skip


def plan(session: Session, school_id: int, choices: Choices, today: date) -> RollOver:
    """Return what beginning the next school year would do, in seven queries. It changes nothing.

    Raises NotAllowedNow for a school without a year to roll over, and WrongInput for days that do not go.
    """
    rows = admin_calendar.rows_of(session, school_id)
    old = _old_year(session, school_id, rows, today)
    following = next((one for one in rows.years if one.starts > old.ends), None)
    done = following is not None and following.id in _rolled(session, school_id)
    year = _next_year(old, following, choices)
    terms, holidays = ((), ()) if following else _spans(rows, old, year, choices)
    classes, learners, leavers = _people(session, old, following, choices)
    placed = {one for group in classes for one in group.learners} | set(
        _placed_before(session, following)
    )
    rests = holidays if following is None else [*map(dates_of, _inside(rows, year))]
    calendar = SchoolCalendar.from_years(
        [SchoolYear(**vars(year))], [Break(one.starts, one.ends) for one in rests]
    )
    return RollOver(
        old, year, following.id if following else None, done, terms, holidays,
        () if done else classes, () if done else learners, () if done else leavers,
        () if done else tuple(one for one in learners if one not in placed),
        year.starts - ONE_DAY, len(calendar.weeks),
    )  # fmt: skip


def _old_year(session: Session, school_id: int, rows: Rows, today: date) -> SchoolYearRow:
    """Return the year that ends: the newest that has begun, or the one before it if that still goes on."""
    begun = [one for one in rows.years if one.starts <= today]
    if not begun:
        raise NotAllowedNow(_l("No school year has begun yet. Add one to the calendar first."))
    newest = begun[-1]
    before = begun[-2] if len(begun) > 1 else None
    if before is None or today > newest.ends - A_MONTH:
        return newest
    # The new year has begun already: its roll-over is done, or it still waits for being done.
    waits = _goes_on(session, before)
    return before if waits or newest.id in _rolled(session, school_id) else newest


def _goes_on(session: Session, year: SchoolYearRow) -> bool:
    """Tell whether somebody still learns in a class of that year without an end."""
    query = (
        select(Enrolment.id)
        .join(SchoolClass, col(SchoolClass.id) == col(Enrolment.class_id))
        .where(SchoolClass.year_id == year.id, col(Enrolment.ends).is_(None))
        .limit(1)
    )
    return session.exec(query).first() is not None


def _rolled(session: Session, school_id: int) -> set[int]:
    """Return the ids of the years that were begun by rolling over."""
    query = select(Event.object_id).where(
        Event.chain == chain_name(None, school_id), Event.verb == Verb.YEAR_ROLLED_OVER
    )
    return set(session.exec(query))


def _next_year(old: SchoolYearRow, following: SchoolYearRow | None, choices: Choices) -> Dates:
    if following is not None:
        return dates_of(following)
    proposed = shifted(dates_of(old), A_YEAR, next_name(old.name))
    year = Dates(
        choices.name or proposed.name, choices.starts or proposed.starts,
        choices.ends or proposed.ends,
    )  # fmt: skip
    if year.starts <= old.ends:
        raise WrongInput("starts", _l("The next year begins after the last day of this one."))
    if year.ends < year.starts:
        raise WrongInput("ends", _l("The last day comes before the first. Change one of them."))
    return year


def next_name(name: str) -> str:
    """Return the name of the year after: "2025-26" becomes "2026-27". Other names get a mark behind."""

    def later(found: re.Match[str]) -> str:
        digits = found[0]
        return str(int(digits) + 1).zfill(len(digits))[-len(digits) :]

    following = re.sub(r"\d+", later, name, count=2)
    return following if following != name else f"{name} +1"[:40]


def _spans(
    rows: Rows, old: SchoolYearRow, year: Dates, choices: Choices
) -> tuple[tuple[Dates, ...], tuple[Dates, ...]]:
    """Return the terms and holidays of the next year: as chosen, else as they were, shifted with the year."""
    step = (year.starts - old.starts).days
    weeks = round(step / 7) * 7
    terms = choices.terms
    if terms is None:
        mine = [one for one in rows.terms if one.year_id == old.id]
        terms = _proposed([dates_of(one) for one in mine], weeks, year)
        terms = _to_the_edges(terms, mine, old, year)
    holidays = choices.holidays
    if holidays is None:
        inside = [dates_of(one) for one in _inside(rows, old)]
        holidays = _proposed(inside, weeks, year)
    return terms, holidays


def _inside(rows: Rows, year: Any) -> list[Holiday]:
    return [one for one in rows.holidays if year.starts <= one.starts and one.ends <= year.ends]


def _proposed(dates: Sequence[Dates], days: int, year: Dates) -> tuple[Dates, ...]:
    """Shift days with the year; what sticks out of it is cut off, and what lies outside left out."""
    moved = (shifted(one, days) for one in dates)
    cut = (
        replace(one, starts=max(one.starts, year.starts), ends=min(one.ends, year.ends))
        for one in moved
    )
    return tuple(one for one in cut if one.starts <= one.ends)


def _to_the_edges(
    terms: tuple[Dates, ...], old_terms: Sequence[Term], old: SchoolYearRow, year: Dates
) -> tuple[Dates, ...]:
    """Let the first and last term begin and end with the year, where they did so before."""
    if not terms or len(terms) != len(old_terms):
        return terms
    made = list(terms)
    if old_terms[0].starts == old.starts:
        made[0] = replace(made[0], starts=year.starts)
    if old_terms[-1].ends == old.ends:
        made[-1] = replace(made[-1], ends=year.ends)
    return tuple(made)


def _people(
    session: Session, old: SchoolYearRow, following: SchoolYearRow | None, choices: Choices
) -> tuple[tuple[ClassPlan, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the classes that go on, who goes up a grade, and who leaves."""
    classes = session.exec(
        select(SchoolClass).where(SchoolClass.year_id == old.id).order_by(col(SchoolClass.name))
    ).all()
    there = _there(session, following)
    learning = _until_the_end(session, Enrolment, Enrolment.learner_id, old)
    teaching = _until_the_end(session, Teaching, Teaching.teacher_id, old)
    grades = {
        one.id or 0: one.grade
        for them in learning.values()
        for one in them
        if one.grade is not None
    }
    placed = set(_placed_before(session, following))
    # Whom a roster put into a class of the next year has the grade of that year already.
    up = tuple(id for id, grade in grades.items() if grade < LAST_GRADE and id not in placed)
    leavers = tuple(id for id, grade in grades.items() if grade == LAST_GRADE and id not in placed)
    goes_up = set(up)
    names = choices.classes if choices.classes is not None else {c.id or 0: c.name for c in classes}
    plans = tuple(
        ClassPlan(
            one.id or 0, names[one.id or 0], one.room,
            tuple(teacher.id or 0 for teacher in teaching.get(one.id or 0, [])),
            tuple(p.id or 0 for p in learning.get(one.id or 0, []) if p.id in goes_up)
            if choices.learners_along else (),
        )
        for one in classes
        if (one.id or 0) in names and names[one.id or 0].lower() not in there
    )  # fmt: skip
    return plans, up, leavers


def _there(session: Session, following: SchoolYearRow | None) -> set[str]:
    """Return the names of the classes that the next year has already."""
    if following is None:
        return set()
    query = select(SchoolClass.name).where(SchoolClass.year_id == following.id)
    return {name.lower() for name in session.exec(query)}


def _placed_before(session: Session, following: SchoolYearRow | None) -> Collection[int]:
    """Return who is in a class of the next year already."""
    if following is None:
        return ()
    query = (
        select(Enrolment.learner_id)
        .join(SchoolClass, col(SchoolClass.id) == col(Enrolment.class_id))
        .where(SchoolClass.year_id == following.id)
    )
    return set(session.exec(query))


def _until_the_end(
    session: Session, model: Any, who: Any, old: SchoolYearRow
) -> dict[int, list[Person]]:
    """Return who learns or teaches to the end of the year, by class; each person once in a class."""
    query = (
        select(model.class_id, Person)
        .join(Person, col(Person.id) == who)
        .join(SchoolClass, col(SchoolClass.id) == model.class_id)
        .where(
            SchoolClass.year_id == old.id, or_(model.ends.is_(None), model.ends >= old.ends),
            col(Person.left_at).is_(None),
        )
        .order_by(col(Person.family_name), col(Person.given_name), col(Person.id))
        .distinct()
    )  # fmt: skip
    found: dict[int, list[Person]] = {}
    for class_id, person in session.exec(query):
        found.setdefault(class_id, []).append(person)
    return found
