"""The school: its calendar, its classes, and the relationships that all access comes from."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from learnpath.db import identity, link, words, yes_no


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
