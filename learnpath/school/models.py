"""The school: its calendar, its classes, and the relationships that all access comes from."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.db import choice, identity, json_field, link, moment, words, yes_no
from learnpath.people.models import Hat
from learnpath.record import Relation


def _spell(table: str) -> sa.CheckConstraint:
    return sa.CheckConstraint("ends IS NULL OR ends >= starts", name=f"{table}_in_order")


class School(SQLModel, table=True):
    """A school."""

    __tablename__ = "school"

    id: int | None = identity()
    name: str = words(120)
    time_zone: str = words(60)
    phone: str = words(40, default="")
    # The demo school: every page says that its people are invented.
    invented: bool = yes_no()


class SchoolYearRow(SQLModel, table=True):
    """A school year, from its first to its last day."""

    __tablename__ = "school_year"
    __table_args__ = (_spell("school_year"),)

    id: int | None = identity()
    school_id: int = link("school.id")
    name: str = words(40)
    starts: date = Field(sa_type=sa.Date)
    ends: date = Field(sa_type=sa.Date)


class Term(SQLModel, table=True):
    """A part of a school year."""

    __tablename__ = "term"
    __table_args__ = (_spell("term"),)

    id: int | None = identity()
    year_id: int = link("school_year.id")
    name: str = words(40)
    starts: date = Field(sa_type=sa.Date)
    ends: date = Field(sa_type=sa.Date)


class Holiday(SQLModel, table=True):
    """Days without school, inside a school year."""

    __tablename__ = "holiday"
    __table_args__ = (_spell("holiday"),)

    id: int | None = identity()
    school_id: int = link("school.id")
    name: str = words(80)
    starts: date = Field(sa_type=sa.Date)
    ends: date = Field(sa_type=sa.Date)


class SchoolClass(SQLModel, table=True):
    """A class that learners learn in and teachers teach."""

    __tablename__ = "school_class"

    id: int | None = identity()
    school_id: int = link("school.id")
    year_id: int = link("school_year.id")
    name: str = words(80)
    room: str = words(40, default="")
    # The last day of a class that was closed. It stays readable.
    closed_on: date | None = Field(default=None, sa_type=sa.Date)


class Enrolment(SQLModel, table=True):
    """A learner learns in a class, from one day to another."""

    __tablename__ = "enrolment"
    __table_args__ = (_spell("enrolment"), sa.UniqueConstraint("learner_id", "class_id", "starts"))

    id: int | None = identity()
    learner_id: int = link("person.id")
    class_id: int = link("school_class.id")
    starts: date = Field(sa_type=sa.Date)
    ends: date | None = Field(default=None, sa_type=sa.Date)


class Teaching(SQLModel, table=True):
    """A teacher teaches a class, from one day to another."""

    __tablename__ = "teaching"
    __table_args__ = (_spell("teaching"), sa.UniqueConstraint("teacher_id", "class_id", "starts"))

    id: int | None = identity()
    teacher_id: int = link("person.id")
    class_id: int = link("school_class.id")
    starts: date = Field(sa_type=sa.Date)
    ends: date | None = Field(default=None, sa_type=sa.Date)


class Guardianship(SQLModel, table=True):
    """An adult is a guardian of a learner. ``no_contact`` beats every right that would come from it."""

    __tablename__ = "guardianship"
    __table_args__ = (
        _spell("guardianship"),
        sa.UniqueConstraint("guardian_id", "learner_id", "starts"),
    )

    id: int | None = identity()
    guardian_id: int = link("person.id")
    learner_id: int = link("person.id")
    # How the learner calls them: "Mamá", "Abuela", "Dad".
    called: str = words(40, default="")
    interpreter: str = words(40, default="")
    no_contact: bool = yes_no()
    starts: date = Field(sa_type=sa.Date)
    ends: date | None = Field(default=None, sa_type=sa.Date)


class Leadership(SQLModel, table=True):
    """A person leads a school."""

    __tablename__ = "leadership"
    __table_args__ = (_spell("leadership"),)

    id: int | None = identity()
    person_id: int = link("person.id")
    school_id: int = link("school.id")
    starts: date = Field(sa_type=sa.Date)
    ends: date | None = Field(default=None, sa_type=sa.Date)


class Administration(SQLModel, table=True):
    """A person administers a school's installation."""

    __tablename__ = "administration"
    __table_args__ = (_spell("administration"),)

    id: int | None = identity()
    person_id: int = link("person.id")
    school_id: int = link("school.id")
    starts: date = Field(sa_type=sa.Date)
    ends: date | None = Field(default=None, sa_type=sa.Date)


# -- what people may ask for ---------------------------------------------------------------------------


class AccessDay(SQLModel, table=True):
    """Somebody opened pages of a learner: who, as what, which pages, on which day, how often."""

    __tablename__ = "access_day"
    __table_args__ = (sa.Index("ix_access_day_day", "day"),)

    learner_id: int = link("person.id", primary=True, index=False)
    day: date = Field(primary_key=True, sa_type=sa.Date)
    reader_id: int = link("person.id", primary=True, index=False)
    hat: Hat = choice(Hat, primary_key=True)
    # The room of the house whose pages were opened: "goals", "profiles".
    room: str = words(40, primary_key=True)
    times: int


class RequestKind(StrEnum):
    """What a family or a learner may ask of a record."""

    SEE = "see"
    CORRECT = "correct"
    ERASE = "erase"


class RequestState(StrEnum):
    """Where a request stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    DECLINED = "declined"


class DataRequest(SQLModel, table=True):
    """Somebody asked to see, correct or erase what is kept about a learner."""

    __tablename__ = "data_request"

    id: int | None = identity()
    school_id: int = link("school.id")
    learner_id: int = link("person.id")
    kind: RequestKind = choice(RequestKind)
    # As what the person asked, and who it was as the office wrote it down.
    asked_as: Relation = choice(Relation)
    asked_by: str = words(120)
    about: str = words(600, default="")
    asked_on: date = Field(sa_type=sa.Date)
    due: date = Field(sa_type=sa.Date)
    state: RequestState = choice(RequestState, default=RequestState.ASKED)
    # What was done, or why not.
    answer: str = words(600, default="")
    answered_at: datetime | None = moment(nullable=True)
    answered_by: int | None = link("person.id", nullable=True, index=False)


# -- what came from another system ----------------------------------------------------------------------


class OutsideKind(StrEnum):
    """What a thing is that another system has its own name for."""

    SCHOOL = "school"
    YEAR = "year"
    TERM = "term"
    COURSE = "course"
    CLASS = "class"
    PERSON = "person"
    ENROLMENT = "enrolment"
    TEACHING = "teaching"
    GUARDIANSHIP = "guardianship"


class OutsideId(SQLModel, table=True):
    """The name that another system has for a thing of ours: the only way in which the two are matched."""

    __tablename__ = "outside_id"
    __table_args__ = (
        sa.UniqueConstraint("source", "kind", "outside_id"),
        sa.Index("ix_outside_id_kind_object_id", "kind", "object_id"),
    )

    id: int | None = identity()
    # "oneroster" and the code of the system that sent it.
    source: str = words(80)
    kind: OutsideKind = choice(OutsideKind)
    outside_id: str = words(255)
    object_id: int = Field(sa_type=sa.BigInteger)


class RosterEntry(SQLModel, table=True):
    """What the roster tells of a person that is for the school office and for signing in only."""

    __tablename__ = "roster_entry"

    person_id: int = link("person.id", primary=True, index=False)
    # Lower case. Never an identity: the first link of a sign-on asks for more than this.
    email: str = words(254, default="", index=True)
    # The number that the school knows the person by.
    identifier: str = words(80, default="", index=True)
    # Only where it differs from the name that people use.
    legal_given_name: str = words(80, default="")


class ImportKind(StrEnum):
    """What was brought in from another system."""

    ROSTER = "roster"
    OUTCOMES = "outcomes"


class ImportRun(SQLModel, table=True):
    """A file that was brought in: what it changed, and whether that was undone."""

    __tablename__ = "import_run"

    id: int | None = identity()
    school_id: int = link("school.id")
    kind: ImportKind = choice(ImportKind)
    # Nobody when the command did it.
    made_by: int | None = link("person.id", nullable=True)
    at: datetime = moment()
    file_name: str = words(200)
    # A roster says "bulk", "delta" or "mixed"; outcome data name their mapping.
    mode: str = words(80, default="")
    counts: Any = json_field()
    undone_at: datetime | None = moment(nullable=True)
