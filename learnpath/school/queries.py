"""Reads about the school: its calendar, its classes, who belongs to whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from learnpath.access import current
from learnpath.clock import school_day
from learnpath.people.models import Person
from learnpath.school.calendar import Break, SchoolCalendar, SchoolYear
from learnpath.school.models import (
    Enrolment,
    Guardianship,
    Holiday,
    School,
    SchoolClass,
    SchoolYearRow,
    Teaching,
)


def calendar_of(session: Session, school_id: int) -> SchoolCalendar:
    """Return a school's calendar, years and breaks, in one query."""
    return calendars_of(session, [school_id])[school_id]


def calendars_of(session: Session, school_ids: Collection[int]) -> dict[int, SchoolCalendar]:
    """Return the calendars of several schools, in one query."""
    query = (
        select(School.id, School.time_zone, SchoolYearRow, Holiday)
        .outerjoin(SchoolYearRow, col(SchoolYearRow.school_id) == col(School.id))
        .outerjoin(Holiday, col(Holiday.school_id) == col(School.id))
        .where(col(School.id).in_(school_ids))
    )
    zones: dict[int | None, str] = {}
    years: dict[int, dict[int | None, SchoolYear]] = {id: {} for id in school_ids}
    breaks: dict[int, dict[int | None, Break]] = {id: {} for id in school_ids}
    for school_id, zone, year, rest in session.execute(query):
        zones[school_id] = zone
        if year is not None:
            years[school_id][year.id] = SchoolYear(year.name, year.starts, year.ends)
        if rest is not None:
            breaks[school_id][rest.id] = Break(rest.starts, rest.ends, rest.name)
    return {
        id: SchoolCalendar.from_years(years[id].values(), breaks[id].values(), zones.get(id, "UTC"))
        for id in school_ids
    }


def day_at(session: Session, school_id: int, now: datetime) -> date:
    """Return the day that a school is living at ``now``, in one query."""
    zone = session.exec(select(School.time_zone).where(School.id == school_id)).one()
    return school_day(now, zone)


def day_of_learner(session: Session, learner_id: int, now: datetime) -> date:
    """Return the day that a learner's school is living at ``now``, in one query."""
    query = select(School.time_zone).join(Person, col(Person.school_id) == col(School.id))
    return school_day(now, session.exec(query.where(Person.id == learner_id)).one())


@dataclass(frozen=True)
class GuardianOf:
    """A guardian as the learner's pages name them."""

    guardianship_id: int
    person_id: int
    name: str
    called: str
    language: str
    interpreter: str


def guardians_of(session: Session, learner_id: int, today: date) -> Sequence[GuardianOf]:
    """Return the guardians who may be told about a learner, in the order they were linked."""
    query = (
        select(Guardianship, Person)
        .join(Person, col(Person.id) == col(Guardianship.guardian_id))
        .where(
            Guardianship.learner_id == learner_id,
            col(Guardianship.no_contact).is_(False),
            current(Guardianship, today),
        )
        .order_by(col(Guardianship.id))
    )
    return [
        GuardianOf(
            tie.id or 0, person.id or 0, person.full_name, tie.called or person.called,
            person.language, tie.interpreter,
        )
        for tie, person in session.exec(query)
    ]  # fmt: skip


def teachers_of(session: Session, learner_id: int, today: date) -> Sequence[Person]:
    """Return the teachers who teach a learner today, by name."""
    query = (
        select(Person)
        .join(Teaching, col(Teaching.teacher_id) == col(Person.id))
        .join(Enrolment, col(Enrolment.class_id) == col(Teaching.class_id))
        .where(
            Enrolment.learner_id == learner_id, current(Enrolment, today), current(Teaching, today)
        )
        .order_by(col(Person.family_name))
        .distinct()
    )
    return session.exec(query).all()


# -- classes ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ClassLine:
    """One class of a teacher."""

    id: int
    name: str
    room: str
    learners: int


def classes_of(session: Session, teacher_id: int, today: date) -> Sequence[ClassLine]:
    """Return the classes that a teacher teaches today, by name, in one query."""
    learning = (
        select(func.count())
        .select_from(Enrolment)
        .where(Enrolment.class_id == SchoolClass.id, current(Enrolment, today))
        .scalar_subquery()
    )
    query = (
        select(SchoolClass.id, SchoolClass.name, SchoolClass.room, learning)
        .join(Teaching, col(Teaching.class_id) == col(SchoolClass.id))
        .where(Teaching.teacher_id == teacher_id, current(Teaching, today))
        .order_by(col(SchoolClass.name), col(SchoolClass.id))
        .distinct()
    )
    return [ClassLine(id or 0, name, room, count) for id, name, room, count in session.exec(query)]


@dataclass(frozen=True)
class EarlierClass:
    """A class that somebody taught before: its name and its school year, and nothing of its learners."""

    name: str
    year: str


def earlier_classes_of(session: Session, teacher_id: int, today: date) -> Sequence[EarlierClass]:
    """Return the classes that a teacher taught before today, the newest year first, in one query."""
    query = (
        sa.select(col(SchoolClass.name), col(SchoolYearRow.name), col(SchoolYearRow.starts))
        .join(SchoolYearRow, col(SchoolYearRow.id) == col(SchoolClass.year_id))
        .join(Teaching, col(Teaching.class_id) == col(SchoolClass.id))
        .where(col(Teaching.teacher_id) == teacher_id, col(Teaching.ends) < today)
        .order_by(col(SchoolYearRow.starts).desc(), col(SchoolClass.name))
        .distinct()
        .limit(100)
    )
    return [EarlierClass(name, year) for name, year, _ in session.execute(query)]


def learners_in(session: Session, class_id: int, today: date) -> Sequence[Person]:
    """Return who learns in a class today, by family name."""
    query = (
        select(Person)
        .where(
            col(Person.id).in_(
                select(Enrolment.learner_id).where(
                    Enrolment.class_id == class_id, current(Enrolment, today)
                )
            ),
            col(Person.left_at).is_(None),
        )
        .order_by(col(Person.family_name), col(Person.given_name), col(Person.id))
    )
    return session.exec(query).all()
