"""Classes for the school office: which there are, who learns and teaches there, new ones, and their end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, or_, select

from learnpath import record
from learnpath.access import current
from learnpath.errors import NotAllowedNow, WrongInput
from learnpath.people.models import Person
from learnpath.record import By, Verb
from learnpath.school import enrol
from learnpath.school.models import Enrolment, SchoolClass, SchoolYearRow, Teaching
from learnpath.wording import lazy as _l

ON_A_PAGE = 50


@dataclass(frozen=True)
class ClassRow:
    """One class of a year: where it is, who teaches, and how many learn there on the day."""

    id: int
    name: str
    room: str
    teachers: str
    learners: int


@dataclass(frozen=True)
class ClassList:
    """A page of the classes of one school year."""

    year: SchoolYearRow | None
    years: Sequence[SchoolYearRow]
    classes: Sequence[ClassRow]
    found: int
    page: int
    pages: int


@dataclass(frozen=True)
class Member:
    """Somebody who learns or teaches in a class, with the days of it."""

    tie: str
    person_id: int
    name: str
    grade: int | None
    starts: date
    ends: date | None
    now: bool


@dataclass(frozen=True)
class ClassPage:
    """One class with everybody who ever learnt or taught in it."""

    school_class: SchoolClass
    year: SchoolYearRow
    teachers: Sequence[Member]
    learners: Sequence[Member]

    @property
    def runs(self) -> bool:
        """Whether somebody learns or teaches there now, or will."""
        return any(one.ends is None or one.now for one in (*self.teachers, *self.learners))


# -- reads ---------------------------------------------------------------------------------------------


def years_of(session: Session, school_id: int) -> Sequence[SchoolYearRow]:
    """Return a school's years, the newest first."""
    query = select(SchoolYearRow).where(SchoolYearRow.school_id == school_id)
    return session.exec(query.order_by(col(SchoolYearRow.starts).desc())).all()


def year_of_day(years: Sequence[SchoolYearRow], day: date) -> SchoolYearRow | None:
    """Return the year that ``day`` lies in, else the newest that began before it, else the first to come."""
    begun = [year for year in years if year.starts <= day]
    return begun[0] if begun else (years[-1] if years else None)


def classes_of_year(
    session: Session, school_id: int, year_id: int | None, page: int, today: date
) -> ClassList:
    """Return a page of the classes of a year (without one, of today's), in four queries."""
    years = years_of(session, school_id)
    year = next((one for one in years if one.id == year_id), None) or year_of_day(years, today)
    key = year.id if year else None
    wanted = (SchoolClass.school_id == school_id, SchoolClass.year_id == key)
    found = session.exec(select(func.count()).select_from(SchoolClass).where(*wanted)).one()
    pages = max(1, -(-found // ON_A_PAGE))
    page = min(max(1, page), pages)
    day = min(max(today, year.starts), year.ends) if year else today
    rows = session.exec(
        select(SchoolClass, _learning(day))
        .where(*wanted)
        .order_by(col(SchoolClass.name), col(SchoolClass.id))
        .limit(ON_A_PAGE)
        .offset((page - 1) * ON_A_PAGE)
    ).all()
    teachers = _teachers(session, [one.id or 0 for one, _ in rows], day)
    lines = [
        ClassRow(one.id or 0, one.name, one.room, teachers.get(one.id or 0, ""), count)
        for one, count in rows
    ]
    return ClassList(year, years, lines, found, page, pages)


def to_choose(session: Session, school_id: int, today: date) -> list[tuple[int, str]]:
    """Return the classes of this school year and of those to come, to choose from, in one query."""
    query = (
        select(SchoolClass, SchoolYearRow)
        .join(SchoolYearRow, col(SchoolYearRow.id) == col(SchoolClass.year_id))
        .where(SchoolClass.school_id == school_id, SchoolYearRow.ends >= today)
        .order_by(col(SchoolYearRow.starts), col(SchoolClass.name))
    )
    return [(one.id or 0, f"{one.name}, {year.name}") for one, year in session.exec(query)]


def _learning(day: date) -> Any:
    return (
        select(func.count(col(Enrolment.learner_id).distinct()))
        .where(Enrolment.class_id == SchoolClass.id, current(Enrolment, day))
        .correlate(SchoolClass)
        .scalar_subquery()
    )


def _teachers(session: Session, ids: Sequence[int], day: date) -> dict[int, str]:
    query = (
        select(Teaching.class_id, Person.called)
        .join(Person, col(Person.id) == col(Teaching.teacher_id))
        .where(col(Teaching.class_id).in_(ids), current(Teaching, day))
        .order_by(col(Person.called))
    )
    names: dict[int, list[str]] = {}
    for class_id, called in session.exec(query):
        names.setdefault(class_id, []).append(called)
    return {class_id: ", ".join(dict.fromkeys(called)) for class_id, called in names.items()}


def class_page(session: Session, school_class: SchoolClass, today: date) -> ClassPage:
    """Return a class with everybody who learnt or taught there, in three queries."""
    year = session.get_one(SchoolYearRow, school_class.year_id)
    return ClassPage(
        school_class, year,
        _members(session, Teaching, Teaching.teacher_id, "teaching", school_class, today),
        _members(session, Enrolment, Enrolment.learner_id, "enrolment", school_class, today),
    )  # fmt: skip


def _members(
    session: Session, model: Any, who: Any, kind: str, school_class: SchoolClass, today: date
) -> list[Member]:
    query = (
        select(model, Person)
        .join(Person, col(Person.id) == who)
        .where(model.class_id == school_class.id)
        .order_by(col(Person.family_name), col(Person.given_name), model.starts)
    )
    return [
        Member(
            f"{kind}:{tie.id}", person.id or 0, person.full_name, person.grade, tie.starts, tie.ends,
            tie.starts <= today and (tie.ends is None or tie.ends >= today),
        )
        for tie, person in session.exec(query)
    ]  # fmt: skip


# -- changes -------------------------------------------------------------------------------------------


def add_class(
    session: Session, by: By, year: SchoolYearRow, name: str, room: str, now: datetime
) -> SchoolClass:
    """Add a class to a school year. Raises WrongInput for a name that another class of the year has."""
    _name_is_free(session, year.id, name, None)
    made = SchoolClass(school_id=by.school_id, year_id=year.id or 0, name=name, room=room)
    session.add(made)
    session.flush()
    _tell(session, by, Verb.CLASS_ADDED, made, now)
    return made


def change_class(
    session: Session, by: By, school_class: SchoolClass, name: str, room: str, now: datetime
) -> None:
    """Give a class another name or room. Nothing is told when neither differs."""
    what = [
        key for key, new in (("name", name), ("room", room)) if getattr(school_class, key) != new
    ]
    if not what:
        return
    _name_is_free(session, school_class.year_id, name, school_class.id)
    school_class.name, school_class.room = name, room
    session.add(school_class)
    _tell(session, by, Verb.CLASS_CHANGED, school_class, now, {"what": what})


def end_class(
    session: Session, by: By, school_class: SchoolClass, last_day: date, now: datetime
) -> int:
    """End all learning and teaching in a class after ``last_day``. Return for how many people.

    What begins later than that day never comes about, and ends on its first day. Raises NotAllowedNow
    when the class has ended before.
    """
    going_on = or_(col(Enrolment.ends).is_(None), col(Enrolment.ends) > last_day)
    learning = session.exec(
        select(Enrolment).where(Enrolment.class_id == school_class.id, going_on)
    ).all()
    going_on = or_(col(Teaching.ends).is_(None), col(Teaching.ends) > last_day)
    teaching = session.exec(
        select(Teaching).where(Teaching.class_id == school_class.id, going_on)
    ).all()
    if not learning and not teaching:
        raise NotAllowedNow(_l("Nobody learns or teaches in this class any more."))
    for one in learning:
        enrol.end_enrolment(session, by, one, max(last_day, one.starts), now)
    for other in teaching:
        enrol.end_teaching(session, by, other, max(last_day, other.starts), now)
    _tell(session, by, Verb.CLASS_ENDED, school_class, now)
    return len(learning) + len(teaching)


def _name_is_free(session: Session, year_id: int | None, name: str, but: int | None) -> None:
    taken = select(SchoolClass.id).where(
        SchoolClass.year_id == year_id,
        func.lower(SchoolClass.name) == name.lower(),
        col(SchoolClass.id).is_distinct_from(but),
    )
    if session.exec(taken).first() is not None:
        raise WrongInput("name", _l("Another class of this year has that name."))


def _tell(
    session: Session, by: By, verb: Verb, school_class: SchoolClass, now: datetime,
    payload: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    record.write(
        session, by, verb, learner_id=None, about=("class", school_class.id), payload=payload,
        at=now,
    )  # fmt: skip
