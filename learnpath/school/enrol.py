"""How people come to a school, a class and each other, and how that ends. Nothing is erased: it ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlmodel import Session, SQLModel

from learnpath import record
from learnpath.db import key_of
from learnpath.errors import WrongInput
from learnpath.people.models import Credential, Language, Person
from learnpath.people.sign_in import plain_username
from learnpath.record import By, Verb
from learnpath.school.models import (
    Administration,
    Enrolment,
    Guardianship,
    Leadership,
    SchoolClass,
    Teaching,
)
from learnpath.wording import lazy as _l

Row = TypeVar("Row", bound=SQLModel)


@dataclass(frozen=True)
class NewPerson:
    """What the school tells about somebody who is new."""

    given_name: str
    family_name: str
    called: str
    language: Language = Language.EN
    grade: int | None = None
    pronouns: str = ""
    say_it: str = ""


def _kept(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def add_person(session: Session, by: By, new: NewPerson, now: datetime) -> Person:
    """Add a person to the school of ``by``. Raises WrongInput without a name to be called by."""
    if not new.called.strip():
        raise WrongInput("called", _l("Enter what this person is called."))
    person = _kept(
        session,
        Person(
            school_id=by.school_id, given_name=new.given_name, family_name=new.family_name,
            called=new.called, language=new.language, grade=new.grade, pronouns=new.pronouns,
            say_it=new.say_it,
        ),
    )  # fmt: skip
    learner_id = person.id if new.grade is not None else None
    record.write(
        session, by, Verb.PERSON_ADDED, learner_id=learner_id, about=("person", person.id), at=now
    )
    return person


def give_hashed_sign_in(
    session: Session, person: Person, username: str, password_hash: str, now: datetime
) -> Credential:
    """Give a person a username, with a password that was hashed before."""
    return _kept(
        session,
        Credential(
            person_id=key_of(person), username=plain_username(username),
            password_hash=password_hash, changed_at=now,
        ),
    )  # fmt: skip


def enrol(
    session: Session,
    by: By,
    learner: Person,
    school_class: SchoolClass,
    starts: date,
    now: datetime,
) -> Enrolment:
    """Let a learner learn in a class from the day ``starts``."""
    enrolment = _kept(
        session, Enrolment(learner_id=key_of(learner), class_id=key_of(school_class), starts=starts)
    )
    record.write(
        session, by, Verb.ENROLLED, learner_id=learner.id, about=("enrolment", enrolment.id),
        payload={"class": school_class.id, "grade": learner.grade}, at=now,
    )  # fmt: skip
    return enrolment


def end_enrolment(
    session: Session, by: By, enrolment: Enrolment, last_day: date, now: datetime
) -> None:
    """End an enrolment after ``last_day``; the learner's record stays."""
    enrolment.ends = last_day
    session.add(enrolment)
    record.write(
        session, by, Verb.ENROLMENT_ENDED, learner_id=enrolment.learner_id,
        about=("enrolment", enrolment.id), payload={"class": enrolment.class_id}, at=now,
    )  # fmt: skip


def start_teaching(
    session: Session,
    by: By,
    teacher: Person,
    school_class: SchoolClass,
    starts: date,
    now: datetime,
) -> Teaching:
    """Let a teacher teach a class from the day ``starts``."""
    teaching = _kept(
        session, Teaching(teacher_id=key_of(teacher), class_id=key_of(school_class), starts=starts)
    )
    record.write(
        session, by, Verb.TEACHING_STARTED, learner_id=None, about=("teaching", teaching.id),
        payload={"class": school_class.id}, at=now,
    )  # fmt: skip
    return teaching


def end_teaching(
    session: Session, by: By, teaching: Teaching, last_day: date, now: datetime
) -> None:
    """End a teacher's teaching of a class after ``last_day``."""
    teaching.ends = last_day
    session.add(teaching)
    record.write(
        session, by, Verb.TEACHING_ENDED, learner_id=None, about=("teaching", teaching.id),
        payload={"class": teaching.class_id}, at=now,
    )  # fmt: skip


def link_guardian(
    session: Session, by: By, guardian: Person, learner: Person, called: str, starts: date,
    now: datetime,
) -> Guardianship:  # fmt: skip
    """Make an adult a guardian of a learner, who calls them ``called``."""
    guardianship = _kept(
        session,
        Guardianship(
            guardian_id=key_of(guardian), learner_id=key_of(learner), called=called, starts=starts
        ),
    )
    record.write(
        session, by, Verb.GUARDIAN_LINKED, learner_id=learner.id,
        about=("guardianship", guardianship.id), at=now,
    )  # fmt: skip
    return guardianship


def forbid_contact(session: Session, by: By, guardianship: Guardianship, now: datetime) -> None:
    """Mark that this guardian may not see the learner's pages: it beats every other right."""
    guardianship.no_contact = True
    session.add(guardianship)
    _unlinked(session, by, guardianship, "no_contact", now)


def end_guardianship(
    session: Session, by: By, guardianship: Guardianship, last_day: date, now: datetime
) -> None:
    """End a guardianship after ``last_day``."""
    guardianship.ends = last_day
    session.add(guardianship)
    _unlinked(session, by, guardianship, "ended", now)


def _unlinked(
    session: Session, by: By, guardianship: Guardianship, how: str, now: datetime
) -> None:
    record.write(
        session, by, Verb.GUARDIAN_UNLINKED, learner_id=guardianship.learner_id,
        about=("guardianship", guardianship.id), payload={"how": how}, at=now,
    )  # fmt: skip


def appoint_leader(
    session: Session, by: By, person: Person, starts: date, now: datetime
) -> Leadership:
    """Let a person lead their school from the day ``starts``."""
    seat = _kept(
        session, Leadership(person_id=key_of(person), school_id=person.school_id, starts=starts)
    )
    _seated(session, by, Verb.LEADERSHIP_STARTED, "leadership", seat.id, now)
    return seat


def end_leadership(
    session: Session, by: By, seat: Leadership, last_day: date, now: datetime
) -> None:
    """End a person's leading of a school after ``last_day``."""
    seat.ends = last_day
    session.add(seat)
    _seated(session, by, Verb.LEADERSHIP_ENDED, "leadership", seat.id, now)


def appoint_administrator(
    session: Session, by: By, person: Person, starts: date, now: datetime
) -> Administration:
    """Let a person administer their school's installation from the day ``starts``."""
    seat = _kept(
        session, Administration(person_id=key_of(person), school_id=person.school_id, starts=starts)
    )
    _seated(session, by, Verb.ADMINISTRATION_STARTED, "administration", seat.id, now)
    return seat


def end_administration(
    session: Session, by: By, seat: Administration, last_day: date, now: datetime
) -> None:
    """End a person's administering after ``last_day``."""
    seat.ends = last_day
    session.add(seat)
    _seated(session, by, Verb.ADMINISTRATION_ENDED, "administration", seat.id, now)


def _seated(session: Session, by: By, verb: Verb, kind: str, id: int | None, now: datetime) -> None:
    record.write(session, by, verb, learner_id=None, about=(kind, id), at=now)
