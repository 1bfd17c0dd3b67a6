"""Builders: each makes one thing that a test talks about, with everything it needs around it.

They act through the same verbs as the app does, so that whatever they build is in the record too.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count

from sqlmodel import Session, select

from learnpath.people.models import Language, Person
from learnpath.people.passwords import make_hash
from learnpath.record import By, Relation
from learnpath.school import enrol
from learnpath.school.enrol import NewPerson
from learnpath.school.models import (
    Enrolment,
    Guardianship,
    Holiday,
    School,
    SchoolClass,
    SchoolYearRow,
    Teaching,
)

# A Monday in the eleventh week of school, at nine in the morning in Denver.
MONDAY = datetime(2025, 11, 17, 16, 0, tzinfo=UTC)
YEAR_START, YEAR_END = date(2025, 8, 18), date(2026, 5, 29)
PASSWORD = "three calm stones"
_numbers = count(1)


@cache
def password_hash() -> str:
    """Return the hash of ``PASSWORD``, worked out once: Argon2id is slow on purpose."""
    return make_hash(PASSWORD)


def a_school(session: Session, name: str = "Ridgeline Community School") -> School:
    """Return a school with a year around ``MONDAY`` and its autumn break."""
    school = School(name=name, time_zone="America/Denver", phone="303-555-0100")
    session.add(school)
    session.flush()
    session.add_all(
        [
            SchoolYearRow(school_id=school.id, name="2025-26", starts=YEAR_START, ends=YEAR_END),
            Holiday(
                school_id=school.id, name="Autumn break",
                starts=date(2025, 10, 13), ends=date(2025, 10, 17),
            ),
        ]
    )  # fmt: skip
    session.flush()
    return school


def the_school(session: Session) -> School:
    """Return the first school, made when there is none."""
    return session.exec(select(School).order_by(School.id)).first() or a_school(session)


def by_school(school: School) -> By:
    """Return the school office as the doer."""
    return By(None, Relation.SCHOOL, school.id or 0, school.time_zone)


def by(person: Person, relation: Relation) -> By:
    """Return a person as the doer, as ``relation``."""
    return By(person.id, relation, person.school_id, "America/Denver")


def a_person(
    session: Session, called: str = "", *, school: School | None = None, grade: int | None = None,
    language: Language = Language.EN, username: str | None = None, now: datetime = MONDAY,
) -> Person:  # fmt: skip
    """Return a person who can sign in with ``PASSWORD`` under ``username`` (or "person-ID")."""
    school = school or the_school(session)
    called = called or f"Person {next(_numbers)}"
    new = NewPerson(called, "Example", called, language=language, grade=grade)
    person = enrol.add_person(session, by_school(school), new, now)
    name = username or f"person-{person.id}"
    enrol.give_hashed_sign_in(session, person, name, password_hash(), now)
    return person


def a_class(
    session: Session, *, school: School | None = None, name: str = "Room 214"
) -> SchoolClass:
    """Return a class of the present school year."""
    school = school or the_school(session)
    year = session.exec(select(SchoolYearRow).where(SchoolYearRow.school_id == school.id)).first()
    assert year is not None
    school_class = SchoolClass(school_id=school.id, year_id=year.id, name=name, room="214")
    session.add(school_class)
    session.flush()
    return school_class


def a_learner(
    session: Session, called: str = "", *, in_class: SchoolClass | None = None, grade: int = 7,
    school: School | None = None, language: Language = Language.EN, username: str | None = None,
) -> Person:  # fmt: skip
    """Return a learner who learns in a class since the year began."""
    person = a_person(
        session, called, school=school, grade=grade, language=language, username=username
    )
    school_class = in_class or a_class(
        session, school=school or session.get(School, person.school_id)
    )
    _enrol(session, person, school_class)
    return person


def _enrol(session: Session, learner: Person, school_class: SchoolClass) -> Enrolment:
    school = session.get_one(School, learner.school_id)
    return enrol.enrol(session, by_school(school), learner, school_class, YEAR_START, MONDAY)


def class_of(session: Session, learner: Person) -> SchoolClass:
    """Return the class that a learner learns in."""
    query = select(SchoolClass).join(Enrolment).where(Enrolment.learner_id == learner.id)
    return session.exec(query).one()


def a_teacher(session: Session, *classes: SchoolClass, called: str = "", **extra: object) -> Person:
    """Return a teacher of the given classes."""
    person = a_person(session, called, **extra)  # type: ignore[arg-type]
    school = session.get_one(School, person.school_id)
    for school_class in classes:
        enrol.start_teaching(session, by_school(school), person, school_class, YEAR_START, MONDAY)
    return person


def a_teacher_of(session: Session, learner: Person, called: str = "", **extra: object) -> Person:
    """Return a teacher of the learner's class."""
    school = session.get_one(School, learner.school_id)
    return a_teacher(session, class_of(session, learner), called=called, school=school, **extra)


def a_guardian_of(
    session: Session, learner: Person, called: str = "", *, as_called: str = "Mamá",
    language: Language = Language.ES, no_contact: bool = False, **extra: object,
) -> Person:  # fmt: skip
    """Return a guardian of the learner, who can sign in."""
    school = session.get_one(School, learner.school_id)
    person = a_person(session, called, school=school, language=language, **extra)  # type: ignore[arg-type]
    tie: Guardianship = enrol.link_guardian(
        session, by_school(school), person, learner, as_called, YEAR_START, MONDAY
    )
    if no_contact:
        enrol.forbid_contact(session, by_school(school), tie, MONDAY)
    return person


def a_leader(session: Session, called: str = "", **extra: object) -> Person:
    """Return a leader of the school."""
    person = a_person(session, called, **extra)  # type: ignore[arg-type]
    school = session.get_one(School, person.school_id)
    enrol.appoint_leader(session, by_school(school), person, YEAR_START, MONDAY)
    return person


def an_administrator(session: Session, called: str = "", **extra: object) -> Person:
    """Return an administrator of the school."""
    person = a_person(session, called, **extra)  # type: ignore[arg-type]
    school = session.get_one(School, person.school_id)
    enrol.appoint_administrator(session, by_school(school), person, YEAR_START, MONDAY)
    return person


def teaching_of(session: Session, teacher: Person) -> Teaching:
    """Return a teacher's one teaching."""
    return session.exec(select(Teaching).where(Teaching.teacher_id == teacher.id)).one()


def enrolment_of(session: Session, learner: Person) -> Enrolment:
    """Return a learner's one enrolment."""
    return session.exec(select(Enrolment).where(Enrolment.learner_id == learner.id)).one()


def weeks_before(moment: datetime, weeks: int) -> datetime:
    """Return the same time of day some weeks earlier."""
    return moment - timedelta(weeks=weeks)
